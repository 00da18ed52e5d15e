"""A small Hugging Face hub on loopback: the calls that an upload makes, and those that `datasets` reads with.

It keeps its promises as the real one does: only the holder of the token is let in, an LFS object is taken only if it
has the hash it was announced with, a commit only if its parent is the last one and its LFS objects are there.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "hf_only_for_tests"
OWNER = "ada"
PAGE = 3
"""Entries per page of a listing, so that a small repository has several."""


@dataclass
class Repo:
    """A data set repository."""

    private: bool
    commits: list[tuple[str, dict[str, bytes]]] = field(default_factory=list)

    def commit(self, files: dict[str, bytes]) -> str:
        oid = hashlib.sha1(repr((len(self.commits), sorted(files))).encode()).hexdigest()
        self.commits.append((oid, files))
        return oid

    @property
    def files(self) -> dict[str, bytes]:
        return self.commits[-1][1]

    def at(self, revision: str) -> dict[str, bytes]:
        return self.files if revision == "main" else dict(self.commits)[revision]


@dataclass
class Hub:
    """What the server holds, and what it was told to do."""

    url: str = ""
    repos: dict[str, Repo] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    rules: list[dict] = field(default_factory=list)

    def fail(self, match: str, status: int, *, times: int = 1000, after: int = 0, text: str = "injected") -> None:
        """Answers requests that match ("METHOD path") with an error."""
        self.rules.append({"match": match, "status": status, "times": times, "after": after, "text": text})

    def verdict(self, request: str) -> dict | None:
        self.log.append(request)
        for rule in self.rules:
            if re.search(rule["match"], request):
                if rule["after"] > 0:
                    rule["after"] -= 1
                elif rule["times"] > 0:
                    rule["times"] -= 1
                    return rule
        return None


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    hub: Hub
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for each other

    def log_message(self, *args) -> None:
        """Says nothing."""

    def answer(self, status: int, body: object = b"", **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def refuse(self, status: int, text: str, code: str = "") -> None:
        more = {"X_Error_Code": code} if code else {}
        self.answer(status, {"error": text}, X_Error_Message=text, **more)

    def handle_any(self) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        rule = self.hub.verdict(f"{self.command} {path}")
        if rule:
            self.refuse(rule["status"], rule["text"])
            return
        if match := re.fullmatch(
            r"/lfs/(\w+)", path
        ):  # as in the cloud store behind the hub: the URL is the permission
            right = hashlib.sha256(body).hexdigest() == match[1]
            if right:
                self.hub.objects[match[1]] = body
            self.answer(200 if right else 400)
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.refuse(401, "Invalid credentials in Authorization header")
            return
        for pattern, method in ROUTES:
            if match := re.fullmatch(pattern, f"{self.command} {path}"):
                method(self, body, *filter(None, match.groups()))
                return
        self.refuse(404, f"no such route: {path}")

    do_GET = do_POST = do_PUT = do_HEAD = handle_any  # noqa: N815  (the names that http.server looks for)

    def repo(self, name: str) -> Repo | None:
        found = self.hub.repos.get(name)
        if found is None:
            self.refuse(404, "Repository not found", "RepoNotFound")
        return found

    def whoami(self, body: bytes) -> None:
        self.answer(200, {"type": "user", "name": OWNER, "auth": {"accessToken": {"role": "write"}}})

    def create(self, body: bytes) -> None:
        asked = json.loads(body)
        name = f"{asked.get('organization') or OWNER}/{asked['name']}"
        if name in self.hub.repos:
            self.refuse(409, "You already created this dataset repo")
            return
        made = self.hub.repos[name] = Repo(asked.get("private") is True or asked.get("visibility") == "private")
        made.commit({".gitattributes": b"*.parquet filter=lfs\n"})
        self.answer(200, {"url": f"{self.hub.url}/datasets/{name}", "name": name, "type": asked["type"]})

    def info(self, body: bytes, name: str, revision: str | None = None) -> None:
        if repo := self.repo(name):
            facts = {"id": name, "sha": repo.commits[-1][0], "private": repo.private, "tags": [], "downloads": 0}
            names = [{"rfilename": path} for path in repo.at(revision or "main")]
            self.answer(200, {**facts, "likes": 0, "gated": False, "disabled": False, "siblings": names})

    def tree(self, body: bytes, name: str, revision: str, below: str = "") -> None:
        if repo := self.repo(name):
            query = parse_qs(urlsplit(self.path).query)
            first, deep = int(query.get("cursor", ["0"])[0]), query["recursive"][0].lower()
            files = {path: data for path, data in repo.at(revision).items() if path.startswith(below.lstrip("/"))}
            if deep == "false":
                start = len(below.lstrip("/")) + bool(below)
                folders = {path[: path.index("/", start)] for path in files if "/" in path[start:]}
                files = {path: data for path, data in files.items() if "/" not in path[start:]}
                files |= dict.fromkeys(folders)
            entries = [_entry(path, data) for path, data in sorted(files.items())]
            more = {}
            if first + PAGE < len(entries):
                where = f"{self.hub.url}{urlsplit(self.path).path}?recursive={deep}&cursor={first + PAGE}"
                more["Link"] = f'<{where}>; rel="next"'
            self.answer(200, entries[first : first + PAGE], **more)

    def paths_info(self, body: bytes, name: str, revision: str) -> None:
        if repo := self.repo(name):
            asked = parse_qs(body.decode()).get("paths") or json.loads(body or b"{}").get("paths", [])
            self.answer(200, [_entry(path, data) for path, data in repo.at(revision).items() if path in asked])

    def preupload(self, body: bytes, name: str, revision: str) -> None:
        if repo := self.repo(name):
            asked = json.loads(body)["files"]
            files = [{"path": one["path"], "uploadMode": _mode(one["path"]), "shouldIgnore": False} for one in asked]
            for one in files:
                if one["path"] in repo.files:
                    entry = _entry(one["path"], repo.files[one["path"]])
                    one["oid"] = entry.get("lfs", entry)["oid"]
            self.answer(200, {"files": files})

    def lfs_batch(self, body: bytes, name: str) -> None:
        if self.repo(name):
            objects = json.loads(body)["objects"]
            for one in objects:
                if one["oid"] not in self.hub.objects:
                    one["actions"] = {"upload": {"href": f"{self.hub.url}/lfs/{one['oid']}"}}
            self.answer(200, {"transfer": "basic", "objects": objects})

    def commit(self, body: bytes, name: str, revision: str) -> None:
        repo = self.repo(name)
        if repo is None:
            return
        files, lines = dict(repo.files), [json.loads(line) for line in body.splitlines()]
        for line in lines:
            value = line["value"]
            if line["key"] == "header" and value.get("parentCommit", repo.commits[-1][0]) != repo.commits[-1][0]:
                self.refuse(412, "A commit has happened since. Please refresh and try again.")
                return
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                if value["oid"] not in self.hub.objects:
                    self.refuse(400, "LFS object is not there")
                    return
                files[value["path"]] = self.hub.objects[value["oid"]]
            elif line["key"] == "deletedFile":
                del files[value["path"]]
        oid = repo.commit(files)
        self.answer(
            200, {"success": True, "commitOid": oid, "commitUrl": f"{self.hub.url}/datasets/{name}/commit/{oid}"}
        )

    def validate(self, body: bytes) -> None:
        self.answer(200, {"errors": [], "warnings": []})

    def resolve(self, body: bytes, name: str, revision: str, path: str) -> None:
        if repo := self.repo(name):
            data = repo.at(revision).get(path)
            if data is None:
                self.refuse(404, "Entry not found", "EntryNotFound")
                return
            etag = _entry(path, data).get("lfs", {}).get("oid") or _git(data)
            headers = {"X_Repo_Commit": repo.commits[-1][0], "ETag": f'"{etag}"', "Accept_Ranges": "bytes"}
            if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
                first, last = int(asked[1]), int(asked[2] or len(data) - 1)
                headers["Content_Range"] = f"bytes {first}-{last}/{len(data)}"
                self.answer(206, data[first : last + 1], **headers)
                return
            self.answer(200, data, **headers)


NAME = r"([\w.-]+/[\w.-]+)"
ROUTES = (
    (r"GET /api/whoami-v2", Handler.whoami),
    (r"POST /api/repos/create", Handler.create),
    (r"POST /api/validate-yaml", Handler.validate),
    (rf"POST /api/datasets/{NAME}/preupload/([\w/]+)", Handler.preupload),
    (rf"POST /api/datasets/{NAME}/commit/([\w/]+)", Handler.commit),
    (rf"POST /api/datasets/{NAME}/paths-info/([\w/]+)", Handler.paths_info),
    (rf"GET /api/datasets/{NAME}/tree/(\w+)(/.*)?", Handler.tree),
    (rf"GET /api/datasets/{NAME}/revision/(\w+)", Handler.info),
    (rf"GET /api/datasets/{NAME}", Handler.info),
    (rf"POST /datasets/{NAME}\.git/info/lfs/objects/batch", Handler.lfs_batch),
    (rf"(?:GET|HEAD) /datasets/{NAME}/resolve/(\w+)/(.+)", Handler.resolve),
)


def _mode(path: str) -> str:
    return "lfs" if path.endswith((".parquet", ".arrow")) else "regular"


def _git(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _entry(path: str, data: bytes | None) -> dict:
    if data is None:
        return {"type": "directory", "path": path, "size": 0, "oid": _git(path.encode())}
    if _mode(path) == "regular":
        return {"type": "file", "path": path, "size": len(data), "oid": _git(data)}
    lfs = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
    return {"type": "file", "path": path, "size": len(data), "oid": _git(repr(lfs).encode()), "lfs": lfs}


@contextmanager
def serving() -> Iterator[Hub]:
    """Starts a hub in a thread, and ends it."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
