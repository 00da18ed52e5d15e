"""The kit that tests plugins: what they do, not what they look like.

Subclass a class, name what it is to test, and pytest finds the cases::

    from sdp.testing import GeneratorCases

    class TestMirror(GeneratorCases):
        generator = Mirror

``sdp plugins check`` runs the same cases without a test file.
"""

from sdp.testing.augmenters import AUGMENTER_CASES, AugmenterSubject
from sdp.testing.case import Case, CaseFailed, DoesNotApply, Outcome, run_case, run_cases
from sdp.testing.classes import AugmenterCases, ExporterCases, GeneratorCases, MetricCases, ValidatorCases
from sdp.testing.exporters import EXPORTER_CASES, ExporterSubject
from sdp.testing.generators import GENERATOR_CASES, GeneratorSubject
from sdp.testing.metrics import METRIC_CASES, MetricSubject
from sdp.testing.tables import all_questions, oracle_answers, table_of
from sdp.testing.validators import VALIDATOR_CASES, ValidatorSubject

__all__ = [
    "AUGMENTER_CASES",
    "EXPORTER_CASES",
    "GENERATOR_CASES",
    "METRIC_CASES",
    "VALIDATOR_CASES",
    "AugmenterCases",
    "AugmenterSubject",
    "Case",
    "CaseFailed",
    "DoesNotApply",
    "ExporterCases",
    "ExporterSubject",
    "GeneratorCases",
    "GeneratorSubject",
    "MetricCases",
    "MetricSubject",
    "Outcome",
    "ValidatorCases",
    "ValidatorSubject",
    "all_questions",
    "oracle_answers",
    "run_case",
    "run_cases",
    "table_of",
]
