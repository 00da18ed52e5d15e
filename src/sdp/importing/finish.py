"""Around the pass over the rows: the fingerprint, the folder it grows in, the manifest, and its final place."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from sdp import __version__
from sdp.contract.validator import DataFacts
from sdp.data.atomic import LOCK, alone, disk, swap_in
from sdp.data.card import data_card
from sdp.data.dataset import check_shards, is_ours
from sdp.data.figures import NAME as FIGURE
from sdp.data.figures import distributions_svg
from sdp.data.manifest import NAME, ImportedFile, ImportFacts, ImportStep, Manifest, SplitFacts
from sdp.data.place import Place
from sdp.errors import InputError
from sdp.importing.convert import Converter
from sdp.importing.pipeline import Outcome
from sdp.importing.plan import Plan
from sdp.importing.settings import ImportSettings
from sdp.importing.shards_out import Judge
from sdp.plugins.manager import load
from sdp.synthesis.blame import blame
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.synthesis.write import example_of

FORMAT = 1
"""Of importing itself; raise it when the same files and settings would give other bytes."""
DONE_HERE = ("split_purity", "uniqueness")
"""Validators that would find nothing: splits were just hashed, and equal rows taken out. Ids of our own rows, though,
are taken as they come."""
_PACKAGES = ("pyarrow", "PyStemmer", "regex")


def fingerprint_of(settings: ImportSettings, plan: Plan, hashes: list[str]) -> str:
    """Hashes everything that determines the rows, 16 hexadecimal digits."""
    registry = load()
    parts = [
        str(FORMAT),
        settings.model_dump_json(exclude={"sources"}),
        str(plan.task.version),
        splits_word(plan, settings),
        *(f"{digest} {_reading_of(one)}" for digest, one in zip(hashes, plan.converters, strict=True)),
        *(f"{name} {registry.augmenters[name].version}" for name in settings.augment),
        *sorted(name for name, kind in registry.validators.items() if kind.scope == "rows"),
        f"PyStemmer {version('PyStemmer')}" if plan.words else "",
    ]
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


def _reading_of(one: Converter) -> str:
    """Says what a file is read as: its name has a say in it, and in the split."""
    return json.dumps([one.source.split, one.source.said, one.shape.name, one.shape.mapping], sort_keys=True)


def verified(place: Place, settings: ImportSettings, fingerprint: str) -> Manifest:
    """Accepts a complete folder only if it is what the request would make, byte for byte.

    Raises:
        InputError: It is another data set, or a shard was changed.
    """
    manifest = Manifest.load(place)
    if manifest.fingerprint != fingerprint:
        raise InputError(
            f"'{place}' holds another data set: {_difference(manifest, settings)}",
            where=str(place),
            hint="add --overwrite to replace it, or choose another --out",
        )
    check_shards(place, manifest.shards, hashes=True)
    return manifest


def _difference(manifest: Manifest, settings: ImportSettings) -> str:
    if manifest.imported is None:
        return "it was generated, not imported"
    now, before = settings.model_dump(mode="json", exclude={"sources"}), manifest.settings
    changed = [f"{name} was {before.get(name)}, now {now[name]}" for name in now if before.get(name) != now[name]]
    return "; ".join(changed) if changed else "same settings, but other files or names of them, plugins or packages"


def judge_of(plan: Plan, settings: ImportSettings) -> Judge | None:
    """Makes what every row has to pass: the validators that can judge it. Without the step `filter` none is asked."""
    if not settings.does("filter"):
        return None
    facts = DataFacts({"task": settings.task, "imported": {"splits": splits_word(plan, settings)}})
    validators = []
    for validator in make_validators(plan.task):
        if validator.name in DONE_HERE and not (plan.has_ids and validator.name == "uniqueness"):
            continue
        with blame(f"validator '{validator.name}'", validator):
            if validator.begin(facts) is None:
                validators.append(validator)
    return partial(reasons_of, validators=validators)


def splits_word(plan: Plan, settings: ImportSettings) -> str:
    """Says how rows were split, as the manifest has it."""
    if plan.keeps_splits:
        return "own"
    return settings.splits if settings.splits not in ("auto", "own") else "hash"


@contextmanager
def workshop(place: Place) -> Iterator[Path]:
    """Opens an empty folder on this disk: beside the final one, or anywhere if that is in a store."""
    if not place.is_local:
        with TemporaryDirectory(prefix="sdp-import-") as folder:
            yield Path(folder)
        return
    final = place.path
    staging = final.with_name(f".{final.name}.importing")
    with disk(final), ExitStack() as stack:
        stack.enter_context(alone(staging))
        # What broke off begins anew: reading is all the work there is.
        for left in staging.iterdir():
            if left.name != LOCK:
                left.unlink()
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def refuse_nothing(outcome: Outcome) -> None:
    """Insists on rows.

    Raises:
        InputError: None is left; the commonest reasons are named.
    """
    if not outcome.shards:
        rejects = sorted(outcome.counts.rejects.items(), key=lambda pair: -pair[1])
        why = "; ".join(f"{n:,} × {reason}" for reason, n in rejects[:3]) or "there was none"
        raise InputError(f"no row is left: {why}", hint="see --dry-run, --shape, --prompt, --answer and --filters")


def leaks(plan: Plan, shared: Mapping[str, int]) -> list[str]:
    """Says which of the files' own splits share families with train; by hash they cannot."""
    if not plan.keeps_splits:
        return []
    return [
        f"{n:,} families of {split} are also in train, as the files have it; --splits hash keeps them apart"
        for split, n in shared.items()
        if n
    ]


