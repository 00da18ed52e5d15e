"""`sdp generate --dry-run` as a function: its numbers are those of what is then made, and nothing is written."""

from pathlib import Path

import pytest
from tests.synthesis import plugins
from tests.synthesis.made import WORDS

from sdp.api import InputError
from sdp.data.dataset import TaskFolder
from sdp.workflows.dry_run import dry_run
from sdp.workflows.generate import GenerateRequest, generate


def request(task="spelling", n=400, **more):
    return GenerateRequest(task, n, **({"words": WORDS} | more))


SETTINGS = [
    {},
    {"ratios": (0.5, 0.0, 0.5)},
    {"noise": ("case", "punctuation"), "seed": 3},
    {"balance": "length"},
    {"balance": "none"},
    {"difficulty": "easy", "style": "trace"},
    {"tokenizer": "tiny"},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_its_numbers_are_those_of_what_is_then_made(task, settings):
    plan = dry_run(request(task, **settings))
    assert list(Path().iterdir()) == []
    made = generate(request(task, **settings))
    manifest = TaskFolder.open(made.folder).manifest
    assert plan.fingerprint == made.fingerprint
    assert {sketch.split: sketch.rows for sketch in plan.splits} == made.rows
    assert {sketch.split: sketch.capacity for sketch in plan.splits} == {
        split: facts.capacity for split, facts in manifest.splits.items()
    }
    for sketch in plan.splits:
        assert sum(stratum.rows for stratum in sketch.strata) == sketch.rows
        assert sum(stratum.capacity for stratum in sketch.strata) == sketch.capacity
        by_stratum = {}
        for stratum in sketch.strata:
            name = stratum.name.partition(",")[0]
            by_stratum[name] = by_stratum.get(name, 0) + stratum.rows
        assert {name: n for name, n in by_stratum.items() if n} == manifest.splits[sketch.split].strata


def test_words_and_phrasings_are_those_that_can_be_drawn():
    plan = dry_run(request())
    made = generate(request(n=20_000)).folder
    folder = TaskFolder.open(made)
    held_out = {fact.hash for fact in folder.manifest.phrasings if fact.held_out}
    everything = {fact.hash for fact in folder.manifest.phrasings}
    phrasings = {sketch.split: sketch.phrasings for sketch in plan.splits}
    assert phrasings == {"train": len(everything - held_out), "validation": len(everything), "test": len(everything)}
    for sketch in plan.splits:
        assert sketch.words == len(set(folder.table(sketch.split)["key"].to_pylist()))


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_the_size_is_about_that_of_the_files(task):
    """Measured on rows that were made; small shards compress worse than large ones, so there is some room."""
    plan = dry_run(request(task, 60_000, words="wordfreq:en:5000"))
    made = generate(request(task, 60_000, words="wordfreq:en:5000"))
    size = sum(path.stat().st_size for path in Path(made.folder).glob("*-of-*.parquet"))
    assert 0.7 * size < plan.bytes < 1.4 * size
    assert plan.seconds > 0


def test_where_it_would_go_and_with_how_many_hands():
    plan = dry_run(request(out=Path("there"), workers=3))
    assert (plan.where, plan.workers, plan.task) == ("there", 3, "spelling")
    assert dry_run(request()).where == str(Path("data") / "spelling")


def test_a_data_set_that_is_there_does_not_matter():
    generate(request())
    before = {path: path.stat().st_mtime_ns for path in Path().rglob("*")}
    assert dry_run(request(seed=9)).splits[0].rows == 320
    assert {path: path.stat().st_mtime_ns for path in Path().rglob("*")} == before


@pytest.mark.parametrize(("task", "n"), [("mirror", 300), ("sum", 5)])
def test_an_open_task_has_no_capacity(plugged, task, n):
    plugged(generators=[plugins.Mirror, plugins.Sum])
    plan = dry_run(request(task, n))
    made = generate(request(task, n))
    assert {sketch.split: sketch.rows for sketch in plan.splits} == made.rows
    assert {sketch.capacity for sketch in plan.splits} == {None}
    assert plan.fingerprint == made.fingerprint
    assert plan.bytes > 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"n": 10**12}, "rows were asked for, the capacity is"),
        ({"task": "speling"}, "unknown task 'speling'"),
        ({"words": "wordfreq:xx"}, "no list for 'xx'"),
        ({"n": 0}, "cannot make 0 rows"),
    ],
)
def test_what_cannot_be_made_cannot_be_planned(change, what):
    with pytest.raises(InputError, match=what):
        dry_run(request(**change))
    assert list(Path().iterdir()) == []


def test_skipped_lines_are_told_before_anything_is_made():
    Path("words.txt").write_text("straw\nice cream\ngarden\n")
    (note,) = dry_run(request(n=10, words="file:words.txt", ratios=(1, 0, 0))).notes
    assert note.startswith("words.txt: 1 line is no word and was skipped, line 2, 'ice cream'")
