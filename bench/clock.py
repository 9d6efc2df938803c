"""Times what is measured: warm-up, then round after round each party in turn, wall and CPU time."""
import os
import sys
import time

import results


class Cpu:
    """The CPU time of a party: a control group holds its daemons and the programs that were run for it.

    Version 1 (cpuacct) or 2, whichever this machine has. Containers are in groups of their own and are not counted."""

    def __init__(self, name):
        v1 = "/sys/fs/cgroup/cpuacct"
        root = v1 if os.path.isdir(v1) else "/sys/fs/cgroup"
        self.folder = f"{root}/djong-bench-{name}"
        self.version = 1 if root == v1 else 2
        os.makedirs(self.folder, exist_ok=True)

    def take(self, pid):
        with open(self.folder + "/cgroup.procs", "w") as members:
            members.write(str(pid))

    def milliseconds(self):
        if self.version == 1:
            with open(self.folder + "/cpuacct.usage") as usage:
                return int(usage.read()) / 1e6
        with open(self.folder + "/cpu.stat") as usage:
            return int(usage.readline().split()[1]) / 1e3

    def close(self):
        with open(os.path.dirname(self.folder) + "/cgroup.procs", "w") as members:
            members.write(str(os.getpid()))  # this process may be in it
        try:
            os.rmdir(self.folder)
        except OSError:
            pass  # what still runs in it keeps it; it is empty of meaning then, not harmful


def interleave(measure, parties, rounds=None):
    """Measures all parties that can take part, A/B/A/B, and stores every sample."""
    taking = []
    for party in parties:
        if measure.fits(party):
            measure.setup(party)
            taking.append(party)
    if not taking:
        print(f"{measure.name}: nobody here can be measured", file=sys.stderr, flush=True)
        return
    samples = {party.name: [] for party in taking}
    count = rounds or measure.rounds
    for turn in range(-measure.warm, count):
        for party in taking:
            measure.before(party)
            party.cpu.take(os.getpid())
            used, began = party.cpu.milliseconds(), time.perf_counter()
            value = measure.run(party)
            wall = (time.perf_counter() - began) * 1000
            sample = {"value": wall if value is None else value, "cpu": party.cpu.milliseconds() - used}
            if turn >= 0:
                samples[party.name].append(sample)
    for party in taking:
        measure.teardown(party)
    results.add(measure, samples)
