"""A problem, its worked solutions: a row each, the answer on the last line."""

import pytest

from sdp.importing.shapes.draft import Draft, Refused
from sdp.importing.shapes.reasoning import Reasoning, boxed
from sdp.importing.texts import Unfit


def drafts(record, solutions="solutions", answer=None):
    return Reasoning("problem", solutions, answer).drafts({"problem": "6*7?"} | record, 1)


ROW = Draft("6*7?", "42", "so \\boxed{42}", "6*7?")


@pytest.mark.parametrize(
    "solutions",
    [
        "so \\boxed{42}",
        ["so \\boxed{42}"],
        [{"role": "user", "content": "6*7?"}, {"role": "assistant", "content": "so \\boxed{42}"}],
        [[{"from": "human", "value": "6*7?"}, {"from": "gpt", "value": "so \\boxed{42}"}]],
        [{"solution": "so \\boxed{42}"}],
    ],
    ids=["text", "list", "messages", "conversations", "objects"],
)
def test_solutions_in_any_form(solutions):
    assert drafts({"solutions": solutions}) == [ROW]


def test_one_row_per_solution():
    found = drafts(
        {"solutions": ["a \\boxed{42}", "b \\boxed{42}", "c \\boxed{41}", "d"], "answer": "42"}, answer="answer"
    )
    assert [one.reasoning if isinstance(one, Draft) else one for one in found] == [
        "a \\boxed{42}", "b \\boxed{42}", Refused("the solution boxes another answer than is given", "6*7?", "41"), "d",
    ]  # fmt: skip


def test_the_reference_solution_says_the_answer_where_no_field_does():
    assert drafts({"solutions": ["because"], "solution": "it is \\boxed{42}"}) == [
        Draft("6*7?", "42", "because", "6*7?")
    ]


def test_an_answer_that_stands_on_the_last_line_already_is_not_said_twice():
    assert drafts({"solutions": ["because\n42"], "answer": 42}, answer="answer")[0].reasoning == "because"


def test_no_answer_no_solution():
    assert drafts({"solutions": ["because"]}) == [Refused("no answer: no field gives it and nothing is boxed", "6*7?")]
    for nothing in (None, [], ""):
        with pytest.raises(Unfit, match="no solution"):
            drafts({"solutions": nothing})
    with pytest.raises(Unfit, match="no text"):
        drafts({"solutions": 7})


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("\\boxed{1} then \\boxed{\\frac{1}{2}}", "\\frac{1}{2}"),
        ("\\fbox {x}", "x"),
        ("none", None),
        ("\\boxed{open", None),
        ("\\boxed{1} \\boxed{open", "1"),
    ],
)
def test_boxes(text, answer):
    assert boxed(text) == answer
