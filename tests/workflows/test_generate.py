"""`sdp generate` as a function: made, verified, refused, never overwritten unasked."""

import os
from pathlib import Path

import pytest
from tests.synthesis import plugins
from tests.synthesis.made import WORDS, contents

from sdp.api import ConfigError, InputError, ResourceError, TemplateError
from sdp.contract.rows import SPLITS
from sdp.data.dataset import TaskFolder
from sdp.data.place import Place
from sdp.progress import SILENT
from sdp.workflows.generate import GenerateRequest, generate, workers_for
from sdp.workflows.validate import ValidateRequest, validate


def ask(task="spelling", n=100, **more):
    return generate(GenerateRequest(task, n, **({"words": WORDS} | more)))


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
@pytest.mark.parametrize("n", [1, 7, 333])
def test_exactly_n_in_the_usual_place(task, n):
    result = ask(task, n)
    assert result.folder == Path("data") / task
    assert sum(result.rows.values()) == n
    assert result.made
    assert result.n_rejects == 0
    assert set(result.floors) == set(result.rows) <= set(SPLITS)
    assert result.example.keys() == {"prompt", "completion"}


def test_the_same_request_verifies_and_writes_nothing():
    first = ask()
    before = {path: path.stat().st_mtime_ns for path in Path("data").rglob("*")}
    again = ask()
    assert not again.made
    assert (again.rows, again.fingerprint, again.example) == (first.rows, first.fingerprint, first.example)
    assert {path: path.stat().st_mtime_ns for path in Path("data").rglob("*")} == before


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"n": 101}, "n was 100, now 101"),
        ({"seed": 3}, "seed was 0, now 3"),
        ({"style": "trace"}, "style was direct, now trace"),
        ({"words": "wordfreq:en:700", "seed": 1}, "seed was 0, now 1; words was wordfreq:en:600, now wordfreq:en:700"),
        ({"task": "count", "out": Path("data/spelling")}, "task was spelling, now count"),
        ({"noise": ("case",)}, "noise was [], now ['case']"),
        ({"balance": "length"}, "balance was strata, now length"),
        ({"difficulty": "easy"}, "difficulty was all, now easy"),
        ({"strata": ("dots",)}, "strata was [], now ['dots']"),
        ({"tokenizer": "tiny"}, "tokenizer was None, now tiny"),
    ],
)
def test_another_request_is_refused_with_the_difference(change, difference):
    ask()
    before = contents(Path("data"))
    with pytest.raises(InputError) as caught:
        ask(**change)
    assert caught.value.what == f"'data/spelling' holds another data set: {difference}"
    assert "--overwrite" in caught.value.hint
    assert contents(Path("data")) == before


def test_overwrite_replaces_it_whole():
    ask(n=500)
    stale = Path("data/spelling/rejects.parquet")
    stale.write_bytes(b"")
    assert ask(seed=3, overwrite=True).made
    assert not stale.exists()
    assert [path.name for path in Path("data").iterdir()] == ["spelling"]
    assert not ask(seed=3).made


def test_other_words_in_the_same_file_are_another_data_set(tmp_path):
    (tmp_path / "words.txt").write_text("straw\ngarden\nteacher\n")
    ask(n=10, words="file:words.txt", ratios=(1, 0, 0))
    (tmp_path / "words.txt").write_text("straw\ngarden\nriver\n")
    with pytest.raises(InputError, match="same settings, but other words, phrasings or package versions"):
        ask(n=10, words="file:words.txt", ratios=(1, 0, 0))
    result = ask(n=10, words="file:words.txt", ratios=(1, 0, 0), overwrite=True)
    assert "river" in TaskFolder.open(result.folder).table("train")["key"].to_pylist()


@pytest.mark.parametrize("damage", ["flip", "cut", "delete"])
def test_verifying_names_the_shard_that_changed(damage):
    path = ask().folder / "train-00000-of-00001.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "delete":
        path.unlink()
    else:
        path.write_bytes(content if damage == "flip" else content[:-9])
    with pytest.raises(InputError, match=r"shard 'train-00000-of-00001\.parquet' (is missing|was changed)"):
        ask()
    assert ask(overwrite=True).made
    assert not ask().made


