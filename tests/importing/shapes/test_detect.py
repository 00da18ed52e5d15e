"""Shapes are recognised by their fields; what the user says has the last word."""

import pytest

from sdp.errors import InputError
from sdp.importing.shapes.detect import SHAPES, Mapping, set_up
from sdp.importing.texts import Kinds

TURNS = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
SAMPLES = {
    "alpaca": {"instruction": "q", "input": "", "output": "a"},
    "sharegpt": {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]},
    "messages": {"messages": TURNS},
    "prompt_completion": {"prompt": "q", "completion": "a"},
    "question_answer": {"question": "q", "answer": "a", "id": 7},
    "input_output": {"input_text": "q", "output_text": "a"},
    "pair": {"query": "q", "response": "a"},
    "reasoning": {"problem": "q", "reannotated_messages": TURNS, "solution": "\\boxed{a}"},
    "rows": {
        "id": "0" * 16,
        "task": "t",
        "split": "test",
        "prompt": "q",
        "answer": "a",
        "completion": "a",
        "key": "k",
        "family": "f",
        "template": "0" * 16,
        "meta": {},
    },
}


def found(record, **said):
    return set_up([record], Mapping(**said), "f", Kinds())


@pytest.mark.parametrize("name", SAMPLES)
def test_recognised_and_read(name):
    shape = found(SAMPLES[name])
    assert shape.name == name
    (draft,) = shape.drafts(SAMPLES[name], 1)
    assert (draft.prompt, draft.answer) == ("q", "a")
    assert found(SAMPLES[name], shape=name).name == name


def test_every_shape_has_a_sample():
    assert set(SAMPLES) == set(SHAPES)


def test_both_fields_said():
    record = SAMPLES["alpaca"] | {"extra": "x"}
    assert found(record, prompt="extra", answer="input").mapping == {"prompt": "extra", "answer": "input"}


def test_one_field_said_the_other_found():
    assert found({"question": "q", "answer": "a", "gold": "b"}, answer="gold").mapping["answer"] == "gold"


def test_a_conversation_as_prompt_and_completion():
    record = {"prompt": TURNS[:1], "completion": TURNS[1:]}
    (draft,) = found(record).drafts(record, 1)
    assert (draft.prompt, draft.answer) == ("q", "a")


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ({"prompt": "qestion"}, "did you mean 'question'"),
        ({"answer": "anser"}, "did you mean 'answer'"),
        ({"shape": "alpacca"}, "did you mean 'alpaca'"),
        ({"shape": "alpaca"}, "their fields are: question, answer"),
        ({"prompt": "question+contxt", "answer": "answer"}, "question"),
    ],
)
def test_what_is_not_there(said, hint):
    with pytest.raises(InputError) as caught:
        found({"question": "q", "answer": "a"}, **said)
    assert hint in caught.value.hint


def test_no_shape_lists_the_fields():
    with pytest.raises(InputError, match="question and the answer") as caught:
        found({"title": "x", "body": "y"})
    assert caught.value.hint == "say it with --prompt FIELD --answer FIELD; the fields are: title, body"
