"""The parties of a run: djong, the peers that are installed, and the bare machine."""
import contextlib
import os
import shutil
import signal
import subprocess
import time

import clock
import shell

WORK = os.environ.get("DJONG_BENCH", "/var/tmp/djong-bench")
REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATH = os.pathsep.join(filter(None, [os.environ.get("PEER_PATH"), os.environ["PATH"], "/usr/sbin"]))
REGISTRY = "127.0.0.1:5000"  # in every engine's namespace: the kept images
SCRATCH = "127.0.0.1:5001"  # in every engine's namespace: what pushes go to


class Namespace:
    """A network namespace with a way out, of one party's own."""

    def __init__(self, name, number):
        self.name, self.link, self.net = name, f"djb{number}", f"10.79.{number}"
        self.close()
        shell.run(["ip", "netns", "add", name])
        shell.run(["ip", "link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", name])
        shell.run(["ip", "addr", "add", f"{self.net}.1/24", "dev", self.link])
        shell.run(["ip", "link", "set", self.link, "up"])
        for words in (["addr", "add", f"{self.net}.2/24", "dev", "eth0"], ["link", "set", "eth0", "mtu", "1400", "up"],
                      ["link", "set", "lo", "up"], ["route", "add", "default", "via", f"{self.net}.1"]):
            shell.run(["ip", "-n", name, *words])
        shell.run(["sysctl", "-qw", "net.ipv4.ip_forward=1"])
        shell.run(["nft", f"add table ip {self.link}; add chain ip {self.link} out {{ type nat hook postrouting priority 100 ; }}; "
                          f"add rule ip {self.link} out ip saddr {self.net}.0/24 oifname != {self.link} masquerade"])

    def inside(self, command):
        return ["nsenter", f"--net=/run/netns/{self.name}", "--", *command]

    def close(self):
        shell.run(["nft", "delete", "table", "ip", self.link], check=False)
        shell.run(["ip", "link", "del", self.link], check=False)
        shell.run(["ip", "netns", "del", self.name], check=False)


