"""Two checkpoints on the same questions: what changed, and whether that is more than chance."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.benchmarks.columns import integers, texts
from sdp.benchmarks.result import TaskComparison, Verdict
from sdp.benchmarks.sentence import describe
from sdp.errors import InputError
from sdp.stats import Comparison, compare_paired, holm

ALPHA = 0.05
"""After Holm."""

CLAIM = (
    "These comparisons say whether two checkpoints differ, one training run each. They say nothing about the training "
    "recipe: another seed gives another checkpoint. That is claim 2, which needs several runs per arm; its command, "
    "`sdp transfer`, does not exist yet."
)


@dataclass(frozen=True)
class _Side:
    """One model's rows of a task that the other answered too, by rising id."""

    keys: list[str]
    exact: npt.NDArray[np.int64]  # (n_pairs,)
    malformed: npt.NDArray[np.int64]  # (n_pairs,)

    @property
    def n_malformed(self) -> int:
        return int(self.malformed.sum())

    @property
    def n_wrong(self) -> int:
        """Wrong answers in the form of an answer."""
        return int(((self.exact == 0) & (self.malformed == 0)).sum())


@dataclass(frozen=True)
class _Pairs:
    task: str
    n_unpaired: int
    before: _Side
    after: _Side
    found: Comparison


def compare(
    before: pa.Table, after: pa.Table, *, label: str, against: str, seed: int = 0, advice: bool = True
) -> list[TaskComparison]:
    """Compares two models task by task.

    The primaries, declared beforehand, are the exact matches of the tasks that both answered; Holm runs over them. The
    test is exact McNemar where every key has one row, else the sign-flip test on key totals: `stats` chooses.

    Args:
        before: The baseline's rows, in ROWS_SCHEMA.
        after: The rows of the model under test.
        label: What the model under test is called.
        against: What the baseline is called.
        seed: Of the sign-flip test's draws, where it needs any.
        advice: Whether the sentence on a fall names the command against it: of use where the model is ours to train.

    Returns:
        One entry per task, in the order of `after`.

    Raises:
        InputError: No task has a row that both answered, or an id occurs twice on one side.
    """
    asked = dict.fromkeys([*texts(after, "task"), *texts(before, "task")])
    tasks = [pairs for task in asked if (pairs := _pair(before, after, task, seed)) is not None]
    if not tasks:
        raise InputError(f"'{label}' and '{against}' have no question in common", hint="bench both on the same data")
    adjusted = holm([pairs.found.p for pairs in tasks])
    rows = [_row(pairs, p_holm, label, against) for pairs, p_holm in zip(tasks, adjusted, strict=True)]
    return [replace(row, sentence=describe(row, len(tasks), advice=advice)) for row in rows]


def _pair(before: pa.Table, after: pa.Table, task: str, seed: int) -> _Pairs | None:
    """Matches rows by id; None where the two share no row of the task."""
    first, second = (_of_task(rows, task) for rows in (before, after))
    common = np.intersect1d(_ids(first), _ids(second), assume_unique=True)
    if common.size == 0:
        return None
    sides = [_side(rows.filter(pc.is_in(rows["id"], pa.array(common)))) for rows in (first, second)]
    return _Pairs(
        task=task,
        n_unpaired=first.num_rows + second.num_rows - 2 * common.size,
        before=sides[0],
        after=sides[1],
        found=compare_paired(sides[0].exact, sides[1].exact, sides[1].keys, seed=seed),
    )


def _of_task(rows: pa.Table, task: str) -> pa.Table:
    return rows.filter(pc.equal(rows["task"], pa.scalar(task))).sort_by("id")


def _ids(rows: pa.Table) -> npt.NDArray[np.uint64]:
    """Gives the ids, (n_rows,); one that occurs twice cannot be paired."""
    ids = np.asarray(rows["id"], dtype=np.uint64)
    twice = np.flatnonzero(ids[1:] == ids[:-1])
    if twice.size:
        raise InputError(f"two rows have the id {int(ids[twice[0]]):016x}", hint="bench on data without duplicates")
    return ids


def _side(rows: pa.Table) -> _Side:
    return _Side(texts(rows, "key"), integers(rows, "exact"), integers(rows, "format_failure"))


def _row(pairs: _Pairs, p_holm: float, label: str, against: str) -> TaskComparison:
    found = pairs.found
    return TaskComparison(
        task=pairs.task,
        label=label,
        against=against,
        n_pairs=found.n,
        n_unpaired=pairs.n_unpaired,
        before=found.before,
        after=found.after,
        difference=found.effect,
        low=found.low,
        high=found.high,
        p=found.p,
        p_holm=p_holm,
        test=found.test,
        n_fixed=found.n_fixed or 0,
        n_broken=found.n_broken or 0,
        mde=found.mde,
        format_failures_before=pairs.before.n_malformed,
        format_failures_after=pairs.after.n_malformed,
        wrong_before=pairs.before.n_wrong,
        wrong_after=pairs.after.n_wrong,
        verdict=_verdict(found.effect, p_holm),
        sentence="",
    )


def _verdict(effect: float, p_holm: float) -> Verdict:
    if p_holm >= ALPHA or effect == 0:
        return "no significant difference"
    return "better" if effect > 0 else "worse"
