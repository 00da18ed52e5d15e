import math

import pytest

from sdp.benchmarks.metrics.answer_ppl_token import AnswerPplToken


def test_is_the_inverse_geometric_mean_of_all_token_probabilities():
    rows = [[0.5, 0.25], [0.1, 0.9, 0.3]]
    nll = [-sum(map(math.log, row)) for row in rows]
    product = math.prod(p for row in rows for p in row)
    assert AnswerPplToken.corpus(nll, [2, 3]) == pytest.approx(product ** (-1 / 5))


def test_is_not_the_exponential_of_the_mean_summed_nll():
    nll, n_tokens = [2.0, 4.0], [2, 4]
    assert AnswerPplToken.corpus(nll, n_tokens) == pytest.approx(math.e)
    assert AnswerPplToken.corpus(nll, n_tokens) != pytest.approx(math.exp(3))


def test_nothing_has_no_perplexity():
    assert math.isnan(AnswerPplToken.corpus([], []))


def test_a_sure_model_has_one():
    assert AnswerPplToken.corpus([0.0, 0.0], [3, 1]) == 1