class Party:
    """Who is measured. `name` is its column."""

    engine = False
    name = "?"

    def __init__(self, number):
        self.root = f"{WORK}/{self.name}"
        self.cpu = clock.Cpu(self.name)
        self.namespace = Namespace("djb-" + self.name, number)
        self.started = []
        # What an earlier run left would decide for this one: djong keeps the storage driver that a data root has.
        shutil.rmtree(self.root, True)
        os.makedirs(self.root)

    def spawn(self, command, **more):
        """Starts a program of this party, in its namespace and its CPU account."""
        log = open(f"{self.root}/log", "a")
        process = subprocess.Popen(self.namespace.inside(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   start_new_session=True, preexec_fn=lambda: self.cpu.take(os.getpid()),
                                   env={**os.environ, "PATH": PATH, **more})
        self.started.append(process)
        return process

    def end(self, process, by=signal.SIGTERM):
        process.send_signal(by)
        process.wait()
        self.started.remove(process)

    def version(self):
        return ""

    def close(self):
        for process in reversed(list(self.started)):
            self.end(process)
        self.namespace.close()
        self.cpu.close()


class Floor(Party):
    """The machine without an engine: what the same work costs when nothing but the work is done."""

    name = "floor"


class Engine(Party):
    engine = True
    api = None
    daemon = None

    def __init__(self, number):
        super().__init__(number)
        self.sock = f"{self.root}/engine.sock"
        self.start()
        self.registries()

    def start(self):
        """Starts the daemon; returns when it answers."""

    def registries(self):
        """A kept and a scratch registry on this namespace's loopback; all share the kept images."""
        program = shutil.which("docker-registry", path=PATH)
        if program is None:
            return
        for port, folder in ((5000, f"{WORK}/registry"), (5001, f"{self.root}/scratch")):
            config = f"{self.root}/registry-{port}.yml"
            with open(config, "w") as file:
                file.write(f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: "
                           f"{{rootdirectory: {folder}}}, delete: {{enabled: true}}}}\nhttp: {{addr: \"127.0.0.1:{port}\"}}\n")
            process = self.spawn([program, "serve", config])
            clock.Cpu("registries").take(process.pid)  # not this engine's time

    def command(self, *arguments):
        return [*self.cli, *arguments]

    def __call__(self, *arguments, **more):
        return shell.run(self.namespace.inside(self.command(*arguments)), env={"PATH": PATH, **self.environment}, **more)

    environment = {"DOCKER_BUILDKIT": "0"}

    def has(self, image):
        return bool(self("images", "-q", image).strip())

    def want(self, image):
        """The image is there, loaded from its archive if it was not."""
        if not self.has(image):
            self("load", "-i", f"{WORK}/images/{image.replace(':', '-')}.tar")

    def clear(self, images=False):
        containers = self("ps", "-aq").split()
        if containers:
            self("rm", "-f", *containers)
        if images:
            there = sorted(set(self("images", "-aq").split()))
            if there:
                self("rmi", "-f", *there, check=False)
            self("image", "prune", "-f", check=False)
            self.clear_cache()

    def clear_cache(self):
        self("builder", "prune", "-af", check=False)

    def await_answer(self, process):
        """Waits for the socket; how long a daemon takes to its first answer is measured elsewhere."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                shell.Api(self.sock)("GET", "/_ping")
                self.api = shell.Api(self.sock)
                return
            except (OSError, RuntimeError):
                if process.poll() is not None:
                    raise RuntimeError(f"{self.name} ended; see {self.root}/log")
                time.sleep(0.01)
        raise RuntimeError(f"{self.name} does not answer; see {self.root}/log")


class Djong(Engine):
    name = "djong"

    def start(self):
        self.cli = ["docker", "-H", "unix://" + self.sock]
        self.daemon = self.spawn([f"{REPOSITORY}/djong", "daemon", "--data-root", f"{self.root}/data", "--exec-root",
                                  f"{self.root}/exec", "--host", "unix://" + self.sock])
        self.await_answer(self.daemon)

    def version(self):
        return self("version", "--format", "{{.Server.Version}}").strip()

    monitor = "conmon"


class Docker(Engine):
    name = "docker"

    def start(self):
        self.cli = ["docker", "-H", "unix://" + self.sock]
        config = f"{self.root}/daemon.json"
        with open(config, "w") as file:
            file.write('{"storage-driver": "overlay2"}')
        self.daemon = self.spawn(["dockerd", "-H", "unix://" + self.sock, "--data-root", f"{self.root}/data", "--exec-root",
                                  f"{self.root}/exec", "--pidfile", f"{self.root}/pid", "--config-file", config])
        self.await_answer(self.daemon)

    def version(self):
        return self("version", "--format", "{{.Server.Version}}").strip()

    monitor = "containerd-shim"


class Podman(Engine):
    name = "podman"
    environment = {}

    def start(self):
        config = f"{self.root}/containers.conf"
        with open(config, "w") as file:  # its default limits are above what a machine without CAP_SYS_RESOURCE may set
            file.write('[containers]\ndefault_ulimits=["nofile=20000:20000","nproc=32768:32768"]\n[engine]\n'
                       'cgroup_manager="cgroupfs"\nevents_logger="file"\nruntime="runc"\n')
        with open(f"{self.root}/registries.conf", "w") as file:
            file.write("unqualified-search-registries=[]\n")
            for location in (REGISTRY, SCRATCH):
                file.write(f'[[registry]]\nlocation="{location}"\ninsecure=true\n')
        self.environment = {"CONTAINERS_CONF": config, "CONTAINERS_REGISTRIES_CONF": f"{self.root}/registries.conf"}
        self.cli = ["podman", "--root", f"{self.root}/data", "--runroot", f"{self.root}/exec"]

    def version(self):
        return self("version", "--format", "{{.Client.Version}}").strip()

    def clear_cache(self):
        pass  # its cache is its images

    monitor = "conmon"


class RegistryServer(Party):
    """A registry by itself, in a namespace of its own."""

    url = "http://127.0.0.1:5000"
    registry = True

    def __init__(self, number):
        super().__init__(number)
        self.server = self.serve()
        deadline = time.monotonic() + 30
        while "200" not in self.curl("-o", "/dev/null", "-w", "%{http_code}", self.url + "/v2/", check=False):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not answer; see {self.root}/log")
            time.sleep(0.02)

    def curl(self, *arguments, **more):
        return shell.run(self.namespace.inside(["curl", "-s", *arguments]), **more)


class DjongRegistry(RegistryServer):
    name = "djong-registry"

    def serve(self):
        return self.spawn([f"{REPOSITORY}/djong", "registry", "serve", "--root", f"{self.root}/data", "--listen", "127.0.0.1:5000"])


class DockerRegistry(RegistryServer):
    name = "docker-registry"

    def serve(self):
        config = f"{self.root}/config.yml"
        with open(config, "w") as file:
            file.write(f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: "
                       f"{{rootdirectory: {self.root}/data}}, delete: {{enabled: true}}}}\nhttp: {{addr: \"127.0.0.1:5000\"}}\n")
        return self.spawn(["docker-registry", "serve", config])

    def version(self):
        return shell.run(["docker-registry", "--version"], env={"PATH": PATH}).split()[-1]


@contextlib.contextmanager
def open_all(peers):
    """djong, the bare machine, and those peers that are installed; ended afterwards."""
    kinds = [Djong, Floor, DjongRegistry]
    for peer, program, kind in (("docker", "dockerd", Docker), ("podman", "podman", Podman),
                                ("registry", "docker-registry", DockerRegistry)):
        if peer in peers and shutil.which(program, path=PATH):
            kinds.append(kind)
    os.environ["PATH"] = PATH
    with contextlib.ExitStack() as opened:
        parties = []
        for number, kind in enumerate(kinds, start=1):
            try:
                party = kind(number)
            except (OSError, RuntimeError) as failure:
                print(f"{kind.name} takes no part: {failure}", flush=True)
                continue
            opened.callback(party.close)
            parties.append(party)
        yield parties
