"""Rows: the same ones in any order and any pieces, distinct up to the last, with ids that belong to the question."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.synthesis.made import source

from sdp.contract.rows import Row, id_to_text
from sdp.contract.schema import schema_of
from sdp.data.lexicon import Lexicon
from sdp.data.words import words_table
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.synthesis.plan import make_plan
from sdp.synthesis.rows import cell_rows, rows_table
from sdp.synthesis.settings import DataSettings
from sdp.templates.phrasing import load_phrasings

TASKS = ["spelling", "position", "count"]
GOLDEN = [
    ("d4b3d8fc042015f2", "Spell teacher with slashes.", "t/e/a/c/h/e/r"),
    ("b052a0216838c082", "Spell straw with commas.", "s, t, r, a, w"),
    ("18c07dfcf320c690", "Spell teacher with spaces.", "t e a c h e r"),
    ("0aa8e2b0d5c8793c", "Spell garden with hyphens.", "g-a-r-d-e-n"),
]
GOLDEN_TRACES = [
    ("c4aa36c4b30bc289", "g-a-r-d-e-n\ne"),
    ("4cb9bfd9ef837af5", "g-a-r-d-e-n\nn"),
    ("ab2a411f20f19494", "r-i-v-e-r\nr"),
    ("2cae1a8ff9d366ac", "r-i-v-e-r\ni"),
]

INLINE = ("Spell {{ word }} with {{ separator }}.", "{{ separator }} in {{ word }}!", "{{ word }}, {{ separator }}?")


def rows(task="spelling", n=400, split="train", **settings):
    plan = source(task, n, **settings).plan
    return rows_table(plan, plan.splits[split], 0, plan.splits[split].n_rows)[0]


def tiny_plan(n, words=("straw", "garden", "teacher", "river"), inline=INLINE, generator=None, **settings):
    table = words_table(Lexicon("given", "en", words, "", "", ""))
    made = DataSettings(**({"task": "spelling", "n": n, "ratios": (1, 0, 0)} | settings))
    return make_plan(generator or Spelling(), made, table, load_phrasings("nowhere", "en", inline=inline))


def all_rows(plan):
    return rows_table(plan, plan.splits["train"], 0, plan.splits["train"].n_rows)[0]


def test_golden_rows():
    found = [(id_to_text(row["id"]), row["prompt"], row["completion"]) for row in all_rows(tiny_plan(4)).to_pylist()]
    assert found == GOLDEN


def test_golden_rows_of_another_seed_and_style():
    inline = ("What is the {{ ordinal }} letter of {{ word }}?", "{{ ordinal_from_end }} of {{ word }}",
              "{{ number }} in {{ word }} from {{ base }}", "{{ number_from_end }} in {{ word }} back to {{ base }}",
              "{{ name }} asks: the {{ ordinal }} letter of {{ word }}?")  # fmt: skip
    plan = tiny_plan(4, inline=inline, generator=Position(), seed=1, style="trace")
    found = [(id_to_text(row["id"]), row["completion"]) for row in all_rows(plan).to_pylist()]
    assert found == GOLDEN_TRACES


def test_rows_are_of_the_schema_and_pass_as_pydantic_rows():
    table = rows("position")
    assert table.schema.equals(schema_of(Position()))
    for raw in table.to_pylist():
        Row(**{**raw, "id": id_to_text(raw["id"])})


@pytest.mark.parametrize("task", TASKS)
def test_any_piece_is_the_same_as_that_part_of_the_whole(task):
    plan = source(task, 500).plan
    split = plan.splits["train"]
    whole, cells = rows_table(plan, split, 0, 400)
    for first, last in ((0, 1), (17, 60), (399, 400), (120, 120)):
        part, part_cells = rows_table(plan, split, first, last)
        assert part.to_pylist() == whole.slice(first, last - first).to_pylist()
        assert np.array_equal(part_cells, cells[first:last])


def test_single_rows_of_cells_come_in_the_order_asked():
    plan = source("position", 500).plan
    split = plan.splits["train"]
    cells, within = np.array([3, 0, 3, 5]), np.array([7, 2, 8, 0])
    together = cell_rows(plan, split, cells, within)
    alone = [cell_rows(plan, split, cells[i : i + 1], within[i : i + 1]) for i in range(4)]
    assert together.to_pylist() == pa.concat_tables(alone).to_pylist()
    assert together.schema.equals(schema_of(Position()))
    assert cell_rows(plan, split, cells[:0], within[:0]).num_rows == 0


@pytest.mark.parametrize("task", TASKS)
def test_neighbouring_seeds_share_no_more_rows_than_chance(task):
    """Elsewhere, seeds 42 and 43 shared 499 of 500 rows, because row i was drawn by Random(seed + i)."""
    plans = [source(task, 2_000, seed=seed).plan for seed in (42, 43)]
    one, other = ({*rows_table(plan, plan.splits["train"], 0, 1600)[0]["id"].to_pylist()} for plan in plans)
    chance = 0.0
    for cell in plans[0].splits["train"].cells:
        chance += cell.quota**2 / cell.capacity
    assert len(one & other) <= chance + 6 * max(chance, 1) ** 0.5
    assert len(one) == len(other) == 1_600


@pytest.mark.parametrize("task", TASKS)
def test_the_same_question_has_the_same_id_in_every_run(task):
    """By prompt: a bigger set, another seed, another style, another order of words; all of the capacity's overlap."""
    words = "wordfreq:en:25"
    runs = [rows(task, n, seed=seed, style=style, words=words, ratios=(1, 0, 0))
            for n, seed, style in ((3_000, 0, "direct"), (2_000, 1, "trace"), (1_000, 2, "direct"))]  # fmt: skip
    by_prompt: dict[str, str] = {}
    repeated = 0
    for table in runs:
        for row in table.select(["prompt", "id"]).to_pylist():
            repeated += row["prompt"] in by_prompt
            assert by_prompt.setdefault(row["prompt"], row["id"]) == row["id"]
    assert len(set(by_prompt.values())) == len(by_prompt)
    if task == "position":
        assert repeated > 20


