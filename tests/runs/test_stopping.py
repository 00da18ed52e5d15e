"""When to stop: by patience, or by somebody's own class."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import ConfigError
from sdp.runs.stopping import Patience, ask, best_of, greater_is_better, load_criterion

VALUES = st.lists(st.integers(0, 9), max_size=20)


def stops_at(values, criterion, metric="eval_loss"):
    """Which of the values ends it; None: none does."""
    said = (ask(criterion, step, {metric: value}) for step, value in enumerate(values))
    return next((step for step, reason in enumerate(said) if reason), None)


def by_definition(values, patience, min_delta, sign):
    """The first place whose last `patience` values are none better than the best before each."""
    for place in range(len(values)):
        best, since = None, 0
        for value in values[: place + 1]:
            if best is None or sign * value < sign * best - min_delta:
                best, since = value, 0
            else:
                since += 1
        if since >= patience:
            return place
    return None


@given(VALUES, st.integers(1, 4), st.sampled_from([0.0, 1.0, 2.5]), st.booleans())
def test_patience_is_what_it_says(values, patience, min_delta, greater):
    criterion = Patience("m", greater_is_better=greater, patience=patience, min_delta=min_delta)
    expected = by_definition(values, patience, min_delta, -1 if greater else 1)
    assert stops_at(values, criterion, "m") == expected


@given(VALUES)
def test_no_patience_never_stops(values):
    assert stops_at(values, Patience("eval_loss", greater_is_better=False, patience=0)) is None


def test_what_is_not_the_metric_changes_nothing():
    criterion = Patience("eval_loss", greater_is_better=False, patience=2)
    logs = [{"eval_loss": 1.0}, {"loss": 9.0}, {"loss": 9.0}, {"eval_loss": 2.0}, {"loss": 9.0}]
    assert [ask(criterion, step, entry) for step, entry in enumerate(logs)] == [None] * 5
    assert "eval_loss has not become better in 2 values" in ask(criterion, 9, {"eval_loss": 2.0})


def test_what_is_no_number_is_not_better():
    assert stops_at([1.0, math.nan, math.nan], Patience("eval_loss", greater_is_better=False, patience=2)) == 2
    assert stops_at([math.nan, 1.0, 0.5, 0.2], Patience("eval_loss", greater_is_better=False, patience=2)) is None


@pytest.mark.parametrize(
    ("metric", "greater"),
    [("eval_loss", False), ("loss", False), ("grad_norm", False), ("eval_ppl", False), ("eval_accuracy", True)],
)
def test_the_name_says_which_way_unless_the_recipe_does(metric, greater):
    assert greater_is_better(metric) is greater
    assert greater_is_better(metric, setting=not greater) is not greater


def test_the_best_is_the_first_of_equals_and_finite():
    log = [{"step": 1, "m": math.nan}, {"step": 2, "m": 3.0}, {"step": 3, "x": 0.0}, {"step": 4, "m": 1.0}]
    log += [{"step": 5, "m": 1.0}, {"step": 6, "m": 3.0}]
    assert best_of(log, "m", greater=False) == (4, 1.0)
    assert best_of(log, "m", greater=True) == (2, 3.0)
    assert best_of(log, "none", greater=False) is None


CRITERION = """
class Enough:
    '''Stops at the first loss below one half.'''

    def should_stop(self, step, metrics):
        return metrics.get('loss', 9) < 0.5

class Says:
    def should_stop(self, step, metrics):
        return f'step {step} is enough' if step > 2 else None

class Fails:
    def should_stop(self, step, metrics):
        return metrics['nothing']

class Answers:
    def should_stop(self, step, metrics):
        return 3.14

class Wants:
    def __init__(self, argument):
        pass

class Silent:
    pass

function = print
"""


@pytest.fixture
def rules(tmp_path):
    """A file in the working folder, under a name that no other test has imported."""
    name = f"rules_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(CRITERION)
    (tmp_path / f"{name}_broken.py").write_text("1 / 0")
    (tmp_path / f"{name}_lacks.py").write_text("import no_such_package_anywhere")
    return name


def test_a_file_in_the_working_folder_has_one_s_own(rules):
    enough = load_criterion(f"{rules}:Enough")
    assert ask(enough, 1, {"loss": 0.6}) is None
    assert ask(enough, 2, {"loss": 0.4}) == "Enough says so"
    assert ask(load_criterion(f"{rules}:Says"), 3, {}) == "step 3 is enough"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("{}", "is not module:Class"),
        (":Enough", "is not module:Class"),
        ("no_such_module:Enough", "there is no module 'no_such_module'"),
        ("{}:Enouhg", "has no class 'Enouhg'"),
        ("{}:function", "has no class"),
        ("{}:Wants", "cannot be made: TypeError"),
        ("{}:Silent", "has no should_stop"),
        ("{}_broken:Enough", "ZeroDivisionError"),
        ("{}_lacks:Enough", "no_such_package_anywhere"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_trained(rules, name, said):
    with pytest.raises(ConfigError, match=said) as caught:
        load_criterion(name.format(rules))
    assert caught.value.where == "stopping.criterion"


def test_near_names_are_named(rules):
    with pytest.raises(ConfigError) as caught:
        load_criterion(f"{rules}:Enouhg")
    assert "did you mean 'Enough'?" in caught.value.hint


@pytest.mark.parametrize(("name", "said"), [("Fails", "failed at step 7: KeyError"), ("Answers", "gave float")])
def test_a_criterion_that_fails_says_where(rules, name, said):
    with pytest.raises(ConfigError, match=said):
        ask(load_criterion(f"{rules}:{name}"), 7, {})


HOSTILE = """
import sys
print("imported")

class Leaves:
    def should_stop(self, step, metrics):
        sys.exit(0)

class LeavesAtOnce:
    def __init__(self):
        sys.exit(0)

class Prints:
    def should_stop(self, step, metrics):
        print("asked")

class Counts:
    def should_stop(self, step, metrics):
        import numpy
        return numpy.float32(metrics["loss"]) < numpy.float32(0.5)
"""


@pytest.fixture
def hostile(tmp_path):
    name = f"hostile_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(HOSTILE)
    (tmp_path / f"{name}_exits.py").write_text("raise SystemExit(0)")
    return name


def test_a_criterion_that_leaves_is_an_error_and_no_success(hostile):
    """A run would end with exit code 0 and nothing trained."""
    for name in (f"{hostile}_exits:It", f"{hostile}:LeavesAtOnce"):
        with pytest.raises(ConfigError, match="SystemExit"):
            load_criterion(name)
    with pytest.raises(ConfigError, match="failed at step 3: SystemExit"):
        ask(load_criterion(f"{hostile}:Leaves"), 3, {})


def test_what_a_criterion_prints_is_no_result(hostile, capsys):
    assert ask(load_criterion(f"{hostile}:Prints"), 3, {}) is None
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "imported\nasked\n"


def test_truths_of_numpy_are_truths(hostile):
    counts = load_criterion(f"{hostile}:Counts")
    assert ask(counts, 1, {"loss": 0.6}) is None
    assert ask(counts, 2, {"loss": 0.4}) == "Counts says so"
