"""The data card: README.md with the front matter that `datasets.load_dataset` reads."""

import shlex
from collections import Counter
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

import yaml

from sdp.data.distributions import Distribution, distributions, percent
from sdp.data.figures import NAME as FIGURE
from sdp.data.manifest import ImportFacts, Manifest
from sdp.data.markdown import code, fenced, table

ALWAYS = ("n", "seed", "style", "words", "language", "ratios")
"""Settings that the card's command names whether or not they have their default."""
UNLESS_DEFAULT: Mapping[str, object] = {
    "noise": [], "templates": [], "tokenizer": None, "balance": "strata", "difficulty": "all", "strata": [],
}  # fmt: skip
"""Settings that the card mentions where they differ from this."""
REPEATED = ("templates",)
"""Options that are given once per value; other lists are joined with commas."""


def data_card(manifest: Manifest, examples: dict[str, str]) -> str:
    """Writes the card.

    Args:
        manifest: Of the data set.
        examples: One row, as prompt and completion.

    Returns:
        Markdown with YAML front matter.
    """
    return "\n".join(
        [
            "---",
            yaml.safe_dump(_front(manifest), sort_keys=False, allow_unicode=True).rstrip(),
            "---",
            "",
            f"# {manifest.task}",
            "",
            *(_imported(manifest.imported, manifest) if manifest.imported else _made_by(manifest)),
            *_split_table(manifest),
            "",
            *(_imported_how(manifest.imported) if manifest.imported else _made_how(manifest)),
            *_example(examples),
            *_distributions(manifest),
            *_words(manifest),
        ]
    )


def _made_by(manifest: Manifest) -> list[str]:
    return [
        f"Made by sdp {manifest.packages.get('sdp', '')} with `{command(manifest)}`.",
        "The same command makes the same bytes; `manifest.json` holds seed, versions and checksums.",
        "",
    ]


def _imported(facts: ImportFacts, manifest: Manifest) -> list[str]:
    n_files = len(facts.files)
    return [
        f"Imported by sdp {manifest.packages.get('sdp', '')} from {n_files} file{'s' * (n_files != 1)}.",
        "`manifest.json` holds the settings and checksums.",
        "sdp knows nothing of the licence of these rows: it is that of the files.",
        "",
        *table(
            ["file", "format", "shape", "SHA-256"],
            ([code(file.name), file.format, file.shape, code(file.sha256[:16])] for file in facts.files),
        ),
        "",
    ]


def _imported_how(facts: ImportFacts) -> list[str]:
    said = {
        "hash": "A family (what a row is about, without case) is in one split only, by its hash.",
        "own": "The splits are the files' own.",
    }
    rows = [
        [
            step.step, f"{step.n_in:,}", f"{step.n_out:,}",
            "; ".join(f"{n:,} × {why}" for why, n in [*step.reasons.items(), *step.added.items()] if n),
        ]
        for step in facts.steps
    ]  # fmt: skip
    return [said.get(facts.splits, f"All rows were put into {facts.splits}."), "", "## Steps", "",
            *table(["step", "rows in", "rows out", "why"], rows), ""]  # fmt: skip


def command(manifest: Manifest) -> str:
    """Writes the command that makes the same data set: what is not named has its default."""
    settings = manifest.settings
    options = {name: settings[name] for name in ALWAYS if name in settings} | _unusual(settings)
    if manifest.words is None:
        options.pop("words", None)
    words = [word for name, value in options.items() for word in _option(name, value)]
    return shlex.join(["sdp", "generate", manifest.task, *words])


def _unusual(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: settings[name]
        for name, default in UNLESS_DEFAULT.items()
        if settings.get(name) and settings[name] != default
    }


def _option(name: str, value: Any) -> list[str]:
    flag = f"--{name}"
    if not isinstance(value, (list, tuple)):
        return [flag, str(value)]
    if name in REPEATED:
        return [word for one in value for word in (flag, str(one))]
    return [flag, ",".join(map(str, value))]


def _front(manifest: Manifest) -> dict[str, object]:
    files = [{"split": split, "path": f"{split}-*.parquet"} for split in manifest.splits]
    front: dict[str, object] = {
        "configs": [{"config_name": "default", "data_files": files}],
        "tags": ["sdp", manifest.task],
    }
    return {"language": languages, **front} if (languages := _languages(manifest)) else front


