import io
from copy import deepcopy

import pytest
from rich.cells import cell_len
from rich.console import Console

from sdp.reports.terminal import bench_table


def printed(result: dict, width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(bench_table(result))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_number_is_cut(result, width):
    text = printed(result, width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text
    words = [line.split() for line in text.splitlines()]
    for model in result["models"]:
        for task in model["tasks"].values():
            exact = task["scores"]["exact_match"]
            low, high = (f"{100 * exact[end]:.1f}" for end in ("low", "high"))
            expected = [f"{100 * exact['value']:.1f}", f"{low}–{high}"]
            line = next(line for line in words if any(line[at : at + 2] == expected for at in range(len(line))))
            assert line[-1] == f"{task['scores']['answer_ppl_token']['value']:.2f}"


@pytest.mark.parametrize("width", [80, 100])
def test_every_comparison_is_there_with_its_sentence(result, width):
    text = " ".join(printed(result, width).split())
    for row in result["comparisons"]:
        assert " ".join(row["sentence"].split()) in text
        assert f"{100 * row['difference']:+.1f}".replace("-", "−") in text
    assert result["claim"] in text
    assert all(note in text for note in result["notes"])


def test_floor_and_format_failures_stand_beside_the_score(result):
    lines = [line.split() for line in printed(result, 100).splitlines()]
    position = next(line for line in lines if line[:2] == ["position", "baseline"])
    task = result["models"][0]["tasks"]["position"]
    assert position[4] == f"{100 * task['floor']:.1f}"
    assert position[5] == f"{100 * task['scores']['format_failure']['value']:.1f}"


def test_missing_scores_and_intervals_are_dashes(result):
    bare = deepcopy(result)
    task = bare["models"][0]["tasks"]["spelling"]
    task["scores"] = {"exact_match": task["scores"]["exact_match"] | {"low": None, "high": None}}
    bare["comparisons"][0] |= {"low": None, "high": None, "mde": None}
    line = next(line for line in printed(bare, 100).splitlines() if line.split()[:2] == ["spelling", "baseline"])
    assert line.count("–") == 5


def test_names_are_text_not_markup(result):
    marked = deepcopy(result)
    marked["models"][1]["label"] = "[red]arm[/red]"
    marked["comparisons"][0] |= {"label": "[bold]x[/bold]", "sentence": "[link=evil]here[/link]"}
    text = printed(marked, 120)
    assert "[red]arm[/red]" in text
    assert "[bold]x[/bold]" in text
    assert "[link=evil]here[/link]" in text


def test_one_model_without_comparisons(result):
    alone = result | {"models": result["models"][:1], "comparisons": [], "notes": []}
    assert "against" not in printed(alone, 80)
