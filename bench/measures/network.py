"""The way of bytes to a container, and the making of networks."""
import json
import shutil

import shell
from engines import REGISTRY
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


class PublishedPort(Measure):
    name = "port-throughput"
    title = "TCP from the host through a published port; the floor is a hand-made namespace and veth"
    unit = "Gbit/s"
    rounds, warm = 3, 1
    goal = ("≥", 0.97, "floor")

    def fits(self, party):
        return shutil.which("iperf3") is not None and (party.name == "floor" or party.name in ("djong", "docker"))

    def setup(self, party):
        """iperf3 of the host runs in the container's network, so that all have the same program."""
        if party.name == "floor":
            inside = "djb-floor-in"
            shell.run(["ip", "netns", "del", inside], check=False)
            shell.run(["ip", "netns", "add", inside])
            shell.run(party.namespace.inside(["ip", "link", "add", "djbin", "type", "veth", "peer", "name", "eth0", "netns", inside]))
            for words in (["addr", "add", "10.79.200.1/24", "dev", "djbin"], ["link", "set", "djbin", "up"]):
                shell.run(party.namespace.inside(["ip", *words]))
            for words in (["addr", "add", "10.79.200.2/24", "dev", "eth0"], ["link", "set", "eth0", "up"], ["link", "set", "lo", "up"]):
                shell.run(["ip", "-n", inside, *words])
            self.target = ("10.79.200.2", 5201)
            self.server = party.spawn(["nsenter", f"--net=/run/netns/{inside}", "iperf3", "-s"])
        else:
            party.clear()
            party.want("busybox:latest")
            party("run", "-d", "--name", "port", "-p", "127.0.0.1:15201:5201", "busybox:latest", "sleep", "100000")
            pid = party("inspect", "--format", "{{.State.Pid}}", "port").strip()
            party.iperf = party.spawn(["nsenter", "-t", pid, "-n", "iperf3", "-s"])
        import time
        time.sleep(0.5)

    def run(self, party):
        host, port = self.target if party.name == "floor" else ("127.0.0.1", 15201)
        printed = shell.run(party.namespace.inside(["iperf3", "-J", "-t", "3", "-c", host, "-p", str(port)]))
        return json.loads(printed)["end"]["sum_received"]["bits_per_second"] / 1e9

    def teardown(self, party):
        if party.name == "floor":
            party.end(self.server)
            shell.run(["ip", "netns", "del", "djb-floor-in"], check=False)
        else:
            party.end(party.iperf)
            party.clear()


MEASURES = [NetworkRoundTrip, PublishedPort]