def test_a_manifest_that_was_lost_or_spoilt_is_said_and_can_be_overwritten():
    manifest = ask().folder / "manifest.json"
    manifest.unlink()
    with pytest.raises(InputError, match=r"'data/spelling' is there and has no manifest\.json") as caught:
        ask()
    assert "--overwrite" in caught.value.hint
    manifest.write_text("{")
    with pytest.raises(InputError, match="the manifest cannot be read"):
        ask()
    assert ask(overwrite=True).made


@pytest.mark.parametrize("overwrite", [True, False])
def test_what_is_not_ours_is_never_replaced(overwrite):
    folder = Path("thesis")
    folder.mkdir()
    (folder / "chapter.docx").write_text("years")
    with pytest.raises(InputError, match=r"'thesis' is there and is no data set: it holds 'chapter\.docx'"):
        ask(out=folder, overwrite=overwrite)
    Path("file").write_text("x")
    with pytest.raises(InputError, match="'file' is a file"):
        ask(out=Path("file"), overwrite=overwrite)
    for here in (Path(), Path(".."), Path.cwd()):
        with pytest.raises(InputError, match="holds the working folder"):
            ask(out=here, overwrite=overwrite)
    assert sorted(path.name for path in Path().iterdir()) == ["file", "thesis"]


def test_a_data_set_with_something_added_is_not_thrown_away():
    (ask().folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"it holds 'notes\.txt'"):
        ask(seed=9, overwrite=True)


def test_an_empty_folder_is_filled():
    Path("empty").mkdir()
    assert ask(out=Path("empty")).made


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResourceError, match="cannot write to") as caught:
        ask(out=Path("file/spelling"))
    assert "--out" in caught.value.hint


@pytest.mark.parametrize(
    ("change", "kind", "what"),
    [
        ({"n": 0}, InputError, "cannot make 0 rows"),
        ({"n": -5}, InputError, "cannot make -5 rows"),
        ({"n": 10**15}, InputError, "the capacity is"),
        ({"ratios": (0, 0, 0)}, InputError, "share out nothing"),
        ({"ratios": (1, -1, 1)}, InputError, "share out nothing"),
        ({"ratios": (float("nan"), 0, 1)}, InputError, "share out nothing"),
        ({"ratios": (1e308, 1e308, 0)}, InputError, "share out nothing"),
        ({"style": "both"}, ConfigError, "'direct' or 'trace'"),
        ({"task": "speling"}, InputError, "unknown task 'speling'"),
        ({"words": "wordfreq:xx"}, InputError, "no list for 'xx'"),
        ({"noise": ("cases",)}, InputError, "there is no noise called 'cases'"),
        ({"strata": ("tabs",)}, InputError, "spelling has no stratum 'tabs'"),
        ({"balance": "lengths"}, ConfigError, "cannot be balanced by 'lengths'"),
        ({"balance": "tokens"}, ConfigError, "tokens are counted by a tokenizer"),
        ({"difficulty": "harder"}, ConfigError, "'easy', 'medium' or 'hard'"),
        ({"domain": {"letters": ("e",)}}, ConfigError, "spelling has no domain setting 'letters'"),
        ({"task": "position", "domain": {"bases": ("2",)}}, ConfigError, "'2' is no value of bases"),
        ({"templates": ("nowhere",)}, TemplateError, "nowhere"),
        ({"tokenizer": "nowhere/at/all"}, InputError, "nowhere/at/all"),
        ({"out": "s4://bucket/x"}, InputError, "s4"),
    ],
)
def test_bad_requests_are_refused_before_anything_is_written(change, kind, what):
    with pytest.raises(kind, match=what):
        ask(**change)
    assert list(Path().iterdir()) == []


def test_uneven_ratios_give_exact_numbers():
    assert ask(n=101, ratios=(1, 1, 1)).rows == {"train": 34, "validation": 34, "test": 33}
    assert ask("count", n=9, ratios=(0, 0, 2)).rows == {"test": 9}


def test_a_plugin_s_task_is_made_the_same_way(plugged):
    plugged(generators=[plugins.Mirror])
    result = ask("mirror", 61)
    assert sum(result.rows.values()) == 61
    assert not ask("mirror", 61).made


def passes(folder):
    """Every row judged again from the files alone, and the data set as a whole."""
    result = validate(ValidateRequest((str(folder),)))
    assert result.ok, result.folders
    return result.folders[0].n_rows


