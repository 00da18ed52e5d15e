"""Phrasings from strangers: what could loop for ever, eat the memory or reach out is refused, with its line."""

from pathlib import Path

import pytest
from tests.faults.processes import sdp

pytestmark = pytest.mark.slow
PAIR = "{{ word }} {{ separator }}"
LETTERS = "{% for a in word %}{% for b in word %}{% for c in word %}{% for d in word %}"
EVIL = {
    PAIR + "{% for i in range(10**9) %}{% endfor %}": "may not call anything",
    PAIR + LETTERS + "{% for e in word %}" + "{% endfor %}" * 5: "its loops take more than 10000 steps",
    PAIR + LETTERS + "{% endfor %}" * 4: "its loops take more than 10000 steps",  # of long words only
    PAIR + "{% for a in word %}" * 40 + "{% endfor %}" * 40: "more than 10 loops",
    PAIR + "{% macro m() %}{{ m() }}{% endmacro %}": "may not use 'macro'",
    PAIR + "{% include '/etc/passwd' %}": "may not use 'include'",
    PAIR + "{{ word.__class__ }}": "may not use attributes: '.__class__'",
    PAIR + "{{ word['__class__'] }}": "cannot be rendered",
    PAIR + "{{ word * 10**9 }}": "may not use 'mul'",
}


@pytest.mark.parametrize("number", range(len(EVIL)))
def test_a_phrasing_that_does_what_it_may_not(number):
    text, said = list(EVIL.items())[number]
    Path("own").mkdir()
    Path("own", "mine.jinja").write_text(f"Spell {{{{ word }}}} with {{{{ separator }}}}.\n\n{text}\n")
    done = sdp("generate", "spelling", "--n", "200", "--templates", "own", "--words", "wordfreq:en:2000")
    assert done.returncode == 3, done.stderr
    assert "mine.jinja:3" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("data/spelling").exists()
