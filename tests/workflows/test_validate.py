"""`sdp validate` as a function: judged again from the files alone."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import make

from sdp.api import InputError, PluginError, ResourceError
from sdp.data.manifest import Manifest
from sdp.plugins.manager import load
from sdp.workflows.validate import ValidateRequest, validate


def tamper(folder, which=range(1), where="train", **changes):
    """Changes a row and makes the manifest agree, as somebody would who wants to get away with it."""
    (file,) = folder.files(where)
    table = folder.table(where)
    rows = table.to_pylist()
    for row in which:
        rows[row] |= changes
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), file)
    facts = {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "bytes": file.stat().st_size}
    shards = [one.model_copy(update=facts) if one.file == file.name else one for one in folder.manifest.shards]
    folder.manifest.model_copy(update={"shards": shards}).save(folder.path)
    return f"{rows[0]['id']:016x}"


@pytest.fixture
def folder():
    return make(Path("data/count"), "count", 400)


def verdict():
    return validate(ValidateRequest()).folders[0]


def test_what_was_generated_is_valid(folder):
    make(Path("data/spelling"))
    result = validate(ValidateRequest())
    assert result.ok
    assert {one.task for one in result.folders} == {"count", "spelling"}
    assert verdict().n_rows in {400, 100}
    for one in result.folders:
        assert one.checks[0] == "schema"
        assert set(one.checks) | set(one.skipped) == set(load().validators)
        assert one.skipped == {"contamination": "no evaluation file was named with --against"}
        assert set(one.notes) < set(one.checks)
        assert (one.rejected, one.examples, one.problems) == ({}, {}, [])


def test_the_checks_that_are_built_in():
    scopes = {name: kind.scope for name, kind in load().validators.items()}
    assert {name for name, scope in scopes.items() if scope == "rows"} == {
        "schema", "oracle", "uniqueness", "split_purity", "unicode_hygiene",
    }  # fmt: skip
    assert {name for name, scope in scopes.items() if scope == "set"} == {
        "balance", "answer_distribution", "length_distribution", "template_coverage", "near_duplicates",
        "contamination",
    }  # fmt: skip


def test_a_wrong_answer_is_found(folder):
    row_id = tamper(folder, answer="17", completion="17")
    found = verdict()
    assert not found.ok
    ((reason, n),) = found.rejected.items()
    assert reason.startswith("oracle: the oracle says '")
    assert n == 1
    assert found.examples == {reason: row_id}


def test_a_row_copied_into_another_split_is_found(folder):
    tamper(folder, where="test", **folder.table("train").to_pylist()[0] | {"split": "test"})
    assert set(verdict().rejected) == {"uniqueness: the same question occurs before"}


def test_a_family_moved_to_another_split_is_found(folder):
    tamper(folder, where="validation", family="run")
    assert verdict().rejected == {"split_purity: the family belongs to test": 1}


def test_one_answer_everywhere_is_found(folder):
    tamper(folder, range(200), answer="1", completion="1")
    assert any(problem.startswith("balance: train: '1' is the answer of") for problem in verdict().problems)


def test_a_changed_shard_is_refused_before_it_is_read(folder):
    path = folder.path / "test-00000-of-00001.parquet"
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"shard 'test-00000-of-00001\.parquet' was changed"):
        validate(ValidateRequest())


def test_a_hidden_character_is_found(folder):
    prompt = folder.table("test")["prompt"][0].as_py()
    row_id = tamper(folder, where="test", prompt=f"{prompt}\u200b")
    reason = "unicode_hygiene: prompt holds U+200B, a format character"
    assert verdict().rejected == {reason: 1}
    assert verdict().examples == {reason: row_id}


def test_a_test_word_asked_in_training_in_capitals_is_found(folder):
    row = folder.table("test").to_pylist()[0]
    stolen = {name: row[name] for name in ("prompt", "key")}
    tamper(folder, **stolen | {"key": row["key"].upper()})
    assert any(problem.startswith("near_duplicates: test: 1 of ") for problem in verdict().problems)


def test_rows_that_stand_in_an_evaluation_file_are_found(folder):
    rows = folder.table("train").to_pylist()[:3]
    file = Path("eval.jsonl")
    file.write_text("".join(json.dumps({"question": row["prompt"]}) + "\n" for row in rows))
    found = validate(ValidateRequest(against=(file,))).folders[0]
    assert not found.ok
    assert "contamination" in found.checks
    assert found.problems[0].startswith("contamination: train: whole prompts that stand in an evaluation file: 3 (")
    file.write_text(json.dumps({"question": "Something else entirely?"}))
    assert validate(ValidateRequest(against=(file,))).ok


def test_a_phrasing_that_vanished_is_found():
    folder = make(Path("data/count"), "count", 6_000, words="wordfreq:en:6000")
    facts = next(facts for facts in folder.manifest.phrasings if not facts.held_out)
    table = folder.table("train")
    other = next(row for row in table.to_pylist() if row["template"] != facts.hash)
    which = [i for i, template in enumerate(table["template"].to_pylist()) if template == facts.hash]
    tamper(folder, which, template=other["template"])
    (problem,) = [problem for problem in verdict().problems if problem.startswith("template_coverage")]
    assert f"the phrasing at {facts.where} is missing" in problem


def test_what_a_validator_breaks_on_names_it(folder, plugged):
    class Late(plugins.Picky):
        name = "late"

        def finish(self):
            raise KeyError("late")

    plugged(validators=[Late])
    with pytest.raises(PluginError, match="validator 'late'"):
        verdict()


def test_the_report_holds_every_data_set(folder):
    make(Path("data/spelling"))
    result = validate(ValidateRequest(report=Path("out/report.html")))
    text = result.report.read_text()
    for one in result.folders:
        assert f"<h2>{one.folder} " in text
        assert all(f'data-check="{check}"' in text for check in (*one.checks, *one.skipped))


def test_a_report_that_cannot_be_written(folder):
    Path("file").write_text("")
    with pytest.raises(ResourceError):
        validate(ValidateRequest(report=Path("file/report.html")))


def test_a_new_validator_judges_old_data(folder, plugged):
    plugged(validators=[plugins.Picky])
    found = verdict()
    assert found.rejected == {"picky: there is an e": sum("e" in key for split in found_splits() for key in split)}
    assert "picky" in found.checks


def found_splits():
    from sdp.data.dataset import TaskFolder

    folder = TaskFolder.open(Path("data/count"))
    return [folder.table(split)["key"].to_pylist() for split in folder.manifest.splits]


def test_named_ones_only_and_missing_ones_are_said(folder):
    make(Path("data/spelling"))
    assert [one.task for one in validate(ValidateRequest(("count",))).folders] == ["count"]
    with pytest.raises(InputError, match="there is no data set 'position'"):
        validate(ValidateRequest(("position",)))


def test_data_of_a_plugin_that_is_gone(folder):
    manifest = Manifest.load(folder.path)
    manifest.model_copy(update={"task": "mirror"}).save(folder.path)
    with pytest.raises(InputError, match="unknown task 'mirror'"):
        validate(ValidateRequest())
