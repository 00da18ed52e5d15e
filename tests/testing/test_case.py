"""What comes of one case: a verdict, and where to look."""

from sdp.api import Metric
from sdp.errors import ExitCode, InputError
from sdp.testing import CaseFailed, DoesNotApply, run_case, run_cases
from sdp.testing.case import place_of, title_of


class Thing:
    """Under test."""


class Subject:
    made = Thing


def holds(subject):
    """It holds. More of it is not shown."""
    return "one row"


def fails(subject):
    """It fails."""
    raise CaseFailed("no such luck", where="a.py:1", hint="try again")


def fails_alike(subject):
    """It fails for the same reason."""
    raise CaseFailed("no such luck", where="a.py:1", hint="try again")


def refuses(subject):
    """It refuses its input."""
    raise InputError("no such words")


def breaks(subject):
    """It breaks."""
    return {}["key"]


def has_nothing_to_ask(subject):
    """It does not apply."""
    raise DoesNotApply("no rows")


def test_verdicts():
    outcomes = list(run_cases([holds, fails, fails_alike, refuses, breaks, has_nothing_to_ask], Subject()))
    assert [outcome.verdict for outcome in outcomes] == ["ok", "failed", "n/a", "failed", "failed", "n/a"]
    assert outcomes[0].note == "one row"
    assert outcomes[2].note == "stopped by what fails tells"
    assert outcomes[5].note == "no rows"


def test_a_failure_without_a_place_gets_the_class_s():
    assert run_case(refuses, Subject()).where == place_of(Thing)


def test_whatever_else_is_raised_is_told_with_its_own_line():
    outcome = run_case(breaks, Subject())
    assert outcome.what == "it raised KeyError: 'key'"
    assert outcome.where == f"{__file__}:{breaks.__code__.co_firstlineno + 2}"


def test_the_title_is_the_first_line():
    assert title_of(holds) == "It holds. More of it is not shown"


def test_a_failed_case_is_a_failed_check():
    assert CaseFailed.exit_code is ExitCode.CHECK_FAILED


def test_where_to_look_is_the_author_s_own_method_or_else_the_class():
    class Own(Metric):
        def rows(self, predictions, references):
            return predictions

    first = Own.rows.__code__.co_firstlineno
    assert place_of(Own, "rows") == f"{__file__}:{first}"
    assert place_of(Own, "corpus") == f"{__file__}:{first - 1}"
