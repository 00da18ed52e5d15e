"""An S3 server on loopback, in a process of its own: moto's, behind a door that fails on demand.

`python s3_server.py` prints its address and serves until its standard input ends. `POST /_fail` with a list of rules
replaces the rules; a rule is `{"match": REGEX of "METHOD path?query", "after": N, "times": N, "how": "500"}`: after N
requests that match, it answers the next ones itself. `how` is a status, `SlowDown`, `hang up` or `stall`. `GET /_log`
gives the requests since the last `POST /_fail`.
"""

import json
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ERROR = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>injected</Message></Error>"


class Door:
    """WSGI middleware that answers some requests itself."""

    def __init__(self, inner: Callable) -> None:
        self.inner = inner
        self.rules: list[dict] = []
        self.log: list[str] = []
        self.lock = threading.Lock()
        self.ended = threading.Event()

    def __call__(self, environ, start_response):
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if path == "/_fail":
            with self.lock:
                self.rules = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
                self.log = []
            return self.answer(start_response, "200 OK", b"")
        if path == "/_log":
            return self.answer(start_response, "200 OK", json.dumps(self.log).encode())
        request = f"{environ['REQUEST_METHOD']} {path}?{query}"
        how = self.verdict(request)
        if how is None:
            return self.inner(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if how == "stall":
            self.ended.wait()
        if how in {"hang up", "stall"}:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return self.answer(start_response, "500 Gone", b"")
        code = {"SlowDown": "503 SlowDown", "500": "500 InternalError", "503": "503 ServiceUnavailable"}[how]
        body = "" if environ["REQUEST_METHOD"] == "HEAD" else ERROR.format(code=code.split()[1])
        return self.answer(start_response, code, body.encode())

    def verdict(self, request: str) -> str | None:
        with self.lock:
            self.log.append(request)
            for rule in self.rules:
                if re.search(rule["match"], request):
                    if rule.get("after", 0) > 0:
                        rule["after"] -= 1
                    elif rule.get("times", 1) > 0:
                        rule["times"] = rule.get("times", 1) - 1
                        return rule["how"]
            return None

    @staticmethod
    def answer(start_response, status, body):
        start_response(status, [("Content-Length", str(len(body))), ("Content-Type", "application/xml")])
        return [body]


def main() -> None:
    """Serves until standard input ends."""
    import logging

    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    door = Door(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, door, threaded=True)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.port}", flush=True)  # noqa: T201  (its parent reads it)
    sys.stdin.read()
    door.ended.set()
    server.shutdown()


@dataclass(frozen=True)
class Server:
    """The running server."""

    url: str

    def fail(self, *rules: dict) -> None:
        """Fails these requests from now on, and no others."""
        self.post("/_fail", json.dumps(rules).encode())

    def log(self) -> list[str]:
        """Requests since the last `fail`."""
        with urllib.request.urlopen(f"{self.url}/_log") as answer:
            return json.loads(answer.read())

    def post(self, path: str, data: bytes = b"") -> None:
        with urllib.request.urlopen(self._request(path, data)):
            pass

    def _request(self, path: str, data: bytes) -> urllib.request.Request:
        return urllib.request.Request(f"{self.url}{path}", data, {"Content-Type": "text/plain"}, method="POST")

    def ask_for_credentials(self) -> None:
        """Refuses whoever is not known from now on; nobody is."""
        self.post("/moto-api/reset-auth", b"0")

    def let_everybody_in(self) -> None:
        """Takes any credentials again."""
        self.post("/moto-api/reset-auth", b"Infinity")

    def client(self):
        """Another client than ours, to look at what is there."""
        import boto3

        return boto3.client(
            "s3", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )

    def keys(self, bucket: str) -> dict[str, int]:
        """Objects and their sizes."""
        return {one["Key"]: one["Size"] for one in self.client().list_objects_v2(Bucket=bucket).get("Contents", [])}

    def uploads(self, bucket: str) -> list[str]:
        """Keys of uploads that are neither complete nor given up."""
        return [one["Key"] for one in self.client().list_multipart_uploads(Bucket=bucket).get("Uploads", [])]

    def environment(self) -> dict[str, str]:
        """What a process needs to find it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_MAX_ATTEMPTS": "3",
        }


@contextmanager
def serving() -> Iterator[Server]:
    """Starts a server, and ends it."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        url = process.stdout.readline().strip()
        assert url, "the S3 server did not start"
        yield Server(url)
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
