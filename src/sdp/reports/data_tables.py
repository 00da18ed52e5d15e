"""A data set in the terminal: splits and floors, what its rows are spread over, what was rejected, where it is from."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from rich.bar import Bar as BlockBar
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from sdp.data.distributions import Bar, Distribution, distributions, percent
from sdp.data.manifest import Manifest
from sdp.data.visible import cut, visible
from sdp.reports.numerals import NOT_DEFINED, count

WIDEST = 120
"""Bars do not become clearer by being longer."""
ANSWER_CELLS = 16


def data_tables(manifest: Manifest) -> RenderableType:
    """Makes the terminal's view of a data set.

    Args:
        manifest: Of the data set.

    Returns:
        Something that a rich console prints.
    """
    parts: list[RenderableType] = [_splits(manifest)]
    found = distributions(manifest)
    parts += [_ranked(one) if one.name == "answers" else _by_label(one) for one in found]
    if not found:
        parts.append(Text("its manifest holds no distributions; made again with --overwrite, it does", style="dim"))
    if manifest.imported is None:
        parts.append(_phrasings(manifest))
    parts += [_rejects(manifest.rejects, made=manifest.imported is None), _provenance(manifest)]
    return Constrain(Group(*_spaced(parts)), WIDEST)


def _spaced(parts: list[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        if number:
            yield Text()
        yield part


def _table(title: str, *, expand: bool = False) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, expand=expand)


def _splits(manifest: Manifest) -> Table:
    table = _table("Splits")
    table.add_column("")
    for head in ("rows", "words" if manifest.words else "keys", "families", "possible\nrows", "answers"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("floor", no_wrap=True)
    table.add_column("uniform\nfloor", justify="right", no_wrap=True)
    for split, facts in manifest.splits.items():
        known = facts.n_answers > 0
        table.add_row(
            split,
            count(facts.rows),
            count(facts.keys),
            count(facts.families),
            "open" if facts.capacity is None else count(facts.capacity),
            count(facts.n_answers) if known else NOT_DEFINED,
            Text(f"{percent(facts.floor)} {cut(visible(facts.floor_answer), ANSWER_CELLS)}"),
            percent(facts.uniform_floor) if known else NOT_DEFINED,
        )
    return table


def _by_label(one: Distribution) -> Table:
    """One line per kind or length, one bar per split."""
    table = _table(one.title, expand=True)
    table.add_column("", no_wrap=True)
    for split in one.splits:
        table.add_column(split, justify="right", no_wrap=True)
        table.add_column("", ratio=1)
    for label, *bars in zip(one.labels, *one.splits.values(), strict=True):
        cells = (cell for bar in bars for cell in (bar.percent, _block(bar, one.largest)))
        table.add_row(Text(visible(label)), *cells)
    return table


def _ranked(one: Distribution) -> Table:
    """One line per rank: every split has commonest answers of its own."""
    table = _table(one.title, expand=True)
    for split in one.splits:
        table.add_column(split, no_wrap=True)
        table.add_column("", justify="right", no_wrap=True)
        table.add_column("", ratio=1)
    for bars in zip_longest(*one.splits.values()):
        table.add_row(*(cell for bar in bars for cell in _answer(bar, one.largest)))
    return table


def _answer(bar: Bar | None, largest: float) -> tuple[RenderableType, ...]:
    if bar is None:
        return "", "", ""
    return Text(cut(visible(bar.label), ANSWER_CELLS)), bar.percent, _block(bar, largest)


def _block(bar: Bar, largest: float) -> BlockBar:
    return BlockBar(largest, 0, bar.share, color="blue")


def _phrasings(manifest: Manifest) -> Table:
    table = _table("Phrasings")
    for head, justify in (("family", "left"), ("phrasings", "right"), ("held out of training", "right")):
        table.add_column(head, justify=justify)  # type: ignore[arg-type]  # a literal of rich's, widened by the loop
    total = Counter(phrasing.family for phrasing in manifest.phrasings)
    held_out = Counter(phrasing.family for phrasing in manifest.phrasings if phrasing.held_out)
    for family, n in total.items():
        table.add_row(Text(family or NOT_DEFINED), count(n), count(held_out[family]))
    if len(total) > 1:
        table.add_row("all", count(total.total()), count(held_out.total()), style="dim")
    return table


def _rejects(rejects: Mapping[str, int], *, made: bool) -> RenderableType:
    if not rejects:
        return Text("Rejected: nothing", style="bold")
    table = _table("Rejected and replaced" if made else "Left out")
    table.add_column("rows", justify="right")
    table.add_column("reason")
    for reason, n in sorted(rejects.items(), key=lambda pair: (-pair[1], pair[0])):
        table.add_row(count(n), Text(visible(reason)))
    return table


def _provenance(manifest: Manifest) -> Table:
    table = _table("Made from")
    table.show_header = False
    table.add_column("", style="dim", no_wrap=True)
    table.add_column("")
    for name, value in _facts(manifest):
        table.add_row(name, Text(visible(value)))
    return table


def _facts(manifest: Manifest) -> Iterator[tuple[str, str]]:
    settings = (f"{name} {_setting(value)}" for name, value in manifest.settings.items() if value not in (None, [], ""))
    yield "settings", ", ".join(settings)
    for file in manifest.imported.files if manifest.imported else ():
        yield "file", f"{file.name}: {file.format}, shape {file.shape}, SHA-256 {file.sha256[:16]}"
    if manifest.words:
        words = manifest.words
        yield "words", f"{words.n_words:,} from {words.source} ({words.hash}), {words.stemmer or 'no stemmer'}"
        if words.n_skipped:
            yield "", f"{words.n_skipped:,} lines hold no usable word"
        for part in words.sources:
            yield "licence", f"{part.source}: {part.licence}"
    yield "packages", ", ".join(f"{name} {version}" for name, version in manifest.packages.items())
    if manifest.imported is None:
        yield "generator", f"{manifest.task} version {manifest.generator_version}"
    yield "fingerprint", manifest.fingerprint
    n_bytes = sum(shard.bytes for shard in manifest.shards)
    yield "files", f"{len(manifest.shards):,} shards, {n_bytes / 1e6:,.1f} MB"


def _setting(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
