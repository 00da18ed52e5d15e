"""The pytest classes: one test per case, subclassed by the author, as an author would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.testing import mistaken_checks, mistaken_formats, mistaken_scores
from tests.testing.sound.insert import Insert

from sdp.testing import (
    AUGMENTER_CASES,
    EXPORTER_CASES,
    GENERATOR_CASES,
    METRIC_CASES,
    VALIDATOR_CASES,
    AugmenterCases,
    ExporterCases,
    GeneratorCases,
    MetricCases,
    ValidatorCases,
)

ALL = {
    GeneratorCases: GENERATOR_CASES,
    ValidatorCases: VALIDATOR_CASES,
    MetricCases: METRIC_CASES,
    ExporterCases: EXPORTER_CASES,
    AugmenterCases: AUGMENTER_CASES,
}


class TestSameLength(MetricCases):
    metric = mistaken_scores.SameLength
    right = (("abc", "xyz"), ("", ""))
    wrong = (("a", "xyz"), ("x", ""))


@pytest.mark.slow
class TestInsert(GeneratorCases):
    generator = Insert
    n_rows = 60


@pytest.mark.slow
class TestBrief(ValidatorCases):
    validator = mistaken_checks.Brief
    generator = Insert
    n_rows = 60

    def spoil(self, row):
        return row | {"prompt": row["prompt"] * 100}


@pytest.mark.slow
class TestLines(ExporterCases):
    exporter = mistaken_formats.Lines

    def read(self, folder):
        return mistaken_formats.read_lines(folder)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_case_is_a_test_and_says_what_must_hold(kind):
    tests = {name for name in dir(kind) if name.startswith("test_")}
    assert tests == {f"test_{case.__name__}" for case in ALL[kind]}
    assert all(getattr(kind, name).__doc__ for name in tests)


def test_spoilt_rows_are_made_by_the_author_s_own_method():
    subject = TestBrief.subject()
    assert subject.spoilt.num_rows == 20
    assert TestBrief.subject() is subject


def test_a_class_that_says_nothing_has_no_spoilt_rows():
    class Plain(ValidatorCases):
        validator = mistaken_checks.Brief
        n_rows = 60

    assert Plain.subject().spoilt.num_rows == 0


def test_the_kit_needs_no_pytest_and_nothing_heavy():
    heavy = "pytest torch transformers pandas scipy datasets faker jinja2"
    program = f"import sys, sdp.testing; print(*[name for name in '{heavy}'.split() if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


FAILING = """
from sdp.testing import MetricCases
from scores import UpsideDown

class TestUpsideDown(MetricCases):
    metric = UpsideDown
"""


@pytest.mark.slow
def test_what_an_author_reads_when_a_case_fails(tmp_path):
    (tmp_path / "scores.py").write_text(Path(mistaken_scores.__file__).read_text())
    (tmp_path / "test_scores.py").write_text(FAILING)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 failed, 15 passed" in done.stdout, done.stdout
    assert "against 's-t-r-a-w'" in done.stdout
    assert f"at: {tmp_path / 'scores.py'}:" in done.stdout
    assert "higher_is_better = False" in done.stdout
    assert "sdp/testing" not in done.stdout  # no traceback through the kit
