"""Phrasings from strangers: no way out, no way to fill the memory, no way to run for ever."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import TemplateError
from sdp.templates.phrasing import load_phrasings
from sdp.templates.render import compile as compile_phrasing
from sdp.templates.sandbox import FILTERS, parse

BAD = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ word.__class__ }}",
    "{{ word['__class__'] }}",
    "{{ word['up' ~ 'per'] }}",
    "{{ word|attr('__class__') }}",
    "{{ word.upper() }}",
    "{{ word.format(word) }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ _steps }}",
    "{{ word|_steps }}",
    "{{ lipsum(100) }}",
    "{{ cycler('a').next() }}",
    "{% for x in word %}{{ loop.cycle }}{% endfor %}",
    "{% for x in word %}{{ loop['cycle'] }}{% endfor %}",
    "{% for x in word %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in word recursive %}{{ loop(word) }}{% endfor %}",
    "{% for i in range(10**9) %}{% endfor %}",
    "{{ 'x' * 1000000000 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ word|center(1000000000) }}",
    "{{ '%999999999d'|format(1) }}",
    "{% set a = word %}{{ a }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'secrets.txt' %}",
    "{% import 'os' as os %}",
    "{% extends 'base' %}",
    "{% block b %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% with a = word %}{{ a }}{% endwith %}",
    "{{ {'a': word} }}",
    "{{ word[99] }}",
    "{{ word|first|first|int + word }}",
    "{{ word is nonsense }}",
    "{{ '\\ud800' }}",
    "\ud800 {{ word }}",
    "{{ " + "9" * 5000 + " }}",
    "{{ " + "(" * 4000 + "word" + ")" * 4000 + " }}",
    "{{ " + "not " * 2400 + "word }}",
    "{% if word %}" * 500 + "x" + "{% endif %}" * 400,
    "{% if word %}" * 400 + "x" + "{% endif %}" * 400,
    "{% for x in word %}" * 11 + "x" + "{% endfor %}" * 11,
    "{% for x in word %}" * 200 + "x" + "{% endfor %}" * 200,
    "{% for a in word %}{% for b in word %}{% for c in word %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in word %}" + "x" * 4000 + "{% endfor %}",
    "x" * 10_001,
]


@pytest.mark.parametrize("text", BAD, ids=lambda text: ascii(text[:40]))
def test_refused(text):
    with pytest.raises(TemplateError) as caught:
        compile_phrasing(load_phrasings("made_up", "en", inline=[text])[0]).render({"word": pa.array(["w" * 50])})
    assert caught.value.where == "made_up.templates:1"


@pytest.mark.parametrize("name", ["lipsum", "cycler", "range", "dict", "namespace", "joiner"])
def test_jinjas_own_names_are_fields_like_others(name):
    (phrasing,) = load_phrasings("made_up", "en", inline=[f"{{{{ {name} }}}}"])
    assert phrasing.fields == {name}


def test_unknown_filter_says_which_there_are():
    with pytest.raises(TemplateError, match="unknown filter 'uper'") as caught:
        parse("{{ word }}\n{{ word|uper }}", "x.jinja", 7)
    assert caught.value.where == "x.jinja:8"
    assert "did you mean 'upper'" in caught.value.hint


@pytest.mark.parametrize("name", FILTERS)
def test_filters_never_lengthen_much(name):
    template = compile_phrasing(load_phrasings("made_up", "en", inline=[f"{{{{ word|{name} }}}}"])[0])
    (made,) = template.render({"word": pa.array(["ŉΐß9" * 20])}).to_pylist()
    assert len(made) <= 3 * 80


def test_loops_within_the_bound_are_fine():
    text = "{% for a in word %}{% for b in word %}{{ loop.index if loop.last }}{% endfor %},{% endfor %}"
    (phrasing,) = load_phrasings("made_up", "en", inline=[text])
    made = compile_phrasing(phrasing).render({"word": pa.array(["abc", "ab"])})
    assert made.to_pylist() == ["3,3,3,", "2,2,"]


@given(st.text(st.sampled_from("{}%#-+|'\"()[].,:~ \n\\01abwordifelsend_"), max_size=60))
def test_any_text_renders_or_is_refused(text):
    try:
        made = compile_phrasing(load_phrasings("made_up", "en", inline=[text])[0])
        both = [path({"word": pa.array(["aß"]), "w": pa.array(["x"])}) for path in (made.render, made.rendered_by_row)]
    except TemplateError:
        return
    assert both[0] == both[1]
