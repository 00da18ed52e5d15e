"""The kit against formats: a sound one passes, and each mistake is found by the case that is there for it."""

from tests.testing import mistaken_formats
from tests.testing.cases import failed, not_ok, says_all, verdicts_of

from sdp.api import Exporter
from sdp.testing import EXPORTER_CASES, ExporterSubject

MISTAKES = {
    "ascii": ("keeps_every_text", "cannot be read back"),
    "dated": ("repeats_itself", "is another"),
    "first_only": ("reads_batch_by_batch", "it read 3 of 20 batches"),
    "forgetful": ("writes_every_row_once", "200 rows were given, 170 can be read back"),
    "hoarder": ("reads_batch_by_batch", "batches at once"),
    "promising": ("does_its_work", "'README.md' is listed and is not there"),
    "secretive": ("does_its_work", "'notes.md' is there and is not listed"),
    "straying": ("lists_what_it_wrote", "it writes 'last_export.txt' outside its folder"),
    "unsplit": ("takes_empty_splits", "IndexError"),
}
"""Name → the case that fails, and what it says."""


def test_a_sound_format_passes_and_each_mistake_fails_the_case_that_is_there_for_it():
    kinds = [kind for kind in vars(mistaken_formats).values() if isinstance(kind, type) and issubclass(kind, Exporter)]
    subjects = [ExporterSubject(kind, read=mistaken_formats.read_lines) for kind in kinds if kind is not Exporter]
    verdicts = verdicts_of(subjects, EXPORTER_CASES)
    assert set(verdicts) - set(MISTAKES) == {"lines"}
    assert not_ok(verdicts["lines"]) == {}
    for name, (case, text) in MISTAKES.items():
        outcome = verdicts[name][case]
        assert case in failed(verdicts[name]), (name, not_ok(verdicts[name]))
        assert text in outcome.what
        assert says_all(outcome), outcome
        assert mistaken_formats.__file__ in outcome.where
