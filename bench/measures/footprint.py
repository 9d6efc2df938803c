"""Memory, and the time to a first answer."""
import glob
import re

import shell
from engines import REPOSITORY
from measures.measure import Measure


def processes():
    """pid -> (name, parent)"""
    found = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                text = file.read()
        except OSError:
            continue
        rest = text[text.rindex(")") + 2:].split()
        found[int(text.split()[0])] = (text[text.index("(") + 1:text.rindex(")")], int(rest[1]))
    return found


def memory(pids, kind):
    """In MiB: Rss or Pss of processes, added up."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += int(re.search(rf"{kind}: +(\d+)", file.read())[1])
        except (OSError, TypeError):
            continue
    return total / 1024


def daemons(party):
    """The daemon and those below it that are neither monitors nor containers."""
    names = {"dockerd", "containerd", "java"}
    all_of_them, found = processes(), []
    for pid in all_of_them:
        above = pid
        while above and above != party.daemon.pid:
            above = all_of_them.get(above, ("", 0))[1]
        if above == party.daemon.pid and all_of_them[pid][0] in names:
            found.append(pid)
    return found


class HasDaemon(Measure):
    rounds, warm = 1, 0

    def fits(self, party):
        return party.engine and party.daemon is not None


class FirstAnswer(HasDaemon):
    name = "daemon-start"
    title = "start of the daemon to its first answer, 100 containers on disk"
    rounds, warm = 5, 1
    goal = ("≤", 350, None)

    def setup(self, party):
        party.clear()
        party.want("busybox:latest")
        for number in range(100):
            party.api("POST", f"/v1.41/containers/create?name=there{number}", {"Image": "busybox:latest", "Cmd": ["true"]})

    def before(self, party):
        party.end(party.daemon)

    def run(self, party):
        party.start()

    def teardown(self, party):
        party.clear()


class IdleMemory(HasDaemon):
    name = "daemon-rss"
    title = "resident memory of the daemon, idle after work"
    unit = "MiB"
    goal = ("≤", 120, None)

    def before(self, party):
        party.clear()
        import time
        time.sleep(3)

    def run(self, party):
        return memory(daemons(party), "Rss")


class FiftyMemory(HasDaemon):
    name = "pss-50"
    title = "PSS of daemon and monitors with 50 containers running"
    unit = "MiB"
    goal = ("≤", 0.35, "docker")

    def setup(self, party):
        party.clear()
        for number in range(50):
            party("run", "-d", "busybox:latest", "sleep", "100000")

    def run(self, party):
        there = processes()
        monitors = [pid for pid, (name, _) in there.items() if name.startswith(party.monitor[:15]) and belongs(pid, party)]
        return memory(daemons(party) + monitors, "Pss")

    def teardown(self, party):
        party.clear()


def belongs(pid, party):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return party.root in file.read()
    except OSError:
        return False


class OwnVersion(Measure):
    name = "cli-version"
    title = "`djong version`, beside `docker version` of the same daemon"
    rounds, warm = 10, 2
    goal = ("≤", 100, None)

    def fits(self, party):
        return party.name in ("djong", "docker")

    def run(self, party):
        if party.name == "djong":
            shell.run([f"{REPOSITORY}/djong", "--host", "unix://" + party.sock, "version"])
        else:
            party("version")


MEASURES = [FirstAnswer, IdleMemory, FiftyMemory, OwnVersion]
