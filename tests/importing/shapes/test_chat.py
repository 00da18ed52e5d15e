"""What the user says is the question, what the assistant says next the answer."""

import pytest

from sdp.importing.shapes.chat import Chat
from sdp.importing.shapes.draft import Draft, Refused
from sdp.importing.texts import Kinds, Unfit


def drafts(messages, turns="only", drop_system=False, fields=("messages",)):
    record = messages if isinstance(messages, dict) else {"messages": messages}
    return Chat("messages", list(fields), turns, drop_system=drop_system, kinds=Kinds()).drafts(record, 1)


def said(*texts, system=None):
    head = [{"role": "system", "content": system}] if system else []
    return head + [{"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(texts)]


def test_a_question_and_an_answer():
    assert drafts(said("q", "a")) == [Draft("q", "a", key="q")]


def test_sharegpt():
    turns = [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]
    assert drafts({"conversations": turns}, fields=("conversations",)) == [Draft("q", "a", key="q")]


def test_trl_s_two_lists_and_a_text_before_a_list():
    two = {"prompt": said("q"), "completion": [{"role": "assistant", "content": "a"}]}
    assert drafts(two, fields=("prompt", "completion")) == [Draft("q", "a", key="q")]
    assert drafts({**two, "prompt": "q"}, fields=("prompt", "completion")) == [Draft("q", "a", key="q")]


def test_system_messages_stand_before_the_question_or_are_left_out():
    assert drafts(said("q", "a", system="Be kind.")) == [Draft("Be kind.\n\nq", "a", key="q")]
    assert drafts(said("q", "a", system="Be kind."), drop_system=True) == [Draft("q", "a", key="q")]


def test_several_questions():
    talk = said("q1", "a1", "q2", "a2")
    before = "User: q1\n\nAssistant: a1\n\nUser: q2"
    with pytest.raises(Unfit, match="it has 2 questions"):
        drafts(talk)
    assert drafts(talk, "last") == [Draft(before, "a2", key="q1")]
    assert drafts(talk, "each") == [Draft("q1", "a1", key="q1"), Draft(before, "a2", key="q1")]


def test_a_greeting_is_not_what_a_chat_is_about():
    greeting = {"role": "assistant", "content": "Hello!"}
    assert drafts([greeting, *said("q", "a")]) == [Draft("Assistant: Hello!\n\nUser: q", "a", key="q")]


def test_messages_of_one_speaker_are_one():
    question, answer = said("q", "a")
    double = [question, {**question, "content": "more q"}, answer, {**answer, "content": ""}]
    double.append({**answer, "content": "more a"})
    assert drafts(double) == [Draft("q\nmore q", "a\nmore a", key="q\nmore q")]


@pytest.mark.parametrize("turns", ["only", "last", "each"])
def test_a_last_question_without_an_answer_is_counted(turns):
    assert drafts(said("q", "a", "and more?"), turns) == [
        Draft("q", "a", key="q"), Refused("the last question has no answer", "and more?"),
    ]  # fmt: skip


def test_parts_of_text_are_joined():
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    assert drafts([{"role": "user", "content": parts}, *said("", "c")[1:]])[0].prompt == "ab"


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        ([], "no messages"), (said("q"), "no answer"), (said("q", " "), "no answer"), (["q"], "no object"),
        ([{"role": "tool", "content": "x"}], "by 'tool'"), ([{"role": "user", "content": 7}], "no text"),
        ([{"role": "user", "content": [{"type": "image"}]}], "more than text"),
        ([*said("q"), {"role": "assistant", "content": "", "tool_calls": [{}]}], "calls a tool"),
    ],
)  # fmt: skip
def test_chats_that_do_not_fit(messages, why):
    with pytest.raises(Unfit, match=why):
        drafts(messages)
