"""Logs that inspect_ai wrote about its mock model, as they are, and small changes to them."""

import json
import zipfile
from pathlib import Path

import pytest

from sdp.benchmarks.predictions.inspect_log import is_inspect_log, of_inspect_log, read_inspect_archive
from sdp.errors import InputError

LOGS = Path(__file__).resolve().parents[1] / "logs"
ROWS = [json.loads(line) for line in (LOGS / "reference.jsonl").read_text().splitlines()]
LOG = json.loads((LOGS / "inspect.json").read_text())
SAID = ("{}", "The answer is '{}'.", "s-t-e-p-s\n{}", "", "A {}", "{}")
"""What the mock model was told to say."""


def archive(folder, members, method=zipfile.ZIP_DEFLATED):
    path = folder / "a.eval"
    with zipfile.ZipFile(path, "w", method) as made:
        for name, value in members.items():
            made.writestr(name, value if isinstance(value, str) else json.dumps(value))
    return path


def parts(samples):
    header = {name: LOG[name] for name in ("version", "status", "eval")}
    return {"header.json": header} | {f"samples/{one['id']}_epoch_1.json": one for one in samples}


def check(source, rows):
    assert (source.kind, source.label, source.task) == ("Inspect log", "mockllm/model", "letters")
    found = [record for _, record in source.records]
    assert [record["id"] for record in found] == [row["id"] for row in rows]
    assert [record["prompt"] for record in found] == [row["prompt"] for row in rows]
    assert [record["key"] for record in found] == [row["key"] for row in rows]
    assert [record[source.reference] for record in found] == [row["answer"] for row in rows]
    expected = [SAID[number % 6].format(row["answer"]) for number, row in enumerate(rows)]
    assert [record[source.prediction] for record in found] == expected


def test_a_log_in_json():
    check(of_inspect_log(Path("a.json"), LOG), ROWS[:6])


def test_an_archive_packed_with_zstd_in_the_order_of_the_data():
    path = LOGS / "inspect.eval"
    assert {entry.compress_type for entry in zipfile.ZipFile(path).infolist()} == {93}
    check(read_inspect_archive(path), ROWS)


def test_an_archive_of_earlier_versions_packed_with_deflate(tmp_path):
    check(read_inspect_archive(archive(tmp_path, parts(reversed(LOG["samples"])))), ROWS[:6])


def one(**fields):
    return LOG | {"samples": [LOG["samples"][0] | fields]}


def only(log):
    ((_, record),) = of_inspect_log(Path("a.json"), log).records
    return record


def test_a_call_that_failed_said_nothing():
    failed = {"model": "m", "choices": [], "completion": ""}
    assert only(one(output=failed, error={"message": "no"}))["completion"] is None
    notes = of_inspect_log(Path("a.json"), one() | {"status": "error"}).notes
    assert notes == ["the log's status is 'error'"]


def test_long_texts_that_stand_elsewhere_in_the_log_are_found():
    output = LOG["samples"][0]["output"] | {"completion": "attachment://abc"}
    assert only(one(output=output, attachments={"abc": "long"}))["completion"] == "long"
    with pytest.raises(InputError, match="attachment of sample 1 is not in the log"):
        only(one(output=output, attachments={}))


def test_a_question_that_is_a_conversation():
    said = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]
    assert only(one(input=said))["prompt"] == "u"
    assert only(one(input=[{"role": "user", "content": [{"type": "image"}]}]))["prompt"] is None


def test_one_right_answer_in_a_list_is_that_answer():
    assert only(one(target=["a"]))["target"] == "a"
    assert only(one(target=["a", "b"]))["target"] == ["a", "b"]


@pytest.mark.parametrize(
    ("log", "what"),
    [
        (one(epoch=2), "of epoch 2"),
        (LOG | {"version": 3}, "format version 3"),
        (LOG | {"samples": []}, "holds no samples"),
        ({name: LOG[name] for name in ("version", "status", "eval")}, "holds no samples"),
    ],
)
def test_what_cannot_be_scored_is_refused(log, what):
    with pytest.raises(InputError, match=what):
        list(of_inspect_log(Path("a.json"), log).records)


@pytest.mark.parametrize("name", ["id", "epoch", "input", "target"])
def test_a_sample_that_lacks_something_is_named(tmp_path, name):
    lacking = {part: value for part, value in LOG["samples"][0].items() if part != name}
    samples = [LOG["samples"][1], lacking]
    with pytest.raises(InputError, match=f"sample 2 of the log has no '{name}'") as caught:
        list(of_inspect_log(Path("a.json"), LOG | {"samples": samples}).records)
    assert caught.value.where == "a.json"
    header = {part: LOG[part] for part in ("version", "status", "eval")}
    path = archive(tmp_path, {"header.json": header, "samples/a_epoch_1.json": lacking})
    with pytest.raises(InputError, match=f"sample 1 of the log has no '{name}'"):
        list(read_inspect_archive(path).records)


def test_what_is_no_log():
    assert not is_inspect_log([])
    assert not is_inspect_log({"version": 2})
    assert not is_inspect_log({"version": 2, "status": "success", "eval": []})


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"a.txt": "x"}, "has no header.json: the run"),
        ({"header.json": {}}, "is no Inspect log"),
        ({"header.json": "{"}, "'header.json' cannot be read"),
    ],
)
def test_other_archives_are_refused(tmp_path, members, what):
    with pytest.raises(InputError, match=what):
        read_inspect_archive(archive(tmp_path, members))


def test_what_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "a.eval"
    path.write_bytes((LOGS / "inspect.eval").read_bytes()[:-100])
    with pytest.raises(InputError, match="is no Inspect log"):
        read_inspect_archive(path)
    with pytest.raises(InputError, match="there is no file"):
        read_inspect_archive(tmp_path / "b.eval")


def test_a_damaged_member_is_named(tmp_path):
    data = bytearray((LOGS / "inspect.eval").read_bytes())
    entry = next(each for each in zipfile.ZipFile(LOGS / "inspect.eval").infolist() if each.filename == "header.json")
    start = entry.header_offset + 30 + len("header.json")
    data[start : start + 200] = bytes(200)
    path = tmp_path / "a.eval"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"'header.json' cannot be read"):
        read_inspect_archive(path)
