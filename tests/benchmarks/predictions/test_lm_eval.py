"""A log that lm-eval 0.4.13 wrote about the tiny model, as it is, and small changes to it."""

import json
from pathlib import Path

import pytest

from sdp.benchmarks.predictions.json_lines import read_json_lines
from sdp.benchmarks.predictions.lm_eval import or_lm_eval
from sdp.errors import InputError

(LOG,) = (Path(__file__).resolve().parents[1] / "logs" / "tiny").glob("samples_*.jsonl")
LINES = [json.loads(line) for line in LOG.read_text().splitlines()]


def read(path=LOG, log_filter=None):
    source = or_lm_eval(read_json_lines(path), log_filter)
    return source, [record for _, record in source.records]


def changed(tmp_path, **fields):
    path = tmp_path / "samples_x_2026-01-01T00.jsonl"
    path.write_text("".join(json.dumps(line | fields) + "\n" for line in LINES[:2]))
    return path


def test_every_sample_once_with_what_the_model_wrote():
    source, found = read()
    assert (source.kind, source.label, source.task) == ("lm-eval samples", "tiny", "letters")
    whole = [line for line in LINES if line["filter"] == "whole"]
    assert len(found) == len(whole) == len(LINES) / 2
    assert [record[source.prediction] for record in found] == [line["resps"][0][0] for line in whole]
    assert [record[source.reference] for record in found] == [line["target"] for line in whole]
    assert [record["id"] for record in found] == [line["doc"]["id"] for line in whole]
    assert "whole, last-line" in source.notes[0]


@pytest.mark.parametrize("name", ["whole", "last-line"])
def test_a_filter_s_responses(name):
    source, found = read(log_filter=name)
    expected = [line["filtered_resps"][0] for line in LINES if line["filter"] == name]
    assert [record[source.prediction] for record in found] == expected
    assert source.notes == []


def test_an_unknown_filter_shows_the_ones_there_are():
    with pytest.raises(InputError, match="no filter 'last_line'") as caught:
        read(log_filter="last_line")
    assert "did you mean 'last-line'? filters are: last-line, whole" in caught.value.hint


def test_a_sample_that_lacks_something_is_named_with_its_line(tmp_path):
    path = tmp_path / "samples_x.jsonl"
    path.write_text(f"{json.dumps(LINES[0])}\n{json.dumps({'doc_id': 1})}\n")
    with pytest.raises(InputError, match="the sample has no 'doc'") as caught:
        read(path)
    assert caught.value.where == f"{path}:2"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"resps": [["a", "b"]]}, "2 values where one text"),
        ({"resps": [["-1.5", "False"], ["-2.5", "True"]]}, "2 responses, not one"),
        ({"resps": [[["-1.5", "False"]]]}, "2 values where one text"),
        ({"resps": []}, "0 responses"),
        ({"filtered_resps": ["a", "b"]}, "2 responses"),
    ],
)
def test_likelihoods_and_several_responses_are_refused(tmp_path, fields, what):
    with pytest.raises(InputError, match=what) as caught:
        read(changed(tmp_path, **fields))
    assert caught.value.where.endswith(".jsonl:1")


def test_other_json_lines_stay_what_they_are(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"doc_id": 1, "resps": "a"}\n{"doc_id": 2}\n')
    source, found = read(path)
    assert source.kind == "JSON Lines"
    assert found == [{"doc_id": 1, "resps": "a"}, {"doc_id": 2}]
