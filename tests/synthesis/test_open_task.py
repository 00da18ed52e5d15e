"""Rows of an open task: each candidate is the same whoever asks for it, and a generator's mistakes are its own."""

import pytest
from tests.synthesis import plugins
from tests.synthesis.made import make, rows, source

from sdp.api import PluginError
from sdp.contract.rows import SPLITS
from sdp.contract.schema import schema_of
from sdp.data.splits import split_of
from sdp.synthesis.open_task import OpenRows


@pytest.fixture(autouse=True)
def _tasks(plugged):
    kinds = ("Mirror", "Sum", "Ten", "Moody", "Raising", "Nameless", "Undeclared")
    plugged(generators=[getattr(plugins, name) for name in kinds])


def test_a_row_says_what_its_item_said():
    made = source("sum", 10, style="trace")
    maker = OpenRows(made)
    for index, row in enumerate(maker.table(range(40)).to_pylist()):
        item = maker.draw(index).item
        a, b = map(int, row["key"].split("+"))
        assert (row["key"], row["answer"]) == (item.key, str(a + b))
        assert row["meta"]["total"] == a + b
        assert (row["meta"]["a"], row["meta"]["b"]) == (str(a), str(b))
        assert row["completion"] == f"{a} and {b}\n{a + b}"
        assert row["family"] == f"{min(a, b)}+{max(a, b)}"
        assert row["split"] == split_of(row["family"])
        assert str(a) in row["prompt"]


def test_a_candidate_is_the_same_whoever_asks_and_in_any_order():
    one, other = OpenRows(source("sum", 10)), OpenRows(source("sum", 10_000))
    assert one.draw(17) == other.draw(17)
    together = one.table([5, 900, 17, 5])
    alone = [other.table([index]).to_pylist()[0] for index in (5, 900, 17, 5)]
    assert together.to_pylist() == alone
    assert one.table([]).equals(schema_of(source("sum").generator).empty_table())
    assert together.schema.equals(schema_of(source("sum").generator))


def test_neighbouring_seeds_share_no_more_than_chance():
    tables = [OpenRows(source("mirror", 500, seed=seed)).table(range(500)) for seed in (42, 43)]
    one, other = (set(table["key"].to_pylist()) for table in tables)
    assert len(one & other) <= 5


def test_phrasings_that_are_held_out_are_never_shown_in_training():
    maker = OpenRows(source("sum", 10))
    made = maker.table(range(600)).to_pylist()
    held_out = {phrasing.hash for phrasing in source("sum").phrasings if phrasing.held_out}
    assert len(held_out) == 1
    shown = {split: {row["template"] for row in made if row["split"] == split} for split in SPLITS}
    assert not shown["train"] & held_out
    assert held_out < shown["test"]
    assert all(row["meta"]["held_out_phrasing"] == (row["template"] in held_out) for row in made)


def test_looks_vary_with_noise_and_are_named():
    made = OpenRows(source("mirror", 10, noise=("case", "punctuation"))).table(range(300)).to_pylist()
    names = {row["meta"]["noise"] for row in made}
    assert {"as written", "lower case", "no final mark"} <= names
    assert all(row["key"] in row["prompt"] for row in made)
    written = [row for row in made if row["meta"]["noise"] == "as written"]
    assert all(row["prompt"].endswith((".", "?")) for row in written)
    assert len({row["id"] for row in made}) == len({row["prompt"] for row in made})


def test_the_same_question_has_the_same_id_in_every_run(tmp_path):
    ids: dict[str, int] = {}
    for seed in range(4):
        for row in rows(make(tmp_path / str(seed), "ten", 8, seed=seed, ratios=(1, 0, 0))):
            assert ids.setdefault(row["prompt"], row["id"]) == row["id"]
    assert len(ids) < 4 * 8


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


def test_meta_of_another_kind_than_declared_is_the_generator_s_error(plugged):
    class Mistyped(plugins.Sum):
        name = "mistyped"

        def row(self, index, rng):
            item = super().row(index, rng)
            return plugins.Item(item.key, item.answer, item.fields, meta={"total": "many"})

    plugged(generators=[Mistyped])
    with pytest.raises(PluginError, match="mistyped: meta 'total' is not int32"):
        OpenRows(source("mistyped")).table([0])


def test_a_finite_task_is_none():
    with pytest.raises(PluginError, match="'spelling' is no open task"):
        OpenRows(source("spelling"))
