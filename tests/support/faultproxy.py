#!/usr/bin/env python3
"""Stands between a client and a registry that speaks plain HTTP, and does harm as told, for tests.

    faultproxy.py FOLDER PORT TARGET_PORT

Listens on 127.0.0.1:PORT, asks 127.0.0.1:TARGET_PORT. FOLDER/faults.json says what to do; it is read at every request,
so that it may be replaced (by renaming another file to it) at any time, and a new content starts counting anew. It is a
list of faults; to each request the first one applies that matches and is not used up:

    {"do": "answer", "status": 429, "headers": {"Retry-After": "2"}, "body": "…"}    instead of the registry
    {"do": "cut", "bytes": 1000000}     both connections are closed after so many bytes of bodies that were sent by
                                        requests that match, in all
    {"do": "hold", "bytes": 1000000}    the same, but there the connections stand still until the faults change
    {"do": "digest"}                    another digest in the header Docker-Content-Digest
    {"do": "bytes"}                     the answer's body has another byte: a tab for its first space, so that a
                                        manifest is as good as before but for its digest; without one, its first byte

and, with each:

    "method", "path"    regular expressions for the whole of it; left out: any. The path has the query.
    "skip": 2           so many matching requests pass first
    "times": 3          to so many requests, then no more; left out: to all

Prints "METHOD path status" of each request, where the status is "cut" for a connection that was closed.
"""

import json
import pathlib
import re
import socket
import socketserver
import sys
import threading
import time

BLOCK = 64 * 1024


class Cut(Exception):
    """The connections are to be closed now."""


class Fault:
    def __init__(self, described):
        self.what = described["do"]
        self.described = described
        self.skip = described.get("skip", 0)
        self.times = described.get("times")
        self.bytes_left = described.get("bytes", 0)

    def matches(self, method, path):
        return all(
            re.fullmatch(self.described.get(name, ".*"), value) for name, value in (("method", method), ("path", path)))

    def take(self):
        """Whether it applies to one more request that matches."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is None or self.what in ("cut", "hold"):
            return self.times != 0
        self.times -= 1
        return self.times >= 0


class Faults:
    """Those that the file names, and how far each is used up. Of all connections."""

    def __init__(self, file):
        self._file = file
        self._lock = threading.Lock()
        self._text = None
        self._faults = []

    def next(self, method, path):
        with self._lock:
            self._read()
            return next((one for one in self._faults if one.matches(method, path) and one.take()), None)

    def sent(self, fault, count):
        """Counts the bytes of a body against a fault that cuts or holds, and does so."""
        with self._lock:
            if fault.times == 0:
                return
            fault.bytes_left -= count
            if fault.bytes_left > 0:
                return
            fault.bytes_left = fault.described["bytes"]
            fault.times = None if fault.times is None else fault.times - 1
        if fault.what == "cut":
            raise Cut
        while self._is_there(fault):
            time.sleep(0.02)

    def _is_there(self, fault):
        with self._lock:
            self._read()
            return fault in self._faults

    def _read(self):
        text = self._file.read_text() if self._file.exists() else "[]"
        if text != self._text:
            self._text = text
            self._faults = [Fault(one) for one in json.loads(text)]


class Head:
    """The first line and the headers of a request or an answer."""

    def __init__(self, stream):
        self.line = stream.readline().decode("latin-1").strip()
        self.headers = []
        while line := stream.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            self.headers.append((name, value.strip()))

    def header(self, name):
        return next((value for known, value in self.headers if known.lower() == name), "")

    def replace(self, name, value):
        self.headers = [(known, value if known.lower() == name else old) for known, old in self.headers]

    def to_bytes(self):
        lines = [self.line] + [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def body_blocks(head, source, until_end):
    """The body as it is on the wire, in pieces: (raw bytes, how many of them are content)."""
    if "chunked" in head.header("transfer-encoding"):
        while size_line := source.readline():
            yield size_line, 0
            left = int(size_line.split(b";")[0], 16)
            last = left == 0
            while left > 0 and (block := source.read1(min(left, BLOCK))):
                left -= len(block)
                yield block, len(block)
            yield source.readline(), 0
            if last:
                return
        raise Cut
    left = int(head.header("content-length") or 0)
    if until_end and not head.header("content-length"):
        while block := source.read1(BLOCK):
            yield block, len(block)
        return
    while left > 0:
        block = source.read1(min(left, BLOCK))
        if not block:
            raise Cut
        left -= len(block)
        yield block, len(block)


class ProxyHandler(socketserver.StreamRequestHandler):
    wbufsize = 0

    def handle(self):
        self.line = ""
        self.target = socket.create_connection(("127.0.0.1", self.server.target_port))
        with self.target, self.target.makefile("rb") as answers:
            try:
                # Engines try TLS first, which is not even a line: it is hung up on at once.
                while self.rfile.peek(1)[:1].isalpha():
                    request = Head(self.rfile)
                    self.line = " ".join(request.line.split(" ")[:2])
                    status = self.pass_on(request, answers)
                    print(self.line, status, flush=True)
                    self.line = ""
            except (Cut, OSError):
                if self.line:
                    print(self.line, "cut", flush=True)

    def pass_on(self, request, answers):
        """One request and its answer; returns the status."""
        method, path = self.line.split(" ")
        faults = self.server.faults
        fault = faults.next(method, path)
        answered = fault is not None and fault.what == "answer"
        counts = fault is not None and fault.what in ("cut", "hold")
        if not answered:
            self.target.sendall(request.to_bytes())
        elif request.header("expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        for raw, count in body_blocks(request, self.rfile, False):
            if not answered:
                self.target.sendall(raw)
            if counts:
                faults.sent(fault, count)
        if answered:
            return self.answer(fault.described, method)
        answer = Head(answers)
        while answer.line.split(" ")[1:2] == ["100"]:
            self.wfile.write(answer.to_bytes())
            answer = Head(answers)
        if not answer.line:
            raise Cut
        self.return_answer(answer, answers, method, fault.what if fault else "")
        return answer.line.split(" ")[1]

    def return_answer(self, answer, answers, method, harm):
        if harm == "digest":
            answer.replace("docker-content-digest", "sha256:" + "0" * 64)
        self.wfile.write(answer.to_bytes())
        status = answer.line.split(" ")[1]
        if method == "HEAD" or status in ("204", "304"):
            return
        spoil = harm == "bytes"
        for raw, count in body_blocks(answer, answers, True):
            if spoil and count:
                raw = raw.replace(b" ", b"\t", 1) if b" " in raw else bytes([raw[0] ^ 1]) + raw[1:]
                spoil = False
            self.wfile.write(raw)

    def answer(self, described, method):
        body = described.get("body", "").encode()
        lines = [f"HTTP/1.1 {described['status']} Fault", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in described.get("headers", {}).items()]
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode() + (b"" if method == "HEAD" else body))
        return described["status"]


class Proxy(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def main():
    folder, port, target_port = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    server = Proxy(("127.0.0.1", port), ProxyHandler)
    server.faults = Faults(folder / "faults.json")
    server.target_port = target_port
    server.serve_forever()


if __name__ == "__main__":
    main()
