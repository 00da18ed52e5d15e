"""Runs the kit as `sdp plugins check` does, many subjects in one go: other processes are started once for all."""

from sdp.testing import run_cases
from sdp.testing.elsewhere import Elsewhere


def verdicts_of(subjects, cases, hash_seeds=("0",)):
    """Subject's name → case → outcome; how fast things are is left out."""
    elsewhere, found = Elsewhere(subjects, hash_seeds), {}
    wanted = [case for case in cases if case.__name__ != "says_how_fast_it_is"]
    for subject in subjects:
        subject.elsewhere = elsewhere
        found[subject.made.name] = {outcome.case: outcome for outcome in run_cases(wanted, subject)}
    return found


def failed(outcomes):
    """The cases that do not hold."""
    return {name for name, outcome in outcomes.items() if outcome.verdict == "failed"}


def not_ok(outcomes):
    """Case → what is wrong, or why it does not apply."""
    return {name: outcome.what or outcome.note for name, outcome in outcomes.items() if outcome.verdict != "ok"}


def says_all(outcome):
    """Whether a failure says what, where (a line of a file) and how to mend it."""
    file, _, line = outcome.where.rpartition(":")
    return bool(outcome.what and outcome.hint and line.isdigit() and file.endswith(".py"))
