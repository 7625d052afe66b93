#!/usr/bin/env python3
"""Turns an image as an engine saves it (standard input) into one with more layers (standard output).

    layered_image.py NAME COUNT    NAME: how the new image is called; COUNT: how many layers it has
"""
import hashlib
import io
import json
import sys
import tarfile


def member(archive, name, content):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def layer(number):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        member(archive, f"layer-{number}", b"")
    return content.getvalue()


name, count = sys.argv[1], int(sys.argv[2])
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as saved:
    files = {info.name: saved.extractfile(info).read() for info in saved if info.isfile()}
manifest = json.loads(files["manifest.json"])[0]
config = json.loads(files[manifest["Config"]])
layers = [files[path] for path in manifest["Layers"]]
layers += [layer(number) for number in range(len(layers), count)]
config["rootfs"]["diff_ids"] = ["sha256:" + hashlib.sha256(content).hexdigest() for content in layers]
config.pop("history", None)

with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as loaded:
    paths = [f"{number}/layer.tar" for number in range(len(layers))]
    member(loaded, "manifest.json", json.dumps([{"Config": "config.json", "RepoTags": [name], "Layers": paths}]).encode())
    member(loaded, "config.json", json.dumps(config).encode())
    for path, content in zip(paths, layers):
        member(loaded, path, content)
