"""The pytest classes: one test per case, and what an author may say about the thing under test."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from sdp.contract.augmenter import Augmenter, AugmentOptions
from sdp.contract.exporter import Exporter, ExportOptions
from sdp.contract.generator import Generator
from sdp.contract.metric import Metric
from sdp.contract.options import TaskOptions
from sdp.contract.validator import Validator
from sdp.errors import SdpError
from sdp.testing.augmenters import AUGMENTER_CASES, AugmenterSubject
from sdp.testing.case import Case, DoesNotApply
from sdp.testing.exporters import EXPORTER_CASES, ExporterSubject
from sdp.testing.generators import GENERATOR_CASES, GeneratorSubject
from sdp.testing.metrics import METRIC_CASES, MetricSubject
from sdp.testing.questions import N_ROWS, WORDS
from sdp.testing.subject import Subject
from sdp.testing.validators import VALIDATOR_CASES, ValidatorSubject

Cases = TypeVar("Cases", bound=type)


def _tests(*cases: Case) -> Callable[[Cases], Cases]:
    """Gives a class one test method per case; a case that has nothing to ask passes."""

    def decorate(cls: Cases) -> Cases:
        for case in cases:
            setattr(cls, f"test_{case.__name__}", _method(case))
        return cls

    return decorate


def _method(case: Case) -> Callable[[Any], None]:
    def test(self: Any) -> None:
        try:
            case(self.subject())
        except DoesNotApply:
            return
        except SdpError as error:
            # What, where and how to mend it: a traceback through the kit would say less.
            pytest: Any = sys.modules.get("pytest")  # there if it runs this, and not needed otherwise
            if pytest is None:
                raise
            pytest.fail(str(error), pytrace=False)

    test.__name__, test.__doc__ = f"test_{case.__name__}", case.__doc__
    return test


class _Cases:
    """Makes the subject once per class, since the cases share what was worked out."""

    @classmethod
    def subject(cls) -> Subject:
        """What the cases ask."""
        if "_subject" not in vars(cls):
            cls._subject = cls.make_subject()  # type: ignore[attr-defined]  # kept per class, not inherited
        subject: Subject = vars(cls)["_subject"]
        return subject

    @classmethod
    def make_subject(cls) -> Subject:
        """Makes it of what the class says."""
        raise NotImplementedError


@_tests(*GENERATOR_CASES)
class GeneratorCases(_Cases):
    """What every task must do. Subclass it and name the task."""

    generator: type[Generator]
    """The class under test."""
    options: ClassVar[TaskOptions | None] = None
    """How the task is set up."""
    words: ClassVar[str] = WORDS
    """What a finite task is asked about, as `sdp generate --words` takes it."""
    n_rows: ClassVar[int] = N_ROWS
    """Rows that are made; fewer for a task that has fewer."""
    template_dirs: ClassVar[Sequence[Path]] = ()
    """Folders of phrasings, if the plugin that gives them is not installed."""

    @classmethod
    def make_subject(cls) -> GeneratorSubject:
        """Makes the subject."""
        return GeneratorSubject(
            cls.generator, cls.options or TaskOptions(), cls.words, cls.n_rows, tuple(map(Path, cls.template_dirs))
        )


@_tests(*VALIDATOR_CASES)
class ValidatorCases(_Cases):
    """What every check must do. Subclass it and name the check; `spoil` makes a row that it must reject."""

    validator: type[Validator]
    """The class under test."""
    generator: ClassVar[type[Generator] | None] = None
    """Whose rows it judges; those of `spelling` if none is named."""
    words: ClassVar[str] = WORDS
    n_rows: ClassVar[int] = N_ROWS

    def spoil(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """Changes a good row so that the check must reject it.

        Args:
            row: A row of the data set, in the row schema.

        Returns:
            The spoilt row, or None if this one cannot be spoilt.
        """
        del row
        return None

    @classmethod
    def make_subject(cls) -> ValidatorSubject:
        """Makes the subject."""
        spoils = cls.spoil is not ValidatorCases.spoil
        return ValidatorSubject.of(
            cls.validator, cls.generator, cls.words, cls.n_rows, spoil=cls().spoil if spoils else None
        )


@_tests(*METRIC_CASES)
class MetricCases(_Cases):
    """What every score must do. Subclass it and name the score."""

    metric: type[Metric]
    """The class under test."""
    right: ClassVar[Sequence[tuple[str, str]]] = ()
    """Pairs of prediction and reference that must have the best score; any reference beside itself if none is given."""
    wrong: ClassVar[Sequence[tuple[str, str]]] = ()
    """Pairs that must score worse."""

    @classmethod
    def make_subject(cls) -> MetricSubject:
        """Makes the subject."""
        return MetricSubject(cls.metric, tuple(cls.right), tuple(cls.wrong))


@_tests(*EXPORTER_CASES)
class ExporterCases(_Cases):
    """What every format must do. Subclass it and name the format; `read` reads rows back."""

    exporter: type[Exporter]
    """The class under test."""
    options: ClassVar[ExportOptions | None] = None
    """What it is made with, if it uses any of them."""

    def read(self, folder: Path) -> list[Mapping[str, Any]]:
        """Reads what was written, all splits together.

        Args:
            folder: As given to `Exporter.write`.

        Returns:
            One mapping per row; prompt and answer must stand in it somewhere.
        """
        raise NotImplementedError(str(folder))

    @classmethod
    def make_subject(cls) -> ExporterSubject:
        """Makes the subject."""
        reads = cls.read is not ExporterCases.read
        return ExporterSubject(cls.exporter, cls.options, read=cls().read if reads else None)


@_tests(*AUGMENTER_CASES)
class AugmenterCases(_Cases):
    """What every augmenter must do. Subclass it and name the augmenter."""

    augmenter: type[Augmenter]
    """The class under test."""
    options: ClassVar[AugmentOptions | None] = None
    """What it is made with."""

    @classmethod
    def make_subject(cls) -> AugmenterSubject:
        """Makes the subject."""
        return AugmenterSubject(cls.augmenter, cls.options)
