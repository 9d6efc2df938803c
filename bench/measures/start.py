"""Starting, executing in, listing and removing containers."""
import concurrent.futures
import json
import os
import shutil

import shell
from engines import WORK
from measures.measure import Measure

IMAGE = "busybox:latest"


class RunTrue(Measure):
    name = "run"
    title = "`docker run --rm busybox true`, command line and all"
    rounds, warm = 20, 2
    goal = ("≤", 0.35, "docker")

    def setup(self, party):
        party.clear()
        party.want(IMAGE)

    def run(self, party):
        party("run", "--rm", IMAGE, "true")


class RunTrueWithoutNetwork(RunTrue):
    name = "run-none"
    title = "the same with `--network none`"
    goal = None

    def run(self, party):
        party("run", "--rm", "--network", "none", IMAGE, "true")


class CreateToExit(Measure):
    name = "create-exit"
    title = "create, start, wait over the API; the floor is a bare `runc run` of a bundle"
    rounds, warm = 20, 2
    goal = ("≤", 2, "floor")

    def fits(self, party):
        return party.name == "floor" or (party.engine and party.api is not None)

    def setup(self, party):
        if party.name == "floor":
            self.bundle = f"{WORK}/bundle"
            shutil.rmtree(self.bundle, True)
            os.makedirs(self.bundle + "/rootfs")
            shell.run(["tar", "-C", self.bundle + "/rootfs", "-xf", f"{WORK}/parts/busybox.tar"])
            shell.run(["runc", "spec"], cwd=self.bundle)
            with open(self.bundle + "/config.json") as file:
                config = json.load(file)
            config["process"].update(args=["true"], terminal=False)
            config["process"].pop("rlimits", None)
            with open(self.bundle + "/config.json", "w") as file:
                json.dump(config, file)
            self.count = 0
        else:
            party.clear()
            party.want(IMAGE)

    def run(self, party):
        if party.name == "floor":
            self.count += 1
            shell.run(["runc", "run", f"bench-{os.getpid()}-{self.count}"], cwd=self.bundle)
            return
        api = party.api
        self.made = api("POST", "/v1.41/containers/create", {"Image": IMAGE, "Cmd": ["true"]})["Id"]
        api("POST", f"/v1.41/containers/{self.made}/start")
        api("POST", f"/v1.41/containers/{self.made}/wait")

    def before(self, party):
        if party.engine:
            party.clear()

    def teardown(self, party):
        if party.engine:
            party.clear()


class Exec(Measure):
    name = "exec"
    title = "exec create and start over the API, to the end of its stream"
    rounds, warm = 20, 2
    goal = ("≤", 0.5, "docker")

    def fits(self, party):
        return party.engine and party.api is not None

    def setup(self, party):
        party.clear()
        party.want(IMAGE)
        party("run", "-d", "--name", "bench-exec", IMAGE, "sleep", "100000")

    def run(self, party):
        made = party.api("POST", "/v1.41/containers/bench-exec/exec", {"Cmd": ["true"], "AttachStdout": True})["Id"]
        party.api.hijack(f"/v1.41/exec/{made}/start", {"Detach": False})

    def teardown(self, party):
        party.clear()


class StartFifty(Measure):
    name = "start-50"
    title = "50 × `run -d`, one after the other"
    rounds, warm = 2, 0
    goal = ("≤", 0.35, "docker")
    at_once = 1

    def setup(self, party):
        party.want(IMAGE)

    def before(self, party):
        party.clear()

    def run(self, party):
        with concurrent.futures.ThreadPoolExecutor(self.at_once) as threads:
            list(threads.map(lambda n: party("run", "-d", "--name", f"many{n}", IMAGE, "sleep", "100000"), range(50)))

    def teardown(self, party):
        party.clear()


class StartFiftyAtOnce(StartFifty):
    name = "start-50-8"
    title = "50 × `run -d`, eight at a time"
    goal = ("≤", 0.25, "docker")
    at_once = 8


class RemoveFifty(StartFifty):
    name = "rm-50"
    title = "`rm -f` of 50 running containers"
    goal = ("≤", 0.25, "docker")

    def before(self, party):
        party.clear()
        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda n: party("run", "-d", "--name", f"many{n}", IMAGE, "sleep", "100000"), range(50)))

    def run(self, party):
        party("rm", "-f", *(f"many{n}" for n in range(50)))


class ListThousand(Measure):
    name = "ps-1000"
    title = "GET /containers/json?all=1 with 1,000 containers"
    rounds, warm = 20, 5
    goal = ("≤", 25, None)

    def fits(self, party):
        return party.engine and party.api is not None

    def setup(self, party):
        party.clear()
        party.want(IMAGE)
        for number in range(1000):
            party.api("POST", f"/v1.41/containers/create?name=listed{number}", {"Image": IMAGE, "Cmd": ["true"]})

    def run(self, party):
        party.api("GET", "/v1.41/containers/json?all=1")

    def teardown(self, party):
        party.clear()


class LogFlood(Measure):
    name = "logs"
    title = "200 MB of lines through the log of a container"
    unit = "MB/s"
    rounds, warm = 3, 0
    goal = ("≥", 4, "docker")

    def setup(self, party):
        party.clear()
        party.want(IMAGE)

    def before(self, party):
        party.clear()

    def run(self, party):
        import time
        began = time.perf_counter()
        party("run", "--name", "flood", "-d", IMAGE, "sh", "-c",
              "yes 0123456789012345678901234567890123456789012345678901234567890123456789012345678 | head -n 2500000")
        party("wait", "flood")
        return 2500000 * 80 / 1e6 / (time.perf_counter() - began)

    def teardown(self, party):
        party.clear()


MEASURES = [RunTrue, RunTrueWithoutNetwork, CreateToExit, Exec, StartFifty, StartFiftyAtOnce, RemoveFifty, ListThousand, LogFlood]
