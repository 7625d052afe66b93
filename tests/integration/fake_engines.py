"""UNIX sockets that are no engines one can use: fake_engines.py FOLDER. Writes FOLDER/ready, and runs until it is killed."""

import http.server
import json
import pathlib
import socketserver
import sys
import threading

folder = pathlib.Path(sys.argv[1])


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class Web(http.server.BaseHTTPRequestHandler):
    """Something that speaks HTTP and is no engine."""

    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "local"

    def log_message(self, format, *arguments):
        pass

    def answer(self, status, kind, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(404, "text/html", b"<html><body>Nothing here</body></html>")


def engine(version, oldest):
    class Engine(Web):
        def do_GET(self):
            headers = [("Api-Version", version), ("OSType", "linux")]
            if self.path.endswith("/_ping"):
                self.answer(200, "text/plain", b"OK", headers)
            elif self.path.endswith("/version"):
                body = {"Version": "0.0", "ApiVersion": version, "MinAPIVersion": oldest, "Os": "linux", "Arch": "amd64"}
                self.answer(200, "application/json", json.dumps(body).encode(), headers)
            else:
                self.answer(400, "application/json", b'{"message": "not in this version"}', headers)

    return Engine


class Hanging(socketserver.BaseRequestHandler):
    """Takes the connection and stays silent."""

    def handle(self):
        while self.request.recv(1000):
            pass


handlers = {
    "web": Web,
    "forbidden": engine("1.41", "1.12"),
    "old": engine("1.24", "1.12"),
    "new": engine("1.99", "1.90"),
    "hanging": Hanging,
}
for name, handler in handlers.items():
    path = folder / f"{name}.sock"
    server = Server(str(path), handler)
    path.chmod(0o600 if name == "forbidden" else 0o666)
    threading.Thread(target=server.serve_forever).start()
(folder / "ready").touch()
