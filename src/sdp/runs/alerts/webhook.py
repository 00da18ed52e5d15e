"""Alerts by HTTP: one POST of JSON each, from a thread of its own, so that no training waits for somebody's server."""

import json
import os
import queue
import re
import threading
from collections.abc import Callable
from dataclasses import asdict
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from sdp.errors import ConfigError
from sdp.runs.alerts.alert import Alert

TIMEOUT_S = 5.0
KEY = "monitor.webhook"


class Webhook:
    """Posts alerts.

    The body has the alert's fields, ``run``, and one line for people as ``text`` and ``content``, which is what chat
    services show.

    Args:
        url: Where to; see `webhook_url`.
        run: Id of the run.
        complain: Told once if the server cannot be reached; the URL is not in what it is told, for such URLs are
            secrets.
    """

    def __init__(self, url: str, run: str, complain: Callable[[str], None]) -> None:
        self._url = url
        self._run = run
        self._complain = complain
        self._complained = False
        self._waiting: queue.Queue[Alert | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def post(self, alert: Alert) -> None:
        """Sends an alert, soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="webhook", daemon=True)
            self._thread.start()
        self._waiting.put(alert)

    def close(self) -> None:
        """Waits for what is on its way, but not long."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(2 * TIMEOUT_S)
            self._thread = None

    def _work(self) -> None:
        while (alert := self._waiting.get()) is not None:
            try:
                send(self._url, body_of(alert, self._run))
            except (OSError, HTTPException, ValueError) as error:
                self._fail(error)

    def _fail(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            said = f"HTTP {error.code}" if isinstance(error, HTTPError) else type(error).__name__
            self._complain(f"alerts do not reach {KEY} ({said}); they stand in events.jsonl")


def webhook_url(setting: str) -> str:
    """Works out the URL of a setting.

    Args:
        setting: A URL, or ``$NAME`` of an environment variable that holds one, so that no secret stands in run.json.

    Raises:
        ConfigError: No such variable, or no URL.
    """
    url = setting
    if match := re.fullmatch(r"\$\{?(\w+)\}?", setting):
        url = os.environ.get(match[1], "")
        if not url:
            raise ConfigError(f"the environment has no {match[1]}", where=KEY, hint=f"export {match[1]}=https://…")
    if not is_web_address(url):
        raise ConfigError("the webhook is no URL", where=KEY, hint="http://… or https://…, or $NAME of a variable")
    return url


def is_web_address(url: str) -> bool:
    """Says whether something can be posted there at all."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, for one
        return False


def body_of(alert: Alert, run: str) -> dict[str, Any]:
    """Makes what is posted."""
    step = "" if alert.step is None else f", step {alert.step}"
    line = f"sdp {run}{step}: {alert.text}"
    return {**asdict(alert), "text": line, "content": line, "run": run}


def send(url: str, body: dict[str, Any]) -> None:
    """Posts JSON.

    Raises:
        OSError: It did not arrive, or was refused.
    """
    data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "sdp"}
    request = Request(url, data, headers, method="POST")  # noqa: S310  (webhook_url takes http and https only)
    with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_S):
        pass


class _NoRedirect(HTTPRedirectHandler):
    """An address that moved is an error: following it would turn the POST into a GET and lose the alert."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
