"""The side-by-side run of fine-tuning: equal work, and figures that mean what their headings say."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "peers"


@pytest.fixture(autouse=True)
def as_script(monkeypatch):
    """`python peers/finetuning.py` has its own folder on the path, and so have the contestants."""
    monkeypatch.syspath_prepend(str(PEERS / "contestants"))
    monkeypatch.syspath_prepend(str(PEERS))


def result(name, train_s, losses=None, tool="trl"):
    from side_by_side.trainers import Trainer
    from side_by_side.training import Result

    made = Result(Trainer(name, tool, {}, "shape"), train_s=train_s, wall_s=[9.0] * len(train_s))
    made.peak_bytes, made.losses, made.flops = [10**9] * len(train_s), losses or {0: 2.0, 4: 1.0}, 5e6
    made.clocks = [[1.0 * step for step in range(1, 5)] for _ in train_s]
    return made


def test_products_in_place_and_attention_on_a_cpu_are_counted():
    import torch
    from stopwatch import Flops
    from torch.nn.functional import scaled_dot_product_attention as attend

    def counted(work):
        flops = Flops()
        flops.begin()
        work()
        return flops.end()

    left, right, total = torch.ones(8, 16), torch.ones(16, 4), torch.zeros(8, 4)
    product = 2 * 8 * 16 * 4
    assert counted(lambda: left @ right) == product
    assert counted(lambda: total.addmm_(left, right)) == product
    assert counted(lambda: total[None].baddbmm_(left[None], right[None])) == product
    query = torch.randn(2, 4, 32, 16, requires_grad=True)
    half = 2 * 2 * 4 * 32 * 32 * 16  # queries with keys; as much again for weights with values
    assert counted(lambda: attend(query, query, query, is_causal=True)) == 2 * half
    assert counted(lambda: attend(query, query, query, is_causal=True).sum().backward()) == 7 * half


def test_the_watch_leaves_its_own_work_out(tmp_path, monkeypatch):
    import stopwatch
    import torch
    from safetensors.torch import load_file

    now = iter([10.0, 12.0, 100.0, 103.0, 200.0])  # begin, end of step 1, go on, end of step 2, go on
    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: next(now))
    model = torch.nn.Linear(2, 2)
    model.bias.requires_grad_(requires_grad=False)
    watch = stopwatch.Stopwatch(tmp_path, {"snapshot_every": 1, "epochs": 1}, {})
    watch.begin(2, model)
    for step in (1, 2):
        torch.nn.init.constant_(model.weight, step)
        watch.step(step, model)
    watch.end(2, model)
    assert watch.facts["clock"] == [2.0, 5.0]
    assert watch.facts["snapshots"] == [0, 1, 2]
    kept = load_file(tmp_path / "step-1.safetensors")
    assert kept.keys() == {"weight"}
    assert kept["weight"].tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_time_to_a_loss_is_that_of_the_first_look_that_has_it():
    found = result("a", [1.0, 1.0], {0: 3.0, 2: 2.0, 4: 2.5})
    assert found.seconds_to(2.0) == [2.0, 2.0]
    assert found.seconds_to(3.0) == [0.0, 0.0]
    assert found.seconds_to(1.0) == []


def test_a_setting_of_trl_far_from_its_best_is_not_run_again():
    from side_by_side.training import _is_far_behind

    ours, slow, best, new = result("s", [9.0], tool="sdp"), result("a", [1.6]), result("b", [1.0]), result("c", [])
    everybody = [ours, slow, best, new]
    assert [_is_far_behind(one, everybody) for one in everybody] == [False, True, False, False]


def test_the_table_says_how_many_times_as_fast():
    from side_by_side.training import COURSES, Race
    from side_by_side.training_table import table, values

    course = replace(COURSES["tiny"], steps=2, epochs=3)
    facts = {"n_parameters": 1_100_000, "n_tokens": 128 * 40, "n_answer_tokens": 128 * 15}
    ours = result("sdp", [2.0, 4.0, 3.0], tool="sdp")
    race = Race(course, facts, [ours, result("best", [4.0, 10.0, 9.0]), result("slow", [20.0])])
    assert race.best_peer.trainer.name == "best"
    lines = table(race).splitlines()
    assert "1.1 M parameters, 3 epochs of 128 rows, the first untimed; 40.0 tokens each, 15.0 of them" in lines[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[4:7]]
    # two timed epochs of 128 rows in a median of 3 s, and 40 tokens each
    assert cells[0][:4] == ["sdp", "85.3", "2.50× (2.00–3.00)", "3,410"]
    assert cells[1][2] == "1.00× (1.00–1.00)"
    assert cells[2][1:3] == ["12.8", "0.20×"]
    assert values(race)["results"][0]["examples_per_s"] == pytest.approx(256 / 3)


def test_contestants_have_names_of_their_own_and_one_count_per_work():
    from side_by_side.trainers import SCRIPTS, trainers

    for model in ("tiny", "qwen"):
        found = trainers(model)
        assert len({one.name for one in found}) == len(found)
        assert {one.tool for one in found} == set(SCRIPTS)
        assert all((PEERS / "contestants" / SCRIPTS[one.tool]).is_file() for one in found)
        alike = ("checkpointing", "packing", "same_batches")
        works = {(one.shape, one.tool, *(one.settings.get(key) for key in alike)) for one in found}
        assert len(works) == len({one.shape for one in found})


def test_torch_is_not_installed_again():
    from environments import BEHIND, LISTS

    for name in BEHIND:
        lines = [line for line in (LISTS / f"{name}.txt").read_text().splitlines() if not line.startswith("#")]
        assert lines
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
        assert not [line for line in lines if re.match(r"(torch|triton)==|nvidia", line)], "gigabytes"


@pytest.mark.slow
def test_the_same_batches_teach_the_same(tmp_path):
    """Ours and TRL begin with the same adapter and end with the same loss; the plain loop has batches of its own."""
    subprocess.run([sys.executable, PEERS / "environments.py", "trl"], check=True, timeout=300)
    options = ["--only", "tiny", "--quick", "--json", "--work", tmp_path, "--threads", "1"]
    words = ["--trainers", "sdp, fp32", "TRL, fp32, sdp's batches", "plain"]
    command = [sys.executable, PEERS / "finetuning.py", *options, *words]
    done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=580)
    (race,) = json.loads(done.stdout)["races"]
    ours, theirs, plain = race["results"]
    assert (ours["trainer"], theirs["trainer"]) == ("sdp, fp32", "TRL, fp32, sdp's batches")
    assert race["best_peer"] == theirs["trainer"]
    assert ours["losses"].keys() == theirs["losses"].keys()
    for step, loss in ours["losses"].items():
        assert loss == pytest.approx(theirs["losses"][step], abs=1e-4)
    assert plain["losses"]["0"] == ours["losses"]["0"] != ours["losses"]["8"]
    assert ours["flops_per_answer_token"] < min(theirs["flops_per_answer_token"], plain["flops_per_answer_token"])
    assert not list(tmp_path.iterdir())
