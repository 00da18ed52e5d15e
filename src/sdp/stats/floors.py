"""What guessing gives: an accuracy without its floor says nothing."""

from collections import Counter
from collections.abc import Iterable

from sdp.errors import InputError
from sdp.stats.results import Floor


def majority_floor(answers: Iterable[str]) -> Floor:
    """Finds the most frequent answer and its share: the accuracy of always giving it.

    Descriptive of these rows: no interval, no test. Ties go to the answer that sorts first, so that the order of the
    rows plays no part.

    Args:
        answers: The expected answer of each row.

    Returns:
        The answer, its share in 0..1, and how many answers tie.

    Raises:
        InputError: No rows, or an answer that is not text (with its row).
    """
    listed = list(answers)
    if not listed:
        raise InputError("there are no answers to take a floor from")
    for row, answer in enumerate(listed):
        if not isinstance(answer, str):
            raise InputError(f"an answer must be text, not {answer!r}", where=f"row {row} (the first row is 0)")
    counts = Counter(listed)
    top = max(counts.values())
    tied = sorted(answer for answer, count in counts.items() if count == top)
    return Floor(answer=tied[0], share=top / len(listed), n=len(listed), n_tied=len(tied))
