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
from sdp.synthesis.plan import make_plan
from sdp.synthesis.rows import Rows, rows_table
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.source import make_generator
from sdp.templates.phrasing import load_phrasings

TASKS = ["spelling", "position", "count"]
INLINE = {
    "spelling": (
        "Spell {{ word }} with {{ separator }}.",
        "{{ separator }} in {{ word }}!",
        "'{{ word }}', {{ separator }}?",
    ),
    "position": (
        "What is the {{ ordinal }} letter of {{ word }}?",
        "{{ ordinal_from_end }} of {{ word }}",
        "{{ number }} in {{ word }} from {{ base }}",
        "{{ number_from_end }} in {{ word }} back to {{ base }}",
        "{{ name }} asks: the {{ ordinal }} letter of {{ word }}?",
    ),
    "count": ('How many {{ letter }} in "{{ word }}"?', "{{ name }}: {{ letter }} in {{ word }}"),
}
GOLDEN = {
    "spelling": [
        ("9fb962fbca21c203", "Spell straw with spaces.", "s t r a w"),
        ("ce8c059eddeee51d", "Spell straw with hyphens.", "s-t-r-a-w"),
        ("e0b5bd42d5b5fb8f", "Spell straw with commas.", "s, t, r, a, w"),
        ("945c99164b91a986", "Spell garden with slashes.", "g/a/r/d/e/n"),
    ],
    "position": [
        ("96de80069774da5a", "What is the fourth letter of river?", "r-i-v-e-r\ne"),
        ("8894aa32f342cb27", "1 in straw from 1", "s-t-r-a-w\ns"),
        ("907f16c98d5d135c", "sixth-to-last of teacher", "t-e-a-c-h-e-r\ne"),
        ("f5eaff69087e6527", "2 in garden back to 0", "g-a-r-d-e-n\nd"),
    ],
    "count": [
        ("4f9c76d063dd25b1", "Lori: d IN river", "0"),
        ("1a2da4e2d8033b4b", "How many n in 'teacher'", "0"),
        ("b83f5bcb1c984f2a", "Jose: r in river", "2"),
        ("c6b3f88ea7d77f18", "Rachel: n IN garden", "1"),
    ],
}
"""Of format 2 of the sampling and version 1 of the tasks: a row that changes here changes for everybody."""
GOLDEN_SETTINGS = {
    "spelling": {},
    "position": {"seed": 1, "style": "trace"},
    "count": {"seed": 2, "noise": ("case", "quotes", "punctuation")},
}


def rows(task="spelling", n=400, split="train", **settings):
    plan = source(task, n, **settings).plan
    return rows_table(plan, plan.splits[split], 0, plan.splits[split].n_rows)


def tiny_plan(n, words=("straw", "garden", "teacher", "river"), inline=None, task="spelling", **settings):
    table = words_table(Lexicon("given", "en", words, "", "", ""))
    made = DataSettings(**({"task": task, "n": n, "ratios": (1, 0, 0)} | settings))
    phrasings = load_phrasings("nowhere", "en", inline=inline or INLINE[task])
    return make_plan(make_generator(made), made, table, phrasings)


def all_rows(plan):
    return rows_table(plan, plan.splits["train"], 0, plan.splits["train"].n_rows)


@pytest.mark.parametrize("task", TASKS)
def test_golden_rows(task):
    table = all_rows(tiny_plan(4, task=task, **GOLDEN_SETTINGS[task]))
    assert [(id_to_text(row["id"]), row["prompt"], row["completion"]) for row in table.to_pylist()] == GOLDEN[task]


def test_rows_are_of_the_schema_and_pass_as_pydantic_rows():
    table = rows("position")
    assert table.schema.equals(schema_of(Position()))
    for raw in table.to_pylist():
        Row(**{**raw, "id": id_to_text(raw["id"])})


@pytest.mark.parametrize("more", [{}, {"noise": ("case", "quotes")}, {"balance": "length"}, {"tokenizer": "tiny"}])
@pytest.mark.parametrize("task", TASKS)
def test_any_piece_is_the_same_as_that_part_of_the_whole(task, more):
    plan = source(task, 500, **more).plan
    split = plan.splits["train"]
    whole, cells = Rows(plan, split).range(0, 400)
    shared = Rows(plan, split)  # remembers what its rows share; that must not depend on what came before
    for first, last in ((17, 60), (0, 1), (399, 400), (120, 120), (0, 400)):
        part, part_cells = shared.range(first, last)
        assert part.to_pylist() == whole.slice(first, last - first).to_pylist()
        assert np.array_equal(part_cells, cells[first:last])


def test_single_rows_of_cells_come_in_the_order_asked():
    plan = source("position", 500).plan
    split = plan.splits["train"]
    cells, within = np.array([3, 0, 3, 5]), np.array([7, 2, 8, 0])
    maker = Rows(plan, split)
    together = maker.of_cells(cells, within)
    alone = [maker.of_cells(cells[i : i + 1], within[i : i + 1]) for i in range(4)]
    assert together.to_pylist() == pa.concat_tables(alone).to_pylist()
    assert together.schema.equals(schema_of(Position()))
    assert maker.of_cells(cells[:0], within[:0]).equals(schema_of(Position()).empty_table())


