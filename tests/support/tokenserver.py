#!/usr/bin/env python3
"""The token server of a registry (distribution's "token" authentication), for tests.

    tokenserver.py FOLDER PORT LIFETIME [SCHEME]

FOLDER holds token.key and token.crt, with which tokens are signed, and users.json: of each user the SHA-256 of the
password and the actions that may be granted. Is asked GET /token, with Basic authentication or without; anything else
gets 404, as some servers answer the POST of OAuth2. Tokens are refused by the registry LIFETIME seconds after they were
made. With SCHEME "https" it shows registry.crt. Prints who asked for what.
"""

import base64
import hashlib
import http.server
import json
import pathlib
import ssl
import sys
import time
import urllib.parse
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

# The registry goes on accepting a token for so long after its end.
REGISTRY_LEEWAY = 60


class Signer:
    """Makes tokens that the registry accepts."""

    def __init__(self, folder):
        self._key = serialization.load_pem_private_key((folder / "token.key").read_bytes(), None)
        certificate = x509.load_pem_x509_certificate((folder / "token.crt").read_bytes())
        der = certificate.public_bytes(serialization.Encoding.DER)
        self._header = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}

    def sign(self, claims):
        text = ".".join(unpadded(json.dumps(part).encode()) for part in (self._header, claims))
        signature = self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return text + "." + unpadded(signature)


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def granted(scope, allowed):
    """Of "type:name:action,action" what this user may do; the name may have colons (host:port)."""
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    return {"type": kind, "name": name, "actions": [one for one in actions.split(",") if one in allowed]}


class TokenHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        address = urllib.parse.urlparse(self.path)
        if address.path != "/token":
            self.answer(404, {"details": "not found"})
            return
        query = urllib.parse.parse_qs(address.query)
        user, allowed = self.caller()
        if user is None:
            self.answer(401, {"details": "incorrect username or password"})
            return
        now = int(time.time())
        lifetime = self.server.lifetime
        token = self.server.signer.sign({
            "iss": "sandglass",
            "sub": user,
            "aud": query.get("service", [""])[0],
            "exp": now + lifetime - REGISTRY_LEEWAY,
            "nbf": now - REGISTRY_LEEWAY,
            "iat": now,
            "jti": uuid.uuid4().hex,
            "access": [granted(scope, allowed) for scopes in query.get("scope", []) for scope in scopes.split(" ")],
        })
        issued = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
        self.answer(200, {"token": token, "access_token": token, "expires_in": lifetime, "issued_at": issued})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(404, {"details": "not found"})

    def caller(self):
        """Name and actions; ("", none) without a login, (None, none) with a wrong one."""
        kind, _, login = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return "", []
        name, _, password = base64.b64decode(login).decode().partition(":")
        user = self.server.users.get(name)
        if user is None or user["sha256"] != hashlib.sha256(password.encode()).hexdigest():
            return None, []
        return name, user["actions"]

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    folder, port, lifetime = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), TokenHandler)
    server.signer = Signer(folder)
    server.users = json.loads((folder / "users.json").read_text())
    server.lifetime = lifetime
    if sys.argv[4:] == ["https"]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "registry.crt", folder / "registry.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
