"""The kit against checks: sound ones pass, and each mistake is found by the case that is there for it."""

from tests.testing import mistaken_checks
from tests.testing.cases import failed, not_ok, says_all, verdicts_of

from sdp.api import Validator
from sdp.testing import VALIDATOR_CASES, ValidatorSubject

MISTAKES = {
    "booleans": ("does_its_work", "reasons gives bool"),
    "by_chunk": ("chunks_do_not_matter", "in chunks of"),
    "by_order": ("order_does_not_matter", "in the opposite order"),
    "empty_handed": ("judges_any_number_of_rows", "ZeroDivisionError"),
    "blind": ("rejects_spoilt_rows", "it accepts a spoilt row"),
    "grumpy": ("accepts_good_rows", "it rejects a good row, 'too long'"),
    "one_short": ("does_its_work", "rows"),
    "one_text": ("does_its_work", "finish gives 'prompts are too long'"),
    "scribbler": ("leaves_its_input_alone", "it changes the rows that it judges"),
}
"""Name → the case that fails, and what it says."""


def long_prompt(row):
    return row | {"prompt": "a" * (mistaken_checks.LONGEST + 1)}


def test_sound_checks_pass_and_each_mistake_fails_the_case_that_is_there_for_it():
    kinds = [kind for kind in vars(mistaken_checks).values() if isinstance(kind, type) and kind is not Validator]
    subjects = [ValidatorSubject.of(kind, n_rows=60, spoil=long_prompt) for kind in kinds]
    verdicts = verdicts_of(subjects, VALIDATOR_CASES)
    assert {"brief", "whole"} == set(verdicts) - set(MISTAKES)
    assert (not_ok(verdicts["brief"]), not_ok(verdicts["whole"])) == ({}, {})
    for name, (case, text) in MISTAKES.items():
        outcome = verdicts[name][case]
        assert case in failed(verdicts[name])
        assert text in outcome.what
        assert says_all(outcome), outcome
        assert mistaken_checks.__file__ in outcome.where