def _languages(manifest: Manifest) -> list[str]:
    """Lists those of the prompts and of the words, each once."""
    words = manifest.words
    of_words = [part.language for part in words.sources] if words else []
    of_prompts = [manifest.settings["language"]] if manifest.settings.get("language") else []
    return list(dict.fromkeys([*of_prompts, *of_words]))


def _split_table(manifest: Manifest) -> list[str]:
    head = [
        "split",
        "rows",
        "keys" if manifest.imported else "words",
        "families",
        "possible rows",
        "floor (always guessing)",
        "uniform floor",
    ]
    rows = []
    for split, facts in manifest.splits.items():
        capacity = "open" if facts.capacity is None else f"{facts.capacity:,}"
        floor = f"{facts.floor:.1%} ({code(facts.floor_answer)})"
        uniform = f"{percent(facts.uniform_floor)} ({facts.n_answers:,} answers)" if facts.n_answers else "–"
        rows.append([split, f"{facts.rows:,}", f"{facts.keys:,}", f"{facts.families:,}", capacity, floor, uniform])
    return table(head, rows)


def _made_how(manifest: Manifest) -> list[str]:
    """Lists the settings that change what is asked, and the phrasings."""
    settings, lines = manifest.settings, []
    if language := settings.get("language"):
        lines.append(f"- prompts in `{language}`, style `{settings.get('style', 'direct')}`")
    for name, value in _unusual(settings).items():
        values = value if isinstance(value, (list, tuple)) else [value]
        lines.append(f"- {name}: {', '.join(code(str(one)) for one in values)}")
    families = Counter(phrasing.family for phrasing in manifest.phrasings if phrasing.family)
    held_out = sum(phrasing.held_out for phrasing in manifest.phrasings)
    lines[:0] = [
        "A word family is in one split only. Validation and test use some phrasings that training never shows",
        "(`meta.held_out_phrasing`).",
        "",
    ]
    listed = f": {', '.join(f'{n} {family}' for family, n in families.items())}" if families else ""
    lines.append(f"- {len(manifest.phrasings)} phrasings, {held_out} of them held out of training{listed}")
    return [*lines, ""]


def _example(examples: dict[str, str]) -> list[str]:
    return ["## Example", "", *fenced(f"{examples['prompt']}\n→\n{examples['completion']}"), ""]


def _distributions(manifest: Manifest) -> list[str]:
    found = distributions(manifest)
    if not found:
        return []
    lines = ["## Distributions", "", f"![{', '.join(one.title.lower() for one in found)}, by split]({FIGURE})", ""]
    for one in found:
        numbers = _ranked(one) if one.name == "answers" else _by_label(one)
        lines += [f"{one.title}, rows:", "", *numbers, ""]
    return lines


def _by_label(one: Distribution) -> list[str]:
    counts = ([f"{bar.rows:,}" for bar in bars] for bars in one.splits.values())
    return table(["", *one.splits], zip(map(code, one.labels), *counts, strict=True))


def _ranked(one: Distribution) -> list[str]:
    columns = [[f"{code(bar.label)} {bar.rows:,}" for bar in bars] for bars in one.splits.values()]
    ranks = enumerate(zip_longest(*columns, fillvalue=""), 1)
    return table(["", *one.splits], ([str(rank), *cells] for rank, cells in ranks))


def _words(manifest: Manifest) -> list[str]:
    if manifest.words is None:
        return []
    words = manifest.words
    lines = ["## Words", "", f"{words.n_words:,} words from {code(words.source)}.", ""]
    if words.n_skipped:
        lines += [f"{words.n_skipped:,} lines of the sources hold no usable word and were left out.", ""]
    for part in words.sources:
        families = f"Snowball stemmer ({part.stemmer})" if part.stemmer else "every word is a family of its own"
        lines += [
            f"- {code(part.source)} ({part.language}): {part.n_words:,} words. Licence: {part.licence}.",
            f"  {part.attribution}",
            f"  Word families: {families}.",
            *([f"  {part.note}."] if part.note else []),
        ]
    return [*lines, ""]
