"""Both ways of filling in give the same text."""

import pickle
import re

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdp.errors import TemplateError
from sdp.templates.phrasing import SURFACES, load_phrasings
from sdp.templates.render import compile as compile_phrasing

ODD = [
    "{{ word }}", "{% if %}", "{# x #}", "it's", '"q"', "a\\b", "<b>&amp;", "straße", "ὀδυσσεύς", "e\u0301", "नमस्ते",
    "العَرَبية", "한국어", "日本語", "👩‍👩‍👧", "", " ", "\r\n", "\x00",
]  # fmt: skip
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(ODD)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}\r"), max_size=10)
FIELD = st.sampled_from(["word", "letter", "name"])


def compiled(text):
    return compile_phrasing(load_phrasings("made_up", "en", inline=[text])[0])


def strings(*values):
    return pa.array(values, pa.string())


@given(st.lists(st.tuples(TEXT, FIELD), max_size=5), st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=5))
@example([("", "word"), ("", "word")], [("{{ letter }}", "a", "b")])
@example([("a\n\n", "word")], [("\n", "", "")])
def test_both_paths_equal_plain_concatenation(pieces, rows):
    template = compiled("Q" + "".join(f"{text}{{{{ {field} }}}}" for text, field in pieces) + ".")
    columns = {name: strings(*(row[i] for row in rows)) for i, name in enumerate(["word", "letter", "name"])}
    values = [dict(zip(["word", "letter", "name"], row, strict=True)) for row in rows]
    expected = ["Q" + "".join(text + value[field] for text, field in pieces) + "." for value in values]
    assert template.columnar
    assert template.render(columns).to_pylist() == expected
    assert template.rendered_by_row(columns).to_pylist() == expected


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_packaged_phrasings_both_ways(task, language):
    words = [*ODD, "strawberry"]
    for phrasing in load_phrasings(task, language, style="trace"):
        template = compile_phrasing(phrasing)
        columns = {field: strings(*words[i:], *words[:i]) for i, field in enumerate(sorted(phrasing.fields))}
        prompts = template.render(columns).to_pylist()
        assert prompts == template.rendered_by_row(columns).to_pylist()
        # Text and field names in turn, read without Jinja.
        parts = re.split(r"\{\{ (\w+) \}\}", phrasing.text)
        for i, prompt in enumerate(prompts):
            assert prompt == "".join(columns[part][i].as_py() if n % 2 else part for n, part in enumerate(parts))


@pytest.mark.parametrize(
    ("text", "columnar", "expected"),
    [
        ("{{ word }}!", True, "aB!"),
        ("{{- word -}}  !", True, "aB!"),
        ("{{ '{{' }}{{ word }}{{ '}}' }}", True, "{{aB}}"),
        ("{% raw %}{{ word }}{% endraw %} {{ word }}", True, "{{ word }} aB"),
        ("{{ word }} {# aside #}.", True, "aB ."),
        ("{{ word|upper }}", False, "AB"),
        ("{% if word|length == 2 %}two{% else %}{{ word }}{% endif %}", False, "two"),
        ("{% for x in word %}{{ x }}{{ '-' if not loop.last }}{% endfor %}", False, "a-B"),
        ("{{ word ~ 1 }}{{ 2 + 3 }}", False, "aB15"),
        ("<{{ word }}> & {{ word|lower }}", False, "<aB> & ab"),
    ],
)
def test_what_is_columnar(text, columnar, expected):
    template = compiled(text)
    assert template.columnar is columnar
    assert template.render({"word": strings("aB")}).to_pylist() == [expected]
    assert template.rendered_by_row({"word": strings("aB")}).to_pylist() == [expected]


@pytest.mark.parametrize("text", ["Say {{ word }}.", "Say {{ word }}{{ '.'|trim }}"])
def test_kinds_of_column(text):
    plain = strings("a", "b", "a")
    kinds = [
        plain,
        plain.dictionary_encode(),
        plain.cast(pa.large_string()),
        pa.chunked_array([plain[:1], plain[1:]]),
        pa.chunked_array([], pa.string()),
        strings("x", "a", "b", "a").slice(1),
    ]
    for column in kinds:
        made = compiled(text).render({"word": column, "unused": column})
        assert isinstance(made, pa.StringArray)
        assert made.to_pylist() == [f"Say {value}." for value in column.to_pylist()]


def test_numbers_become_text_the_same_way():
    columns = {"word": pa.array([1, -20])}
    assert compiled("N {{ word }}").render(columns).to_pylist() == ["N 1", "N -20"]
    assert compiled("N {{ word }}").rendered_by_row(columns).to_pylist() == ["N 1", "N -20"]


def test_null_gives_null():
    for text in ("Say {{ word }} {{ letter }}", "Say {{ word }} {{ letter|upper }}"):
        columns = {"word": strings("a", None, "c"), "letter": strings("X", "Y", None)}
        assert compiled(text).render(columns).to_pylist() == ["Say a X", None, None]
        assert compiled(text).rendered_by_row(columns).to_pylist() == ["Say a X", None, None]


def test_text_only():
    template = compiled("Always the same.")
    assert template.render({"word": strings("a", "b")}).to_pylist() == ["Always the same."] * 2
    assert template.rendered_by_row({"word": strings("a", "b")}).to_pylist() == ["Always the same."] * 2


def test_missing_column_is_named():
    with pytest.raises(TemplateError, match="unknown field 'word'") as caught:
        compiled("Say {{ word }}").render({"wrod": strings("a")})
    assert caught.value.where == "made_up.templates:1"
    assert caught.value.hint == "fields are: wrod"


def test_lengths_must_agree():
    with pytest.raises(TemplateError, match="'word' has 1 rows, not 2"):
        compiled("Say {{ word }}").render({"letter": strings("a", "b"), "word": strings("a")})


def test_columns_must_be_text():
    with pytest.raises(TemplateError, match="'word' is list"):
        compiled("Say {{ word }}").render({"word": pa.array([["a"]])})


def test_compiling_twice_and_rendering_twice_change_nothing():
    template = compiled("{% for x in word %}{{ x }}.{% endfor %}")
    columns = {"word": strings("abc" * 1000)}
    assert template.render(columns) == template.render(columns) == compile_phrasing(template.phrasing).render(columns)


@pytest.mark.parametrize("text", ["{{ word }}", "{{ word }}{{ ''|trim }}"])
def test_length_bound_counts_characters(text):
    assert compiled(text).render({"word": strings("é" * 10_000)}).to_pylist() == ["é" * 10_000]
    with pytest.raises(TemplateError, match="more than 10000 characters") as caught:
        compiled(text).render({"word": strings("a", "a" * 10_001)})
    assert caught.value.where == "made_up.templates:1"


def test_surfaces_are_ordinary_fields():
    phrasings = [p for p in load_phrasings("count", "en") if p.fields & set(SURFACES)]
    assert phrasings
    assert pickle.loads(pickle.dumps(phrasings)) == phrasings
