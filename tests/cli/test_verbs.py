"""What all verbs have in common."""

import inspect
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from sdp.cli.commands import load_command, options_of
from sdp.cli.table import VERBS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_one_short_file(verb):
    path = Path(import_module(VERBS[verb].module).__file__)
    assert path.stem.removesuffix("_") == verb  # `import` is a word of Python
    assert len(path.read_text().splitlines()) <= 120, f"{path}: move what is no parsing or rendering to a workflow"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_says_what_it_does(verb):
    run = import_module(VERBS[verb].module).run
    assert inspect.getdoc(run), f"{verb}: the docstring of run is its help page"
    assert not VERBS[verb].help.endswith(".")
    command = load_command(verb)
    silent = [name for name, option in options_of(command).items() if not option.help]
    assert not silent, f"{verb}: options without help: {silent}"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("option", ["json", "quiet"])
def test_every_verb_has(verb, option):
    assert option in options_of(load_command(verb))


def test_the_same_word_takes_the_same_kind_of_value_everywhere():
    kinds = defaultdict(lambda: defaultdict(list))
    for verb in VERBS:
        for name, option in options_of(load_command(verb)).items():
            annotation = option.type_descriptor.annotation
            one = get_args(annotation)[0] if get_origin(annotation) is list else annotation
            kinds[name]["choice" if get_origin(one) is Literal else one.__name__].append(verb)
    split = {name: dict(found) for name, found in kinds.items() if len(found) > 1}
    assert not split, f"one word, several types; take it from sdp.cli.options: {split}"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_in_the_docs(verb):
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert f"| `{verb}` |" in page, f"add {verb} to the table of verbs in docs/configuration.md"


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_option_is_a_usage_error(verb, sdp):
    done = sdp(verb, "--no-such-option")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("sdp: error: No such option")
    assert done.stderr.endswith(f"  try: sdp {verb} --help\n")
