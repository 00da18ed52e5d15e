"""A page that is one file: nothing is loaded, and the policy allows exactly its own scripts."""

import base64
import hashlib

import pytest

from sdp.reports.one_file import as_parsed, asset, policy


def test_the_policy_names_each_script_by_what_a_browser_sees():
    script = "one\r\ntwo\rthree\n"
    seen = as_parsed(script)
    assert seen == "one\ntwo\nthree\n"
    digest = base64.b64encode(hashlib.sha256(seen.encode()).digest()).decode()
    assert (
        policy([seen])
        == f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:"
    )


@pytest.mark.parametrize(
    "name", ["page/page.css", "data_page/page.css", "data_page/page.js", "data_page/page.html.jinja"]
)
def test_what_is_packaged_asks_nobody_for_anything(name):
    text = asset(name)
    assert text
    assert not any(part in text for part in ("http:", "https:", "@import", "url("))