@pytest.mark.parametrize("task", TASKS)
def test_neighbouring_seeds_share_no_more_rows_than_chance(task):
    """Elsewhere, seeds 42 and 43 shared 499 of 500 rows, because row i was drawn by Random(seed + i)."""
    plans = [source(task, 2_000, seed=seed).plan for seed in (42, 43)]
    one, other = ({*rows_table(plan, plan.splits["train"], 0, 1600)["id"].to_pylist()} for plan in plans)
    chance = 0.0
    for cell in plans[0].splits["train"].cells:
        chance += cell.quota**2 / cell.capacity
    assert len(one & other) <= chance + 6 * max(chance, 1) ** 0.5
    assert len(one) == len(other) == 1_600


@pytest.mark.parametrize("task", TASKS)
def test_the_same_question_has_the_same_id_in_every_run(task):
    """By prompt: another size, seed, style, balance, level, choice of strata, noise or order of words."""
    runs = [
        {"n": 3_000},
        {"n": 2_000, "seed": 1, "style": "trace"},
        {"n": 1_000, "seed": 2, "balance": "none"},
        {"n": 1_500, "seed": 3, "balance": "length"},
        {"n": 600, "seed": 4, "difficulty": "easy"},
        {"n": 1_000, "seed": 5, "noise": ("case",)},
        {"n": 1_000, "seed": 6, "tokenizer": "tiny"},
        {"n": 1_000, "seed": 7, "words": "wordfreq:en:24"},
    ]
    id_of, repeated = {}, 0
    for run in runs:
        table = rows(task, **({"words": "wordfreq:en:25", "ratios": (1, 0, 0)} | run))
        for row in table.select(["prompt", "id"]).to_pylist():
            repeated += row["prompt"] in id_of
            assert id_of.setdefault(row["prompt"], row["id"]) == row["id"]
    assert len(set(id_of.values())) == len(id_of)
    if task == "position":
        assert repeated > 20


def test_a_stratum_per_place_asks_the_same_questions_with_the_same_ids():
    words = {"words": "wordfreq:en:8", "ratios": (1, 0, 0), "n": 600}
    one = rows("position", **words)
    other = rows("position", balance="position", **words)
    id_of = dict(zip(one["prompt"].to_pylist(), one["id"].to_pylist(), strict=True))
    both = [(id_of[p], i) for p, i in zip(other["prompt"].to_pylist(), other["id"].to_pylist(), strict=True)
            if p in id_of]  # fmt: skip
    assert len(both) > 20
    assert all(mine == theirs for mine, theirs in both)


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
    tables = {name: rows_table(plan, split, 0, split.n_rows) for name, split in plan.splits.items()}
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
            for word in rows_table(plan, split, 0, split.n_rows)["key"].to_pylist():
                assert split_by_word.setdefault(word, name) == name


@pytest.mark.parametrize("task", TASKS)
def test_traces_spell_first_and_end_with_the_answer(task):
    direct = rows(task, style="direct")
    assert direct["answer"].to_pylist() == direct["completion"].to_pylist()
    for row in rows(task, style="trace").to_pylist():
        worked = "-".join(row["key"]) + "\n" + row["answer"]
        assert row["completion"] == (row["answer"] if task == "spelling" else worked)


@pytest.mark.parametrize("task", TASKS)
def test_with_the_same_phrasings_style_changes_the_completion_alone(task):
    """The packaged ones are not the same: those that ask for worked steps are shown with traces only."""
    direct, trace = (all_rows(tiny_plan(40, task=task, style=style)) for style in ("direct", "trace"))
    assert direct.drop_columns("completion").to_pylist() == trace.drop_columns("completion").to_pylist()


def test_a_count_s_answers_are_balanced():
    answers = rows("count", 4_000, words="wordfreq:en:5000")["answer"].to_pylist()
    assert [round(answers.count(answer) / len(answers), 3) for answer in "012"] == [0.25, 0.25, 0.25]


PRINT = """
from sdp.synthesis.rows import rows_table
from tests.synthesis.made import source
for task in ("spelling", "position", "count"):
    plan = source(task, 100, words="wordfreq:en:300").plan
    for name, split in plan.splits.items():
        table = rows_table(plan, split, 0, split.n_rows)
        print(task, name, table["id"].to_pylist(), table["prompt"].to_pylist())
"""


def test_neither_python_s_hash_seed_nor_the_locale_has_a_say():
    """Elsewhere, random.choice(list(set(word))) made another data set with every process."""
    root = str(Path(__file__).parents[2])
    variables = [{"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "C"}]
    printed = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={"PYTHONPATH": root, "PYTHONIOENCODING": "utf-8", **more},
            capture_output=True,
            check=True,
        ).stdout
        for more in variables
    }
    assert len(printed) == 1
    assert len(printed.pop()) > 10_000
