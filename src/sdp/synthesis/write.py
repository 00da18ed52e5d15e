"""From settings to a complete data folder: make every shard, replace what was rejected, manifest last."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sdp.contract.generator import ItemGenerator
from sdp.data.atomic import LOCK, alone, disk, swap_in
from sdp.data.card import data_card
from sdp.data.dataset import is_ours
from sdp.data.figures import NAME as FIGURE
from sdp.data.figures import distributions_svg
from sdp.data.manifest import NAME, Manifest, Shard
from sdp.data.place import Place
from sdp.data.shards import ShardWriter
from sdp.engines.local import Engine, map_work
from sdp.errors import InputError
from sdp.progress import Progress
from sdp.synthesis.facts import split_facts
from sdp.synthesis.picker import Picked, pick
from sdp.synthesis.rounds import Rounds, planned
from sdp.synthesis.shard import PARTS, Done, make_shard, rejects_name
from sdp.synthesis.source import Source

REQUEST = "request.json"
"""In an unfinished folder: what it is the beginning of."""
REJECTS = "rejects.parquet"
"""Rows that were made and refused, each with its reason."""


@dataclass(frozen=True)
class Workshop:
    """Where and how a data set is made."""

    place: Place
    """Its final place; what is there goes away when the new one is complete."""
    workers: int = 1
    engine: Engine | None = None
    """Another one than processes on this machine."""
    anew: bool = False
    """Throws away what an earlier run began."""


def staging_of(folder: Path) -> Path:
    """Names the unfinished folder beside the final one."""
    return folder.with_name(f".{folder.name}.unfinished")


def write_data(source: Source, workshop: Workshop, progress: Progress) -> Manifest:
    """Makes a data set, going on from where an earlier run broke off.

    On this disk it grows in a hidden folder beside the final one. In an object store, where nothing can be renamed, it
    grows in place: it is no data set before its manifest is there.

    Args:
        source: What it is made of.
        workshop: Where, and with how many hands.
        progress: Shows rows.

    Returns:
        The manifest.

    Raises:
        InputError: There are not enough distinct rows; an unfinished folder of other settings lies there; another
            process works on it.
        ResourceError: The disk is full or not writable, or the store does not answer.
    """
    final = workshop.place
    if isinstance(source.generator, ItemGenerator):
        _ = source.plan  # fails before anything is written
    with ExitStack() as stack:
        grows = final
        if final.is_local:
            stack.enter_context(disk(final.path))
            grows = Place(str(staging_of(final.path)))
            stack.enter_context(alone(grows.path))
            _check_still_free(final, grows, anew=workshop.anew)
        else:
            _refuse_foreign(final)
            if workshop.anew:
                final.remove(NAME)  # from here on it is no data set
        _open(source, grows, anew=workshop.anew)
        with progress.bar(f"generate {source.settings.task}", source.settings.n, "rows") as bar:
            done, picked = _make(source, grows, workshop, bar.advance)
        manifest = _finish(source, grows, done, picked)
        if final.is_local:
            swap_in(grows.path, final.path)
            final.remove(LOCK)
        else:
            _clear(grows, {shard.file for shard in manifest.shards} | {"README.md", FIGURE, REJECTS, NAME})
    return manifest


def _check_still_free(final: Place, staging: Place, *, anew: bool) -> None:
    """Looks again once nobody else can write: what was not there when the command began may be finished by now."""
    if anew or final.size(NAME) is None:
        return
    if staging.names() == [LOCK]:
        shutil.rmtree(staging.path)  # made by this process a moment ago
    raise InputError(
        f"another process finished '{final}' in the meantime", where=final.url, hint="the same command verifies it"
    )


def _make(
    source: Source, place: Place, workshop: Workshop, advance: Callable[[int], object]
) -> tuple[list[Done], Picked | None]:
    """Makes all shards, and those that lost rows again, until none is missing."""
    engine = workshop.engine or (lambda work, shared, items: map_work(work, shared, items, workshop.workers))
    picked = None
    if not isinstance(source.generator, ItemGenerator):
        picked = pick(source, source.settings.split_sizes, engine)
    rounds, work = Rounds(source), planned(source, place, picked)
    done: dict[str, Done] = {}
    while work:
        results = []
        for result in engine(make_shard, source, work):
            advance(result.rows - (done[result.name].rows if result.name in done else 0))
            done[result.name] = result
            results.append(result)
        work = rounds.again(work, results)
    return list(done.values()), picked


def _refuse_foreign(place: Place) -> None:
    """Leaves alone what is not ours: in a store the data set grows, and is cleared, where the user pointed."""
    if foreign := [name for name in place.names() if not is_ours(name) and name != REQUEST]:
        raise InputError(
            f"'{place}' is no data set: it holds '{foreign[0]}'", where=str(place), hint="choose another --out"
        )


def _open(source: Source, place: Place, *, anew: bool) -> None:
    """Goes on with what lies there if it is of this source; finished shards of another one are not thrown away."""
    before = _request(place)
    begun = any(name.endswith(".parquet") for name in place.names())
    if before and begun and not anew and before["fingerprint"] != source.fingerprint:
        raise InputError(
            f"'{place.url}' is the beginning of another data set: {difference(before['settings'], source)}",
            where=place.url,
            hint="repeat the command it was begun with, or add --overwrite to begin anew",
        )
    for folder in [place, place.child(PARTS)] if place.is_local else []:
        for name in folder.names():
            if name.endswith(".tmp"):  # of a process that was killed; a disk that was full needs the space
                folder.remove(name)
    if anew or before.get("fingerprint") != source.fingerprint:
        _clear(place, {NAME} if not place.is_local else set())
        request = {"fingerprint": source.fingerprint, "settings": source.settings.model_dump(mode="json")}
        place.write_text(REQUEST, json.dumps(request, indent=2, ensure_ascii=False) + "\n")


def _request(place: Place) -> dict[str, Any]:
    """Reads what lies there the beginning of; empty if nobody can say."""
    try:
        request = json.loads(place.read(REQUEST))
    except (FileNotFoundError, ValueError):
        return {}
    return request if isinstance(request, dict) and request.keys() >= {"fingerprint", "settings"} else {}


def _clear(place: Place, keep: set[str]) -> None:
    """Removes what an unfinished data set left, the request last: shards without it are trusted by nobody."""
    for name in place.child(PARTS).names():
        place.child(PARTS).remove(name)
    for name in sorted(place.names(), key=lambda name: name == REQUEST):
        if name not in keep and name != LOCK:
            place.remove(name)
    if place.is_local and (place.path / PARTS).is_dir():
        (place.path / PARTS).rmdir()


def difference(before: dict[str, object], source: Source) -> str:
    """Says in which settings two data sets differ."""
    now = source.settings.model_dump(mode="json")
    changed = [f"{name} was {before.get(name)}, now {now[name]}" for name in now if before.get(name) != now[name]]
    return "; ".join(changed) if changed else "same settings, but other words, phrasings or package versions"


def _finish(source: Source, place: Place, done: list[Done], picked: Picked | None) -> Manifest:
    rejects = Counter(picked.rejects) if picked else Counter()
    for one in done:
        rejects.update(one.rejects)
    _merge_rejects(place, done, picked)
    manifest = Manifest(
        task=source.generator.name,
        generator_version=source.generator.version,
        fingerprint=source.fingerprint,
        settings=source.settings.model_dump(mode="json"),
        words=source.words_facts,
        phrasings=source.phrasing_facts,
        splits=split_facts(source, place, done),
        shards=[
            Shard(file=one.name, split=one.split, rows=one.rows, bytes=one.bytes, sha256=one.sha256) for one in done
        ],
        rejects=dict(sorted(rejects.items())),
        packages=source.packages,
    )
    place.write_text(FIGURE, distributions_svg(manifest))
    place.write_text("README.md", data_card(manifest, example_of(place, manifest)))
    if place.is_local:
        _clear(place, {one.name for one in done} | {"README.md", FIGURE, REJECTS})
    manifest.save(place)
    return manifest


def example_of(place: Place, manifest: Manifest) -> dict[str, str]:
    """Reads prompt and completion of the first row."""
    # Without threads: those that still read ahead when this process ends take it down with them.
    with place.open(manifest.shards[0].file) as handle, pq.ParquetFile(handle, pre_buffer=False) as parquet:
        batch = next(parquet.iter_batches(1, columns=["prompt", "completion"], use_threads=False))
    example: dict[str, str] = batch.to_pylist()[0]
    return example


def _merge_rejects(place: Place, done: list[Done], picked: Picked | None) -> None:
    """Writes all rejected rows into one file, shard by shard."""
    shards = [one for one in done if one.rejects]
    if not shards and not (picked and picked.rejected):
        place.remove(REJECTS)
        return
    with place.write(REJECTS) as handle, ShardWriter(handle) as writer:
        for table in picked.rejected if picked else []:
            writer.write(table)
        for one in shards:
            with place.child(PARTS).open(rejects_name(one.name)) as part:
                writer.write(pq.read_table(part))
