"""The data card: README.md with the front matter that `datasets.load_dataset` reads."""

import shlex

import yaml

from sdp.data.manifest import Manifest


def data_card(manifest: Manifest, examples: dict[str, str]) -> str:
    """Writes the card.

    Args:
        manifest: Of the data set.
        examples: One row, as prompt and completion.

    Returns:
        Markdown with YAML front matter.
    """
    files = [{"split": split, "path": f"{split}-*.parquet"} for split in manifest.splits]
    front: dict[str, object] = {
        "configs": [{"config_name": "default", "data_files": files}],
        "tags": ["sdp", manifest.task],
    }
    if manifest.words:
        front = {"language": [manifest.words.language], **front}
    return "\n".join(
        [
            "---",
            yaml.safe_dump(front, sort_keys=False, allow_unicode=True).rstrip(),
            "---",
            "",
            f"# {manifest.task}",
            "",
            f"Made by sdp {manifest.packages.get('sdp', '')} with `{_command(manifest)}`.",
            "The same command makes the same bytes; `manifest.json` holds seed, versions and checksums.",
            "",
            *_split_table(manifest),
            "",
            "A word family is in one split only. Validation and test use some phrasings that training never shows",
            "(`meta.held_out_phrasing`).",
            "",
            *_example(examples),
            *_words(manifest),
        ]
    )


def _command(manifest: Manifest) -> str:
    settings = manifest.settings
    options = {name: str(settings[name]) for name in ("n", "seed", "style", "words", "language")}
    options["ratios"] = ",".join(map(str, settings["ratios"]))
    if manifest.words is None:
        del options["words"]
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return shlex.join(["sdp", "generate", manifest.task, *words])


def _split_table(manifest: Manifest) -> list[str]:
    lines = ["| split | rows | words | floor (always guessing) |", "|---|---|---|---|"]
    for split, facts in manifest.splits.items():
        answer = facts.floor_answer.replace("|", "\\|").replace("\n", " ")
        lines.append(f"| {split} | {facts.rows:,} | {facts.keys:,} | {facts.floor:.1%} (`{answer}`) |")
    return lines


def _example(examples: dict[str, str]) -> list[str]:
    return ["## Example", "", "```text", examples["prompt"], "→", examples["completion"], "```", ""]


def _words(manifest: Manifest) -> list[str]:
    if manifest.words is None:
        return []
    words = manifest.words
    return [
        "## Words",
        "",
        f"{words.n_words:,} words from `{words.source}`. Licence: {words.licence}.",
        words.attribution,
        f"Word families: Snowball stemmer ({words.stemmer})."
        if words.stemmer
        else "Every word is a family of its own.",
        "",
    ]
