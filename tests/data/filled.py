"""Manifests with everything in them, without making the rows."""

from typing import Any

from sdp.data.manifest import Manifest, PhrasingFacts, Shard, SplitFacts, WordsFacts, WordsPart

SETTINGS = {
    "task": "count", "n": 1000, "seed": 0, "style": "direct", "words": "wordfreq:en", "language": "en",
    "ratios": [0.8, 0.1, 0.1], "rows_per_shard": 262144,
}  # fmt: skip


def split_facts(rows: int = 800, **facts: Any) -> SplitFacts:
    """Of a split of counts: half of the rows are answered by 0."""
    usual = {
        "rows": rows, "keys": 70, "families": 60, "capacity": 1_000_000, "floor_answer": "0", "floor": 0.5,
        "n_answers": 4, "uniform_floor": 0.25, "strata": {"zero": rows // 2, "more": rows // 2},
        "lengths": {"3": rows // 4, "4": rows // 4, "6": rows // 2},
        "top_answers": {"0": rows // 2, "1": rows // 4, "2": rows // 8, "3": rows // 8},
    }  # fmt: skip
    return SplitFacts(**usual | facts)


def words_facts(**facts: Any) -> WordsFacts:
    """Of one frequency list."""
    usual = {
        "source": "wordfreq:en:600", "language": "en", "n_words": 600, "hash": "1" * 16, "licence": "CC BY-SA 4.0",
        "attribution": "By Robyn Speer.", "stemmer": "english, PyStemmer 3",
    }  # fmt: skip
    return WordsFacts(**usual | facts)


def two_parts() -> WordsFacts:
    """Of a lexicon put together from two."""
    parts = [
        WordsPart(source="wordfreq:de:500", language="de", n_words=500, licence="CC BY-SA 4.0", attribution="By R. S."),
        WordsPart(
            source="file:mine.txt", language="tr", n_words=100, licence="as given by the user", attribution="My file.",
            stemmer="turkish, PyStemmer 3", note="2 lines hold no word, the first is line 7",
        ),
    ]  # fmt: skip
    return words_facts(source="wordfreq:de:500+file:tr:mine.txt", language="de", parts=parts, n_skipped=2)


def manifest(**parts: Any) -> Manifest:
    """Of a data set of counts; `settings` are added to the usual ones."""
    usual = {
        "task": "count",
        "generator_version": 1,
        "fingerprint": "0123456789abcdef",
        "words": words_facts(),
        "phrasings": [
            PhrasingFacts(hash="2" * 16, text="How many?", where="direct.jinja:1", held_out=False, family="direct"),
            PhrasingFacts(hash="3" * 16, text="Count!", where="direct.jinja:2", held_out=True, family="direct"),
            PhrasingFacts(hash="4" * 16, text="Please.", where="polite.jinja:1", held_out=False, family="polite"),
        ],
        "splits": {"train": split_facts(), "test": split_facts(200, lengths={"3": 100, "5": 100})},
        "shards": [
            Shard(file=f"{split}-00000-of-00001.parquet", split=split, rows=n, bytes=1_500_000, sha256="a" * 64)
            for split, n in (("train", 800), ("test", 200))
        ],
        "rejects": {},
        "packages": {"sdp": "0.1", "numpy": "2"},
    }
    return Manifest(**usual | parts | {"settings": SETTINGS | parts.get("settings", {})})


def unrecorded() -> Manifest:
    """As sdp wrote them before it counted distributions."""
    nothing = {"n_answers": 0, "uniform_floor": 0.0, "strata": {}, "lengths": {}, "top_answers": {}}
    return manifest(splits={"train": split_facts(**nothing)})
