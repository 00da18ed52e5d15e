import numpy as np
import pyarrow as pa
import pytest
from tests.benchmarks.conftest import questions_of

from sdp.benchmarks.extraction import LAST_LINE, parse_rule
from sdp.benchmarks.result import ASKED, LIKELIHOODS, ROWS_SCHEMA
from sdp.benchmarks.scoring import score_rows, score_task
from sdp.contract.metric import Metric

ROWS = [
    {"key": "straw", "answer": "t", "completion": "s-t-r-a-w\nt"},
    {"key": "straw", "answer": "s", "completion": "s-t-r-a-w\ns"},
    {"key": "on", "answer": "o", "completion": "o-n\no"},
    {"key": "on", "answer": "o", "completion": "o-n\no"},
]
OUTPUTS = ["s-t-r-a-w\nt", "s-t-r-a-w\nw", "o-n", "o"]
CHANCES = pa.table([[0.0, 1.0, 2.0, 3.0], [4] * 4, [11, 11, 5, 5]], schema=LIKELIHOODS)


def scored(rule=LAST_LINE, likelihoods=CHANCES):
    questions = questions_of(ROWS)
    return questions, score_rows("m", questions.asked(), questions.pattern, OUTPUTS, rule=rule, likelihoods=likelihoods)


def summed(rows, extra=(), rule=LAST_LINE):
    return score_task("position", r"\X", rows, extra, rule=rule)


def test_rows_hold_question_answer_and_scores():
    questions, rows = scored()
    assert rows.schema == ROWS_SCHEMA
    assert rows.select(ASKED.names) == questions.asked()
    assert rows["output"].to_pylist() == OUTPUTS
    assert rows["prediction"].to_pylist() == ["t", "w", "o-n", "o"]
    assert rows["exact"].to_pylist() == [True, False, False, True]
    assert rows["format_failure"].to_pylist() == [False, False, True, False]
    assert rows["nll"].to_pylist() == [0.0, 1.0, 2.0, 3.0]
    assert rows["n_answer_chars"].to_pylist() == [11, 11, 5, 5]
    assert rows["length"].to_pylist() == [5, 5, 2, 2]


def test_a_task_is_summed_up_beside_its_floor():
    result = summed(scored()[1])
    assert (result.n_rows, result.n_keys) == (4, 2)
    assert (result.floor, result.floor_answer) == (0.5, "o")
    assert result.scores["exact_match"].value == 0.5
    assert result.scores["format_failure"].value == 0.25
    assert list(result.scores) == [
        "exact_match",
        "rouge_l",
        "edit_similarity",
        "format_failure",
        "answer_ppl_token",
        "answer_bits_per_char",
    ]
    assert all(name in score.signature for name, score in result.scores.items())


def test_without_a_model_there_are_no_likelihoods_and_the_rest_is_the_same():
    with_model, without = scored()[1], scored(likelihoods=None)[1]
    assert without.schema == ROWS_SCHEMA
    assert all(without[name].null_count == 4 for name in LIKELIHOODS.names)
    assert without.drop_columns(LIKELIHOODS.names) == with_model.drop_columns(LIKELIHOODS.names)
    scores = summed(without).scores
    assert list(scores) == ["exact_match", "rouge_l", "edit_similarity", "format_failure"]
    assert all(score == summed(with_model).scores[name] for name, score in scores.items())


def test_likelihoods_of_some_rows_are_none_of_the_task():
    half = scored()[1].set_column(
        ROWS_SCHEMA.get_field_index("nll"), ROWS_SCHEMA.field("nll"), pa.array([1.0, None, 1.0, 1.0])
    )
    assert "answer_ppl_token" not in summed(half).scores


def test_another_rule_takes_another_answer_and_says_so():
    rule = parse_rule("as-is")
    _, rows = scored(rule)
    assert rows["prediction"].to_pylist() == OUTPUTS
    assert rows["exact"].to_pylist() == [False, False, False, True]
    scores = summed(rows, rule=rule).scores
    assert all(rule.name in score.signature for name, score in scores.items() if not name.startswith("answer_"))


def test_no_answer_is_an_empty_prediction_and_a_format_failure():
    _, rows = scored(parse_rule("after:Answer:"))
    assert rows["prediction"].to_pylist() == [""] * 4
    assert rows["format_failure"].to_pylist() == [True] * 4
    assert rows["exact"].to_pylist() == [False] * 4


class Seen(Metric):
    """Keeps what it is given."""

    name, signature = "seen", "seen"

    def rows(self, predictions, references):
        self.predictions = list(predictions)
        return np.ones(len(predictions))


@pytest.mark.parametrize(
    ("rule", "given", "signature"),
    [("last-line", OUTPUTS, "seen"), (r"regex:(\w)$", ["t", "w", "n", "o"], "seen; first match")],
)
def test_plugins_get_whole_outputs_as_in_bench_or_what_a_chosen_rule_took(rule, given, signature):
    metric, rule = Seen(), parse_rule(rule)
    result = summed(scored(rule)[1], [metric], rule)
    assert metric.predictions == given
    assert result.scores["seen"].signature.startswith(signature)
