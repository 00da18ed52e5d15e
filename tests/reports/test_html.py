import base64
import hashlib
import json
import re
from copy import deepcopy
from html.parser import HTMLParser
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdp.errors import ResourceError
from sdp.reports.flips import visible
from sdp.reports.html import render_report, write_report

LOADING = {"src", "href", "srcset", "data", "action", "formaction", "poster", "background"}
VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}


class Page(HTMLParser):
    """Collects what the tests ask about, and checks that tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.loads, self.handlers, self.scripts, self.texts, self.cells = [], [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.loads += [(tag, name, value) for name, value in attrs if name in LOADING]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        if tag == "script":
            self.scripts.append([dict(attrs), ""])
        if "data-value" in dict(attrs):
            self.cells.append([dict(attrs), ""])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1][1] += data
        else:
            self.texts.append(data)
            if self.open and self.open[-1] == "td" and self.cells and not self.cells[-1][1]:
                self.cells[-1][1] = data


@pytest.fixture(scope="module")
def text(result, rows):
    return render_report(result, rows)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def small_plotly():
    """Plotly's five megabytes say nothing about our escaping."""
    return patch("plotly.offline.get_plotlyjs", lambda: "/* plotly */")


def test_nothing_is_loaded_from_anywhere(page, text):
    assert all(value.startswith(("#", "data:")) for _, _, value in page.loads), page.loads
    assert not re.search(r"@import|url\((?!['\"]?data:)", re.search(r"<style>.*?</style>", text, re.DOTALL)[0])
    assert "default-src &#39;none&#39;" in text


def test_the_policy_allows_exactly_our_scripts(page, text):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    run = [source for attributes, source in page.scripts if "type" not in attributes]
    hashes = [base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() for source in run]
    assert re.findall(r"'sha256-([^']+)'", policy) == hashes
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert page.handlers == []


def test_plotly_is_there_once(page):
    from plotly.offline import get_plotlyjs

    sources = [source for _, source in page.scripts]
    assert sum(len(source) > 1_000_000 for source in sources) == 1
    assert get_plotlyjs() in sources


def test_every_score_is_the_result_s(page, result):
    shown = [(cell["data-score"], float(cell["data-value"]), text) for cell, text in page.cells if "data-score" in cell]
    expected = [
        (name, model["tasks"][task]["scores"][name]["value"])
        for task in ("spelling", "position", "count")
        for model in result["models"]
        for name in ("exact_match", "format_failure", "edit_similarity", "rouge_l", "answer_ppl_token")
    ]
    assert [(name, value) for name, value, _ in shown] == expected
    for name, value, text in shown:
        assert text == (f"{value:.2f}" if name == "answer_ppl_token" else f"{100 * value:.1f}")


def test_every_comparison_is_the_result_s(page, result):
    values = [float(cell["data-value"]) for cell, _ in page.cells if "data-score" not in cell]
    assert values == [row[name] for row in result["comparisons"] for name in ("difference", "p", "p_holm")]
    seen = "".join(page.texts)
    for row in result["comparisons"]:
        assert row["sentence"] in seen
        assert f"{100 * row['difference']:+.1f}".replace("-", "−") in seen
    assert result["claim"] in seen


def test_settings_and_hashes_are_there(page, result):
    seen = "".join(page.texts)
    assert "generation.max_new_tokens" in seen
    assert all(entry["manifest_sha256"] in seen for entry in result["data"])
    assert all(model["adapter"] is None or model["adapter"] in seen for model in result["models"])
    assert all(note in seen for note in result["notes"])


def test_the_payload_reads_back(page, rows):
    payload = json.loads(next(source for attributes, source in page.scripts if attributes.get("id") == "payload"))
    outputs = {visible(output) for output in rows["output"].to_pylist()}
    assert payload["flips"]
    assert {row[side] for group in payload["flips"] for row in group["rows"] for side in ("before", "after")} <= outputs


NASTY = (
    "</script><script>alert(1)</script>", "<!--", "<img src=x onerror=alert(1)>", "\"'><svg onload=x>", "{{ 7 * 7 }}",
    "]]>", "&lt;b&gt;", "\x00\x1b[31m", "\u2028\u202e", "</pre></dd>", "<noscript>",
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=30)), min_size=1))
def test_nothing_a_model_writes_becomes_html(result, rows, written):
    few = rows.slice(0, 40)
    for name in ("output", "prompt", "answer", "key"):
        place = few.schema.get_field_index(name)
        column = [written[number % len(written)] for number in range(few.num_rows)]
        few = few.set_column(place, few.schema.field(place), [column])
    with small_plotly():
        page = Page(render_report(result, few))
    assert [attributes for attributes, _ in page.scripts] == [{"type": "application/json", "id": "payload"}, {}, {}]
    assert page.handlers == []
    assert all(value.startswith(("#", "data:")) for _, _, value in page.loads)
    json.loads(page.scripts[0][1])


@pytest.mark.parametrize("nasty", NASTY)
def test_names_and_settings_are_escaped_too(result, rows, nasty):
    bad = deepcopy(result)
    bad["models"][0]["model"] = bad["claim"] = bad["created"] = nasty
    bad["settings"] = {nasty: nasty}
    bad["notes"] = [nasty]
    bad["models"][0]["tasks"]["spelling"]["floor_answer"] = nasty
    bad["comparisons"][0] |= {"sentence": nasty, "test": nasty, "label": nasty}
    with small_plotly():
        page = Page(render_report(bad, rows.slice(0, 50)))
    assert len(page.scripts) == 3
    assert page.handlers == []


def test_a_bench_without_comparisons_or_rows(result, rows):
    alone = result | {"models": result["models"][:1], "comparisons": [], "notes": []}
    with small_plotly():
        text = render_report(alone, rows.slice(0, 0))
    assert 'id="verdict"' not in text
    assert 'id="plots"' not in text
    assert 'id="flips"' not in text
    assert result["claim"] in "".join(Page(text).texts)


def test_undefined_values_are_shown_as_such(result, rows):
    bare = deepcopy(result)
    bare["comparisons"][0] |= {"low": None, "high": None, "mde": None}
    exact = bare["models"][0]["tasks"]["spelling"]["scores"]["exact_match"]
    exact |= {"low": None, "high": None}
    with small_plotly():
        assert "None" not in "".join(Page(render_report(bare, rows)).texts)


def test_the_same_bench_gives_the_same_file(result, rows, tmp_path):
    with small_plotly():
        for name in ("one", "two"):
            write_report(result, rows, tmp_path / "deep" / name)
    assert (tmp_path / "deep" / "one").read_bytes() == (tmp_path / "deep" / "two").read_bytes()


def test_a_place_that_is_a_file_is_refused(result, rows, tmp_path):
    (tmp_path / "file").write_text("")
    with small_plotly(), pytest.raises(ResourceError, match="cannot write"):
        write_report(result, rows, tmp_path / "file" / "report.html")
