"""Rules take what they say and nothing else; what others guess is refused here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.benchmarks import extraction
from sdp.benchmarks.extraction import LAST_LINE, parse_rule, take_all
from sdp.benchmarks.metrics.exact_match import ExactMatch
from sdp.benchmarks.metrics.format_failure import FormatFailure
from sdp.benchmarks.scored_line import scored_line
from sdp.errors import InputError

PLAIN = ("last-line", "as-is", "verbatim", "quoted")
OPEN = ("after:Answer:", r"regex:Answer: (\d+)")


@pytest.mark.parametrize(
    ("rule", "output", "taken"),
    [
        ("as-is", "  s-t-r-a-w \n", "s-t-r-a-w"),
        ("as-is", "s-t\nr", "s-t\nr"),
        ("as-is", "The a.", "The a."),
        ("as-is", "", ""),
        ("verbatim", " a\n", " a\n"),
        ("last-line", "p-l-a-n\n a ", "a"),
        ("quoted", 'The answer is "a".', "a"),
        ("quoted", "It is 'straw', I'd say; don't ask.", "straw"),
        ("quoted", "„s-t-r“", "s-t-r"),
        ("quoted", "« s-t »", "s-t"),
        ("quoted", "`3`", "3"),
        ("quoted", "the word “Straw”!", "Straw"),
        ("quoted", '"a" or "b"', None),  # which one? nothing says so
        ("quoted", "a", None),
        ("quoted", "it's what it's", None),
        ("quoted", '""', None),
        ("quoted", '" "', None),
        ("after:Answer:", "Answer: 3", "3"),
        ("after:Answer:", "Answer: 3\nNo.\nAnswer: 4\n", "4"),
        ("after:Answer:", "Answer:\ns-t\nr", "s-t\nr"),
        ("after:Answer:", "answer: 3", None),
        ("after:Answer:", "3", None),
        ("after:Answer:", "3 Answer: ", None),
        ("after:####", "so 3 #### 4", "4"),
        (r"regex:Answer: (\d+)", "Answer: 3. Answer: 4", "3"),
        (r"regex:(?s).*Answer: (\d+)", "Answer: 3. Answer: 4", "4"),
        (r"regex:(\d+)", "three", None),
        (r"regex:(\d*)x", "x", None),
        (r"regex:a(b)?", "a", None),
        (r"regex:(?P<said>\p{L})", "é", "é"),
    ],
)
def test_what_is_taken(rule, output, taken):
    assert parse_rule(rule).take(output) == taken


@pytest.mark.parametrize("rule", [*PLAIN, *OPEN])
@pytest.mark.parametrize(
    ("output", "reference"),
    [
        ("1 of 3", "13"),  # an extractor that joins all digits of a reply
        ("apple", "a"),  # a metric that reads a reply's first letter
        ("s-t-r-w", "s-t-r-a-w"),  # normalisers that drop articles
        ("the a", "a"),
        ("13", "3"),  # half a point elsewhere
        ("3.0", "3"),
        ("A", "a"),
        ("Answer: 13", "3"),
        ("'A'", "a"),
        ("a.", "a"),
    ],
)
def test_no_rule_makes_wrong_answers_right(rule, output, reference):
    assert ExactMatch(parse_rule(rule)).rows([output], [reference]).tolist() == [0.0]


@pytest.mark.parametrize("rule", PLAIN[:3])
@pytest.mark.parametrize("answer", ["a", "the", "3", "s-t-r-a-w", "É"])
def test_answers_that_normalisers_lose_can_be_right(rule, answer):
    assert ExactMatch(parse_rule(rule)).rows([answer], [answer]).tolist() == [1.0]


@pytest.mark.parametrize("rule", ["quoted", *OPEN])
def test_where_a_rule_does_not_apply_the_row_is_a_format_failure(rule):
    outputs, references = ["a"], ["a"]
    assert ExactMatch(parse_rule(rule)).rows(outputs, references).tolist() == [0.0]
    assert FormatFailure(rule=parse_rule(rule)).rows(outputs, references).tolist() == [1.0]


@given(st.text(), st.text())
def test_as_is_is_equality_of_stripped_texts(output, reference):
    expected = output.strip() == reference.strip()
    assert ExactMatch(parse_rule("as-is")).rows([output], [reference]).tolist() == [float(expected)]


@given(st.text(), st.text())
def test_verbatim_is_equality(output, reference):
    assert ExactMatch(parse_rule("verbatim")).rows([output], [reference]).tolist() == [float(output == reference)]


@given(st.text("ab \n", max_size=12), st.text("ab \n", max_size=6))
def test_last_line_is_what_bench_reads(output, reference):
    assert LAST_LINE.take(output, reference) == scored_line(output, reference)
    assert parse_rule("last-line") is LAST_LINE


@given(st.text(), st.text(min_size=1), st.text(min_size=1).filter(str.strip))
def test_behind_a_marker_stands_what_was_put_there(before, marker, answer):
    if marker not in answer and (before + marker + answer).rfind(marker) == len(before):
        assert parse_rule(f"after:{marker}").take(before + marker + answer) == answer.strip()


def test_every_rule_has_a_name_of_its_own():
    rules = [*PLAIN, *OPEN, "after:Result:", r"regex:(\d)"]
    assert len({parse_rule(rule).name for rule in rules}) == len(rules)
    assert "'Answer:'" in parse_rule("after:Answer:").name
    assert r"Answer: (\\d+)" in parse_rule(OPEN[1]).name


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("lastline", "no rule 'lastline'"),
        ("after", "no rule 'after'"),
        ("after:", "needs a marker"),
        ("regex:(a", "not a regular expression"),
        ("regex:a+", "has 0 groups"),
        ("regex:(a)(b)", "has 2 groups"),
        (f"regex:{'(' * 5000}{')' * 5000}", "not a regular expression"),
        ("", "no rule ''"),
    ],
)
def test_what_is_no_rule_is_refused(text, what):
    with pytest.raises(InputError, match="^" + ".*" + what.replace("(", r"\(")):
        parse_rule(text)


def test_a_near_name_is_shown():
    with pytest.raises(InputError) as caught:
        parse_rule("lastline")
    assert "did you mean 'last-line'?" in caught.value.hint


def test_a_pattern_that_never_ends_is_an_error_and_no_score(monkeypatch):
    monkeypatch.setattr(extraction, "SECONDS", 0.05)
    rule = parse_rule("regex:^((?:a|aa)+)$")
    assert rule.take("a" * 20) == "a" * 20
    with pytest.raises(InputError, match="takes longer than") as caught:
        rule.take("a" * 60 + "b")
    assert "aaaa" in caught.value.where
    assert "^((?:a|aa)+)$" in caught.value.hint


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError, match="zip"):
        take_all(LAST_LINE, ["a"], ["a", "b"])
