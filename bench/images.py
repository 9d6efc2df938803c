"""The images that all engines are given, byte for byte the same, made of Debian's packages and of fixed seeds.

  busybox:latest   one layer of 2 MB
  debian:bookworm  minbase, one layer
  big:1            busybox, 300 MB that do not compress, 300 MB that do, 20,000 small files
  small:1          busybox and the 20,000 small files
"""
import hashlib
import io
import json
import os
import random
import shutil
import tarfile

import shell
from engines import PATH, WORK

FOLDER = f"{WORK}/images"
PARTS = f"{WORK}/parts"


def make():
    """Makes what is not there yet."""
    os.makedirs(FOLDER, exist_ok=True)
    os.makedirs(PARTS, exist_ok=True)
    busybox, debian = part("busybox", busybox_tree), part("debian", debian_tree)
    incompressible, compressible, small = part("inc", incompressible_file), part("comp", compressible_file), part("small", small_files)
    archive("busybox:latest", [busybox], ["sh"])
    archive("debian:bookworm", [debian], ["bash"])
    archive("small:1", [busybox, small], ["sh"])
    archive("big:1", [busybox, incompressible, compressible, small], ["sh"])
    publish("busybox:latest", "debian:bookworm", "big:1")


def part(name, write):
    path = f"{PARTS}/{name}.tar"
    if not os.path.exists(path):
        print(f"making layer {name}", flush=True)
        write(path + ".new")
        os.rename(path + ".new", path)
    return path


def busybox_tree(path):
    tree = path + ".tree"
    shutil.rmtree(tree, True)
    for folder in ("bin", "etc", "tmp", "root", "dev", "proc", "sys"):
        os.makedirs(f"{tree}/{folder}")
    shutil.copy("/bin/busybox", f"{tree}/bin/busybox")
    for applet in shell.run([f"{tree}/bin/busybox", "--list"]).split():
        if applet != "busybox":
            os.symlink("busybox", f"{tree}/bin/{applet}")
    for name, line in (("passwd", "root:x:0:0:root:/root:/bin/sh"), ("group", "root:x:0:")):
        with open(f"{tree}/etc/{name}", "w") as file:
            file.write(line + "\n")
    shell.run(["tar", "--numeric-owner", "--sort=name", "-C", tree, "-cf", path, "."])
    shutil.rmtree(tree)


def debian_tree(path):
    shell.run(["mmdebstrap", "--variant=minbase", "--include=ca-certificates", "--format=tar", "bookworm", path], env={"PATH": PATH})


def one_file(path, name, pieces):
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        data = b"".join(pieces)
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(data), 1_700_000_000
        tar.addfile(info, io.BytesIO(data))


def incompressible_file(path):
    dice = random.Random(1)
    one_file(path, "inc.bin", (dice.randbytes(1 << 20) for _ in range(300)))


def compressible_file(path):
    dice = random.Random(1)
    words = [("%x" % dice.getrandbits(dice.choice((12, 20, 28, 40)))).encode() for _ in range(3000)]
    one_file(path, "comp.bin", (b" ".join(dice.choices(words, k=190_000))[:1 << 20].ljust(1 << 20, b".") for _ in range(300)))


def small_files(path, folders=200, files=100):
    dice = random.Random(2)
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for folder in range(folders):
            info = tarfile.TarInfo(f"small/d{folder:03}")
            info.type, info.mode, info.mtime = tarfile.DIRTYPE, 0o755, 1_700_000_000
            tar.addfile(info)
            for number in range(files):
                data = (("%032x" % dice.getrandbits(128)) * dice.randint(2, 100)).encode()
                info = tarfile.TarInfo(f"small/d{folder:03}/f{number:02}.txt")
                info.size, info.mtime = len(data), 1_700_000_000
                tar.addfile(info, io.BytesIO(data))


def archive(name, layers, command):
    """Writes an image as `docker save` does in its oldest form, which every engine loads."""
    path = f"{FOLDER}/{name.replace(':', '-')}.tar"
    if os.path.exists(path):
        return
    diff_ids = ["sha256:" + sha256(layer) for layer in layers]
    config = json.dumps({"architecture": "amd64", "os": "linux", "created": "2026-01-01T00:00:00Z",
                         "config": {"Cmd": command, "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},
                         "rootfs": {"type": "layers", "diff_ids": diff_ids},
                         "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "bench"} for _ in layers]}).encode()
    config_name = hashlib.sha256(config).hexdigest() + ".json"
    with tarfile.open(path + ".new", "w") as tar:
        def put(member, data):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for diff_id, layer in zip(diff_ids, layers):
            tar.add(layer, diff_id[7:] + "/layer.tar")
        put(config_name, config)
        put("manifest.json", json.dumps([{"Config": config_name, "RepoTags": [name],
                                          "Layers": [diff_id[7:] + "/layer.tar" for diff_id in diff_ids]}]).encode())
    os.rename(path + ".new", path)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def publish(*names):
    """Puts images into the folder that the kept registries serve, through skopeo and a registry for the moment."""
    program = shutil.which("docker-registry", path=PATH)
    if program is None or shutil.which("skopeo", path=PATH) is None or os.path.exists(f"{WORK}/registry/docker"):
        return
    import subprocess
    config = f"{WORK}/publish.yml"
    with open(config, "w") as file:
        file.write(f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {WORK}/registry}}}}\n"
                   "http: {addr: \"127.0.0.1:5009\"}\n")
    server = subprocess.Popen([program, "serve", config], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for name in names:
            print(f"publishing {name}", flush=True)
            shell.run(["skopeo", "copy", "--insecure-policy", "--retry-times", "5", "--dest-tls-verify=false",
                       f"docker-archive:{FOLDER}/{name.replace(':', '-')}.tar", f"docker://127.0.0.1:5009/{name}"], env={"PATH": PATH})
    finally:
        server.terminate()
        server.wait()
