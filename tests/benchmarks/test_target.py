import json
import shutil
from pathlib import Path

import pytest
from tests.benchmarks.conftest import save_adapter, save_run

from sdp.benchmarks.target import Target, find_target, newest_target, run_target
from sdp.errors import InputError, ResourceError
from sdp.runs.folder import Run

ROOT = Path("runs")


@pytest.fixture
def run(model_folder) -> Path:
    return save_run(ROOT, model_folder, system="Be brief.", prompt_format="human-assistant", answer_style="trace")


def test_a_run_brings_its_model_and_how_it_is_asked(run, model_folder):
    expected = Target(
        "spelling", str(model_folder), run / "adapter", "human-assistant", "Be brief.", "trace", run=run
    )  # fmt: skip
    assert find_target(str(run), ROOT) == expected
    assert find_target(run.name, ROOT) == expected
    assert run_target(run.name, ROOT) == expected
    assert newest_target(ROOT) == expected
    assert find_target(str(run / "adapter"), ROOT) == expected


def test_the_baseline_is_asked_in_the_same_way(run, model_folder):
    base = find_target(str(run), ROOT).base("baseline")
    assert base == Target("baseline", str(model_folder), None, "human-assistant", "Be brief.", "trace")


def test_a_checkpoint_is_an_adapter_of_its_run(run):
    checkpoint = save_adapter(run / "checkpoints" / "step-000010")
    found = find_target(str(checkpoint), ROOT)
    assert (found.label, found.adapter, found.system) == ("step-000010", checkpoint, "Be brief.")


def test_a_model_folder(model_folder):
    assert find_target(str(model_folder), ROOT) == Target("random", str(model_folder), prompt_format="plain")


def test_the_newest_complete_run_counts(model_folder):
    first = save_run(ROOT, model_folder, "first")
    save_run(ROOT, model_folder, "broken", status="interrupted")
    assert newest_target(ROOT).run == first


def test_an_adapter_may_name_its_base(model_folder, tmp_path):
    adapter = save_adapter(tmp_path / "mine", base=str(model_folder))
    assert find_target(str(adapter), ROOT) == Target("mine", str(model_folder), adapter, "plain")


def test_an_adapter_that_was_carried_away_knows_how_it_was_trained(model_folder, tmp_path):
    """The folder that its own files name is another machine's."""
    adapter = save_adapter(tmp_path / "mine", base="/elsewhere/models/random")
    note = {"model": str(model_folder), "prompt_format": "human-assistant", "system": "Brief.", "answer_style": "trace"}
    (adapter / "sdp.json").write_text(json.dumps(note))
    found = find_target(str(adapter), ROOT)
    assert found == Target("mine", str(model_folder), adapter, "human-assistant", "Brief.", "trace")


def test_a_whole_model_that_was_carried_away_knows_how_it_was_trained(model_folder, tmp_path):
    folder = shutil.copytree(model_folder, tmp_path / "mine")
    note = {"prompt_format": "human-assistant", "system": "Brief.", "answer_style": "trace"}
    (folder / "sdp.json").write_text(json.dumps(note))
    assert find_target(str(folder), ROOT) == Target("mine", str(folder), None, "human-assistant", "Brief.", "trace")
    (folder / "sdp.json").write_text(json.dumps({**note, "system": None}))
    assert find_target(str(folder), ROOT).system is None


def test_a_base_may_be_given(model_folder, tmp_path):
    adapter = save_adapter(tmp_path / "mine", base="somebody/else")
    assert find_target(str(adapter), ROOT, base=str(model_folder)).model == str(model_folder)


def test_an_adapter_without_a_base_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="does not name the model") as caught:
        find_target(str(save_adapter(tmp_path / "mine")), ROOT)
    assert "--base" in caught.value.hint


def test_a_folder_that_is_none_of_the_three_says_what_was_looked_for(tmp_path):
    (tmp_path / "odd").mkdir()
    with pytest.raises(InputError, match="neither a run nor an adapter nor a model") as caught:
        find_target(str(tmp_path / "odd"), ROOT)
    assert all(name in caught.value.hint for name in ("run.json", "adapter_config.json", "config.json"))


def test_a_run_that_is_not_there_gets_near_names(run):
    with pytest.raises(InputError, match="there is no run") as caught:
        run_target(run.name[:-1] + "x", ROOT)
    assert run.name in caught.value.hint


def test_without_any_run_it_says_how_to_make_one():
    with pytest.raises(InputError) as caught:
        run_target("nothing", ROOT)
    assert "sdp finetune" in caught.value.hint


@pytest.mark.parametrize("status", ["running", "interrupted", "failed"])
def test_a_run_that_is_not_complete_is_refused(model_folder, status):
    path = save_run(ROOT, model_folder, status=status)
    with pytest.raises(InputError, match=status) as caught:
        find_target(str(path), ROOT)
    assert "--resume" in caught.value.hint


def test_a_run_of_another_kind_is_refused():
    other = Run.create(ROOT, "bench", "b", {})
    with pytest.raises(InputError, match="bench run"):
        find_target(str(other.path), ROOT)


def test_an_adapter_config_that_is_no_json(tmp_path):
    adapter = save_adapter(tmp_path / "mine")
    (adapter / "adapter_config.json").write_text("{")
    with pytest.raises(InputError, match="cannot read the adapter"):
        find_target(str(adapter), ROOT)


def test_a_hub_model_without_a_network_says_how_to_go_on():
    with pytest.raises(ResourceError) as caught:
        find_target("nobody/no-such-model", ROOT)
    assert "folder" in caught.value.hint


def test_a_run_without_a_model_is_refused(model_folder):
    path = save_run(ROOT, model_folder)
    record = json.loads((path / "run.json").read_text())
    record["result"] = {"something": 1}
    (path / "run.json").write_text(json.dumps(record))
    with pytest.raises(InputError, match="which model"):
        find_target(str(path), ROOT)
