import numpy as np
import pytest
from tests.finetuning.cases import JOINER

from sdp.finetuning.examples import encode


def test_an_example_is_question_and_answer_of_the_joiner() -> None:
    prompts, answers = ["Spell plan.", "What is it?"], ["p-l-a-n", "b-a\na"]
    data = encode(prompts, answers, JOINER)
    assert len(data) == 2
    for i, (prompt, answer) in enumerate(zip(prompts, answers, strict=True)):
        ids, n_prompt = data[i]
        assert ids.tolist() == JOINER.prompt_ids(prompt) + JOINER.answer_ids(answer)
        assert n_prompt == len(JOINER.prompt_ids(prompt))
        assert data.lengths[i] == len(ids)
    assert data.n_answer_tokens == sum(len(JOINER.answer_ids(answer)) for answer in answers)


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts, answers = [f"Spell {i}." for i in range(11)], [str(i) for i in range(11)]
    whole = encode(prompts, answers, JOINER)
    monkeypatch.setattr("sdp.finetuning.examples._CHUNK", 3)
    pieces = encode(prompts, answers, JOINER)
    assert np.array_equal(whole.ids, pieces.ids)
    assert np.array_equal(whole.starts, pieces.starts)


def test_no_rows_are_no_examples() -> None:
    assert len(encode([], [], JOINER)) == 0
