"""Cases for scores: what every metric must do."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sdp.contract.metric import Metric
from sdp.testing.case import Case, CaseFailed, place_of
from sdp.testing.every_kind import COMMON
from sdp.testing.subject import Subject

REFERENCES = ("s-t-r-a-w", "3", "r", "écru", "straw", "É", "مدرسة", "हिन्दी", "👩‍🚀", "a, b", "two words", "0")
"""Answers as tasks have them: letters of several scripts, numbers, clusters, words."""
PREDICTIONS = (*REFERENCES, "", " ", "s-t-r-a-w-", "13", "R", "the answer is 3", "one\ntwo", "\u202eabc", "x" * 2000)
"""And what models say besides."""
SAME = 1e-9


@dataclass
class MetricSubject(Subject):
    """A score under test, and pairs of prediction and reference."""

    made: type[Metric]
    right: tuple[tuple[str, str], ...] = ()
    """Pairs that must have the best score."""
    wrong: tuple[tuple[str, str], ...] = ()
    """Pairs that must score worse."""

    @property
    def method(self) -> str:
        """What it defines."""
        return "rows"

    def instance(self) -> Metric:
        """Makes the score."""
        return self.made()

    def work(self, instance: Any) -> list[Any]:
        """Scores every pair, each and together, and asks how."""
        predictions, references = self.pairs
        scores = self.scores(instance, predictions, references)
        return [*scores.tolist(), float(instance.corpus(predictions, references)), instance.signature]

    @property
    def pairs(self) -> tuple[list[str], list[str]]:
        """Every prediction with every reference, and the author's own pairs."""
        made = [(said, wanted) for wanted in REFERENCES for said in PREDICTIONS] if not self.right else []
        made += [*self.right, *self.wrong]
        return [said for said, _ in made], [wanted for _, wanted in made]

    def scores(self, instance: Metric, said: Sequence[str], wanted: Sequence[str]) -> npt.NDArray[np.float64]:
        """Asks for scores and checks their form."""
        scores: Any = instance.rows(said, wanted)
        where = place_of(self.made, "rows")
        if not (isinstance(scores, np.ndarray) and scores.shape == (len(said),) and scores.dtype == np.float64):
            got = f"{scores.dtype} {scores.shape}" if isinstance(scores, np.ndarray) else type(scores).__name__
            raise CaseFailed(
                f"rows gives {got} where float64 ({len(said)},) belongs",
                where=where,
                hint="np.array([…], dtype=float): one score per row",
            )
        for prediction, reference, score in zip(said, wanted, scores.tolist(), strict=True):
            if not math.isfinite(score):
                raise CaseFailed(
                    f"the score of {prediction!r} against {reference!r} is {score}",
                    where=where,
                    hint="every pair has a finite score, an empty prediction too",
                )
        return np.asarray(scores)


def scores_every_row(subject: MetricSubject) -> str:
    """One finite score per row, whatever a model says: nothing, other scripts, several lines."""
    said, wanted = subject.pairs
    subject.scores(subject.instance(), said, wanted)
    subject.scores(subject.instance(), tuple(said), tuple(wanted))
    return f"{len(said)} pairs"


def takes_no_rows(subject: MetricSubject) -> None:
    """No rows give no scores, and together a number or NaN."""
    instance = subject.instance()
    subject.scores(instance, [], [])
    float(instance.corpus([], []))


def prefers_what_is_right(subject: MetricSubject) -> str:
    """A perfect prediction has the best score, and at least one wrong one a worse score."""
    instance, sign = subject.instance(), 1 if subject.made.higher_is_better else -1
    right = subject.right or tuple((text, text) for text in REFERENCES)
    best = sign * subject.scores(instance, [said for said, _ in right], [wanted for _, wanted in right])
    worse = 0
    for (said, wanted), score in zip(right, best.tolist(), strict=True):
        wrong = [other for other, of in subject.wrong if of == wanted] if subject.wrong else list(PREDICTIONS)
        others = sign * subject.scores(instance, wrong, [wanted] * len(wrong))
        for other, found in zip(wrong, others.tolist(), strict=True):
            if found > score + SAME:
                raise CaseFailed(
                    f"against {wanted!r}, {other!r} scores {sign * found:g} and the right {said!r} {sign * score:g}",
                    where=place_of(subject.made, "rows"),
                    hint="nothing is better than the answer itself; a score where less is better says "
                    "higher_is_better = False",
                )
            worse += found < score - SAME
    _refuse_equals(subject, instance, best, sign)
    if not worse and not subject.wrong:
        raise CaseFailed(
            "every prediction has the same score",
            where=place_of(subject.made, "rows"),
            hint="name pairs that tell right from wrong: right = […], wrong = […]",
        )
    return f"best {sign * best.max():g}"


