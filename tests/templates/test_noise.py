"""Noise changes how a question looks, never what it asks about."""

import re
from itertools import combinations, permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.templates.noise import AS_WRITTEN, FACTORS, lower, upper, variants
from sdp.templates.phrasing import load_phrasings

TASKS = ["spelling", "position", "count"]
LANGUAGES = ["en", "de", "fr", "es"]
PIECES = [
    "How many",
    " are in ",
    '"',
    "'",
    "“",
    "”",
    "„",
    "«\u00a0",
    "\u00a0»",
    "?",
    ".",
    " ",
    "\n",
    "¿",
    "İIß",
    "s",
    "x",
]
FIELDS = ["{{ word }}", "{{ letter }}"]
SEVERAL = [list(some) for n in range(1, 4) for some in combinations(FACTORS, n)]


def of(text, *factors, language="en"):
    """Name → text of all variants."""
    (phrasing,) = load_phrasings("made_up", language, inline=[text])
    return {variant.name: joined(variant.segments) for variant in variants(phrasing, factors)}


def joined(segments):
    return "".join(f"{{{{ {value} }}}}" if is_field else value for value, is_field in segments)


def fields(segments):
    return [value for value, is_field in segments if is_field]


def bare(segments):
    """Words and fields alone, in order."""
    return re.findall(r"\w+", "".join(f" <{value}> " if is_field else value.casefold() for value, is_field in segments))


@given(
    st.lists(st.sampled_from([*PIECES, *FIELDS]), min_size=1, max_size=9).map("".join).filter(str.strip),
    st.sampled_from([*LANGUAGES, "sv", "ja"]),
    st.sampled_from(SEVERAL),
)
@example('"{{ word }}""{{ letter }}"', "en", ["quotes"])
@example("'{{ letter }}'s", "en", ["quotes"])
@example("?", "en", ["punctuation"])
def test_fields_keep_their_letters_order_and_distance(text, language, factors):
    (phrasing,) = load_phrasings("made_up", language, inline=[text])
    found = variants(phrasing, factors)
    assert found[0].name == AS_WRITTEN
    assert found[0].segments == phrasing.segments
    assert len({variant.segments for variant in found}) == len({variant.name for variant in found}) == len(found)
    for variant in found:
        assert fields(variant.segments) == fields(phrasing.segments)
        assert all(value for value, _ in variant.segments)
        # A text between two fields may shrink, but never to nothing: their letters would run together.
        for one, two in zip(variant.segments, variant.segments[1:], strict=False):
            assert not (one[1] and two[1]) or (one, two) in zip(phrasing.segments, phrasing.segments[1:], strict=False)
        assert bare(variant.segments) == bare(phrasing.segments), variant.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", TASKS)
def test_no_two_packaged_phrasings_have_a_variant_in_common(task, language):
    owner = {}
    for phrasing in load_phrasings(task, language, style="trace"):
        for variant in variants(phrasing, FACTORS):
            assert owner.setdefault(variant.segments, phrasing.where) == phrasing.where


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", TASKS)
def test_each_factor_changes_most_packaged_phrasings(task, language):
    found = [phrasing for phrasing in load_phrasings(task, language) if phrasing.family != "code"]
    for factor, share in [("case", 0.95), ("quotes", 0.5), ("punctuation", 0.6)]:
        changed = sum(len(variants(phrasing, [factor])) > 1 for phrasing in found)
        assert changed >= share * len(found), factor


def test_case():
    assert of('How many "{{ letter }}" in Ulm?', "case") == {
        "as written": 'How many "{{ letter }}" in Ulm?',
        "lower case": 'how many "{{ letter }}" in ulm?',
        "lower start": 'how many "{{ letter }}" in Ulm?',
        "upper case": 'HOW MANY "{{ letter }}" IN ULM?',
    }
    assert of("{{ word }}: How many?", "case").keys() == {"as written", "lower case", "upper case"}
    assert of("¿Cuál es {{ word }}?", "case")["lower case"] == "¿cuál es {{ word }}?"
    assert "lower start" not in of("¿Cuál es {{ word }}?", "case")  # the same text as in lower case


def test_quotes():
    assert of("Is '{{ letter }}' in \"{{ word }}\"?", "quotes") == {
        "as written": "Is '{{ letter }}' in \"{{ word }}\"?",
        "straight quotes": 'Is "{{ letter }}" in "{{ word }}"?',
        "single quotes": "Is '{{ letter }}' in '{{ word }}'?",
        "typographic quotes": "Is “{{ letter }}” in “{{ word }}”?",
        "no quotes": "Is {{ letter }} in {{ word }}?",
    }
    assert list(of("No quotes around {{ word }} here: 'x'", "quotes")) == ["as written"]
    assert of("It's {{ word }}'s", "quotes") == {"as written": "It's {{ word }}'s"}


