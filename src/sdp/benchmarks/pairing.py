"""Which prediction answers which question: by id where both sides have ids, else line by line."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from sdp.benchmarks.columns import texts
from sdp.benchmarks.predictions.recorded import Recorded
from sdp.benchmarks.references import References, answers, check_ids
from sdp.errors import InputError

_SAME_ORDER: Final = (
    "the two files are not of the same questions in the same order; ids on both sides pair in any order"
)


@dataclass(frozen=True)
class Pairing:
    """Questions with their predictions, in the order of the questions.

    Attributes:
        rows: Rows of the references.  # (n_pairs,)
        places: The predictions that answer them.  # (n_pairs,)
        by: How they were found.
        n_unanswered: Questions without a prediction.
        n_unknown: Predictions whose id no question has.
        notes: What the reader should know.
    """

    rows: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    by: Literal["id", "line"]
    n_unanswered: int
    n_unknown: int
    notes: list[str]


def pair(references: References, recorded: Recorded) -> Pairing:
    """Pairs predictions with questions.

    Args:
        references: The questions.
        recorded: The predictions.

    Returns:
        At least one pair.

    Raises:
        InputError: Ids that occur twice or have nothing in common; without ids, different lengths, or another answer
            or question in the predictions' file than in the references.
    """
    if recorded.numbers is not None and (references.has_ids or recorded.is_ours):
        return _by_id(references, recorded, recorded.numbers)
    return _by_line(references, recorded)


def _by_id(references: References, recorded: Recorded, said: npt.NDArray[np.uint64]) -> Pairing:
    check_ids(said, recorded.names, str(recorded.path))
    _, rows, places = np.intersect1d(references.numbers, said, assume_unique=True, return_indices=True)
    if rows.size == 0:
        asked = references.asked["id"][0].as_py()
        raise InputError(
            f"none of the {said.size:,} ids of '{recorded.label}' is among the {references.asked.num_rows:,} "
            "questions", where=str(recorded.path),
            hint=f"ids of the references look like {asked:016x} (their own, or a hash of it), those of the predictions "
            f"like {recorded.names[0] if recorded.names else ''}; --id names another field",
        )  # fmt: skip
    order = np.argsort(rows)
    found = Pairing(
        rows=rows[order],
        places=places[order],
        by="id",
        n_unanswered=references.asked.num_rows - rows.size,
        n_unknown=said.size - rows.size,
        notes=[],
    )
    other = _other_answers(references, recorded, found)
    if other.size:
        found.notes.append(
            f"{recorded.label}: {other.size:,} rows say another right answer than the reference; the reference counts"
        )
    return found


def _by_line(references: References, recorded: Recorded) -> Pairing:
    n_asked, n_said = references.asked.num_rows, len(recorded.outputs)
    if n_asked != n_said:
        raise InputError(
            f"{n_said:,} predictions of '{recorded.label}' and {n_asked:,} references do not pair line by line",
            where=str(recorded.path),
            hint="one prediction for each reference, in the same order; or ids on both sides, which pair in any order",
        )
    everything = np.arange(n_asked)
    found = Pairing(everything, everything, "line", 0, 0, [])
    other = _other_answers(references, recorded, found)
    if other.size:
        row = int(other[0])
        wanted, logged = answers(references)[row], (recorded.references or [])[row] or ""
        raise InputError(
            f"{other.size:,} of {n_said:,} rows say another right answer than the reference beside them, the first "
            f"{logged[:40]!r} for {wanted[:40]!r}",
            where=recorded.place(row),
            hint=_SAME_ORDER,
        )
    found.notes.extend(_other_questions(references, recorded))
    return found


def _other_questions(references: References, recorded: Recorded) -> list[str]:
    """Refuses lines whose question is that of another line; one that no line has may be worded otherwise: a note."""
    if recorded.prompts is None:
        return []
    asked = texts(references.asked, "prompt")
    there = {prompt for prompt in asked if prompt}
    pairs = enumerate(zip(asked, recorded.prompts, strict=True))
    differ = [row for row, (beside, logged) in pairs if beside and logged and beside != logged]
    other = [row for row in differ if recorded.prompts[row] in there]
    if other:
        logged = recorded.prompts[other[0]] or ""
        raise InputError(
            f"{len(other):,} of {len(asked):,} rows answer another question than the one beside them, the first "
            f"{logged[:40]!r} for {asked[other[0]][:40]!r}",
            where=recorded.place(other[0]),
            hint=_SAME_ORDER,
        )
    text = "rows have another question than the references, which no other row asks; paired by line all the same"
    return [f"{recorded.label}: {len(differ):,} {text}"] if differ else []


def _other_answers(references: References, recorded: Recorded, pairs: Pairing) -> npt.NDArray[np.int64]:
    """Finds predictions whose own file says that something else is right."""
    if recorded.references is None:
        return np.empty(0, dtype=np.int64)
    wanted, logged = answers(references), recorded.references
    both = zip(pairs.rows.tolist(), pairs.places.tolist(), strict=True)
    differ = [place for row, place in both if not _agree(wanted[row], logged[place])]
    return np.array(differ, dtype=np.int64)


def _agree(wanted: str, logged: str | None) -> bool:
    return not logged or wanted.strip() == logged.strip()
