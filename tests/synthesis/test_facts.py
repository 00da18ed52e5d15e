"""Facts of a split: what the manifest says, counted again from the rows alone."""

from collections import Counter

import pytest
import regex
from tests.synthesis import plugins
from tests.synthesis.made import make, source

from sdp.synthesis.facts import TOP


def recounted(made):
    """Everything that can be counted without knowing how the rows were made."""
    answers = Counter(row["answer"] for row in made)
    ranked = sorted(answers.items(), key=lambda pair: (-pair[1], pair[0]))
    lengths = Counter(len(regex.findall(r"\X", row["key"])) for row in made)
    return {
        "rows": len(made),
        "keys": len({row["key"] for row in made}),
        "families": len({row["family"] for row in made}),
        "floor_answer": ranked[0][0],
        "floor": ranked[0][1] / len(made),
        "n_answers": len(answers),
        "uniform_floor": 1 / len(answers),
        "lengths": {str(length): n for length, n in sorted(lengths.items())},
        "top_answers": dict(ranked[:TOP]),
    }


SETTINGS = [
    {},
    {"balance": "none"},
    {"balance": "length", "difficulty": "easy"},
    {"words": "file:words.txt"},
    {"rows_per_shard": 37, "noise": ("case",)},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_the_manifest_says_what_is_in_the_files(tmp_path, task, settings):
    accented = ["élève", "Straße", "cafés", "naïve"]
    words = [f"{a}{b}{c}" for a in "stpl" for b in "aeéo" for c in ("nt", "st", "rm")] + accented
    (tmp_path / "words.txt").write_text("\n".join(words))
    folder = make(tmp_path / task, task, 300, **settings)
    for split, facts in folder.manifest.splits.items():
        found = facts.model_dump()
        wanted = recounted(folder.table(split).to_pylist())
        assert {name: found[name] for name in wanted} == wanted
        assert list(found["top_answers"]) == list(wanted["top_answers"])
        assert list(found["lengths"]) == list(wanted["lengths"])
        assert found["capacity"] >= found["rows"]


KIND = {
    "spelling": lambda meta: meta["separator"],
    "count": lambda meta: ["zero", "one", "two", "three_or_more"][min(meta["count"], 3)],
    "position": lambda meta: ("number" if meta["base"] else "ordinal") + ("_end" if meta["from_end"] else "_start"),
}


@pytest.mark.parametrize("task", KIND)
def test_strata_are_counted_in_the_task_s_order(tmp_path, task):
    folder = make(tmp_path / task, task, 403)
    for split, facts in folder.manifest.splits.items():
        counts = Counter(KIND[task](row["meta"]) for row in folder.table(split).to_pylist())
        assert facts.strata == dict(counts)
        assert max(counts.values()) - min(counts.values()) <= 1
    assert list(folder.manifest.splits["train"].strata) == list(source(task).generator.strata)


def test_strata_that_were_left_out_are_not_named(tmp_path):
    folder = make(tmp_path / "count", "count", 60, strata=("two", "zero"))
    assert list(folder.manifest.splits["train"].strata) == ["zero", "two"]


def test_an_open_task_has_no_capacity_and_no_strata(tmp_path, plugged):
    plugged(generators=[plugins.Sum])
    folder = make(tmp_path / "sum", "sum", 80)
    for split, facts in folder.manifest.splits.items():
        assert (facts.capacity, facts.strata) == (None, {})
        wanted = recounted(folder.table(split).to_pylist())
        assert {name: facts.model_dump()[name] for name in wanted} == wanted
