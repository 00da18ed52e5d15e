"""What happens during a run, line by line: log.jsonl in its folder, each line with the run's id.

Ours go through structlog; what other libraries log, and Python's warnings, land in the same file by way of the standard
library's loggers. Set ``SDP_LOG`` to a level, or give ``--verbose``, to see it on stderr, too.
"""

import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TextIO

import structlog

from sdp.data.atomic import disk
from sdp.errors import ConfigError, near
from sdp.runs.folder import Run, versions

LOG = "log.jsonl"
VARIABLE = "SDP_LOG"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

_OURS = "sdp"
_SELDOM = {"status", "checkpoint", "stopping", "trained", "score", "transfer"}
"""Kinds of events that are told once in a while; losses come every few steps, and are for those who ask for more."""

Logger = structlog.stdlib.BoundLogger

logging.getLogger(_OURS).addHandler(logging.NullHandler())  # where no run is logged, nobody hears of it


def logger(name: str) -> Logger:
    """Gives the logger of a module: ``logger(__name__).info("what happened", step=3)``."""
    made: Logger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return made


@contextmanager
def logged(run: Run, work: str | None = None) -> Iterator[None]:
    """Writes the log of a run while the work inside goes on.

    Args:
        run: Whose. Of several processes that train one run only the first writes the file.
        work: What is done, if it is not what the run is there for.

    Raises:
        ConfigError: ``SDP_LOG`` is no level.
        ResourceError: The file cannot be written.
    """
    level = stderr_level()
    log = logger(__name__)
    with ExitStack() as stack:
        _attach(stack, _handlers(stack, run, level), min(level or logging.INFO, logging.INFO))
        stack.callback(run.listeners.remove, _tell)
        run.listeners.append(_tell)
        work = work or str(run.record["kind"])
        log.info("begun", work=work, **versions())
        try:
            yield
        except BaseException as error:
            log.error("broken off", work=work, error=repr(error).splitlines()[0])  # noqa: TRY400  (whoever catches it shows the traceback)
            raise
        log.info("done", work=work)


def stderr_level() -> int | None:
    """Reads ``SDP_LOG``.

    Returns:
        A level of `logging`; None: nothing was asked for.

    Raises:
        ConfigError: It is no level.
    """
    wanted = os.environ.get(VARIABLE, "").lower()
    if not wanted:
        return None
    if wanted not in LEVELS:
        raise ConfigError(f"'{wanted}' is no log level", where=VARIABLE, hint=near(wanted, LEVELS))
    return LEVELS[wanted]


def _handlers(stack: ExitStack, run: Run, level: int | None) -> list[logging.Handler]:
    run_id = str(run.record.get("id", run.path.name))
    handlers: list[logging.Handler] = []
    if run.writes:
        with disk(run.path / LOG):
            file = logging.FileHandler(run.path / LOG, encoding="utf-8")
        stack.callback(file.close)
        file.setFormatter(_formatter(run_id, structlog.processors.JSONRenderer(ensure_ascii=False)))
        handlers.append(file)
    screen = _Stderr()
    if level is None:
        # As if we were not there: Python shows the warnings of loggers without a handler just so.
        screen.setLevel(logging.WARNING)
        screen.addFilter(lambda record: not _is_ours(record.name))
    else:
        screen.setLevel(level)
        screen.setFormatter(_formatter(run_id, structlog.dev.ConsoleRenderer(colors=False, timestamp_key="time")))
    return [*handlers, screen]


def _attach(stack: ExitStack, handlers: Sequence[logging.Handler], level: int) -> None:
    """Hangs handlers into the standard library's loggers, and takes them out again in the end."""
    root, ours = logging.getLogger(), logging.getLogger(_OURS)
    stack.callback(ours.setLevel, ours.level)
    ours.setLevel(level)
    for handler in handlers:
        handler.addFilter(lambda record: _is_ours(record.name) or record.levelno >= logging.WARNING)
        # a library that keeps its lines to itself shows them on stderr itself, too
        for place in [root] if isinstance(handler, _Stderr) else [root, *_closed()]:
            stack.callback(place.removeHandler, handler)
            place.addHandler(handler)
    stack.callback(setattr, warnings, "showwarning", warnings.showwarning)
    warnings.showwarning = _show_and_log(warnings.showwarning)


def _closed() -> list[logging.Logger]:
    known = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    return [one for one in known if not one.propagate]


def _show_and_log(show: Any) -> Any:
    def showwarning(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None,
        line: str | None = None,
    ) -> None:  # fmt: skip
        logger(f"{_OURS}.warnings").info(str(message), category=category.__name__, where=f"{filename}:{lineno}")
        show(message, category, filename, lineno, file, line)

    return showwarning


def _formatter(run_id: str, renderer: Any) -> logging.Formatter:
    def ordered(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        first = {name: event.pop(name) for name in ("time", "level", "logger", "event")}
        return {"time": first.pop("time"), "run": run_id, **first, **event}

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        ordered,
    ]
    return structlog.stdlib.ProcessorFormatter(processors=[*shared, renderer])


def _is_ours(name: str) -> bool:
    return name == _OURS or name.startswith(f"{_OURS}.")


def _tell(event: dict[str, Any]) -> None:
    """Logs an event of the run."""
    fields = {name: value for name, value in event.items() if name not in {"event", "time"}}
    kind = str(event["event"])
    log = logger(__name__)
    if kind == "alert":
        log.warning(kind, **fields)
    elif kind in _SELDOM:
        log.info(kind, **fields)
    else:
        log.debug(kind, **fields)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at that moment: a progress bar puts another one in its place while it is drawn."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        del stream
