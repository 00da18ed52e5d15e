"""Each filter takes out what it says, and leaves alone what only looks like it."""

import pyarrow as pa
import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from sdp.importing.quality import FILTERS, RUN, reasons


def judge(prompt, answer="fine", completion=None, filters=tuple(FILTERS), pattern=None, min_chars=2, max_chars=1000):
    table = pa.table({"prompt": [prompt], "answer": [answer], "completion": [completion or answer]})
    return reasons(table, filters, min_chars, max_chars, pattern)[0].as_py()


@pytest.mark.parametrize(
    ("prompt", "answer", "reason"),
    [
        ("?", "x", "shorter than 2"),
        ("ab " * 400, "x", "question is longer than 1,000"),
        ("long answer", "ab " * 400, "answer is longer than 1,000"),
        ("what " + "a" * RUN, "x", "in a row"),
        ("what " + "哈" * RUN, "x", "in a row"),
        ("what " + "🦊" * RUN, "x", "in a row"),
        ("?!?!", "x", "no letter and no digit"),
        ("mojib\ufffdke", "x", "U+FFFD"),
        ("echo me", "echo me", "the answer is the question"),
        ("how do I?", "As an AI language model, I cannot say.", "a refusal"),
        ("how do I?", "I’m sorry, but I can’t help with that.", "a refusal"),
        ("wie?", "Es tut mir leid, aber ich kann das nicht.", "a refusal"),
        ("comment ?", "Je suis désolé, mais je ne peux pas répondre.", "a refusal"),
        ("¿cómo?", "Lo siento, no puedo ayudar.", "a refusal"),
    ],
)
def test_rejected(prompt, answer, reason):
    assert reason in judge(prompt, answer)


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("何?", "五"),
        ("2+2", "4"),
        ("Draw a line.", "-" * 200),
        ("Title\n=====" + "=" * 80, "x"),
        ("a" * (RUN - 1), "x"),
        ("What did she say?", "She said she was sorry for being late."),
        ("Wer?", "Als Kind war er klein."),
        ("Who can help?", "I can help. As a model citizen, call me."),
        ("哈" * (RUN - 1), "x"),
    ],
)
def test_accepted(prompt, answer):
    assert judge(prompt, answer) is None


def test_the_same_sentence_again_and_again():
    assert "again and again" in judge("Tell me.", "I like cheese very much. " * 60, max_chars=10_000)
    assert judge("Tell me.", " ".join(str(n * n) for n in range(600)), max_chars=10_000) is None


def test_a_refusal_behind_reasoning_is_seen_too():
    assert judge("how?", "no", "I cannot help with that.\nno") == "a refusal"


def test_an_answer_has_to_look_like_one_of_the_task():
    fits = regex.compile(r"\d+").fullmatch
    assert judge("how many?", "3", pattern=fits) is None
    assert judge("how many?", "three", pattern=fits) == "the answer does not look like one of this task"


def test_a_filter_that_is_not_chosen_rejects_nothing():
    assert judge("?", "x", filters=("echo",)) is None


@example(["", "a" * 60, "", "b"])
@example(["a" * 60, ""])
@given(st.lists(st.text(st.sampled_from("ab哈é🦊"), max_size=130), min_size=1, max_size=6))
def test_runs_are_found_in_their_own_text_wherever_it_stands(texts):
    table = pa.table({"prompt": texts, "answer": ["x"] * len(texts), "completion": ["x"] * len(texts)})
    found = reasons(table, ("repeated",), 0, 10_000, None).to_pylist()
    expected = [regex.search(rf"(.)\1{{{RUN - 1}}}", text) is not None for text in texts]
    assert [reason is not None for reason in found] == expected


@given(st.integers(0, 60), st.integers(0, 60))
def test_runs_at_the_seam_of_two_texts_are_not_added_up(left, right):
    texts = ["b" + "a" * left, "a" * right + "b"]
    table = pa.table({"prompt": texts, "answer": ["x"] * 2, "completion": ["x"] * 2})
    found = reasons(table, ("repeated",), 0, 10_000, None).to_pylist()
    assert [reason is not None for reason in found] == [left >= RUN, right >= RUN]
