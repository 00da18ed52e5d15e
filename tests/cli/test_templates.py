"""sdp templates, as a process."""

import json

import pytest

from sdp.errors import ExitCode

OWN = "Own: {{ letter }} in {{ word }}?\n"


def test_list_shows_family_hash_held_out_and_text(sdp):
    done = sdp("templates", "list", "position", "--language", "fr")
    assert done.returncode == ExitCode.DONE
    assert done.stdout.startswith(
        "position, fr: 33 phrasings (4 chat, 4 code, 8 direct, 7 exam, 5 persona, 5 polite), 8 held"
    )
    (line,) = [
        line
        for line in done.stdout.splitlines()
        if "Quelle est la {{ ordinal }} lettre de «" in line and "sentence" not in line
    ]
    assert line.startswith("direct")
    assert " ⏎ La {{ ordinal }} lettre" in done.stdout
    assert done.stdout.count("  held out  ") == 8 + 1  # and the heading


def test_list_as_json(sdp):
    done = sdp("templates", "list", "count", "--style", "trace", "--json")
    found = json.loads(done.stdout)
    assert {"task", "family", "hash", "held_out", "where", "text"} == set(found["phrasings"][0])
    assert found["families"]["count"]["trace"] == 8


def test_without_an_action_it_lists_every_task(sdp):
    assert all(f"{task}, en: " in sdp("templates").stdout for task in ("spelling", "position", "count"))


def test_lint_finds_nothing_in_what_is_packaged(sdp):
    done = sdp("templates", "lint")
    assert done.returncode == ExitCode.DONE
    assert done.stdout.endswith(" phrasings, no fault\n")


def test_lint_prints_every_fault_and_fails(sdp, tmp_path):
    folder = tmp_path / "mine" / "en" / "count"
    folder.mkdir(parents=True)
    (folder / "own.jinja").write_text(f"{OWN}\nOf {{{{ wrod }}}}\n\nOf {{{{ word }}}}\n")
    done = sdp("templates", "lint", "mine")
    assert done.returncode == ExitCode.INPUT
    assert done.stdout.splitlines()[0] == "mine/en/count/own.jinja:3: template uses an unknown field 'wrod'"
    assert "mine/en/count/own.jinja:5: the phrasing leaves out 'letter'" in done.stdout
    assert done.stderr.startswith("sdp: error: 2 faults in 3 phrasings")
    as_json = sdp("templates", "lint", "mine", "--json")
    assert as_json.returncode == ExitCode.INPUT
    assert [fault["where"] for fault in json.loads(as_json.stdout)["faults"]] == [
        "mine/en/count/own.jinja:3",
        "mine/en/count/own.jinja:5",
    ]


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["list", "--task", "count"], "sdp templates list count"),
        (["lint", "--templates", "mine"], "sdp templates lint mine"),
    ],
)
def test_an_option_of_the_other_action_is_refused(sdp, args, hint):
    done = sdp("templates", *args)
    assert done.returncode == ExitCode.INPUT
    assert hint in done.stderr


BAD = [
    pytest.param("{{ word.__class__ }} {{ letter }}", "attributes", id="attribute"),
    pytest.param("{% for i in range(10**9) %}x{% endfor %}{{ word }}{{ letter }}", "may not", id="endless loop"),
    pytest.param(
        "{% for a in word %}" * 9 + "x" + "{% endfor %}" * 9 + "{{ word }}{{ letter }}",
        "10000 steps",
        id="nested loops",
    ),
    pytest.param("{{ word ~ word|center(999999999) }}{{ letter }}", "unknown filter", id="gigabytes"),
]


@pytest.mark.parametrize(("text", "what"), BAD)
def test_lint_is_not_held_up_by_a_template_from_a_stranger(sdp, tmp_path, text, what):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.jinja").write_text(text)
    done = sdp("templates", "lint", "mine", "--task", "count")
    assert done.returncode == ExitCode.INPUT
    assert "mine/own.jinja:1" in done.stdout
    assert what in done.stdout


@pytest.mark.parametrize(("text", "what"), BAD)
def test_generate_is_not_held_up_by_a_template_from_a_stranger(sdp, tmp_path, text, what):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.jinja").write_text(text)
    done = sdp("generate", "count", "--n", "50", "--words", "wordfreq:en:600", "--templates", "mine")
    assert done.returncode == ExitCode.INPUT
    assert "mine/own.jinja:1" in done.stderr
    assert what in done.stderr
    assert not (tmp_path / "data" / "count").exists()
