"""Examples above the limit: the limit is read off the joiner's own lengths."""

import numpy as np
import pytest
from tests.finetuning.cases import JOINER

from sdp.errors import InputError
from sdp.finetuning.examples import Examples, encode
from sdp.finetuning.too_long import fit, pick_limit

PROMPTS = ["Spell plan.", "Please spell the very long word banana for me now.", "Spell it."]
ANSWERS = ["p-l-a-n", "b-a-n-a-n-a", "strawberry-strawberry-strawberry"]


def made() -> Examples:
    return encode(PROMPTS, ANSWERS, JOINER, row_ids=np.array([7, 8, 9], np.uint64))


def lengths() -> list[int]:
    return [len(JOINER.prompt_ids(p)) + len(JOINER.answer_ids(a)) for p, a in zip(PROMPTS, ANSWERS, strict=True)]


def test_what_fits_stays_as_it_is() -> None:
    data = made()
    for limit in (None, max(lengths())):
        fitted = fit(data, limit, "error", PROMPTS, None)
        assert (fitted.examples is data, fitted.n_dropped, fitted.n_truncated) == (True, 0, 0)


def test_too_long_ones_are_counted_and_the_longest_is_named() -> None:
    longest = lengths().index(max(lengths()))
    with pytest.raises(InputError, match="1 of 3 examples has") as caught:
        fit(made(), max(lengths()) - 1, "error", PROMPTS, None)
    assert PROMPTS[longest] in str(caught.value)
    assert "training.too_long=drop" in str(caught.value)
    with pytest.raises(InputError, match="3 of 3 examples have"):
        fit(made(), 5, "error", PROMPTS, None)


def test_dropping_leaves_the_others_as_they_were() -> None:
    limit = sorted(lengths())[1]
    data = made()
    fitted = fit(data, limit, "drop", PROMPTS, None)
    kept = [i for i, n in enumerate(lengths()) if n <= limit]
    assert fitted.n_dropped == 3 - len(kept) == 1
    for new, old in enumerate(kept):
        assert np.array_equal(fitted.examples[new][0], data[old][0])
        assert fitted.examples[new][1] == data[old][1]
    assert fitted.examples.row_ids is not None
    assert fitted.examples.row_ids.tolist() == [(7, 8, 9)[i] for i in kept]


@pytest.mark.parametrize("start", [None, "first"])
def test_truncating_takes_the_beginning_of_the_question_and_never_the_answer(start: str | None) -> None:
    data = made()
    first = int(data[1][0][0]) if start else None
    limit = len(JOINER.answer_ids(ANSWERS[1])) + 4
    fitted = fit(data, limit, "truncate_prompt", PROMPTS, first)
    assert fitted.n_dropped == 1, "the third answer alone is longer"
    assert fitted.examples.row_ids is not None
    position = fitted.examples.row_ids.tolist().index(8)
    ids, n_prompt = fitted.examples[position]
    assert (len(ids), n_prompt) == (limit, 4)
    assert ids[n_prompt:].tolist() == JOINER.answer_ids(ANSWERS[1])
    asked = JOINER.prompt_ids(PROMPTS[1])
    assert ids[:n_prompt].tolist() == ([first, *asked[-3:]] if start else asked[-4:])


def test_truncating_leaves_alone_what_fits() -> None:
    data = encode(["", PROMPTS[1]], ["plan", ANSWERS[1]], JOINER)
    start, limit = int(data[0][0][0]), len(data[0][0])
    assert data[0][1] == 1, "a question of one token, to which the start token adds none"
    fitted = fit(data, limit, "truncate_prompt", PROMPTS, start)
    assert np.array_equal(fitted.examples[0][0], data[0][0])


def test_nothing_left_is_an_error() -> None:
    for policy in ("drop", "truncate_prompt"):
        with pytest.raises(InputError, match="every one of the 3"):
            fit(made(), 3, policy, PROMPTS, None)  # type: ignore[arg-type]


def test_a_limit_above_the_model_s_is_refused() -> None:
    assert pick_limit(None, 256) == 256
    assert pick_limit(100, 256) == pick_limit(100, None) == 100
    assert pick_limit(None, None) is None
    with pytest.raises(InputError, match="reads at most 256"):
        pick_limit(257, 256)
