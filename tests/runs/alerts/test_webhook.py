"""Alerts by HTTP, to a server on loopback that takes, refuses, moves away or is not there."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sdp.errors import ConfigError
from sdp.runs.alerts.alert import Alert
from sdp.runs.alerts.webhook import Webhook, webhook_url

ALERT = Alert("memory", 40, 0.01, 0.05, "1 % of the memory is left: é")
LOST = Alert("not_finite", 60, None, None, "the loss is not a number any more")


class Server:
    """Keeps what is posted, and answers with a status."""

    def __init__(self, status: int = 200) -> None:
        self.posted: list[tuple[str, dict]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.posted.append((self.headers["Content-Type"], json.loads(body)))
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks/secret"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(request):
    made = Server(getattr(request, "param", 200))
    yield made
    made.close()


def test_every_alert_arrives_in_order_with_a_line_for_people(server):
    complaints = []
    webhook = Webhook(server.url, "20260101-run", complaints.append)
    webhook.post(ALERT)
    webhook.post(LOST)
    webhook.close()
    assert complaints == []
    assert [kind for kind, _ in server.posted] == ["application/json; charset=utf-8"] * 2
    first, second = (body for _, body in server.posted)
    line = "sdp 20260101-run, step 40: 1 % of the memory is left: é"
    assert first == {
        "alert": "memory", "step": 40, "value": 0.01, "limit": 0.05, "text": line, "content": line,
        "run": "20260101-run",
    }  # fmt: skip
    assert (second["alert"], second["value"]) == ("not_finite", None)


@pytest.mark.parametrize(
    ("server", "said"), [(500, "HTTP 500"), (404, "HTTP 404"), (302, "HTTP 302")], indirect=["server"]
)
def test_a_server_that_refuses_is_said_once_and_without_its_address(server, said):
    complaints = []
    webhook = Webhook(server.url, "run", complaints.append)
    webhook.post(ALERT)
    webhook.post(LOST)
    webhook.close()
    assert len(server.posted) == 2
    (complaint,) = complaints
    assert said in complaint
    assert "secret" not in complaint


def test_a_server_that_is_not_there_stops_nothing(server):
    server.close()
    complaints = []
    webhook = Webhook(server.url, "run", complaints.append)
    webhook.post(ALERT)
    webhook.close()
    (complaint,) = complaints
    assert "URLError" in complaint


def test_nothing_to_post_is_no_thread():
    Webhook("http://127.0.0.1:1/x", "run", print).close()
    assert "webhook" not in {thread.name for thread in threading.enumerate()}


def test_a_secret_may_stand_in_the_environment(monkeypatch):
    monkeypatch.setenv("HOOK", "https://example.org/secret")
    assert webhook_url("$HOOK") == webhook_url("${HOOK}") == "https://example.org/secret"


@pytest.mark.parametrize(
    "setting", ["example.org/x", "ftp://example.org", "http://", "http://h:port/", "file:///etc/passwd", "", "$NONE"]
)
def test_what_is_no_url_is_refused(setting, monkeypatch):
    monkeypatch.delenv("NONE", raising=False)
    with pytest.raises(ConfigError) as caught:
        webhook_url(setting)
    assert caught.value.where == "monitor.webhook"
