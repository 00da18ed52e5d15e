"""A suite's file: what it may say, and the line of whatever it may not."""

from pathlib import Path

import pytest

from sdp.benchmarks.suite import MAX_BYTES, N_MADE, builtin_suite, builtin_suites, parse_suite, read_suite
from sdp.errors import ConfigError, InputError


def parse(text, folder="suites"):
    return parse_suite(text, "mine.yaml", Path(folder))


def refusal(text):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return caught.value


def test_everything_it_may_say():
    suite = parse(
        "name: mine\ndescription: What it is for.\nlimit: 50\nstyle: trace\nseed: 3\ntasks:\n"
        "  - task: position\n    n: 30\n    seed: 5\n    words: wordfreq:en:600+file:en:words.txt\n    language: de\n"
        "    strata: [ordinal]\n    balance: length\n    difficulty: easy\n    noise: [case]\n    templates: [mine]\n"
        "    tokenizer: tiny\n    domain: {letters: [e, a], bases: 1}\n"
        "  - data: ../data/count\n  - data: spelling\n"
    )
    assert (suite.name, suite.description, suite.file) == ("mine", "What it is for.", "mine.yaml")
    assert suite.options == {"limit": 50, "style": "trace", "seed": 3}
    assert [one.where for one in suite.tasks] == ["mine.yaml:7", "mine.yaml:19", "mine.yaml:20"]
    assert [(one.task, one.data) for one in suite.tasks] == [
        ("position", None),
        (None, "suites/../data/count"),
        (None, "spelling"),
    ]
    assert suite.tasks[0].settings == {
        "n": 30,
        "seed": 5,
        "words": "wordfreq:en:600+file:en:suites/words.txt",
        "language": "de",
        "strata": ("ordinal",),
        "balance": "length",
        "difficulty": "easy",
        "noise": ("case",),
        "templates": ("suites/mine",),
        "tokenizer": "tiny",
        "domain": {"letters": ("e", "a"), "bases": ("1",)},
    }


def test_a_bare_word_is_a_task_and_one_with_a_slash_a_folder():
    suite = parse("name: mine\ntasks: [spelling, data/count]\n", folder=".")
    assert [(one.task, one.data) for one in suite.tasks] == [("spelling", None), (None, "data/count")]
    assert suite.tasks[0].settings == {"n": N_MADE}
    assert suite.options == {}


def test_a_url_is_no_folder_beside_the_suite():
    suite = parse("name: mine\ntasks: [memory://a/count, data: file:///x/count, data: count]\n")
    assert [one.data for one in suite.tasks] == ["memory://a/count", "/x/count", "count"]
    with pytest.raises(InputError, match="gopher") as caught:
        parse("name: mine\ntasks:\n  - count\n  - gopher://a/count\n")
    assert caught.value.where == "mine.yaml:4"


@pytest.mark.parametrize(
    ("text", "what", "line", "hint"),
    [
        ("name: [mine\n", "the suite is not YAML", 2, "key: value"),
        ("name: *nobody\n", "the suite is not YAML", 1, "key: value"),
        ("name: 2026-99-99\n", "the suite is not YAML", None, "key: value"),
        ("", "a suite is a mapping", 1, "tasks: [spelling]"),
        ("- spelling\n", "a suite is a mapping", 1, "tasks: [spelling]"),
        ("name: mine\n", "a suite needs 'tasks'", 1, "tasks: [spelling"),
        ("tasks: [spelling]\n", "a suite needs 'name'", 1, "name: letters"),
        ("name: A B\ntasks: [spelling]\n", "name: string should match", 1, "small letters"),
        ("name: mine\n\ntasks: []\n", "tasks: list should have at least 1 item", 3, "spelling"),
        ("name: mine\ntasks: spelling\n", "tasks: input should be a valid list (got 'spelling')", 2, "spelling"),
        ("name: mine\nlimits: 3\ntasks: [spelling]\n", "a suite has no 'limits'", 2, "did you mean 'limit'?"),
        ("name: mine\nlimit: -1\ntasks: [spelling]\n", "limit: input should be greater than or equal to 0", 2, "0 for"),
        ("name: mine\nlimit: '5'\ntasks: [spelling]\n", "limit: input should be a valid integer (got '5')", 2, "500"),
        ("name: mine\nlimit: true\ntasks: [spelling]\n", "limit: input should be a valid integer (got True)", 2, "500"),
        ("name: mine\nstyle: loud\ntasks: [spelling]\n", "style: input should be 'auto'", 2, None),
        ("name: mine\ntasks:\n  - spelling\n  - 3\n", "tasks.2: input should be a valid dictionary", 4, None),
        ("name: mine\ntasks:\n  - task: a\n    nn: 3\n", "an entry of a suite has no 'nn'", 4, "did you mean 'n'?"),
        ("name: mine\ntasks:\n  - task: a\n    n: 0\n", "tasks.1.n: input should be greater than 0", 4, "n: 500"),
        ("name: mine\ntasks:\n  - task: a\n    language: no\n", "tasks.1.language: input should be a valid s", 4, None),
        ("name: mine\ntasks:\n  - task: a\n    strata: [1]\n", "tasks.1.strata.1: input should be a valid s", 4, None),
        ("name: mine\ntasks:\n  - n: 3\n", "an entry has either 'task' or 'data'", 3, "task: spelling"),
        ("name: mine\ntasks:\n  - task: a\n    data: b\n", "an entry has either 'task' or 'data'", 3, "task: spelling"),
        ("name: mine\ntasks:\n  - data: b\n    n: 3\n", "'n' is of questions that are made", 3, "leave it out"),
        ("name: mine\nname: yours\ntasks: [spelling]\n", "'name' is there twice", 2, "first in line 1"),
        ("name: mine\ntasks:\n  - n: 3\n    task: a\n    n: 4\n", "'n' is there twice", 5, "first in line 3"),
    ],
)
def test_what_will_not_do_is_refused_with_its_line(text, what, line, hint):
    error = refusal(text)
    assert error.what.startswith(what)
    assert error.where == (f"mine.yaml:{line}" if line else "mine.yaml")
    assert hint is None or hint in error.hint


def test_an_alias_of_itself_ends():
    assert "input should be" in refusal("name: &a [*a]\ntasks: [spelling]\n").what


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"#" * (MAX_BYTES + 1)])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_suite(path)
    assert caught.value.where == str(path)


def test_those_that_come_with_sdp_are_called_as_their_files():
    assert builtin_suites() == ("letters",)
    assert all(builtin_suite(name).name == name for name in builtin_suites())
    assert [one.task for one in builtin_suite("letters").tasks] == ["spelling", "position", "count"]
