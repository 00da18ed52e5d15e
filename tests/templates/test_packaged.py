"""The phrasings that ship: enough of them, short, clear, right in their language, well spread over held-out and not."""

import re
from collections import Counter
from hashlib import blake2b
from pathlib import Path

import pytest

import sdp.templates
from sdp.templates.lint import check, near_duplicates
from sdp.templates.phrasing import load_phrasings
from sdp.templates.pools import pool

ROOT = Path(sdp.templates.__file__).parent
STRATA = {
    "spelling": {"all": {"word", "separator"}},
    "position": {
        "ordinal_start": {"word", "ordinal"},
        "ordinal_end": {"word", "ordinal_from_end"},
        "number_start": {"word", "number", "base"},
        "number_end": {"word", "number_from_end", "base"},
    },
    "count": {"all": {"word", "letter"}},
}
SURFACES = {"name", "place", "sentence"}
LANGUAGES = ["en", "de", "fr", "es"]
FAMILIES = {"chat", "code", "direct", "exam", "persona", "polite"}
FEWEST = {"en": {"spelling": 44, "position": 11, "count": 44}, "other": {"spelling": 24, "position": 6, "count": 24}}
"""Per kind of question, without those of the family trace."""
TASKS = [(language, task) for language in LANGUAGES for task in STRATA]
CASES = [(language, task, name) for language, task in TASKS for name in STRATA[task]]


def texts(language, task, *, code=True):
    """Every phrasing's text, read by other means than the loader's."""
    paths = [path for path in (ROOT / language).glob(f"{task}/*.jinja") if code or path.stem != "code"]
    paragraphs = [part.strip() for path in paths for part in re.split(r"\n\s*\n", path.read_text())]
    return [text for text in paragraphs if text and not text.startswith("{#")]


def fields(text):
    return set(re.findall(r"\{\{ (\w+) \}\}", text))


def before(field, language, task, *, code=True):
    """The characters before a field, in each phrasing that has it."""
    return [
        found[1]
        for text in texts(language, task, code=code)
        for found in re.finditer(rf"(.*?)\{{\{{ {field} \}}\}}", text)
    ]


def of_stratum(language, task, name):
    """Without those of the family trace."""
    return [phrasing for phrasing in load_phrasings(task, language) if phrasing.fields - SURFACES == STRATA[task][name]]


@pytest.mark.parametrize(("language", "task"), TASKS)
def test_all_files_are_read(language, task):
    loaded = load_phrasings(task, language, style="trace")
    assert sorted(phrasing.text for phrasing in loaded) == sorted(texts(language, task))


