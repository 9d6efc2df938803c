"""Bringing images in and out, reading from them, removing them."""
import os
import shutil
import time

import shell
from engines import REGISTRY, SCRATCH, WORK
from measures.measure import Measure


def drop_caches():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3")


class Load(Measure):
    name = "load-d"
    title = "loading image D (600 MB and 20,000 small files) into an empty store"
    image = "big:1"
    rounds, warm = 3, 1
    goal = ("≤", 0.2, "docker")

    def before(self, party):
        party.clear(images=True)
        party.want("busybox:latest")
        os.sync()  # else what another party wrote is waited for

    def run(self, party):
        party("load", "-i", f"{WORK}/images/{self.image.replace(':', '-')}.tar")


class LoadFloor(Load):
    """The same beside what loading must do, on two cores."""

    name = "load-d-floor"
    title = "the same beside its floor: hash it and write it once, two layers at a time"
    goal = ("≤", 1.3, "floor")

    def fits(self, party):
        return party.name in ("djong", "floor")

    def before(self, party):
        if party.engine:
            super().before(party)
            return
        shutil.rmtree(f"{WORK}/floor-load", True)
        os.makedirs(f"{WORK}/floor-load")
        os.sync()

    def run(self, party):
        if party.engine:
            super().run(party)
            return
        script = "openssl dgst -sha256 {0} >/dev/null; dd if={0} of={1}/{2} bs=1M conv=fdatasync status=none"
        commands = [script.format(f"{WORK}/parts/{name}.tar", f"{WORK}/floor-load", name) for name in ("inc", "comp", "small")]
        shell.run(["sh", "-c", f"({commands[0]}) & ({commands[1]}; {commands[2]}) & wait"])

    def teardown(self, party):
        shutil.rmtree(f"{WORK}/floor-load", True)


class LoadSmall(Load):
    name = "load-small"
    title = "loading the 20,000 small files alone"
    image = "small:1"
    goal = ("≤", 0.05, "docker")


class RemoveImage(Measure):
    name = "rmi-d"
    title = "`rmi` of image D"
    rounds, warm = 3, 0
    goal = ("≤", 0.05, "docker")

    def before(self, party):
        party.clear()
        party.want("busybox:latest")
        party.want("big:1")
        os.sync()

    def run(self, party):
        party("rmi", "-f", "big:1")


class FirstStart(Measure):
    name = "first-start-d"
    title = "the first `run --rm` on D after it was loaded (beside `run` on busybox)"
    rounds, warm = 4, 0
    goal = ("≤", 0.35, "docker")

    def before(self, party):
        party("rmi", "-f", "big:1", check=False)
        party.want("big:1")
        os.sync()

    def run(self, party):
        party("run", "--rm", "big:1", "true")


class FirstStartRatio(FirstStart):
    name = "first-start-ratio"
    title = "the first `run --rm` on D, as a multiple of one on busybox right before"
    unit = "×"
    goal = ("≤", 1.1, None)

    def run(self, party):
        began = time.perf_counter()
        party("run", "--rm", "busybox:latest", "true")
        between = time.perf_counter()
        party("run", "--rm", "big:1", "true")
        return (time.perf_counter() - between) / (between - began)


class ReadAll(Measure):
    name = "read-warm"
    title = "reading all files of D in a container, page cache warm"
    rounds, warm = 4, 1
    goal = ("≤", 1, "docker")

    def setup(self, party):
        party.clear()
        party.want("big:1")
        party("run", "-d", "--name", "reader", "big:1", "sleep", "100000")

    def run(self, party):
        party("exec", "reader", "sh", "-c", "find /small /inc.bin /comp.bin -type f -exec cat {} + >/dev/null")

    def teardown(self, party):
        party.clear()


class ReadAllCold(ReadAll):
    name = "read-cold"
    title = "the same, page cache dropped before"

    def before(self, party):
        drop_caches()


class Commit(Measure):
    name = "commit-20000"
    title = "`commit` of 20,000 changed files"
    rounds, warm = 3, 0
    goal = ("≤", 0.25, "docker")

    def setup(self, party):
        party.clear()
        party.want("busybox:latest")
        party("run", "--name", "changed", "busybox:latest", "sh", "-c",
              "mkdir /d; i=0; while [ $i -lt 20000 ]; do echo file $i >/d/f$i; i=$((i+1)); done")

    def before(self, party):
        party("rmi", "-f", "committed", check=False)
        os.sync()

    def run(self, party):
        party("commit", "changed", "committed")

    def teardown(self, party):
        party("rmi", "-f", "committed", check=False)
        party.clear()


class Save(Measure):
    name = "save-d"
    title = "`save` of image D"
    rounds, warm = 3, 0

    def setup(self, party):
        party.want("big:1")

    def before(self, party):
        self.teardown(party)

    def run(self, party):
        party("save", "-o", f"{party.root}/saved.tar", "big:1")

    def teardown(self, party):
        if os.path.exists(f"{party.root}/saved.tar"):
            os.remove(f"{party.root}/saved.tar")


class PullDebian(Measure):
    name = "pull-b"
    title = "pulling Debian (one layer) into an empty store"
    image = f"{REGISTRY}/debian:bookworm"
    rounds, warm = 3, 1
    goal = ("≤", 0.1, "docker")

    def before(self, party):
        party.clear(images=True)
        os.sync()

    def run(self, party):
        party("pull", "-q", self.image)

    def teardown(self, party):
        party.clear(images=True)


class PullBig(PullDebian):
    name = "pull-d"
    title = "pulling image D into an empty store"
    image = f"{REGISTRY}/big:1"
    goal = ("≤", 0.2, "docker")


class Push(Measure):
    name = "push-d"
    title = "pushing image D to an empty registry"
    rounds, warm = 3, 0
    goal = ("≤", 0.4, "docker")

    def setup(self, party):
        party("pull", "-q", f"{REGISTRY}/big:1")
        party("tag", f"{REGISTRY}/big:1", f"{SCRATCH}/big:1")

    def before(self, party):
        shutil.rmtree(f"{party.root}/scratch/docker", True)

    def run(self, party):
        party("push", "-q", f"{SCRATCH}/big:1")

    def teardown(self, party):
        party.clear(images=True)


class DiskOfTen(Measure):
    name = "disk-ten"
    title = "disk that ten images on one Debian take, each with a file of its own"
    unit = "MiB"
    rounds, warm = 1, 0
    goal = ("≤", 0.55, "docker")

    def setup(self, party):
        party.clear(images=True)
        os.sync()
        self.empty = getattr(self, "empty", {})
        self.empty[party.name] = disk(party)
        party("pull", "-q", f"{REGISTRY}/debian:bookworm")
        for number in range(10):
            party("run", "--name", f"ten{number}", f"{REGISTRY}/debian:bookworm", "sh", "-c", f"echo {number} >/mine")
            party("commit", f"ten{number}", f"ten:{number}")
            party("rm", f"ten{number}")

    def run(self, party):
        os.sync()
        return (disk(party) - self.empty[party.name]) / 1024

    def teardown(self, party):
        party.clear(images=True)


def disk(party):
    """In KiB: what the data root takes, mounts left out."""
    return int(shell.run(["du", "-skx", f"{party.root}/data"], check=False).split()[0])


MEASURES = [Load, LoadFloor, LoadSmall, RemoveImage, FirstStart, FirstStartRatio, ReadAll, ReadAllCold, Commit, Save, PullDebian, PullBig, Push, DiskOfTen]
