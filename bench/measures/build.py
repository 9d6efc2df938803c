"""Building images, by the classic client: BuildKit takes no part."""
import os
import shutil

from engines import WORK
from measures.measure import Measure


class Build(Measure):
    def fits(self, party):
        return party.engine

    def setup(self, party):
        party.clear()
        party.want("busybox:latest")
        self.folder = f"{party.root}/context"
        shutil.rmtree(self.folder, True)
        os.makedirs(self.folder)
        self.write(party)

    def write(self, party):
        """Writes the context."""

    def put(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)

    def build(self, party, *more):
        party("build", "-q", "-t", "built", *more, f"{party.root}/context")

    def teardown(self, party):
        party("rmi", "-f", "built", check=False)
        party("image", "prune", "-f", check=False)
        shutil.rmtree(f"{party.root}/context", True)


class Cold(Build):
    name = "build-cold"
    title = "ten steps, nothing cached"
    rounds, warm = 5, 1
    goal = ("≤", 0.5, "docker")

    def write(self, party):
        self.put("a.txt", "a\n")
        self.put("b.txt", "b\n")
        self.put("Dockerfile", "FROM busybox:latest\nENV K=v\nWORKDIR /w\nCOPY a.txt .\nRUN echo 1 >1\nRUN echo 2 >2\nCOPY b.txt .\n"
                               "RUN cat a.txt b.txt >3\nRUN mkdir -p d && echo 4 >d/4\nCMD [\"cat\", \"3\"]\n")

    def run(self, party):
        self.build(party, "--no-cache")


class Cached(Cold):
    name = "build-cached"
    title = "the same, all cached"
    rounds, warm = 10, 2
    goal = ("≤", 0.5, "docker")

    def run(self, party):
        self.build(party)


class OneChanged(Build):
    name = "build-one-changed"
    title = "one changed file in a context of 10,000"
    rounds, warm = 4, 1
    goal = ("≤", 0.3, "docker")
    count = 0

    def write(self, party):
        self.put("Dockerfile", "FROM busybox:latest\nCOPY . /app\nRUN true\n")
        for folder in range(100):
            os.makedirs(f"{self.folder}/d{folder}")
            for number in range(100):
                self.put(f"d{folder}/f{number}", f"{folder} {number}\n")

    def before(self, party):
        OneChanged.count += 1
        with open(f"{party.root}/context/d7/f7", "w") as file:
            file.write(f"changed {OneChanged.count}\n")

    def run(self, party):
        self.build(party)


class BigContext(Build):
    name = "build-200mb"
    title = "a context of 200 MB, new each time"
    rounds, warm = 3, 0
    goal = ("≤", 0.5, "docker")
    count = 0

    def write(self, party):
        self.put("Dockerfile", "FROM busybox:latest\nCOPY data /data\n")
        os.makedirs(f"{self.folder}/data")

    def before(self, party):
        BigContext.count += 1
        with open(f"{WORK}/parts/inc.tar", "rb") as source:
            source.seek(1 << 20)
            for number in range(20):
                with open(f"{party.root}/context/data/f{number}", "wb") as file:
                    file.write(b"%08d" % BigContext.count + source.read((10 << 20) - 8))

    def run(self, party):
        self.build(party, "--no-cache")


MEASURES = [Cold, Cached, OneChanged, BigContext]