@pytest.mark.parametrize(("language", "task"), TASKS)
def test_the_lowest_quarter_of_hashes_is_held_out_of_trace_and_of_the_others(language, task):
    for is_trace in (False, True):
        paths = [path for path in (ROOT / language / task).iterdir() if (path.stem == "trace") is is_trace]
        parts = [part.strip() for path in paths for part in re.split(r"\n\s*\n", path.read_text())]
        hashes = sorted(
            blake2b(part.encode(), digest_size=8).hexdigest() for part in parts if part and not part.startswith("{#")
        )
        loaded = load_phrasings(task, language, style="trace")
        held_out = {p.hash for p in loaded if p.held_out and (p.family == "trace") is is_trace}
        assert held_out == set(hashes[: len(hashes) // 4])


@pytest.mark.parametrize(("language", "task"), TASKS)
def test_the_families(language, task):
    families = Counter(phrasing.family for phrasing in load_phrasings(task, language, style="trace"))
    # Spelling has no worked steps: its answer is the steps.
    assert set(families) == FAMILIES | ({"trace"} if task != "spelling" else set())
    assert min(families.values()) >= (7 if language == "en" else 3)


@pytest.mark.parametrize(("language", "task", "name"), CASES)
def test_every_kind_of_question_has_phrasings_of_both_kinds(language, task, name):
    found = of_stratum(language, task, name)
    assert len(found) >= FEWEST.get(language, FEWEST["other"])[task]
    assert sum(not phrasing.held_out for phrasing in found) >= 5
    assert any(phrasing.held_out for phrasing in found)


@pytest.mark.parametrize(("language", "task", "name"), CASES)
def test_every_kind_of_question_can_be_asked_with_steps(language, task, name):
    if task != "spelling":
        traced = load_phrasings(task, language, style="trace")
        assert any(p.family == "trace" and p.fields - SURFACES == STRATA[task][name] for p in traced)


@pytest.mark.parametrize(("language", "task"), TASKS)
def test_they_fit_their_task_and_are_unlike_each_other(language, task):
    found = load_phrasings(task, language, style="trace")
    check(found, [frozenset(determining) for determining in STRATA[task].values()])
    assert not [str(fault) for fault in near_duplicates(found)]


@pytest.mark.parametrize(("language", "task"), TASKS)
def test_all_are_columnar_and_show_each_field_once(language, task):
    for phrasing in load_phrasings(task, language, style="trace"):
        shown = Counter(value for value, is_field in phrasing.segments if is_field)
        assert set(shown) == fields(phrasing.text) == phrasing.fields
        assert set(shown.values()) == {1}, phrasing.where


@pytest.mark.parametrize(("language", "task"), TASKS)
def test_they_are_short(language, task):
    lengths = sorted(
        len(re.findall(r"\w+|[^\w\s]", re.sub(r"\{\{ \w+ \}\}", "x", text))) for text in texts(language, task)
    )
    assert lengths[-1] <= 30
    assert lengths[len(lengths) * 9 // 10] <= 25
    assert lengths[len(lengths) // 2] <= 16


@pytest.mark.parametrize(("language", "task"), TASKS)
def test_personas(language, task):
    found = texts(language, task)
    assert sum(bool(fields(text) & SURFACES) for text in found) >= 4
    assert sum("sentence" in fields(text) for text in found) <= 1
    for surface in set().union(*map(fields, found)) & SURFACES:
        assert len(pool(language, surface)) >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_say_where_counting_begins(language):
    first = {"en": "from|first", "de": "ab|erst", "fr": "à partir de|premi", "es": "desde|primer|empiezo"}[language]
    last = {"en": "last", "de": "letzte", "fr": "derni", "es": "últim"}[language]
    if language == "en":
        first += "|start counting at"
    for phrasing in load_phrasings("position", language, style="trace"):
        for field, word in [("number", first), ("number_from_end", last)]:
            if field in phrasing.fields:
                assert "base" in phrasing.fields
                assert re.search(word, phrasing.text, flags=re.IGNORECASE), phrasing.where


@pytest.mark.parametrize("task", ["position", "count"])
def test_steps_are_asked_for_as_they_are_trained_letters_with_hyphens_then_a_new_line(task):
    hyphens = {"en": "hyphens", "de": "Bindestriche", "fr": "tirets", "es": "guiones"}
    line = {"en": "line|below", "de": "zeile|darunter", "fr": "à la ligne", "es": "línea"}
    for language in LANGUAGES:
        for text in (ROOT / language / task / "trace.jinja").read_text().strip().split("\n\n")[1:]:
            assert hyphens[language] in text, text
            assert re.search(line[language], text, flags=re.IGNORECASE), text


def test_german_fields_stand_where_their_case_fits():
    # The separator is a dative plural, "Bindestrichen"; both ordinals are weak nominatives, "der erste".
    assert all(re.search(r"""mit[:=_]? ?"?$""", text) for text in before("separator", "de", "spelling"))
    for ordinal in ("ordinal", "ordinal_from_end"):
        assert all(re.search(r"(^|\W)[dD]er $", text) for text in before(ordinal, "de", "position"))


def test_french_fields_stand_where_their_gender_fits():
    # The separator has its article, "des tirets"; ordinals are feminine, those from the end come last in the clause.
    fits = r"""(par|avec|insérant|mettant|[Mm]ets)(\u00a0?:|=)? ?"?$"""
    assert all(re.search(fits, text) for text in before("separator", "fr", "spelling"))
    assert all(re.search(r"(^|\W)[lL]a $", text) for text in before("ordinal", "fr", "position", code=False))
    for text in texts("fr", "position"):
        if "ordinal_from_end" in fields(text):
            assert re.search(r"(^|\W)la \{\{ ordinal_from_end \}\}(\u00a0[?:]|\.|\n|$)", text), text


def test_spanish_fields_stand_where_their_gender_fits():
    fits = r"""(por|con|pon|Pon|usando|insertando|mete)[:=]? ?"?$"""
    assert all(re.search(fits, text) for text in before("separator", "es", "spelling"))
    assert all(re.search(r"(^|\W)[lL]a $", text) for text in before("ordinal", "es", "position", code=False))
    for text in texts("es", "position"):
        if "ordinal_from_end" in fields(text):
            assert re.search(r"(^|\W)la \{\{ ordinal_from_end \}\}([?:.]|\n|$| en otra)", text), text


@pytest.mark.parametrize("task", STRATA)
def test_german_quotes(task):
    for text in texts("de", task, code=False):
        assert not re.search(r"""["'“”](?=\{)|(?<=\})["'”]|„ """, text), text
        assert text.count("„") == text.count("“"), text


@pytest.mark.parametrize("task", STRATA)
def test_french_quotes_spaces_and_apostrophes(task):
    for text in texts("fr", task, code=False):
        assert not re.search(r"""["'“”„]""", text), text
        assert text.count("«\u00a0") == text.count("«") == text.count("\u00a0»") == text.count("»"), text
        assert all(found == "\u00a0" for found in re.findall(r"(.)[?!:;]", text)), text
        # "de" and "à" would have to change before some names and towns: d'Anne, au Havre.
        assert not re.search(r"\b(de|à|en|que|chez) \{\{ (name|place)", text.replace("Aide {{ name }} à", "")), text


@pytest.mark.parametrize("task", STRATA)
def test_spanish_quotes_and_marks(task):
    for text in texts("es", task, code=False):
        assert not re.search(r"""["'“”„]|« | »""", text), text
        assert text.count("¿") == text.count("?"), text
        assert text.count("¡") == text.count("!"), text


@pytest.mark.parametrize(
    ("task", "text", "name"),
    [
        ("spelling", 'Spell "{{ word }}" with {{ separator }} between the letters.', "8693fe41f87e46e9"),
        ("position", 'What is the {{ ordinal }} letter of "{{ word }}"?', "58dcd511aaf4bba6"),
        ("count", "Count the letter '{{ letter }}' in '{{ word }}'.", "b74a33d1c7ae1a5e"),
    ],
)
def test_golden_hashes(task, text, name):
    # A hash is part of every id: it must never change for the same text.
    assert {phrasing.text: phrasing.hash for phrasing in load_phrasings(task, "en")}[text] == name


def test_the_docs_say_how_many_there_are():
    page = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()
    for language in LANGUAGES:
        (row,) = re.findall(rf"\| \w+ \(`{language}`\) \|(.*)\|", page)
        assert [int(cell.split(",")[0]) for cell in row.split("|")] == [len(texts(language, task)) for task in STRATA]
