"""Examples as token ids: flat arrays, because a million short lists cost more than their content."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch.utils.data import Dataset

from sdp.models.joiner import Joiner

Ints = npt.NDArray[np.int32]
Example = tuple[Ints, int]
"""Token ids of prompt and answer, and how many of them are the prompt."""

_CHUNK = 8192


@dataclass(frozen=True, eq=False)
class Examples(Dataset[Example]):
    """Tokenised questions with their answers."""

    ids: Ints
    """All tokens, one example after the other, (n_tokens,)."""
    starts: npt.NDArray[np.int64]
    """Where each example begins, and where the last one ends, (n_examples + 1,)."""
    n_prompt: Ints
    """Tokens of each prompt, (n_examples,)."""
    row_ids: npt.NDArray[np.uint64] | None = None
    """Ids of the data's rows, (n_examples,), so that an example can be named."""

    def __len__(self) -> int:
        return len(self.n_prompt)

    def __getitem__(self, index: int) -> Example:
        return self.ids[self.starts[index] : self.starts[index + 1]], int(self.n_prompt[index])

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens of each example, (n_examples,)."""
        return np.diff(self.starts)

    @property
    def n_answer_tokens(self) -> int:
        """Tokens that are trained."""
        return int(self.starts[-1] - self.n_prompt.sum())


def encode(
    prompts: Sequence[str],
    answers: Sequence[str],
    joiner: Joiner,
    row_ids: npt.NDArray[np.uint64] | None = None,
) -> Examples:
    """Tokenises questions and answers.

    Args:
        prompts: Questions.
        answers: What is trained: an answer, or worked letters and an answer.
        joiner: Of the model.
        row_ids: Of the data's rows.

    Raises:
        InputError: The tokenizer does not give an answer back as it was.
    """
    joiner.check(dict.fromkeys(answers[:256]))
    pieces: list[Ints] = []
    n_prompt: list[int] = []
    n_total: list[int] = []
    for first in range(0, len(prompts), _CHUNK):
        asked = joiner.encode_prompts(prompts[first : first + _CHUNK])
        answered = joiner.encode_answers(answers[first : first + _CHUNK])
        n_prompt += map(len, asked)
        n_total += [len(a) + len(b) for a, b in zip(asked, answered, strict=True)]
        flat = [token for a, b in zip(asked, answered, strict=True) for token in (*a, *b)]
        pieces.append(np.array(flat, np.int32))
    return Examples(
        ids=np.concatenate(pieces) if pieces else np.zeros(0, np.int32),
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(n_total, dtype=np.int64)]),
        n_prompt=np.array(n_prompt, np.int32),
        row_ids=row_ids,
    )
