"""Template coverage: judged on real rows, and on the manifest of the same rows told otherwise."""

import pytest
from tests.synthesis.made import make

from sdp.contract.validator import DataFacts
from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.validators.template_coverage import TemplateCoverage

TASKS = {"position": Position, "count": Count}
N = {"position": 9_000, "count": 5_000}


@pytest.fixture(scope="module", params=N)
def made(request, tmp_path_factory):
    """Rows of every split, and what the manifest says of them, kinds of question left out."""
    task = request.param
    folder = make(
        tmp_path_factory.mktemp(task) / task, task, N[task], words="wordfreq:en:6000", ratios=(0.5, 0.25, 0.25)
    )
    tables = {split: folder.table(split) for split in folder.manifest.splits}
    splits = {name: {"rows": table.num_rows} for name, table in tables.items()}
    phrasings = [facts.model_dump() for facts in folder.manifest.phrasings]
    return TASKS[task](), tables, {"phrasings": phrasings, "splits": splits, "settings": {"style": "direct"}}


def judged(made, tables=None, **changes):
    generator, all_tables, manifest = made
    validator = TemplateCoverage(type(generator)())
    assert validator.begin(DataFacts(manifest | changes)) is None
    for table in (tables or all_tables).values():
        assert validator.reasons(table).null_count == table.num_rows
    return validator.finish(), validator.notes()


def used(made, split):
    _, tables, manifest = made
    there = set(tables[split]["template"].to_pylist())
    return [phrasing for phrasing in manifest["phrasings"] if phrasing["hash"] in there]


def without(tables, split, template):
    keep = [name != template for name in tables[split]["template"].to_pylist()]
    return {**tables, split: tables[split].filter(keep)}


def test_what_is_generated_passes(made):
    problems, notes = judged(made)
    assert problems == []
    n = {split: len(used(made, split)) for split in made[1]}
    assert notes == [f"{split}: {n[split]} of {n[split]} phrasings occur" for split in made[1]]


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_phrasing_that_is_missing_is_said_with_its_place(made, split):
    phrasing = used(made, split)[0]
    (problem,), _ = judged(made, without(made[1], split, phrasing["hash"]))
    assert problem.startswith(f"{split}: the phrasing at {phrasing['where']} is missing, about ")


def test_a_phrasing_that_the_manifest_does_not_name_is_said(made):
    phrasing = used(made, "train")[0]
    others = [one for one in made[2]["phrasings"] if one is not phrasing]
    problems, _ = judged(made, phrasings=others)
    assert len(problems) == 3
    assert all(f"rows have the phrasing {phrasing['hash']}" in problem for problem in problems)


def test_a_held_out_phrasing_in_train_is_said(made):
    phrasing = used(made, "train")[0]
    told = [{**one, "held_out": one["held_out"] or one is phrasing} for one in made[2]["phrasings"]]
    (problem,), _ = judged(made, phrasings=told)
    assert problem.startswith(f"train: the held-out phrasing at {phrasing['where']} is in ")


def test_few_rows_prove_nothing(made):
    tables = {split: table.slice(0, 30) for split, table in made[1].items()}
    problems, notes = judged(made, tables)
    assert problems == []
    assert any("too few rows to expect" in note for note in notes)


def test_traced_phrasings_are_expected_of_traced_data_only(made):
    fields = made[2]["phrasings"][0]["text"]
    extra = {
        "hash": "0" * 16,
        "text": f"Letters first. {fields}",
        "where": "trace.jinja:1",
        "held_out": False,
        "family": "trace",
    }
    told = [*made[2]["phrasings"], extra]
    assert judged(made, phrasings=told)[0] == []
    problems, _ = judged(made, phrasings=told, settings={"style": "trace"})
    assert all("the phrasing at trace.jinja:1 is missing" in problem for problem in problems)
    assert len(problems) == 3


def test_a_stratum_without_rows_expects_no_phrasing(made):
    generator, tables, manifest = made
    if generator.name != "position":
        return
    fields = [generator.fields(number) for number in range(len(generator.strata))]
    number = generator.strata.index("number_end")
    gone = {one["hash"] for one in manifest["phrasings"] if "number_from_end" in one["text"]}
    assert fields[number] >= {"number_from_end"}
    rest = {
        split: table.filter([name not in gone for name in table["template"].to_pylist()])
        for split, table in tables.items()
    }
    strata = {name: 100 * (name != "number_end") for name in generator.strata}
    splits = {split: {"strata": strata} for split in rest}
    assert judged(made, rest, splits=splits)[0] == []
    assert len(judged(made, rest)[0]) > 3


def test_a_manifest_without_phrasings_has_nothing_to_judge(made):
    assert TemplateCoverage(made[0]).begin(DataFacts({"phrasings": []})) == "the manifest names no phrasings"
