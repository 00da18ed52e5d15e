"""A phrasing must show what the answer depends on, as it is, and nothing that nobody fills in."""

from dataclasses import replace

import pytest

from sdp.errors import TemplateError
from sdp.templates.lint import check, faults, near_duplicates
from sdp.templates.phrasing import load_phrasings

ORDINAL, NUMBER = frozenset({"word", "ordinal"}), frozenset({"word", "number", "base"})
GOOD = ("The {{ ordinal }} of {{ word }}.", "Number {{ number }} of {{ word }} from {{ base }}.")


def checked(*texts, strata=(ORDINAL, NUMBER), known=()):
    check(load_phrasings("made_up", "en", inline=texts), strata, known)


def refused(*texts, strata=(ORDINAL, NUMBER)):
    with pytest.raises(TemplateError) as caught:
        checked(*GOOD, *texts, strata=strata)
    return caught.value


def test_good_ones_pass():
    checked(*GOOD)
    checked(*GOOD, "{{ name }} of {{ place }}: {{ sentence }} The {{ ordinal }} of {{ word }}?")


def test_unknown_field_names_file_line_and_the_near_one(tmp_path):
    place = tmp_path / "en" / "position"
    place.mkdir(parents=True)
    (place / "own.jinja").write_text("One {{ ordinal }} {{ word }}\n\nTwo {{ ordinal }}\nof {{ wrod }}\n")
    with pytest.raises(TemplateError) as caught:
        check(
            load_phrasings("position", "en", [tmp_path]), [ORDINAL, NUMBER], {"number_from_end"} | {"ordinal_from_end"}
        )
    assert caught.value.what == "template uses an unknown field 'wrod'"
    assert caught.value.where == f"{tmp_path.as_posix()}/en/position/own.jinja:4"
    assert caught.value.hint.startswith("did you mean 'word'? fields are: base, name, number")


def test_fields_inside_conditions_and_loops_count():
    assert "'lenght'" in refused("{{ ordinal }} of {{ word }}{% if lenght > 3 %}!{% endif %}").what
    assert "'loop'" in refused("{{ ordinal }} of {{ word }} {{ loop.index }}").what
    assert "'x'" in refused("{{ ordinal }} of {{ word }}{% for x in word %}-{% endfor %}{{ x }}").what


def test_leaving_out_what_the_answer_depends_on():
    error = refused("Number {{ number }} of {{ word }}.")
    assert error.what == "the phrasing leaves out 'base', which the answer depends on"
    assert error.where == "made_up.templates:3"
    assert error.hint == "use all of: 'ordinal', 'word' | 'base', 'number', 'word'"


def test_no_field_at_all():
    assert "leaves out" in refused("What was the question?").what


def test_mixing_two_kinds_of_question():
    error = refused("{{ ordinal }} or {{ number }} from {{ base }} of {{ word }}?")
    assert error.what == "the phrasing mixes 'ordinal' with 'base', 'number', 'word', which are for different questions"
    assert error.where == "made_up.templates:3"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("The {{ ordinal }} of {{ word|upper }}.", "word"),
        ("The {{ ordinal }} of {{ word|lower }}.", "word"),
        ("The {{ ordinal }} of {{ word|capitalize }}.", "word"),
        ("The {{ ordinal }} of {{ word[1:] }}.", "word"),
        ("The {{ ordinal|first }} of {{ word }}.", "ordinal"),
        ("The {{ ordinal }} of {% if word|length < 7 %}{{ word }}{% endif %}.", "word"),
        ("The {{ ordinal }} of it.{% if false %}{{ word }}{% endif %}", "word"),
        ("The {{ ordinal }} of {% for x in word %}{{ x }} {% endfor %}", "word"),
    ],
)
def test_letters_stay_as_they_are(text, field):
    error = refused(text)
    assert error.what == f"the phrasing changes or drops '{field}', which the answer depends on"
    assert error.where == "made_up.templates:3"


