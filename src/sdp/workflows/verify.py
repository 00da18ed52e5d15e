"""`sdp verify`: a data set made once more and compared, or two data sets compared with each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdp.contract.generator import ItemGenerator
from sdp.contract.rows import SPLITS, id_to_text
from sdp.data.dataset import check_shards
from sdp.data.manifest import Manifest, Shard
from sdp.data.place import Place
from sdp.errors import ConfigError, InputError
from sdp.progress import SILENT, Progress
from sdp.synthesis.rounds import planned
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.shard import make_shard
from sdp.synthesis.source import Source
from sdp.synthesis.write import Workshop, difference, write_data
from sdp.workflows.generate import checked_settings


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to verify."""

    folder: str
    """Folder or URL of a finished data set."""
    sample: int | None = None
    """Rows that suffice, in whole shards; all of them if not given."""
    against: str | None = None
    """Another data set to compare with, instead of making this one again."""
    workers: int = 1
    seed: int = 0
    """Of the sample."""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was found."""

    folder: str
    against: str | None
    ok: bool
    rows: int
    """That were compared."""
    shards: int
    faults: list[str]
    """What is not the same, one sentence each."""


def verify(request: VerifyRequest, progress: Progress = SILENT) -> VerifyResult:
    """Looks whether a data set is what its manifest says, by making it again.

    Args:
        request: Which data set, and how much of it.
        progress: Shows rows.

    Returns:
        What was compared, and what differs.

    Raises:
        InputError: There is no data set, or it cannot be made here: other words, phrasings, plugins or versions.
    """
    place = Place.of(request.folder)
    manifest = Manifest.load(place)
    if request.against is not None:
        return _compared(place, manifest, request, progress)
    if manifest.imported is not None:
        raise InputError(
            f"'{place}' was imported: it cannot be made again from its manifest alone",
            where=str(place),
            hint="the same `sdp import` command verifies it, files and shards; --against compares it with another one",
        )
    faults = list(_damage(place, manifest))
    source = Source.of(_settings(place, manifest))
    if source.fingerprint != manifest.fingerprint:
        raise InputError(
            f"'{place}' cannot be made again here: {_versions(manifest, source)}",
            where=str(place),
            hint="install what its manifest names under packages, or compare it with --against",
        )
    if request.sample is None:
        shards, rows = _all_again(source, manifest, request, progress, faults)
    else:
        shards, rows = _some_again(source, manifest, request, progress, faults)
    return VerifyResult(str(place), None, not faults, rows, shards, faults)


def _settings(place: Place, manifest: Manifest) -> DataSettings:
    try:
        return checked_settings(manifest.settings)
    except ConfigError as error:
        raise InputError(
            f"the manifest's settings cannot be read: {error.where}: {error.what}",
            where=str(place),
            hint="it may be from another version of sdp: compare it with --against",
        ) from error


def _damage(place: Place, manifest: Manifest) -> Iterator[str]:
    """Names the shards that are not what the manifest says."""
    for shard in manifest.shards:
        if fault := _fault(place, shard):
            yield fault


def _fault(place: Place, shard: Shard) -> str | None:
    try:
        check_shards(place, [shard], hashes=True)
    except InputError as error:
        return error.what
    return None


def _versions(manifest: Manifest, source: Source) -> str:
    now = source.packages
    changed = [f"{name} was {was}, here it is {now.get(name)}" for name, was in manifest.packages.items()
               if now.get(name) != was]  # fmt: skip
    return "; ".join([difference(manifest.settings, source), *changed])


def _all_again(
    source: Source, manifest: Manifest, request: VerifyRequest, progress: Progress, faults: list[str]
) -> tuple[int, int]:
    """Makes the whole data set in a temporary folder."""
    with TemporaryDirectory(prefix="sdp-verify-") as folder:
        again = write_data(source, Workshop(Place.of(f"{folder}/{manifest.task}"), request.workers), progress)
    faults += [text for shard, other in _paired(manifest, again) if (text := _unequal(shard, other))]
    return len(manifest.shards), sum(shard.rows for shard in manifest.shards)


def _some_again(
    source: Source, manifest: Manifest, request: VerifyRequest, progress: Progress, faults: list[str]
) -> tuple[int, int]:
    """Makes shards in a random order until there are rows enough."""
    if not isinstance(source.generator, ItemGenerator):
        raise InputError(
            f"'{manifest.task}' is an open task: which rows it has is known only when all are made",
            where="--sample",
            hint="leave --sample out",
        )
    if manifest.rejects:
        raise InputError(
            "rows were rejected and replaced: which ones is known only when all are made",
            where="--sample",
            hint="leave --sample out",
        )
    by_name = {shard.file: shard for shard in manifest.shards}
    n_shards = n_rows = 0
    with TemporaryDirectory(prefix="sdp-verify-") as folder, progress.bar("verify", request.sample or 0, "rows") as bar:
        work = planned(source, Place.of(folder))
        Random(request.seed).shuffle(work)  # noqa: S311  (a sample, no secret)
        for one in work:
            if n_rows >= (request.sample or 0):
                break
            done = make_shard(source, one)
            one.place.remove(one.name)
            n_shards, n_rows = n_shards + 1, n_rows + done.rows
            bar.advance(done.rows)
            shard = by_name.get(one.name)
            other = Shard(file=done.name, split=done.split, rows=done.rows, bytes=done.bytes, sha256=done.sha256)
            if text := _unequal(shard, other):
                faults.append(text)
    return n_shards, n_rows


def _paired(one: Manifest, other: Manifest) -> Iterator[tuple[Shard | None, Shard | None]]:
    mine = {shard.file: shard for shard in one.shards}
    theirs = {shard.file: shard for shard in other.shards}
    for name in dict.fromkeys([*mine, *theirs]):
        yield mine.get(name), theirs.get(name)


def _unequal(shard: Shard | None, other: Shard | None) -> str | None:
    if shard is None or other is None:
        there = shard or other
        return f"shard '{there.file}' is in one of them only" if there else None
    if shard.sha256 != other.sha256:
        hashes = f"{shard.sha256[:12]} there, {other.sha256[:12]} made"
        return f"shard '{shard.file}' is not what its settings make: {hashes}"
    return None


def _compared(place: Place, manifest: Manifest, request: VerifyRequest, progress: Progress) -> VerifyResult:
    """Compares two data sets: by their checksums, and where those differ by the rows' ids."""
    other_place = Place.of(request.against or "")
    other = Manifest.load(other_place)
    faults = [*_damage(place, manifest), *_damage(other_place, other)]
    n_rows = sum(shard.rows for shard in manifest.shards)
    if [(s.file, s.sha256) for s in manifest.shards] != [(s.file, s.sha256) for s in other.shards]:
        if manifest.imported is None and other.imported is None:  # what was imported has settings of another kind
            faults += [f"{name} was {manifest.settings.get(name)!r} there and is {value!r} in the other"
                       for name, value in other.settings.items() if manifest.settings.get(name) != value]  # fmt: skip
        with progress.bar("compare", n_rows, "rows") as bar:
            for split in SPLITS:
                faults += _split_differences(split, (place, manifest), (other_place, other))
                bar.advance(manifest.splits[split].rows if split in manifest.splits else 0)
    return VerifyResult(str(place), str(other_place), not faults, n_rows, len(manifest.shards), faults)


