"""The classes of the contract, as docs/plugins.md lists them: every method, with its exact signature."""

import ast
import inspect
import textwrap
from pathlib import Path

import pytest

from sdp.api import Augmenter, Exporter, Generator, ItemGenerator, Metric, RowGenerator, Validator

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text()
CLASSES = (Generator, RowGenerator, ItemGenerator, Validator, Metric, Exporter, Augmenter)


def signatures(made):
    """Of the methods that a class itself defines, as one line each; those that must be defined first."""
    body = ast.parse(textwrap.dedent(inspect.getsource(made))).body[0].body
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    functions = [node for node in functions if node.name == "__init__" or not node.name.startswith("_")]
    functions.sort(key=lambda node: node.name not in made.__abstractmethods__)
    for node in functions:
        yield f"def {node.name}({ast.unparse(node.args)}) -> {ast.unparse(node.returns)}"


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_every_method_is_in_the_docs_with_its_exact_signature(made):
    wanted = "\n".join(signatures(made))
    assert f"\n### `{made.__name__}`\n" in PAGE
    block = PAGE.split(f"\n### `{made.__name__}`\n")[1].split("```text\n")[1].split("```")[0]
    assert block.strip() == wanted, f"docs/plugins.md must say:\n{wanted}"


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_every_attribute_is_in_the_docs(made):
    own = [name for name in inspect.get_annotations(made) if not name.startswith("_")]
    section = PAGE.split(f"\n### `{made.__name__}`\n")[1].split("\n#")[0]
    assert not [name for name in own if f"`{name}`" not in section]
