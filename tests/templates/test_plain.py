"""What is read without Jinja is read as Jinja would."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdp.errors import TemplateError
from sdp.templates.plain import MAX_TEXT, plain_segments
from sdp.templates.sandbox import parse

PIECES = st.sampled_from(
    ["{{ word }}", "{{word}}", "{{ x1 }}", "{{ _x }}", "{{ none }}", "{{ True }}", "{{ loop }}", "{{ super }}"]
    + ["{{ for }}", "{{- word -}}", "{{ word|upper }}", "{% if word %}", "{% endif %}", "{# note #}", "{{ '{{' }}"]
    + ["{{", "}}", "{%", "{", "}", "#}", "%}", "\n", "\r\n", " ", "\t", "é", "\u2028", "\ud800", "Word:", '"', "# x"]
    + ["-- y", "{{ wörd }}"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=7).map("".join))
@example("{{{ word }}")
@example("{{{ word }}}")
@example("{ {{ word }} }")
@example("a {{ word }}\n")
@example("")
def test_the_same_as_jinja_or_left_to_it(text):
    segments = plain_segments(text)
    if segments is not None:
        assert segments == parse(text, "made.jinja").segments


@given(
    st.lists(st.sampled_from(["How ", "{{ word }}", "{{ n }}", '"', "?", "\nx"]), min_size=1, max_size=6).map("".join)
)
def test_ordinary_phrasings_need_no_jinja(text):
    assert (plain_segments(text) is None) == text.endswith("\n")


def test_too_long_a_text_is_left_to_jinja_which_refuses_it():
    assert plain_segments("x" * MAX_TEXT) is not None
    assert plain_segments("x" * (MAX_TEXT + 1)) is None
    with pytest.raises(TemplateError, match="10000 at most"):
        parse("x" * (MAX_TEXT + 1), "made.jinja")


def test_packaged_phrasings_load_lint_and_render_without_jinja():
    script = (
        "import sys\n"
        "from sdp.templates.phrasing import load_phrasings\n"
        "from sdp.templates.lint import check\n"
        "from sdp.templates.render import compile\n"
        "found = load_phrasings('count', 'fr', style='trace')\n"
        "check(found, [frozenset({'word', 'letter'})])\n"
        "assert compile(found[0]).columnar\n"
        "sys.exit('jinja2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == 0, "importing Jinja costs more than reading all phrasings: keep it inside functions"
