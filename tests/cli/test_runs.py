"""sdp runs, as a person types it."""

import json

import pytest
from tests.runs.recorded import recorded


@pytest.fixture
def two(tmp_path):
    return recorded(tmp_path / "runs", "slow"), recorded(tmp_path / "runs", "fast", status="failed", learning_rate=0.1)


def test_list_show_and_compare(two, here):
    listed = here("runs")
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.index("fast") < listed.stdout.index("slow")
    shown = here("runs", "show", "slow")
    assert "eval_loss has not become better in 1 values" in shown.stdout
    assert "▲  step 30  disk  the disk is nearly full" in shown.stdout
    compared = here("runs", "compare", "slow", "fast")
    assert "recipe.training.learning_rate  0.001    0.1" in compared.stdout


def test_json_is_the_same(two, here):
    listed = json.loads(here("runs", "list", "--json").stdout)
    assert [run["status"] for run in listed] == ["failed", "complete"]
    shown = json.loads(here("runs", "show", "fast", "--json").stdout)
    assert shown["summary"]["error"] == "ResourceError: the disk is full"
    compared = json.loads(here("runs", "compare", "slow", "fast", "--json").stdout)
    assert compared["differing"] == [["recipe.training.learning_rate", ["0.001", "0.1"]]]


def test_a_plot_says_where_it_lies(two, here, tmp_path):
    done = here("runs", "plot", "slow", "--report", "curves.html")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("33 points, 1 alerts\nplot: curves.html\n")
    assert (tmp_path / "curves.html").stat().st_size > 1_000_000


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("runs", "list", "--out", "nowhere"), 3, "no folder 'nowhere'"),
        (("runs", "show", "slwo"), 3, "there is no run 'slwo'"),
        (("runs", "show", "slow", "fast"), 3, "sdp runs compare slow fast"),
        (("runs", "compare", "slow"), 3, "two runs"),
        (("runs", "plot", "slow", "slow"), 3, "named twice"),
        (("runs", "prune"), 2, "sdp runs --help"),
        (("runs", "sync"), 3, "is tracked"),
        (("runs", "sync", "--track", "wandb2"), 3, "wandb"),
        (("watch", "slwo"), 3, "there is no run 'slwo'"),
    ],
)
def test_what_cannot_be_done_says_so(two, here, words, code, said):
    done = here(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""
