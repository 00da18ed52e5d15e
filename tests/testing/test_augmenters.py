"""The kit against augmenters: a sound one passes, and each mistake is found by the case that is there for it."""

from tests.testing import mistaken_augmenters
from tests.testing.cases import failed, not_ok, says_all, verdicts_of

from sdp.api import Augmenter
from sdp.testing import AUGMENTER_CASES, AugmenterSubject

MISTAKES = {
    "alternating": ("rows_stand_for_themselves", "depends on those before it"),
    "empty": ("does_its_work", "augment gives ''"),
    "idle": ("changes_something", "it changes 0 of 130 questions"),
    "loud": ("leaves_what_is_asked_about", "had to stay in"),
}
"""Name → the case that fails, and what it says."""


def test_a_sound_augmenter_passes_and_each_mistake_fails_the_case_that_is_there_for_it():
    kinds = [kind for kind in vars(mistaken_augmenters).values() if isinstance(kind, type) and kind is not Augmenter]
    verdicts = verdicts_of([AugmenterSubject(kind) for kind in kinds], AUGMENTER_CASES)
    assert set(verdicts) - set(MISTAKES) == {"please"}
    assert not_ok(verdicts["please"]) == {}
    for name, (case, text) in MISTAKES.items():
        outcome = verdicts[name][case]
        assert case in failed(verdicts[name]), (name, not_ok(verdicts[name]))
        assert text in outcome.what
        assert says_all(outcome), outcome
        assert mistaken_augmenters.__file__ in outcome.where
