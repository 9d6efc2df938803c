"""The way of bytes to a container, and the making of networks."""
import json
import os
import shutil
import statistics
import time

import shell
from measures.measure import Measure


class NetworkRoundTrip(Measure):
    name = "network-create"
    title = "`network create` and `network rm`"
    rounds, warm = 8, 1
    goal = ("≤", 0.5, "docker")

    def before(self, party):
        party("network", "rm", "bench-net", check=False)

    def run(self, party):
        party("network", "create", "bench-net")
        party("network", "rm", "bench-net")


class HandMade:
    """Two namespaces on a bridge of the floor's own, and a port of the host that leads into the second, as nft(8) would be told by hand."""

    NAMES = ("djb-floor-a", "djb-floor-b")

    def __init__(self, party):
        self.party = party
        self.close()
        self.here("ip", "link", "add", "djbr", "type", "bridge")
        self.here("ip", "addr", "add", "10.79.200.1/24", "dev", "djbr")
        self.here("ip", "link", "set", "djbr", "up")
        for number, name in enumerate(self.NAMES):
            shell.run(["ip", "netns", "add", name])
            self.here("ip", "link", "add", f"djbv{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
            self.here("ip", "link", "set", f"djbv{number}", "master", "djbr", "up")
            for words in (["addr", "add", f"10.79.200.{number + 2}/24", "dev", "eth0"], ["link", "set", "eth0", "up"],
                          ["link", "set", "lo", "up"], ["route", "add", "default", "via", "10.79.200.1"]):
                shell.run(["ip", "-n", name, *words])
        self.here("sysctl", "-qw", "net.ipv4.conf.djbr.route_localnet=1")
        self.here("nft", """add table ip djbhand
            add chain ip djbhand out { type nat hook output priority -100 ; }
            add chain ip djbhand post { type nat hook postrouting priority 100 ; }
            add rule ip djbhand out ip daddr 127.0.0.1 tcp dport 15201 dnat to 10.79.200.3:5201
            add rule ip djbhand post oifname djbr ip saddr 127.0.0.0/8 masquerade""")

    def here(self, *command, check=True):
        shell.run(self.party.namespace.inside(list(command)), check=check)

    def inside(self, number, command):
        return ["nsenter", f"--net=/run/netns/{self.NAMES[number]}", *command]

    def close(self):
        for name in self.NAMES:
            shell.run(["ip", "netns", "del", name], check=False)
        self.here("ip", "link", "del", "djbr", check=False)
        self.here("nft", "delete", "table", "ip", "djbhand", check=False)


class Throughput(Measure):
    """iperf3 of the host runs in the containers' networks, so that all have the same program."""

    unit = "Gbit/s"
    rounds, warm = 4, 1
    goal = ("≥", 0.97, "floor")

    def fits(self, party):
        return shutil.which("iperf3") is not None and party.name in ("floor", "djong", "docker")

    def setup(self, party):
        if party.name == "floor":
            party.hand = HandMade(party)
            party.iperf = party.spawn(party.hand.inside(1, ["iperf3", "-s"]))
        else:
            party.clear()
            party.want("busybox:latest")
            party("network", "rm", "bench-net", check=False)
            party("network", "create", "bench-net")
            party("run", "-d", "--name", "client", "--network", "bench-net", "busybox:latest", "sleep", "100000")
            party("run", "-d", "--name", "server", "--network", "bench-net", "-p", "127.0.0.1:15201:5201", "busybox:latest", "sleep", "100000")
            party.address = party("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", "server").strip()
            party.iperf = party.spawn(self.inside(party, "server", ["iperf3", "-s"]))
        time.sleep(0.5)

    def inside(self, party, container, command):
        pid = party("inspect", "--format", "{{.State.Pid}}", container).strip()
        return ["nsenter", "-t", pid, "-n", *command]

    def iperf(self, party, command):
        printed = shell.run(party.namespace.inside(command + ["-J", "-t", "2"]))
        return json.loads(printed)["end"]["sum_received"]["bits_per_second"] / 1e9

    def teardown(self, party):
        party.end(party.iperf)
        if party.name == "floor":
            party.hand.close()
        else:
            party.clear()
            party("network", "rm", "bench-net", check=False)


class PublishedPort(Throughput):
    name = "port-throughput"
    title = "TCP from the host through a published port; the floor is a veth, a bridge and nftables by hand"

    def run(self, party):
        return self.iperf(party, ["iperf3", "-c", "127.0.0.1", "-p", "15201"])


class BetweenContainers(Throughput):
    name = "net-throughput"
    title = "TCP from container to container on a network of users; the floor is two veths and a bridge by hand"

    def run(self, party):
        if party.name == "floor":
            return self.iperf(party, party.hand.inside(0, ["iperf3", "-c", "10.79.200.3"]))
        return self.iperf(party, self.inside(party, "client", ["iperf3", "-c", party.address]))


class StartWithPorts(Measure):
    """Times the start call alone, over the API."""

    rounds, warm = 15, 3

    def fits(self, party):
        return party.engine and party.api is not None

    def setup(self, party):
        party.clear()
        party.want("busybox:latest")

    def start(self, party, ports, first=20000):
        bindings = {f"{9000 + number}/tcp": [{"HostPort": str(first + number)}] for number in range(ports)}
        made = party.api("POST", "/containers/create", {"Image": "busybox:latest", "Cmd": ["sleep", "100000"],
                                                        "HostConfig": {"PortBindings": bindings}})["Id"]
        began = time.perf_counter()
        party.api("POST", f"/containers/{made}/start")
        took = (time.perf_counter() - began) * 1000
        return made, took

    def timed(self, party, ports):
        made, took = self.start(party, ports)
        party.api("DELETE", f"/containers/{made}?force=1")
        return took

    def teardown(self, party):
        party.clear()


class FirewallWork(StartWithPorts):
    name = "firewall-work"
    title = "what ten published ports add to a start"
    goal = ("≤", 2, None)

    def run(self, party):
        return self.timed(party, 10) - self.timed(party, 0)


class GrowthByPorts(StartWithPorts):
    """The number that run meanwhile is $DJONG_BENCH_RUNNING."""

    name = "start-growth"
    title = "a start with ten published ports while 100 such containers run, over one while one runs"
    unit = "×"
    goal = ("≤", 1.05, None)

    def setup(self, party):
        super().setup(party)
        self.start(party, 10, 30000)
        for _ in range(3):
            self.timed(party, 10)
        party.alone = statistics.median(self.timed(party, 10) for _ in range(15))
        for number in range(1, int(os.environ.get("DJONG_BENCH_RUNNING", "100"))):
            self.start(party, 10, 30000 + 10 * number)

    def run(self, party):
        return self.timed(party, 10) / party.alone


class Answers(Measure):
    """A client that keeps 32 questions on their way, in the container's network."""

    rounds, warm = 4, 1
    CLIENT = """
import select, socket, struct, sys, time
question = lambda number: struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + b"\\x03web\\x00" + struct.pack(">HH", 1, 1)
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.connect(("127.0.0.11", 53))
client.settimeout(2)
sent, took, number = {}, [], 0
end = time.perf_counter() + 2
def ask():
    global number
    number = (number + 1) & 0xffff
    sent[number] = time.perf_counter()
    client.send(question(number))
for _ in range(32): ask()
while (now := time.perf_counter()) < end:
    reply = client.recv(512)
    assert reply[3] & 15 == 0 and reply[7] == 1, reply
    took.append(time.perf_counter() - sent.pop(reply[0] << 8 | reply[1]))
    ask()
took.sort()
print(len(took) / 2, took[len(took) * 99 // 100] * 1000)
"""

    def fits(self, party):
        return party.name in ("djong", "docker")

    def setup(self, party):
        party.clear()
        party.want("busybox:latest")
        party("network", "rm", "bench-net", check=False)
        party("network", "create", "bench-net")
        for name in ("web", "client"):
            party("run", "-d", "--name", name, "--network", "bench-net", "busybox:latest", "sleep", "100000")
        party.pid = party("inspect", "--format", "{{.State.Pid}}", "client").strip()

    def ask(self, party):
        return [float(word) for word in shell.run(["nsenter", "-t", party.pid, "-n", "python3", "-c", self.CLIENT]).split()]

    def teardown(self, party):
        party.clear()
        party("network", "rm", "bench-net", check=False)


class AnswerRate(Answers):
    name = "names-rate"
    title = "answers of the name server, one client that keeps 32 questions on their way"
    unit = "/s"
    goal = ("≥", 30000, None)

    def run(self, party):
        return self.ask(party)[0]


class AnswerTail(Answers):
    name = "names-p99"
    title = "99 of 100 of them come within"
    goal = ("≤", 1, None)

    def run(self, party):
        return self.ask(party)[1]


MEASURES = [NetworkRoundTrip, PublishedPort, BetweenContainers, FirewallWork, GrowthByPorts, AnswerRate, AnswerTail]
