"""Examples with more tokens than the model reads: refused, left out, or with a shorter question; always counted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdp.errors import InputError
from sdp.finetuning.examples import Examples
from sdp.recipes.schema import TooLong


@dataclass(frozen=True, slots=True)
class Fitted:
    """Examples that the model can read."""

    examples: Examples
    n_dropped: int
    n_truncated: int
    """With a question that lost tokens."""


def pick_limit(wanted: int | None, readable: int | None) -> int | None:
    """Says how long an example may be, tokens.

    Args:
        wanted: By the recipe (`training.max_length`); None: as long as the model can read.
        readable: By the model; None: its configuration does not say.

    Raises:
        InputError: More is wanted than the model can read.
    """
    if wanted is not None and readable is not None and wanted > readable:
        raise InputError(
            f"training.max_length is {wanted}, the model reads at most {readable} tokens",
            where="training.max_length",
            hint=f"-o training.max_length={readable}, or leave it out",
        )
    return readable if wanted is None else wanted


def fit(examples: Examples, limit: int | None, policy: TooLong, prompts: Sequence[str], start: int | None) -> Fitted:
    """Makes examples fit.

    An answer is never cut: half an answer is a wrong one. With ``truncate_prompt`` a question loses its first tokens
    (but the start token), for what was asked mostly stands at the end; where the answer alone leaves no room for a
    token of the question, the example is left out.

    Args:
        examples: Some may be too long.
        limit: Most tokens of an example; None: any number.
        policy: What happens to those above.
        prompts: Their questions, to name one of them.
        start: The id that a text starts with, which is kept; None: none.

    Raises:
        InputError: Examples are too long and the policy is ``error``, or none is left.
    """
    lengths = examples.lengths  # (n_examples,)
    if limit is None or not (lengths > limit).any():
        return Fitted(examples, 0, 0)
    over = lengths > limit
    if policy == "error":
        raise _refusal(lengths, limit, prompts)
    kept = ~over
    if policy == "truncate_prompt":
        kept |= lengths - examples.n_prompt + (1 if start is None else 2) <= limit
    if not kept.any():
        raise InputError(
            f"every one of the {len(over):,} examples is longer than {limit} tokens",
            where="training.max_length",
            hint="use a model that reads more, or shorter answers",
        )
    return Fitted(_shortened(examples, kept, limit, start), int((~kept).sum()), int((kept & over).sum()))


def _refusal(lengths: npt.NDArray[np.int64], limit: int, prompts: Sequence[str]) -> InputError:
    longest = int(lengths.argmax())
    n_over = int((lengths > limit).sum())
    return InputError(
        f"{n_over:,} of {len(lengths):,} examples {'has' if n_over == 1 else 'have'} more tokens than the {limit} that "
        f"an example may have; the longest has {lengths[longest]}",
        where=f"question {prompts[longest]!r}",
        hint="-o training.too_long=drop leaves them out, -o training.too_long=truncate_prompt shortens their questions",
    )


def _shortened(examples: Examples, kept: npt.NDArray[np.bool_], limit: int, start: int | None) -> Examples:
    pieces, n_prompt = [], []
    for index in np.flatnonzero(kept).tolist():
        ids, asked = examples[index]
        excess = max(0, len(ids) - limit)
        n_fixed = int(excess > 0 and start is not None and ids[0] == start)
        pieces.append(np.concatenate([ids[:n_fixed], ids[n_fixed + excess :]]))
        n_prompt.append(asked - excess)
    return Examples(
        ids=np.concatenate(pieces),
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum([len(piece) for piece in pieces], dtype=np.int64)]),
        n_prompt=np.array(n_prompt, np.int32),
        row_ids=None if examples.row_ids is None else examples.row_ids[kept],
    )
