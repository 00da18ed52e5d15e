import math

import evaluate
import pytest

from sdp.benchmarks import hf_evaluate
from sdp.benchmarks.hf_evaluate import (
    AnswerBitsPerChar,
    AnswerPplToken,
    EditSimilarity,
    ExactMatch,
    FormatFailure,
    RougeL,
)


def test_every_metric_file_has_its_evaluate_class():
    from pathlib import Path

    from sdp.benchmarks import metrics

    files = {path.stem for path in Path(metrics.__file__).parent.glob("*.py")} - {"__init__"}
    classes = {
        name
        for name, value in vars(hf_evaluate).items()
        if isinstance(value, type) and issubclass(value, evaluate.Metric) and not name.startswith("_")
    }
    assert {"".join(part.capitalize() for part in name.split("_")) for name in files} == classes


@pytest.mark.parametrize(
    ("metric", "name", "expected"),
    [
        (ExactMatch, "exact_match", 0.5),
        (RougeL, "rouge_l", (1 + 8 / 9) / 2),
        (EditSimilarity, "edit_similarity", (1 + 7 / 9) / 2),
        (FormatFailure, "format_failure", 0.0),
    ],
)
def test_text_metrics(metric, name, expected, tmp_path):
    found = metric(cache_dir=str(tmp_path)).compute(
        predictions=["s-t-r-a-w", "s-t-r-w"], references=["s-t-r-a-w", "s-t-r-a-w"]
    )
    assert found == {name: pytest.approx(expected)}


def test_format_failure_takes_a_pattern(tmp_path):
    metric = FormatFailure(r"\d+", cache_dir=str(tmp_path))
    assert metric.compute(predictions=["3", "three"], references=["3", "3"]) == {"format_failure": 0.5}


def test_likelihood_metrics(tmp_path):
    nll = [math.log(2) * 3, math.log(2)]
    ppl = AnswerPplToken(cache_dir=str(tmp_path)).compute(predictions=nll, references=[3, 1])
    bits = AnswerBitsPerChar(cache_dir=str(tmp_path)).compute(predictions=nll, references=[2, 2])
    assert ppl == {"answer_ppl_token": pytest.approx(2)}
    assert bits == {"answer_bits_per_char": pytest.approx(1)}


def test_batches_may_be_added_one_after_the_other(tmp_path):
    metric = ExactMatch(cache_dir=str(tmp_path))
    metric.add_batch(predictions=["a", "b"], references=["a", "x"])
    metric.add(prediction="c", reference="c")
    assert metric.compute() == {"exact_match": pytest.approx(2 / 3)}


def test_they_combine(tmp_path):
    both = evaluate.combine([ExactMatch(cache_dir=str(tmp_path)), EditSimilarity(cache_dir=str(tmp_path))])
    assert both.compute(predictions=["ab"], references=["ac"]) == {"exact_match": 0.0, "edit_similarity": 0.5}


def test_the_description_is_the_signature(tmp_path):
    assert ExactMatch(cache_dir=str(tmp_path)).description.startswith("exact_match:")
