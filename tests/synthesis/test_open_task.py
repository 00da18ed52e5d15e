"""Open tasks: exactly n distinct rows, the same in any process, and an end when there are no more."""

import pytest
from tests.synthesis import plugins
from tests.synthesis.made import make, rows, source

from sdp.api import InputError, PluginError
from sdp.contract.rows import SPLITS
from sdp.data.splits import split_of
from sdp.synthesis import open_task
from sdp.synthesis.open_task import Picker, draw, open_rows


@pytest.fixture(autouse=True)
def _tasks(plugged):
    kinds = ("Mirror", "Sum", "Ten", "Moody", "Raising", "Nameless", "Undeclared", "Mistaken")
    plugged(generators=[getattr(plugins, name) for name in kinds])


@pytest.mark.parametrize("task", ["mirror", "sum"])
@pytest.mark.parametrize(("n", "shares"), [(1, [1, 0, 0]), (7, [5, 1, 1]), (301, [241, 30, 30])])
def test_exactly_n_distinct_rows_in_pure_splits(tmp_path, task, n, shares):
    folder = make(tmp_path / task, task, n)
    made = rows(folder)
    assert [folder.n_rows(split) for split in SPLITS] == shares
    assert len({row["id"] for row in made}) == len({row["prompt"] for row in made}) == n
    assert all(row["split"] == split_of(row["family"]) for row in made)
    held_out = {fact.hash for fact in folder.manifest.phrasings if fact.held_out}
    assert not held_out & {row["template"] for row in made if row["split"] == "train"}


def test_answers_families_meta_and_traces_arrive(tmp_path):
    for row in rows(make(tmp_path / "sum", "sum", 50, style="trace")):
        a, b = map(int, row["key"].split("+"))
        assert row["answer"] == str(a + b)
        assert row["meta"]["total"] == a + b
        assert row["meta"]["a"] == str(a)
        assert row["completion"] == f"{a} and {b}\n{a + b}"
        assert row["family"] == f"{min(a, b)}+{max(a, b)}"


def test_the_same_rows_again_and_other_rows_for_another_seed(tmp_path):
    one, same, other = (rows(make(tmp_path / str(i), "mirror", 200, seed=seed)) for i, seed in enumerate((0, 0, 1)))
    assert one == same
    assert len({row["key"] for row in one} & {row["key"] for row in other}) <= 2


def test_the_same_question_has_the_same_id_in_every_run(tmp_path):
    ids: dict[str, int] = {}
    for seed in range(4):
        for row in rows(make(tmp_path / str(seed), "ten", 8, seed=seed, ratios=(1, 0, 0))):
            assert ids.setdefault(row["prompt"], row["id"]) == row["id"]
    assert len(ids) < 4 * 8


def test_a_larger_set_begins_with_the_smaller_one():
    small, large = (Picker(source("mirror", n)).pick({"train": n}) for n in (50, 500))
    assert large["train"][:50] == small["train"]


def test_a_second_pick_goes_on_where_the_first_ended():
    made = source("mirror", 100)
    picker = Picker(made)
    first, second = picker.pick({"train": 60, "test": 0})["train"], picker.pick({"train": 40})["train"]
    assert first + second == Picker(made).pick({"train": 100})["train"]


def test_a_candidate_is_the_same_whoever_asks():
    made = source("sum", 10)
    assert draw(made, 17) == draw(source("sum", 10_000), 17)
    picked = Picker(made).pick({"train": 10})["train"]
    table = open_rows(made, "train", picked)
    backwards = open_rows(made, "train", picked[::-1])
    assert table.to_pylist() == backwards.to_pylist()[::-1]
    assert open_rows(made, "train", []).schema.equals(table.schema)


def test_blocks_do_not_change_what_is_picked(monkeypatch):
    whole = Picker(source("mirror", 300)).pick({"train": 240, "test": 60})
    monkeypatch.setattr(open_task, "BLOCK", 7)
    assert Picker(source("mirror", 300)).pick({"train": 240, "test": 60}) == whole
    assert open_rows(source("mirror", 300), "train", whole["train"]).num_rows == 240


def test_test_rows_alone_are_found_although_nine_of_ten_candidates_are_for_other_splits(tmp_path):
    for seed in range(5):
        assert len(rows(make(tmp_path / str(seed), "mirror", 5, seed=seed, ratios=(0, 0, 1)))) == 5


def test_a_task_that_runs_out_says_how_many_there_are(tmp_path):
    n_train = sum(split_of("word" + letter) == "train" for letter in "abcdefghij")
    with pytest.raises(InputError, match=f"60 rows were asked for, .* tries gave at least {n_train} distinct ones"):
        make(tmp_path / "ten", "ten", 60, ratios=(1, 0, 0))
    assert make(tmp_path / "all", "ten", n_train, ratios=(1, 0, 0)).n_rows("train") == n_train


@pytest.mark.parametrize(
    ("task", "what"),
    [
        ("moody", r"moody: row \d+ has the fields \['more', 'word'\], the first one had \['word'\]"),
        ("raising", r"raising: row 7: IndexError: list index out of range \(.*plugins\.py"),
        ("nameless", "nameless: row 0 has no key or no answer"),
        ("undeclared", "undeclared: meta 'length' is not declared"),
    ],
)
def test_what_a_generator_gets_wrong_is_its_error(tmp_path, task, what):
    with pytest.raises(PluginError, match=what):
        make(tmp_path / task, task, 60)


def test_rows_that_the_oracle_refutes_are_replaced(tmp_path):
    folder = make(tmp_path / "mistaken", "mistaken", 101)
    made = rows(folder)
    assert len(made) == len({row["id"] for row in made}) == 101
    assert all(row["answer"] == row["key"][::-1] for row in made)
    assert 10 < sum(folder.manifest.rejects.values()) < 50
    assert all(reason.startswith("oracle: the oracle says '") for reason in folder.manifest.rejects)
