"""From settings to a complete data folder: make every shard, replace what was rejected, manifest last."""

import json
from collections import Counter
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdp.contract.generator import ItemGenerator
from sdp.contract.rows import SPLITS
from sdp.data.atomic import LOCK, alone, disk, swap_in, write_json, write_text
from sdp.data.card import data_card
from sdp.data.manifest import Manifest, Shard, SplitFacts
from sdp.data.shards import write_shard
from sdp.engines.local import map_work
from sdp.errors import InputError
from sdp.progress import Progress
from sdp.synthesis.rounds import ItemRounds, OpenRounds
from sdp.synthesis.shard import Done, make_shard, make_shard_apart
from sdp.synthesis.source import Source

REQUEST = "request.json"
"""In an unfinished folder: what it is the beginning of."""
REJECTS = "rejects.parquet"
"""Rows that were made and refused, each with its reason."""


def staging_of(folder: Path) -> Path:
    """Names the unfinished folder beside the final one."""
    return folder.with_name(f".{folder.name}.unfinished")


def write_data(source: Source, folder: Path, *, workers: int, progress: Progress, anew: bool = False) -> Manifest:
    """Makes a data set, going on from where an earlier run broke off.

    Args:
        source: What it is made of.
        folder: Its final place; what is there goes away when the new one is complete.
        workers: Processes.
        progress: Shows rows.
        anew: Throws away what an earlier run began.

    Returns:
        The manifest.

    Raises:
        InputError: There are not enough distinct rows; an unfinished folder of other settings lies there; another
            process works on it.
        ResourceError: The disk is full or not writable.
    """
    staging = staging_of(folder)
    rounds = ItemRounds(source, staging) if isinstance(source.generator, ItemGenerator) else OpenRounds(source, staging)
    make = partial(make_shard, source) if workers == 1 else make_shard_apart
    work = rounds.first()
    done: list[Done] = []
    with disk(folder), alone(staging):
        _open_staging(source, staging, anew=anew)
        with progress.bar(f"generate {source.settings.task}", source.settings.n, "rows") as bar:
            while work:
                results = []
                for result in map_work(make, work, workers):
                    bar.advance(result.rows)
                    results.append(result)
                done += results
                work = rounds.after(results)
        manifest = _finish(source, staging, done)
        swap_in(staging, folder)
    return manifest


def _open_staging(source: Source, staging: Path, *, anew: bool) -> None:
    """Goes on with what lies there if it is of this source; finished shards of another one are not thrown away."""
    path = staging / REQUEST
    before = json.loads(path.read_bytes()) if path.is_file() else {}
    begun = any(staging.glob("*.parquet"))
    if before and begun and not anew and before["fingerprint"] != source.fingerprint:
        raise InputError(
            f"'{staging.name}' is the beginning of another data set: {difference(before['settings'], source)}",
            where=str(staging),
            hint="repeat the command it was begun with, or add --overwrite to begin anew",
        )
    keep = not anew and before.get("fingerprint") == source.fingerprint
    for entry in staging.iterdir():
        if entry.name != LOCK and (not keep or entry.suffix == ".tmp"):
            entry.unlink()
    if not keep:
        write_json(path, {"fingerprint": source.fingerprint, "settings": source.settings.model_dump(mode="json")})


def difference(before: dict[str, object], source: Source) -> str:
    """Says in which settings two data sets differ."""
    now = source.settings.model_dump(mode="json")
    changed = [f"{name} was {before.get(name)}, now {now[name]}" for name in now if before.get(name) != now[name]]
    return "; ".join(changed) if changed else "same settings, but other words, phrasings or package versions"


def _finish(source: Source, staging: Path, done: list[Done]) -> Manifest:
    shards = _name_shards(staging, done)
    _merge_rejects(staging, done)
    splits = {split: _facts(source, staging, split, shards) for split in dict.fromkeys(shard.split for shard in shards)}
    manifest = Manifest(
        task=source.generator.name,
        generator_version=source.generator.version,
        fingerprint=source.fingerprint,
        settings=source.settings.model_dump(mode="json"),
        words=source.words_facts,
        phrasings=source.phrasing_facts,
        splits=splits,
        shards=shards,
        rejects=dict(sorted(sum((Counter(one.rejects) for one in done), Counter()).items())),
        packages=source.packages,
    )
    first = pq.ParquetFile(staging / shards[0].file)
    example = next(first.iter_batches(1, columns=["prompt", "completion"])).to_pylist()[0]
    first.close()
    write_text(staging / "README.md", data_card(manifest, example))
    keep = {shard.file for shard in shards} | {"README.md", REJECTS}
    for leftover in staging.iterdir():
        if leftover.name not in keep:
            leftover.unlink()
    manifest.save(staging)
    return manifest


def _name_shards(staging: Path, done: list[Done]) -> list[Shard]:
    """Links every shard to its name among the final number of them, the way `datasets` counts."""
    filled = (one for one in done if one.rows)  # all rows of a shard may have been rejected
    done = sorted(filled, key=lambda one: SPLITS.index(one.split))
    per_split = Counter(one.split for one in done)
    numbers = {split: iter(range(n)) for split, n in per_split.items()}
    shards = []
    for one in done:
        name = f"{one.split}-{next(numbers[one.split]):05d}-of-{per_split[one.split]:05d}.parquet"
        (staging / f"{one.name}.parquet").rename(staging / name)
        shards.append(Shard(file=name, split=one.split, rows=one.rows, bytes=one.bytes, sha256=one.sha256))
    return shards


def _merge_rejects(staging: Path, done: list[Done]) -> None:
    files = [path for one in done if (path := staging / f"{one.name}.rejects.parquet").is_file()]
    if files:
        write_shard(pa.concat_tables([pq.read_table(file) for file in files]), staging / REJECTS)


def _facts(source: Source, staging: Path, split: str, shards: list[Shard]) -> SplitFacts:
    files = [staging / shard.file for shard in shards if shard.split == split]
    answers: Counter[str] = Counter()
    distinct: dict[str, set[str]] = {"key": set(), "family": set()}
    for file in files:
        table = pq.read_table(file, columns=["answer", "key", "family"])
        counted = pc.value_counts(table["answer"])
        answers.update(dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)))
        for name, values in distinct.items():
            values.update(pc.unique(table[name]).to_pylist())
    answer, most = min(answers.items(), key=lambda pair: (-pair[1], pair[0]))
    finite = isinstance(source.generator, ItemGenerator)
    return SplitFacts(
        rows=answers.total(),
        keys=len(distinct["key"]),
        families=len(distinct["family"]),
        capacity=source.plan.splits[split].capacity if finite else None,
        floor_answer=answer,
        floor=most / answers.total(),
    )
