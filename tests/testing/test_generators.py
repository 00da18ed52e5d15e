"""The kit against tasks: sound ones pass, and each mistake is found by the case that is there for it.

One test asks everything: the tasks share their other processes, which are what takes time.
"""

from pathlib import Path

from tests.testing.cases import failed, not_ok, says_all, verdicts_of

from sdp.plugins.manager import load
from sdp.testing import GENERATOR_CASES, GeneratorSubject, run_case
from sdp.testing.child import bring
from sdp.testing.elsewhere import HASH_SEEDS

HERE = Path(__file__).parent
MISTAKES = {
    "by_index": ("neighbouring_seeds_share_nothing", "seeds 0 and 1 agree in 60 of 60 rows"),
    "global_random": ("leaves_global_random_alone", "it uses the global random numbers of random"),
    "heavy_import": ("imports_lightly", "imports pandas"),
    "leaks": ("splits_stay_apart", "belonged to"),
    "narrow_pattern": ("answers_fit_the_pattern", "does not match [a-z]{6,}"),
    "remembers": ("rows_do_not_depend_on_order", "depends on the rows made before it"),
    "set_order": ("is_the_same_in_any_process", "with PYTHONHASHSEED="),
    "silent_field": ("wrong_rows_are_rejected", "another 'mood' changes nothing"),
    "stale_words": ("splits_stay_apart", "question 0 about validation words is another"),
    "unpicklable": ("travels", "cannot be pickled"),
    "unseeded": ("repeats_itself", "made anew, result"),
    "wrong_oracle": ("oracle_agrees", "the generator answers"),
}
"""Module in broken/ → the one case that fails, and what it says."""
FAR_REACHING = {
    "capacity_lie": ("capacity_is_told_truthfully", "question 1 of 'all' about 'the' is question 0"),
    "poor": ("capacity_is_told_truthfully", "600 draws gave 25 distinct questions, 60 are wanted"),
}
"""Mistakes that other cases stumble over too."""
LINES = {
    "global_random": "random.seed(",
    "heavy_import": "import pandas",
    "set_order": "def row",
    "unpicklable": "def __init__",
    "wrong_oracle": "def solve",
}
"""What stands on the line that is to be looked at."""


def task(file):
    return GeneratorSubject(bring(f"kit_{file.stem}", str(file)).sdp_generators()[0], n_rows=60)


def file_of(name):
    return HERE / "broken" / f"{name}.py"


def line_of(name):
    lines = file_of(name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if LINES[name] in line)


def test_sound_tasks_pass_and_each_mistake_fails_the_case_that_is_there_for_it():
    files = sorted((HERE / "broken").glob("*.py"))
    assert {file.stem for file in files} == {*MISTAKES, *FAR_REACHING}
    sound = [task(HERE / "sound" / "insert.py"), GeneratorSubject(load().get_generator("count"), n_rows=60)]
    found = verdicts_of([*sound, *map(task, files)], GENERATOR_CASES, HASH_SEEDS)

    assert {name: not_ok(found[name]) for name in ("insert", "count")} == {"insert": {}, "count": {}}
    assert {name: failed(found[name]) for name in MISTAKES} == {name: {case} for name, (case, _) in MISTAKES.items()}
    for name, (case, text) in (MISTAKES | FAR_REACHING).items():
        outcome = found[name][case]
        assert text in outcome.what
        assert says_all(outcome), outcome
        assert outcome.where.startswith(str(file_of(name)))
        assert name not in LINES or outcome.where == f"{file_of(name)}:{line_of(name)}"

    # The row is shown, whole.
    said = found["wrong_oracle"]["oracle_agrees"].what
    assert all(part in said for part in ("answers '", "the oracle '", "word '", "letter '", "added '"))
    # What several cases stumble over is told once.
    assert failed(found["poor"]) == {"capacity_is_told_truthfully", "splits_stay_apart"}
    assert found["poor"]["own_rows_are_accepted"].note == "stopped by what splits_stay_apart tells"


def test_throughput_is_told():
    case = next(case for case in GENERATOR_CASES if case.__name__ == "says_how_fast_it_is")
    outcome = run_case(case, GeneratorSubject(load().get_generator("spelling"), n_rows=50))
    assert outcome.verdict == "ok"
    assert outcome.note.endswith(" rows/s, 20,000 rows")
