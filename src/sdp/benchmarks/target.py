"""Who is benched: a base model, an adapter on one, or a model that learnt, found by whatever name the user gave."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sdp.errors import InputError, near
from sdp.models.formats import choose_format
from sdp.models.load import load_tokenizer
from sdp.models.resolve import TINY, ResolvedModel, read_note, resolve_model
from sdp.runs.checkpoints.folder import FOLDER as CHECKPOINTS
from sdp.runs.folder import RECORD, Run, latest, runs

ADAPTER = "adapter"
MODEL = "model"
ADAPTER_CONFIG = "adapter_config.json"


@dataclass(frozen=True)
class Target:
    """A model and how it is asked.

    Attributes:
        label: What it is called in tables.
        model: The base model's name or folder.
        adapter: The adapter's folder; None for the base itself.
        prompt_format: A name from `sdp.models.formats.FORMATS`, or ``auto``.
        system: A system message, or None.
        answer_style: How it was taught to answer: ``direct`` or ``trace``.
        run: The run that made the adapter or model, if it is known.
        trained_from: Where the whole model learnt: what it was before, by name or folder.
    """

    label: str
    model: str
    adapter: Path | None = None
    prompt_format: str = "auto"
    system: str | None = None
    answer_style: str = "direct"
    run: Path | None = None
    trained_from: str | None = None

    @property
    def is_base(self) -> bool:
        """Tells whether nothing was trained: there is no other model to compare with."""
        return self.adapter is None and self.trained_from is None

    def base(self, label: str) -> "Target":
        """Gives the model as it was before training, asked in the same way: what training is compared with."""
        return replace(
            self, label=label, model=self.trained_from or self.model, adapter=None, run=None, trained_from=None
        )


def newest_target(root: Path) -> Target:
    """Finds what to bench when nothing is named: the newest complete finetune run, else the tiny model.

    Args:
        root: Where runs lie.
    """
    run = latest(root, "finetune")
    return _of_run(run) if run else _of_model("tiny")


def run_target(name: str, root: Path) -> Target:
    """Finds a finetune run.

    Args:
        name: Its folder, or its folder's name below `root`.
        root: Where runs lie.

    Raises:
        InputError: There is no such run, it is of another kind, or it is not complete.
    """
    for folder in (Path(name), root / name):
        if (folder / RECORD).is_file():
            return _of_run(Run.open(folder))
    known = [run.path.name for run in runs(root, "finetune")]
    hint = near(name, known) if known else "train one with `sdp finetune`"
    raise InputError(f"there is no run '{name}'", where=str(root), hint=hint)


def find_target(name: str, root: Path, base: str | None = None) -> Target:
    """Finds a model, an adapter or a run.

    Args:
        name: A run's folder or name, an adapter's folder, a model's folder, ``tiny``, or a name on the hub.
        root: Where runs lie.
        base: Base model of an adapter that does not name it.

    Raises:
        InputError: A folder that is none of these, or an adapter whose base is not known.
        ResourceError: A hub model that cannot be fetched.
    """
    folder = Path(name).expanduser()
    if (folder / RECORD).is_file() or (root / name / RECORD).is_file():
        return run_target(name, root)
    return _of_model(name) if name == TINY or not folder.is_dir() else _of_folder(folder, root, base)


def _of_folder(folder: Path, root: Path, base: str | None) -> Target:
    is_model = (folder / "config.json").is_file()
    if not is_model and not (folder / ADAPTER_CONFIG).is_file():
        raise InputError(
            f"'{folder}' is neither a run nor an adapter nor a model",
            where=str(folder),
            hint=f"a run holds {RECORD}, an adapter {ADAPTER_CONFIG}, a model config.json: none of them is there",
        )
    is_checkpoint = folder.parent.name == CHECKPOINTS
    home = folder.parent.parent if is_checkpoint else folder.parent
    if base is None and (is_checkpoint or folder.name in {ADAPTER, MODEL}) and (home / RECORD).is_file():
        found = _of_run(Run.open(home), folder)
        return replace(found, label=folder.name) if is_checkpoint else found
    return _of_model(str(folder)) if is_model else _of_adapter(folder, root, base)


def _of_model(name: str) -> Target:
    resolved = resolve_model(name)
    return _with_defaults(Target(label=_short(name), model=name, system=resolved.system), resolved)


def _of_run(run: Run, folder: Path | None = None) -> Target:
    record = run.record
    if record["kind"] != "finetune":
        raise InputError(
            f"'{run.path}' is a {record['kind']} run: it holds no model", where=str(run.path / RECORD),
            hint="name a finetune run",
        )  # fmt: skip
    if folder is None and record["status"] != "complete":
        raise InputError(
            f"run '{run.path.name}' is {record['status']}, not complete", where=str(run.path / RECORD),
            hint=f"bring it to its end: sdp finetune --resume {run.path.name}",
        )  # fmt: skip
    facts = _facts(record)
    if "model" not in facts:
        raise InputError(f"'{run.path}' does not say which model it trained", where=str(run.path / RECORD))
    is_whole = facts.get("method") == "full"
    kept = folder or run.path / (MODEL if is_whole else ADAPTER)
    target = Target(
        label=str(record.get("name") or run.path.name),
        model=str(kept if is_whole else facts["model"]),
        adapter=None if is_whole else kept,
        prompt_format=str(facts.get("prompt_format", "auto")),
        system=facts.get("system"),
        answer_style=str(facts.get("answer_style", "direct")),
        run=run.path,
        trained_from=str(facts["model"]) if is_whole else None,
    )
    return _with_defaults(target, resolve_model(target.model))


def _facts(record: dict[str, Any]) -> dict[str, Any]:
    """Takes what a run found out, or, for one that broke off, what its recipe says."""
    return record.get("result") or record["config"].get("recipe") or {}


def _of_adapter(folder: Path, root: Path, base: str | None) -> Target:
    """Takes an adapter that lies in no run: its `sdp.json` went along, if it is ours."""
    note = read_note(folder)
    try:
        named = json.loads((folder / ADAPTER_CONFIG).read_text(encoding="utf-8")).get("base_model_name_or_path")
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"cannot read the adapter: {error}", where=str(folder / ADAPTER_CONFIG)) from error
    if named and note.get("model") and not Path(named).is_dir():
        named = note["model"]  # a folder of another machine
    model = base or named
    if not model:
        raise InputError(
            "the adapter does not name the model it belongs to", where=str(folder / ADAPTER_CONFIG),
            hint="give it with --base",
        )  # fmt: skip
    of_base = replace(find_target(str(model), root), label=folder.resolve().name, adapter=folder, trained_from=None)
    asked = {name: note[name] for name in ("prompt_format", "system", "answer_style") if name in note}
    return replace(of_base, **asked)


def _with_defaults(target: Target, resolved: ResolvedModel) -> Target:
    """Fills in what only the model's own files say; the format by its name, so that equal ones are seen to be equal."""
    style = resolved.answer_style if target.is_base else target.answer_style
    chosen = resolved.prompt_format if target.prompt_format == "auto" else target.prompt_format
    if chosen == "auto":
        chosen = choose_format(chosen, load_tokenizer(resolved))
    return replace(target, answer_style="direct" if style == "auto" else style, prompt_format=chosen)


def _short(name: str) -> str:
    """Gives the last part of a folder's or hub model's name."""
    return Path(name).expanduser().resolve().name if Path(name).is_dir() else name.rpartition("/")[2]
