"""A registry by itself: blobs and manifests in and out."""
import hashlib
import json
import os
import re

import shell
from engines import WORK
from measures.measure import Measure

BLOB = f"{WORK}/parts/inc.tar"
TYPE = "application/vnd.oci.image.manifest.v1+json"


def digest_of(path):
    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def upload(party, path, digest, repository="bench"):
    begun = party.curl("-fi", "-X", "POST", f"{party.url}/v2/{repository}/blobs/uploads/")
    location = re.search(r"(?im)^location: *(\S+)", begun)[1]
    location = location if location.startswith("http") else party.url + location
    party.curl("-f", "-T", path, "-H", "Content-Type: application/octet-stream",
               location + ("&" if "?" in location else "?") + "digest=" + digest)


class RegistryMeasure(Measure):
    def fits(self, party):
        return getattr(party, "registry", False)

    def setup(self, party):
        self.digest = digest_of(BLOB)
        if "200" not in party.curl("-o", "/dev/null", "-w", "%{http_code}", "-I", f"{party.url}/v2/bench/blobs/{self.digest}"):
            upload(party, BLOB, self.digest)

    def wrk(self, party, path, connections, *headers):
        printed = shell.run(party.namespace.inside(["wrk", "-t1", f"-c{connections}", "-d5s", *sum((["-H", header] for header in headers), []),
                                                    party.url + path]))
        if "Non-2xx" in printed:
            raise RuntimeError(printed)
        number, unit = re.search(r"Transfer/sec: +([\d.]+)(\w+)", printed).groups()
        return float(re.search(r"Requests/sec: +([\d.]+)", printed)[1]), float(number) * {"KB": 1e-3, "MB": 1, "GB": 1e3}[unit] * 1.048576


class BlobGet(RegistryMeasure):
    name = "registry-blob"
    title = "GET of a blob of 315 MB, four connections"
    unit = "MB/s"
    rounds, warm = 3, 1
    goal = ("≥", 1.2, "docker-registry")

    def run(self, party):
        return self.wrk(party, f"/v2/bench/blobs/{self.digest}", 4)[1]


class ManifestGet(RegistryMeasure):
    name = "registry-manifest"
    title = "GET of a manifest by tag, 16 connections"
    unit = "req/s"
    rounds, warm = 3, 1
    goal = ("≥", 5, "docker-registry")

    def setup(self, party):
        super().setup(party)
        config = f"{party.root}/config.json"
        with open(config, "w") as file:
            file.write("{}")
        upload(party, config, digest_of(config))
        manifest = json.dumps({"schemaVersion": 2, "mediaType": TYPE,
                               "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": digest_of(config)},
                               "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": os.path.getsize(BLOB),
                                           "digest": self.digest}]})
        party.curl("-f", "-X", "PUT", "-d", manifest, "-H", "Content-Type: " + TYPE, f"{party.url}/v2/bench/manifests/1")

    def run(self, party):
        return self.wrk(party, "/v2/bench/manifests/1", 16, "Accept: " + TYPE)[0]


class Upload(RegistryMeasure):
    name = "registry-upload"
    title = "upload of a blob of 315 MB in one PUT, new each time"
    unit = "MB/s"
    rounds, warm = 3, 1
    goal = ("≥", 2, "docker-registry")
    count = 0

    def before(self, party):
        Upload.count += 1
        self.path = f"{WORK}/upload.bin"
        with open(BLOB, "rb") as source, open(self.path, "wb") as target:
            target.write(b"%016d" % Upload.count + source.read()[16:])
        self.new = digest_of(self.path)

    def run(self, party):
        import time
        began = time.perf_counter()
        upload(party, self.path, self.new)
        return os.path.getsize(self.path) / 1e6 / (time.perf_counter() - began)

    def teardown(self, party):
        if os.path.exists(f"{WORK}/upload.bin"):
            os.remove(f"{WORK}/upload.bin")


MEASURES = [BlobGet, ManifestGet, Upload]