def test_filters_and_branches_around_the_letters_are_fine():
    checked(*GOOD, "{{ name|upper }}: {% if ordinal == 'last' %}the end,{% endif %} the {{ ordinal }} of {{ word }}")


def test_further_fields_that_the_generator_fills_in():
    text = "The {{ ordinal }} of {{ word }} ({{ place }})"
    checked(*GOOD, text)
    with pytest.raises(TemplateError, match="mixes 'colour'"):
        checked(*GOOD, "The {{ ordinal }} of {{ word }} in {{ colour }}", known={"colour"})


def test_a_kind_of_question_that_cannot_be_trained():
    with pytest.raises(TemplateError, match="no phrasing to train on that shows 'base', 'number', 'word'"):
        checked(GOOD[0])


def test_a_kind_whose_only_phrasing_is_held_out():
    texts = [f"The {{{{ ordinal }}}} of {{{{ word }}}}{'.' * i}" for i in range(1, 40)]
    numbers = (f"{{{{ number }}}} from {{{{ base }}}} of {{{{ word }}}}{'!' * i}" for i in range(1, 99))
    for number in numbers:
        found = load_phrasings("made_up", "en", inline=[*texts, number])
        held_out = next(phrasing.held_out for phrasing in found if phrasing.text == number)
        if held_out:
            break
    with pytest.raises(TemplateError, match="no phrasing to train on"):
        check(found, [ORDINAL, NUMBER])


def test_duplicates():
    found = load_phrasings("made_up", "en", inline=GOOD)
    with pytest.raises(TemplateError, match="twice"):
        check([*found, replace(found[0], line=9)], [ORDINAL, NUMBER])


def test_one_open_kind():
    checked("Write {{ word }} backwards.", "What is '{{ word }}' in reverse?", strata=[frozenset({"word"})])


def test_all_faults_come_at_once():
    found = [
        *load_phrasings(
            "made_up", "en", inline=[*GOOD, "Of {{ wrod }}.", "Only {{ word }}.", "{{ word|upper }} {{ ordinal }}"]
        )
    ]
    whats = {fault.what: fault.where for fault in faults(found, [ORDINAL, NUMBER])}
    assert whats == {
        "template uses an unknown field 'wrod'": "made_up.templates:3",
        "the phrasing leaves out 'ordinal', which the answer depends on": "made_up.templates:4",
        "the phrasing changes or drops 'word', which the answer depends on": "made_up.templates:5",
    }


@pytest.mark.parametrize(
    "again",
    [
        "What is the {{ ordinal }} letter of '{{ word }}'",
        "what is the {{ ordinal }} letter of “{{ word }}”?!",
        'What is the {{ ordinal }}  letter of: "{{ word }}"?',
        'What is the {{ ordinal }} letters of "{{ word }}"?',
    ],
)
def test_near_duplicates(again):
    first = 'What is the {{ ordinal }} letter of "{{ word }}"?'
    one, two = (load_phrasings("made_up", "en", inline=[text])[0] for text in (first, again))
    (fault,) = near_duplicates([one, replace(two, line=2)])
    assert fault.what == "the phrasing is nearly the same as another"
    assert fault.where == "made_up.templates:2"
    assert fault.hint == "reword it, or the one at made_up.templates:1"


@pytest.mark.parametrize(
    "other",
    [
        'What is the {{ number }} letter of "{{ word }}"?',
        'What is the {{ word }} letter of "{{ ordinal }}"?',
        'What is the {{ ordinal }} letter of {{ name }}\'s "{{ word }}"?',
        'Which is the {{ ordinal }} letter in the word "{{ word }}"?',
    ],
)
def test_other_fields_and_other_words_are_no_near_duplicates(other):
    found = load_phrasings("made_up", "en", inline=['What is the {{ ordinal }} letter of "{{ word }}"?', other])
    assert not list(near_duplicates(found))