def _split_differences(split: str, one: tuple[Place, Manifest], other: tuple[Place, Manifest]) -> Iterator[str]:
    mine, theirs = _ids(split, *one), _ids(split, *other)
    only_mine, only_theirs = len(np.setdiff1d(mine, theirs)), len(np.setdiff1d(theirs, mine))
    if only_mine or only_theirs:
        yield (
            f"{split}: {len(np.intersect1d(mine, theirs)):,} questions are in both, {only_mine:,} in the first only, "
            f"{only_theirs:,} in the second only"
        )
    elif not np.array_equal(mine, theirs):
        where = int(np.flatnonzero(mine != theirs)[0])
        yield f"{split}: the same questions in another order, from row {where:,} ({id_to_text(int(mine[where]))}) on"
    elif len(mine):
        yield from _text_differences(split, one, other)


def _text_differences(split: str, one: tuple[Place, Manifest], other: tuple[Place, Manifest]) -> Iterator[str]:
    """Looks for the first row that is worded or answered otherwise."""
    columns = ["prompt", "answer", "completion", "key", "family"]
    mine, theirs = (_read(split, place, manifest, columns) for place, manifest in (one, other))
    for name in columns:
        same = pc.equal(mine[name].cast(pa.string()), theirs[name].cast(pa.string()))
        if not pc.all(same).as_py():
            where = pc.index(same, value=False).as_py()
            texts = f"{mine[name][where].as_py()!r}, {theirs[name][where].as_py()!r}"
            yield f"{split}: row {where:,} has another {name}: {texts}"
            return


def _ids(split: str, place: Place, manifest: Manifest) -> np.ndarray:
    table = _read(split, place, manifest, ["id"])
    return np.asarray(table["id"].combine_chunks()) if table.num_rows else np.array([], dtype=np.uint64)


def _read(split: str, place: Place, manifest: Manifest, columns: list[str]) -> pa.Table:
    tables = []
    for shard in manifest.shards:
        if shard.split == split:
            with place.open(shard.file) as handle:
                tables.append(pq.read_table(handle, columns=columns))
    if not tables:
        return pa.table({name: [] for name in columns})
    return pa.concat_tables(tables, promote_options="permissive")
