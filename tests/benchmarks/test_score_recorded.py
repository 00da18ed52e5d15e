from pathlib import Path

import pyarrow as pa
import pytest
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.extraction import parse_rule
from sdp.benchmarks.predictions.recorded import Recorded
from sdp.benchmarks.references import References
from sdp.benchmarks.result import ASKED, LIKELIHOODS, ROWS_SCHEMA
from sdp.benchmarks.score_recorded import ANY, score_recorded

TASKS = ["count", "spelling", "count", "spelling"]


def references():
    rows = bench_rows("m", [1] * 4, task=TASKS, answer=["3", "s-t", "1", "a-b"])
    return References(rows.select(ASKED.names), True, [])


def recorded(outputs, **more):
    return Recorded("gpt", Path("gpt.txt"), "text", outputs, range(1, 5), fields={"prediction": "line"}, **more)


def scored(outputs, rule="last-line", **more):
    return score_recorded(recorded(outputs, **more), references(), {"count": r"\d+"}, rule=parse_rule(rule))


def test_every_task_is_scored_by_itself_with_its_own_form():
    found = scored(["3", "s-t", "x", "ab"])
    assert list(found.result.tasks) == ["count", "spelling"]
    scores = {
        task: {name: one.value for name, one in result.scores.items()} for task, result in found.result.tasks.items()
    }
    assert scores["count"]["exact_match"] == scores["spelling"]["exact_match"] == 0.5
    assert scores["count"]["format_failure"] == 0.5  # `x` is no number
    assert scores["spelling"]["format_failure"] == 0.0  # nothing is known of this task
    assert found.rows.schema == ROWS_SCHEMA
    assert found.rows["output"].to_pylist() == ["3", "x", "s-t", "ab"]


def test_a_result_without_a_model():
    result = scored(["3", "s-t", "x", "ab"]).result
    assert (result.label, result.model, result.adapter, result.n_rows) == ("gpt", "gpt.txt", None, 4)
    assert result.n_prompt_tokens is None
    assert "answer_ppl_token" not in result.tasks["count"].scores


def test_likelihoods_of_an_earlier_bench_go_along():
    known = pa.table([[1.0, 2.0, 3.0, 4.0], [1] * 4, [2] * 4], schema=LIKELIHOODS)
    found = scored(["3", "s-t", "x", "ab"], likelihoods=known)
    assert found.rows["nll"].to_pylist() == [1.0, 3.0, 2.0, 4.0]
    assert "answer_ppl_token" in found.result.tasks["count"].scores


def test_what_is_empty_is_wrong_and_counted():
    found = scored(["", "  ", "1", "a-b"], n_null=1)
    assert found.settings["n_empty"] == 2
    assert any("empty predictions" in note and "2 (null: 1)" in note for note in found.notes)
    assert found.rows["exact"].to_pylist() == [False, True, False, True]
    assert found.rows["format_failure"].to_pylist() == [True, False, True, False]


def test_fields_and_pairing_are_told():
    found = scored(["3", "s-t", "x", "ab"])
    assert found.notes == ["gpt: text, prediction from 'line'; paired by line"]
    assert found.settings["paired_by"] == "line"


@pytest.mark.parametrize(("text", "failed"), [("", 1.0), ("x", 0.0)])
def test_where_nothing_is_known_of_a_task_an_answer_is_any_text(text, failed):
    from sdp.benchmarks.metrics.format_failure import FormatFailure

    assert FormatFailure(ANY).rows([text], ["a"]).tolist() == [failed]
