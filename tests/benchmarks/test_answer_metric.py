import pytest

from sdp.benchmarks.answer_metric import AnswerMetric
from sdp.benchmarks.extraction import parse_rule
from sdp.benchmarks.metrics.edit_similarity import EditSimilarity
from sdp.benchmarks.metrics.exact_match import ExactMatch
from sdp.benchmarks.metrics.format_failure import FormatFailure
from sdp.benchmarks.metrics.rouge_l import RougeL

METRICS = (EditSimilarity, ExactMatch, FormatFailure, RougeL)


@pytest.mark.parametrize("metric", METRICS)
def test_a_signature_names_the_rule(metric):
    assert issubclass(metric, AnswerMetric)
    assert "last line, stripped" in metric().signature
    rule = parse_rule("after:Answer:")
    assert rule.name in metric(rule=rule).signature


@pytest.mark.parametrize("metric", METRICS)
def test_rows_take_the_answer_out_first(metric):
    rule = parse_rule("after:Answer:")
    said = metric(rule=rule).rows(["hm. Answer: s-t-r-w"], [" s-t-r-a-w "])
    assert said.tolist() == metric().rows(["s-t-r-w"], ["s-t-r-a-w"]).tolist()


@pytest.mark.parametrize("metric", METRICS)
def test_no_answer_has_the_worst_score(metric):
    assert metric().judge([None], ["a"]).tolist() == [0.0 if metric.higher_is_better else 1.0]
