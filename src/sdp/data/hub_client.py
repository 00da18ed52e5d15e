"""The Hugging Face hub's client, kept to plain HTTP and quiet, and its errors put into words that say what to do."""

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from logging import ERROR

from sdp.errors import ResourceError

TOKEN = "HF_TOKEN"  # noqa: S105  (the name of a variable, no password)
UNAUTHORISED = (401, 403)
CHANGED_MEANWHILE = (409, 412)


def hub_error(error: Exception, what: str, url: str) -> ResourceError:
    """Says what went wrong. The token is never part of it.

    Args:
        error: What the client raised.
        what: What the hub did not do, such as ``take the commit``.
        url: Of the repository.
    """
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    chain = list(_causes(error))
    again = "a commit is there whole or not at all; the same command goes on"
    answered = next((one for one in chain if isinstance(one, HfHubHTTPError)), None)
    if answered is not None:
        status = answered.response.status_code
        text = _clean(answered.server_message or answered.response.reason_phrase)
        hint = again
        if status in UNAUTHORISED:
            hint = f"check the token in {TOKEN}: it must be allowed to write to this owner's data sets"
        elif status in CHANGED_MEANWHILE:
            hint = f"somebody else changed it in the meantime; {again}"
        return ResourceError(f"the hub does not {what}: {status} {text}".rstrip(), where=url, hint=hint)
    if any(isinstance(one, OfflineModeIsEnabled) for one in chain):
        return ResourceError("the hub is switched off here", where="HF_HUB_OFFLINE", hint="unset it")
    kinds = " ".join(kind.__name__.lower() for one in chain for kind in type(one).__mro__)
    if any(word in kinds for word in ("connect", "timeout", "network", "protocolerror")):
        return ResourceError("the hub cannot be reached", where=url, hint=f"check network and --hub-url; {again}")
    text = _clean(str(chain[-1])) or type(chain[-1]).__name__
    return ResourceError(f"the hub does not {what}: {text}", where=url, hint=again)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def shown(text: str) -> str:
    """Leaves user and password out of a URL, or of a line with one."""
    return re.sub(r"(?<=://)\S*@", "", text)


def _clean(text: str) -> str:
    """Takes the first line, without the token, should a server repeat it."""
    token = os.environ.get(TOKEN, "").strip()
    line = shown(text.strip().partition("\n")[0])
    return line.replace(token, "***") if token else line


def hub_token() -> str:
    """Gives the token, from the environment only.

    Raises:
        ResourceError: There is none, or what there is cannot be one.
    """
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise ResourceError(
            "the hub wants to know who you are", where=TOKEN, hint=f"set {TOKEN} to a token that may write"
        )
    if not re.fullmatch(r"[\x21-\x7e]+", token):  # it goes into a header, and errors about headers show them
        raise ResourceError(f"{TOKEN} holds no token: it has blanks, line ends or letters beyond ASCII", where=TOKEN)
    return token


@contextmanager
def over_http() -> Iterator[None]:
    """Keeps the client off Xet and off the terminal; its own bars and advice would stand beside ours."""
    from huggingface_hub import constants
    from huggingface_hub.utils import logging as its_logging
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    before = (constants.HF_HUB_DISABLE_XET, are_progress_bars_disabled(), its_logging.get_verbosity())
    constants.HF_HUB_DISABLE_XET = True
    disable_progress_bars()
    its_logging.set_verbosity(ERROR)
    try:
        with warnings.catch_warnings():
            # huggingface_hub 2.4 sends files in a way that httpx2 2.16 has renamed
            warnings.filterwarnings("ignore", message="Use 'content=", category=DeprecationWarning)
            yield
    finally:
        constants.HF_HUB_DISABLE_XET = before[0]
        if not before[1]:
            enable_progress_bars()
        its_logging.set_verbosity(before[2])
