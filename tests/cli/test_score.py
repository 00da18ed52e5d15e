"""`sdp score` as a command."""

import json
from pathlib import Path

import pytest

from sdp.cli.main import main
from sdp.errors import ExitCode

LOGS = Path(__file__).resolve().parents[1] / "benchmarks" / "logs"
ROWS = [json.loads(line) for line in (LOGS / "reference.jsonl").read_text().splitlines()]
AGAINST = ["--reference", str(LOGS / "reference.jsonl"), "--quiet"]
MANY = [{"id": f"q{number}", "answer": "a", "key": f"w{number}", "true_count": number % 3} for number in range(90)]


def write(name, rows):
    Path(name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return name


def right(name, field="prediction"):
    return write(name, [{"id": row["id"], field: row["answer"]} for row in ROWS])


def test_the_table_shows_rule_scores_failures_fields_and_files(capsys):
    assert main(["score", right("gpt.jsonl", "response"), *AGAINST]) == ExitCode.DONE
    out = capsys.readouterr().out
    for text in (
        "answer: last line, stripped",
        "spelling",
        "100.0",
        "format",
        "prediction from 'response'",
        "report.html",
    ):
        assert text in out
    assert "ppl" not in out


def test_json_is_the_result_with_its_files(capsys):
    words = ["--json", "--extract", "as-is", "--label", "mine", "--report", "page.html", "--out", "there"]
    assert main(["score", right("gpt.jsonl"), *AGAINST, *words]) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)
    assert [model["label"] for model in found["models"]] == ["mine"]
    assert found["settings"]["scored"] == "as it is, stripped"
    assert found["folder"] == "there"
    assert Path(found["rows"]).is_file()
    assert Path("page.html").read_text() == Path(found["report"]).read_text()
    assert "slices" not in found


def test_slices_are_shown_when_asked_for(capsys):
    write("right.jsonl", MANY)
    write("gpt.jsonl", [{"id": row["id"], "prediction": "a" if row["true_count"] else "b"} for row in MANY])
    assert main(["score", "gpt.jsonl", "--reference", "right.jsonl", "--slices", "--quiet"]) == ExitCode.DONE
    assert "right by true count" in capsys.readouterr().out
    assert main(["score", "gpt.jsonl", "--reference", "right.jsonl", "--slices", "--json", "-q"]) == ExitCode.DONE
    slices = json.loads(capsys.readouterr().out)["slices"]
    shares = {one["slice"]: one["exact_match"] for one in slices if one["by"] == "true_count"}
    assert shares == {"0": 0.0, "1": 1.0, "2": 1.0}


@pytest.mark.parametrize(("flags", "code"), [([], ExitCode.DONE), (["--fail-if-worse"], ExitCode.CHECK_FAILED)])
def test_a_regression_fails_only_when_asked_to(capsys, flags, code):
    write("right.jsonl", MANY)
    write("good.jsonl", [{"id": row["id"], "prediction": "a"} for row in MANY])
    write("bad.jsonl", [{"id": row["id"], "prediction": "b"} for row in MANY])
    words = ["--reference", "right.jsonl", "--quiet", *flags]
    assert main(["score", "bad.jsonl", "--compare", "good.jsonl", *words]) == code
    assert ("significantly worse: right (bad)" in capsys.readouterr().err) == bool(flags)


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("a\n" * 11, [], "11 predictions of 'gpt' and 12 references do not pair line by line"),
        ("", [], "'gpt.txt' is empty"),
        ("fa\udce7ade\n", [], "line 1 is not UTF-8"),
        ("a\n" * 12, ["--extract", "regex:("], "not a regular expression"),
        ("a\n" * 12, ["--extract", "after"], "no rule 'after'"),
        ("a\n" * 12, ["--prediction", "lne"], "did you mean 'line'?"),
        ("a\n" * 12, ["--reference", "nowhere"], "no data set 'nowhere'"),
        ("a\n" * 12, ["--compare", "nowhere.txt"], "there is no file 'nowhere.txt'"),
    ],
)
def test_bad_input_says_what_and_exits_with_its_code(capsys, text, words, said):
    Path("gpt.txt").write_bytes(text.encode(errors="surrogateescape"))
    assert main(["score", "gpt.txt", *AGAINST, *words]) == ExitCode.INPUT
    assert said in capsys.readouterr().err
    assert not Path("runs").exists()


def test_without_predictions_the_usage_is_shown(capsys):
    assert main(["score"]) == ExitCode.USAGE
    assert "Missing argument 'predictions'" in capsys.readouterr().err
