"""`sdp generate` as a function: made, verified, refused, never overwritten unasked."""

from pathlib import Path

import pytest
from tests.synthesis import plugins
from tests.synthesis.made import WORDS, contents

from sdp.api import ConfigError, InputError, ResourceError
from sdp.contract.rows import SPLITS
from sdp.workflows.generate import GenerateRequest, generate


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
    from sdp.data.dataset import TaskFolder

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


@pytest.mark.slow
@pytest.mark.parametrize("task", ["spelling", "count"])
def test_two_workers_make_the_same_bytes(task):
    """From a file, so that every process has to read it again."""
    Path("words.txt").write_text("\n".join(f"{a}{b}{c}word" for a in "abcdefgh" for b in "aeiou" for c in "lmnrst"))
    one = ask(task, 600, words="file:words.txt", out=Path("one"))
    two = ask(task, 600, words="file:words.txt", out=Path("two"), workers=2)
    assert contents(one.folder) == contents(two.folder)
