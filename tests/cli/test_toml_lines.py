"""The line of a key, found in texts whose lines are known because the test wrote them."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.cli.toml_lines import line_of, line_of_syntax_error

VALUES = st.sampled_from(["1", '"text"', "[1, 2]", "[\n  1,\n  # inside\n  2,\n]", '"""\nn = 5\n[x]\n"""', "{ a = 1 }"])
FILLERS = st.sampled_from(["", "# comment", "\n\n", "# n = 3\n"])


@given(
    st.dictionaries(
        st.sampled_from(["generate", "bench", "defaults"]),
        st.dictionaries(st.sampled_from(["n", "seed", "out"]), st.tuples(FILLERS, VALUES), max_size=3),
        max_size=3,
    )
)
def test_every_key_is_found_where_it_was_written(tables):
    text, lines = "", {}
    for table, keys in tables.items():
        lines[table,] = text.count("\n") + 1
        text += f"[{table}]  # the table\n"
        for key, (filler, value) in keys.items():
            text += f"{filler}\n"
            lines[table, key] = text.count("\n") + 1
            text += f"{key} = {value}\n"
    tomllib.loads(text)
    assert {path: line_of(text, path) for path in lines} == lines


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("\ngenerate.n = 1\n", ("generate", "n"), 2),
        ("generate = { seed = 1, n = 2 }", ("generate", "n"), 1),
        ('["generate"]\n"n" = 1', ("generate", "n"), 2),
        ("[generate]\r\nn = 1\r\n", ("generate", "n"), 2),
    ],
)
def test_other_ways_to_write_it(text, path, line):
    assert line_of(text, path) == line


def test_a_key_that_is_not_there():
    with pytest.raises(KeyError):
        line_of("[generate]\n", ("generate", "n"))


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = = 2\n", 2), ("a = 1\n\n[x", 3), ("[", 1)])
def test_the_line_of_a_syntax_error(text, line):
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert line_of_syntax_error(text, caught.value) == line