def test_a_larger_set_holds_the_smaller_one():
    """Within a cell, more rows are more of the same sequence: nothing of a pilot is thrown away."""
    small, large = ({*rows("spelling", n, words="wordfreq:en:300")["id"].to_pylist()} for n in (220, 2_200))
    assert small <= large


def test_all_of_a_capacity_is_distinct():
    capacity = tiny_plan(40).splits["train"].capacity
    table = all_rows(tiny_plan(capacity))
    assert capacity == 4 * 5 * 3
    assert len(set(table["id"].to_pylist())) == len(set(table["prompt"].to_pylist())) == capacity
    shown = {(row["key"], row["meta"]["separator"], row["template"]) for row in table.to_pylist()}
    assert len(shown) == capacity


def test_with_surfaces_all_of_a_capacity_is_distinct():
    inline = ("{{ name }} in {{ place }}: {{ word }} with {{ separator }}",)
    plan = tiny_plan(1, words=("straw",), inline=inline)
    capacity = plan.splits["train"].capacity
    assert capacity == 5 * 200 * 200
    table = all_rows(tiny_plan(20_000, words=("straw",), inline=inline))
    assert len(set(table["id"].to_pylist())) == len(set(table["prompt"].to_pylist())) == 20_000


@pytest.mark.parametrize("task", TASKS)
def test_families_keys_and_held_out_phrasings_stay_apart(task):
    plan = source(task, 3_000, ratios=(0.6, 0.2, 0.2)).plan
    tables = {name: rows_table(plan, split, 0, split.n_rows)[0] for name, split in plan.splits.items()}
    for column in ("family", "key", "id", "prompt"):
        seen = [set(table[column].to_pylist()) for table in tables.values()]
        assert not seen[0] & seen[1]
        assert not seen[0] & seen[2]
        assert not seen[1] & seen[2]
    held_out = {name: {row["held_out_phrasing"] for row in t["meta"].to_pylist()} for name, t in tables.items()}
    assert held_out == {"train": {False}, "validation": {True, False}, "test": {True, False}}
    trained = set(tables["train"]["template"].to_pylist())
    for row in tables["test"].to_pylist():
        assert row["meta"]["held_out_phrasing"] == (row["template"] not in trained)


def test_a_word_is_in_the_same_split_in_every_task_size_and_seed():
    split_by_word: dict[str, str] = {}
    for task, n, seed in (("spelling", 500, 0), ("position", 3_000, 1), ("count", 1_001, 2), ("spelling", 4_000, 3)):
        plan = source(task, n, seed=seed, ratios=(0.4, 0.3, 0.3)).plan
        for name, split in plan.splits.items():
            for word in rows_table(plan, split, 0, split.n_rows)[0]["key"].to_pylist():
                assert split_by_word.setdefault(word, name) == name


@pytest.mark.parametrize("task", TASKS)
def test_traces_spell_first_and_end_with_the_answer(task):
    direct, trace = rows(task, style="direct"), rows(task, style="trace")
    assert direct["answer"].equals(direct["completion"])
    for row in trace.to_pylist():
        worked = "-".join(row["key"]) + "\n" + row["answer"]
        assert row["completion"] == (row["answer"] if task == "spelling" else worked)
    assert direct.drop_columns("completion").equals(trace.drop_columns("completion"))


def test_a_count_s_answers_are_balanced():
    answers = rows("count", 4_000, words="wordfreq:en:5000")["answer"].to_pylist()
    assert [round(answers.count(answer) / len(answers), 3) for answer in "012"] == [0.25, 0.25, 0.25]


PRINT = """
from sdp.synthesis.rows import rows_table
from tests.synthesis.made import source
for task in ("spelling", "position", "count"):
    plan = source(task, 100, words="wordfreq:en:300").plan
    for name, split in plan.splits.items():
        table, _ = rows_table(plan, split, 0, split.n_rows)
        print(task, name, table["id"].to_pylist(), table["prompt"].to_pylist())
"""


def test_the_hash_seed_of_python_has_no_say():
    """Elsewhere, random.choice(list(set(word))) made another data set with every process."""
    root = str(Path(__file__).parents[2])
    printed = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert len(printed.pop()) > 10_000