@pytest.mark.parametrize(
    ("language", "quoted"),
    [
        ("en", "“{{ word }}”"),
        ("en_GB", "“{{ word }}”"),
        ("de", "„{{ word }}“"),
        ("de-AT", "„{{ word }}“"),
        ("fr", "«\u00a0{{ word }}\u00a0»"),
        ("es", "«{{ word }}»"),
        ("sv", "”{{ word }}”"),
        ("ja", "「{{ word }}」"),
    ],
)
def test_each_language_has_its_own_marks_and_they_are_understood(language, quoted):
    assert of('Say "{{ word }}".', "quotes", language=language)["typographic quotes"] == f"Say {quoted}."
    assert of(f"Say {quoted}.", "quotes", language=language)["straight quotes"] == 'Say "{{ word }}".'
    assert of(f"Say {quoted}.", "quotes", language=language)["no quotes"] == "Say {{ word }}."


@pytest.mark.parametrize("text", ['How many "{{ letter }}"s?', 'x"{{ letter }}"', '{{ word }}"{{ letter }}"{{ word }}'])
def test_quotes_stay_where_a_field_would_run_into_a_letter(text):
    assert "no quotes" not in of(text, "quotes")


def test_punctuation():
    assert of("How many {{ letter }}?", "punctuation") == {
        "as written": "How many {{ letter }}?",
        "no final mark": "How many {{ letter }}",
        "doubled mark": "How many {{ letter }}??",
        "space before mark": "How many {{ letter }} ?",
    }
    assert of("¿Y qué? ¿Cuántas {{ letter }}?", "punctuation", language="es") == {
        "as written": "¿Y qué? ¿Cuántas {{ letter }}?",
        "no final mark": "¿Y qué? Cuántas {{ letter }}",
        "doubled mark": "¿Y qué? ¿Cuántas {{ letter }}??",
        "space before mark": "¿Y qué? ¿Cuántas {{ letter }} ?",
        "no opening mark": "¿Y qué? Cuántas {{ letter }}?",
    }
    assert of("Combien de {{ letter }}\u00a0?", "punctuation", language="fr") == {
        "as written": "Combien de {{ letter }}\u00a0?",
        "no final mark": "Combien de {{ letter }}",
        "doubled mark": "Combien de {{ letter }}\u00a0??",
        "no space before mark": "Combien de {{ letter }}?",
    }
    assert of("Well... {{ word }}...", "punctuation")["no final mark"] == "Well... {{ word }}"
    assert list(of("Letters of {{ word }}", "punctuation")) == ["as written"]


def test_factors_combine_and_the_simplest_name_wins():
    found = of('How many "{{ letter }}"?', *FACTORS)
    assert found["lower case, no quotes, doubled mark"] == "how many {{ letter }}??"
    # All capitals and none in the text: the same in both.
    assert of("{{ word }}?", *FACTORS).keys() == {"as written", "no final mark", "doubled mark", "space before mark"}
    sizes = [name.count(",") + 1 if name != AS_WRITTEN else 0 for name in found]
    assert sizes == sorted(sizes)


def test_the_order_of_factors_does_not_matter_and_none_gives_the_phrasing_as_written():
    text = 'How many "{{ letter }}"?'
    assert len({tuple(of(text, *order).items()) for order in permutations(FACTORS)}) == 1
    assert of(text, "case", "case") == of(text, "case")
    assert of(text) == {"as written": text}


def test_turkish_has_two_letters_i():
    assert of("Işık {{ word }}?", "case", language="tr")["lower case"] == "ışık {{ word }}?"
    assert upper("iı", "tr") == "İI"
    assert lower("İI", "az") == "iı"
    assert upper("iß", "de") == "ISS"
    assert lower("ΛΟΓΟΣ", "el") == "λογος"


def test_what_is_no_plain_sentence_stays_as_it_is(tmp_path):
    (condition,) = load_phrasings("made_up", "en", inline=["Is {{ word|upper }} it?"])
    assert [(variant.name, variant.segments) for variant in variants(condition, FACTORS)] == [(AS_WRITTEN, None)]
    (tmp_path / "code.jinja").write_text('COUNT("{{ word }}").')
    (code,) = load_phrasings("made_up", "en", own=[tmp_path])
    assert [variant.name for variant in variants(code, FACTORS)] == [AS_WRITTEN]


def test_unknown_noise():
    (phrasing,) = load_phrasings("made_up", "en", inline=["{{ word }}"])
    with pytest.raises(InputError, match="no noise called 'cases'") as caught:
        variants(phrasing, ["quotes", "cases"])
    assert caught.value.where == "--noise"
    assert caught.value.hint == "did you mean 'case'? noises are: case, punctuation, quotes"
