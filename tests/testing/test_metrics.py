"""The kit against scores: a sound one passes, and each mistake is found by the case that is there for it."""

from tests.testing import mistaken_scores
from tests.testing.cases import failed, not_ok, says_all, verdicts_of

from sdp.api import Metric
from sdp.testing import METRIC_CASES, MetricSubject, run_case
from sdp.testing.metrics import prefers_what_is_right

MISTAKES = {
    "constant": ("prefers_what_is_right", "every prediction has the same score"),
    "in_order": ("the_whole_does_not_depend_on_order", "in the opposite order"),
    "listed": ("does_its_work", "rows gives list where float64"),
    "needs_rows": ("takes_no_rows", "ZeroDivisionError"),
    "numbered": ("signs_its_scores", "after scoring"),
    "relative": ("rows_stand_for_themselves", "among all"),
    "silent": ("signs_its_scores", "the signature is ''"),
    "sorter": ("leaves_its_input_alone", "it changes the lists"),
    "undefined": ("does_its_work", "is inf"),
    "upside_down": ("prefers_what_is_right", "and the right"),
}
"""Name → the case that fails, and what it says."""


def test_a_sound_score_passes_and_each_mistake_fails_the_case_that_is_there_for_it():
    kinds = [kind for kind in vars(mistaken_scores).values() if isinstance(kind, type) and kind is not Metric]
    verdicts = verdicts_of([MetricSubject(kind) for kind in kinds], METRIC_CASES)
    assert set(verdicts) - set(MISTAKES) == {"same_length"}
    assert not_ok(verdicts["same_length"]) == {}
    for name, (case, text) in MISTAKES.items():
        outcome = verdicts[name][case]
        assert case in failed(verdicts[name]), (name, not_ok(verdicts[name]))
        assert text in outcome.what
        assert says_all(outcome), outcome
        assert mistaken_scores.__file__ in outcome.where


def test_an_author_s_own_pairs_are_heeded():
    right, wrong = (("abc", "xyz"),), (("a", "xyz"),)
    assert run_case(prefers_what_is_right, MetricSubject(mistaken_scores.SameLength, right, wrong)).verdict == "ok"
    turned = run_case(prefers_what_is_right, MetricSubject(mistaken_scores.SameLength, right, (("zzz", "xyz"),)))
    assert turned.what == "'zzz' against 'xyz' scores 1, no worse than a right one"
