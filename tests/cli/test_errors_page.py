"""docs/errors.md names every error and every exit code."""

import inspect
import re
from pathlib import Path

import pytest

from sdp import errors
from sdp.errors import ExitCode, SdpError

TEXT = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()
KINDS = [
    thing
    for thing in vars(errors).values()
    if inspect.isclass(thing) and issubclass(thing, SdpError) and thing is not SdpError
]


@pytest.mark.parametrize("code", ExitCode)
def test_a_code_has_a_row(code):
    assert re.search(rf"^\| {code:d} \| `{code.name}` \| \S", TEXT, flags=re.MULTILINE), (
        f"give {code!r} a row in docs/errors.md"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_has_a_heading_with_its_code_and_what_to_do(kind):
    section = re.search(rf"^## `{kind.__name__}`\n(.*?)(?=^## |\Z)", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert section, f"give {kind.__name__} a heading in docs/errors.md"
    assert f"Exit code {kind.exit_code:d}." in section[1]
    assert "What to do:" in section[1]


def test_no_heading_is_left_over():
    assert set(re.findall(r"^## `(\w+)`$", TEXT, flags=re.MULTILINE)) == {kind.__name__ for kind in KINDS}