@pytest.mark.parametrize("language", ["de", "fr", "es"])
@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_other_languages_pass_the_oracle_and_every_other_check(task, language):
    folder = ask(task, 2_000, language=language, words=f"wordfreq:{language}:8000", noise=("case", "quotes")).folder
    assert passes(folder) == 2_000
    prompts = TaskFolder.open(folder).table("test", ["prompt", "meta"]).to_pylist()
    fields = ("separator", "letter", "ordinal", "ordinal_from_end", "number", "number_from_end", "base")
    for row in prompts:
        shown = [row["meta"][name] for name in fields if row["meta"].get(name) is not None]
        assert shown
        assert all(text in row["prompt"] for text in shown)


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        ("spelling", {"balance": "length", "tokenizer": "tiny"}),
        ("spelling", {"balance": "tokens", "tokenizer": "tiny", "strata": ("dots", "hyphens")}),
        ("position", {"balance": "position", "style": "trace"}),
        ("position", {"domain": {"bases": ("1",)}, "strata": ("number_start", "number_end"), "tokenizer": "tiny"}),
        ("position", {"difficulty": "hard", "noise": ("case", "quotes", "punctuation")}),
        ("count", {"domain": {"letters": ("e", "a", "t")}, "balance": "none"}),
        ("count", {"words": "pseudo:en:4000", "strata": ("one", "two")}),
        ("count", {"words": "wordfreq:en:2000-9000+wordfreq:de:3000"}),
    ],
)
def test_every_way_to_choose_what_is_asked_passes_the_row_checks(task, settings):
    """Whole-set checks may complain of a set that was asked to be lopsided; rows may not."""
    folder = ask(task, 1_000, **({"words": "wordfreq:en:5000"} | settings)).folder
    (verdict,) = validate(ValidateRequest((str(folder),))).folders
    assert verdict.rejected == {}
    assert verdict.n_rows == 1_000
    for row in TaskFolder.open(folder).table("train").to_pylist():
        meta = row["meta"]
        if "domain" in settings:
            assert meta.get("base") in {None, "1"}
            assert meta.get("letter") in {None, "e", "a", "t"}
        if settings.get("difficulty") == "hard":
            assert meta["length"] >= 9


def test_lines_that_hold_no_word_are_told():
    notes = []

    class Listening(type(SILENT)):
        def note(self, text):
            notes.append(text)

    Path("words.txt").write_text("straw\nice cream\ngarden\nx2\nteacher\n")
    request = GenerateRequest("spelling", 10, words="file:words.txt", ratios=(1, 0, 0))
    result = generate(request, Listening())
    assert list(result.notes) == notes
    assert notes[0].startswith("words.txt: 2 lines are no words and were skipped, the first is line 2, 'ice cream'")
    assert generate(request).notes == result.notes  # also when it is there already


def test_a_store_is_filled_and_verified_like_a_folder():
    first = ask(n=120, out="memory://bucket/spelling")
    assert first.folder == "memory://bucket/spelling"
    assert first.made
    again = ask(n=120, out="memory://bucket/spelling")
    assert not again.made
    assert (again.fingerprint, again.example) == (first.fingerprint, first.example)
    with pytest.raises(InputError, match="seed was 0, now 1"):
        ask(n=120, seed=1, out="memory://bucket/spelling")
    assert ask(n=120, seed=1, out="memory://bucket/spelling", overwrite=True).made
    local = ask(n=120, seed=1)
    place = Place.of("memory://bucket/spelling")
    assert {name: place.read(name) for name in place.names()} == contents(local.folder)


def test_processes_are_taken_only_where_they_pay():
    def hands(n, workers=None):
        return workers_for(GenerateRequest("spelling", n, workers=workers))

    assert hands(1) == hands(1_000_000) == 1
    assert hands(10**9) == os.cpu_count()
    assert hands(1, workers=3) == 3


@pytest.mark.slow
@pytest.mark.parametrize("task", ["spelling", "count"])
def test_two_workers_make_the_same_bytes(task):
    """From a file, so that every process has to read it again."""
    Path("words.txt").write_text("\n".join(f"{a}{b}{c}word" for a in "abcdefgh" for b in "aeiou" for c in "lmnrst"))
    one = ask(task, 600, words="file:words.txt", out=Path("one"))
    two = ask(task, 600, words="file:words.txt", out=Path("two"), workers=2)
    assert contents(one.folder) == contents(two.folder)
