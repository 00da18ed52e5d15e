import torch

from sdp.benchmarks.backends.fragile import MarginWatch

STOP = 1


def step(watch: MarginWatch, last_tokens: list[int], scores: list[list[float]]) -> torch.Tensor:
    return watch(torch.tensor(last_tokens)[:, None], torch.tensor(scores))


def test_rows_with_a_near_tie_at_any_step_are_found():
    watch = MarginWatch(frozenset({STOP}))
    step(watch, [5, 5, 5], [[10.0, 0.0, 0.0], [10.0, 9.9999, 0.0], [0.0, 0.0, 10.0]])
    step(watch, [0, 0, 2], [[10.0, 0.0, 0.0], [10.0, 0.0, 0.0], [3.0, 3.0, 0.0]])
    assert watch.rows() == [1, 2]


def test_scores_pass_unchanged():
    watch = MarginWatch(frozenset({STOP}))
    scores = [[1.0, 2.0], [2.0, 1.0]]
    assert step(watch, [5, 5], scores).tolist() == scores


def test_what_comes_after_the_stop_does_not_count():
    watch = MarginWatch(frozenset({STOP}))
    step(watch, [5], [[0.0, 9.0, 0.0]])
    step(watch, [STOP], [[1.0, 1.0, 1.0]])
    step(watch, [0], [[1.0, 1.0, 1.0]])  # padding after the stop
    assert watch.rows() == []


def test_a_prompt_that_ends_with_a_stop_token_has_not_stopped():
    watch = MarginWatch(frozenset({STOP}))
    step(watch, [STOP], [[9.0, 0.0, 0.0]])
    step(watch, [0], [[1.0, 1.0, 1.0]])
    assert watch.rows() == [0]


def test_the_margin_scales_with_the_logits():
    watch = MarginWatch(frozenset({STOP}))
    step(watch, [5, 5], [[1e4, 1e4 - 0.5, 0.0], [1.0, 0.5, 0.0]])
    assert watch.rows() == [0]


def test_nothing_seen_nothing_fragile():
    assert MarginWatch(frozenset({STOP})).rows() == []