def _refuse_equals(subject: MetricSubject, instance: Metric, best: npt.NDArray[np.float64], sign: int) -> None:
    """The author's wrong pairs are all worse than every right one."""
    for said, wanted in subject.wrong:
        score = sign * float(subject.scores(instance, [said], [wanted])[0])
        if score >= best.min() - SAME:
            raise CaseFailed(
                f"{said!r} against {wanted!r} scores {sign * score:g}, no worse than a right one",
                where=place_of(subject.made, "rows"),
                hint="it stands in `wrong`: it must score worse",
            )


def rows_stand_for_themselves(subject: MetricSubject) -> None:
    """A row's score does not depend on the rows around it, nor on their order."""
    instance, (said, wanted) = subject.instance(), subject.pairs
    whole, where = subject.scores(instance, said, wanted), place_of(subject.made, "rows")
    middle = len(said) // 2
    halves = [subject.scores(instance, said[part], wanted[part]) for part in (slice(middle), slice(middle, None))]
    backwards = subject.scores(instance, said[::-1], wanted[::-1])[::-1]
    alone = [float(subject.scores(instance, [one], [other])[0]) for one, other in zip(said, wanted, strict=True)]
    for how, other in (("in halves", np.concatenate(halves)), ("backwards", backwards), ("alone", np.array(alone))):
        changed = np.flatnonzero(np.abs(whole - other) > SAME)
        if len(changed):
            place = int(changed[0])
            raise CaseFailed(
                f"{said[place]!r} against {wanted[place]!r} scores {whole[place]:g} among all, {other[place]:g} {how}",
                where=where,
                hint="what looks at all rows together belongs into corpus()",
            )


def the_whole_does_not_depend_on_order(subject: MetricSubject) -> None:
    """All rows together score the same in any order."""
    instance, (said, wanted) = subject.instance(), subject.pairs
    one, other = (float(instance.corpus(said[::step], wanted[::step])) for step in (1, -1))
    if not (math.isfinite(one) and math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)):
        raise CaseFailed(
            f"all rows together score {one:g}, in the opposite order {other:g}",
            where=place_of(subject.made, "corpus"),
            hint="a finite number that rows in any order give",
        )


def signs_its_scores(subject: MetricSubject) -> str:
    """The signature says in one line how the score is made, always the same."""
    signature: Any = subject.instance().signature
    where = place_of(subject.made)
    if not (isinstance(signature, str) and signature.strip() and "\n" not in signature):
        raise CaseFailed(
            f"the signature is {signature!r}", where=where, hint="one line: all that would change the score"
        )
    again = subject.instance()
    subject.scores(again, *subject.pairs)
    if again.signature != signature:
        raise CaseFailed(
            f"the signature was {signature!r} and is {again.signature!r} after scoring",
            where=where,
            hint="two scores are compared if their signatures are equal: keep counts and dates out of it",
        )
    return signature


def leaves_its_input_alone(subject: MetricSubject) -> None:
    """Predictions and references are what they were after scoring."""
    said, wanted = subject.pairs
    subject.scores(subject.instance(), said, wanted)
    if (said, wanted) != subject.pairs:
        raise CaseFailed(
            "it changes the lists that it scores", where=place_of(subject.made, "rows"), hint="copy before you sort"
        )


def says_how_fast_it_is(subject: MetricSubject) -> str:
    """Rows per second, in this process (told, never judged)."""
    instance, (said, wanted) = subject.instance(), subject.pairs
    start = time.perf_counter()
    subject.scores(instance, said, wanted)
    return f"{len(said) / max(time.perf_counter() - start, 1e-9):,.0f} rows/s, {len(said)} rows"


METRIC_CASES: tuple[Case, ...] = (
    *COMMON,
    scores_every_row,
    takes_no_rows,
    prefers_what_is_right,
    rows_stand_for_themselves,
    the_whole_does_not_depend_on_order,
    signs_its_scores,
    leaves_its_input_alone,
    says_how_fast_it_is,
)
"""What a score must do."""
