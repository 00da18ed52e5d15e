"""What of a run folder other tools keep: the adapter or model, and the reports."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sdp.runs.tracking.contract import Record
from sdp.runs.tracking.names import cleaned

WEIGHTS = ("adapter", "model")
REPORTS = (".html", ".json")
"""Of a bench; its rows stay here."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """Files under one name."""

    name: str
    kind: str
    """``model`` or ``report``."""
    files: Mapping[str, Path]
    """By their path inside the artifact."""

    def digest(self) -> str:
        """Hashes names and content: what was sent once is not sent again."""
        total = hashlib.sha256()
        for name, path in sorted(self.files.items()):
            with path.open("rb") as handle:
                total.update(f"{name}\0{hashlib.file_digest(handle, 'sha256').hexdigest()}\n".encode())
        return total.hexdigest()


def artifacts_of(run: Path, record: Record) -> list[Artifact]:
    """Lists the artifacts of a run that are there by now.

    Args:
        run: Its folder.
        record: Its run.json, which names a bench that was written elsewhere.
    """
    found = [Artifact(name, "model", _below(run / name)) for name in WEIGHTS if (run / name).is_dir()]
    folders = sorted(path for path in run.glob("bench/*") if path.is_dir() and not path.name.startswith("."))
    elsewhere = (record.get("result") or {}).get("bench")
    if elsewhere and Path(elsewhere).is_dir() and Path(elsewhere).resolve() not in {path.resolve() for path in folders}:
        folders.append(Path(elsewhere))
    found += [Artifact(f"bench-{cleaned(path.name)}", "report", _below(path, REPORTS)) for path in folders]
    found += [Artifact(cleaned(path.stem), "report", {path.name: path}) for path in sorted(run.glob("*.html"))]
    return [artifact for artifact in found if artifact.files]


def _below(folder: Path, suffixes: tuple[str, ...] = ()) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and (not suffixes or path.suffix in suffixes)
    }
