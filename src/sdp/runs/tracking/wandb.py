"""Weights & Biases: online with a key, else offline into the run folder, from where ``wandb sync`` uploads."""

import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sdp.runs.tracking.contract import Point, Record, Settings
from sdp.runs.tracking.names import settings_of, without_secrets

_LONGEST_NAME = 128
_PATIENCE_S = 20.0
"""For a server that does not answer; its own 90 s are long for a training that waits to begin."""
_FLUSHED_S = 1.0
"""How often it writes to disk. Its own 15 s would be lost when the process is killed, as happens to cloud sessions."""


class Wandb:
    """One run of W&B. Its id is the run folder's name: whoever looks for one finds the other.

    Args:
        settings: Project, entity, group, tags and name. ``WANDB_PROJECT`` and so on are not read.
        folder: Files go to ``wandb/`` in it, or to ``WANDB_DIR`` if that is set.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = Path(os.environ.get("WANDB_DIR") or folder)
        self._mode = _mode()
        self._run: Any = None
        self._id = ""
        host = without_secrets(os.environ.get("WANDB_BASE_URL", "https://api.wandb.ai"))
        place = "offline" if self._mode == "offline" else host
        self.settles_s = 2 * _FLUSHED_S
        self.where = "/".join(filter(None, (place, settings.entity, settings.project)))

    def start(self, record: Record, known: str | None) -> str:
        """Begins the run, or a further part of it: W&B puts parts with one id together."""
        import wandb

        self._id = known or str(record["id"])
        self._folder.mkdir(parents=True, exist_ok=True)
        self._wait_for_a_free_name()
        self._run = wandb.init(
            id=self._id,
            resume="allow",
            reinit="create_new",  # whatever else this process tracks is not ours to end
            mode=self._mode,
            dir=str(self._folder),
            project=self._settings.project,
            entity=self._settings.entity,
            group=self._settings.group,
            tags=list(self._settings.tags),
            name=self._settings.name_of(record),
            job_type=str(record["kind"]),
            config=settings_of(record),
            settings=wandb.Settings(
                console="off",
                silent=True,
                init_timeout=_PATIENCE_S,
                # what the machine does is in our own events, under the same names for all trackers
                x_disable_stats=True,
                x_transaction_log_flush_interval=_FLUSHED_S,
                x_save_requirements=False,
                disable_git=True,
                disable_code=True,
            ),
        )
        # Bench scores come after training, at the step whose weights were kept: W&B's own steps only go up.
        self._run.define_metric("*", step_metric="step")
        return self._id

    def log(self, points: Sequence[Point]) -> None:
        """Logs one row per point, at the time when it was measured."""
        for point in points:
            self._run.log({**point.values, "step": point.step, "_timestamp": point.time})

    def artifact(self, files: Mapping[str, Path], name: str, kind: str) -> None:
        """Logs an artifact; names are the project's, so the run's id is part of it."""
        import wandb

        artifact = wandb.Artifact(f"{name}-{self._id}"[:_LONGEST_NAME], type=kind)
        for inside, path in files.items():
            # offline, the upload comes later: from the run folder, not from a copy
            artifact.add_file(str(path.resolve()), name=inside, policy="immutable", skip_cache=True)
        self._run.log_artifact(artifact)

    def finish(self, record: Record) -> None:
        """Ends this part."""
        self._run.finish(exit_code=0 if record["status"] in {"complete", "running"} else 1)

    def _wait_for_a_free_name(self) -> None:
        """W&B names offline folders by the second: a second part within it would overwrite the first."""
        while (self._folder / "wandb" / f"offline-run-{datetime.now():%Y%m%d_%H%M%S}-{self._id}").exists():  # noqa: DTZ005  (W&B's are in local time)
            time.sleep(0.1)


def _mode() -> str:
    """What ``WANDB_MODE`` says, else online where there is a key. W&B itself would stop and ask for one."""
    if mode := os.environ.get("WANDB_MODE"):
        return mode
    if os.environ.get("WANDB_API_KEY"):
        return "online"
    netrc = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    host = os.environ.get("WANDB_BASE_URL", "https://api.wandb.ai").partition("://")[2].rstrip("/")
    try:
        return "online" if host in netrc.read_text(encoding="utf-8") else "offline"
    except (OSError, UnicodeDecodeError):
        return "offline"