@dataclass(frozen=True)
class Made:
    """All that the manifest is written from."""

    settings: ImportSettings
    plan: Plan
    outcome: Outcome
    hashes: list[str]
    fingerprint: str
    facts: dict[str, SplitFacts]


def finish(folder: Path, made: Made) -> Manifest:
    """Writes card, picture and manifest beside the shards."""
    settings, plan, outcome = made.settings, made.plan, made.outcome
    task = plan.task
    facts = ImportFacts(
        files=files_of(plan, made.hashes),
        meta={name: str(kind) for name, kind in task.meta.items()},
        oracle=task.known is not None,
        missing=task.unanswered.partition("needs: ")[2],
        splits=splits_word(plan, settings),
        steps=[
            ImportStep(
                step=one.step, n_in=one.n_in, n_out=one.n_out, n_changed=one.n_changed,
                reasons=dict(sorted(one.reasons.items())), added=dict(one.added),
            )
            for one in outcome.counts.all
        ],
    )  # fmt: skip
    manifest = Manifest(
        task=settings.task,
        generator_version=task.version,
        fingerprint=made.fingerprint,
        settings=settings.model_dump(mode="json") | {"style": "trace" if outcome.has_reasoning else "direct"},
        words=None,
        phrasings=[],
        splits=made.facts,
        shards=outcome.shards,
        rejects=outcome.counts.rejects,
        packages={"sdp": __version__} | {name: version(name) for name in _PACKAGES},
        imported=facts,
    )
    place = Place(str(folder))
    place.write_text(FIGURE, distributions_svg(manifest))
    place.write_text("README.md", data_card(manifest, example_of(place, manifest)))
    manifest.save(place)
    return manifest


def files_of(plan: Plan, hashes: list[str]) -> list[ImportedFile]:
    """Says what was read, as what."""
    return [
        ImportedFile(
            name=one.source.name, format=one.source.said, shape=one.shape.name, mapping=one.shape.mapping, sha256=sha256
        )
        for one, sha256 in zip(plan.converters, hashes, strict=True)
    ]


def put(folder: Path, place: Place) -> None:
    """Puts a finished folder where it belongs; in a store the manifest goes last."""
    if place.is_local:
        swap_in(folder, place.path)
        place.remove(LOCK)
        return
    if foreign := [name for name in place.names() if not is_ours(name)]:
        raise InputError(
            f"'{place}' is no data set: it holds '{foreign[0]}'", where=str(place), hint="choose another --out"
        )
    place.remove(NAME)
    names = sorted((entry.name for entry in folder.iterdir()), key=lambda name: name == NAME)
    for old in set(place.names()) - set(names):
        place.remove(old)
    for name in names:
        with (folder / name).open("rb") as source, place.write(name) as target:
            shutil.copyfileobj(source, target, 1 << 20)
