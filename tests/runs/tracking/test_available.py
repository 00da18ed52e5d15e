import sys
import tomllib
from pathlib import Path

import pytest

from sdp.errors import InputError, MissingExtra
from sdp.recipes.schema import Tracking
from sdp.runs.tracking.available import TRACKERS, check_trackers, open_tracker, tracker_names
from sdp.runs.tracking.contract import Settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", TRACKERS)
def test_a_tracker_whose_package_is_missing_says_how_to_get_it(name, tmp_path):
    with pytest.raises(MissingExtra, match=f"--track {name} needs the package {name}") as caught:
        open_tracker(name, Settings(), tmp_path)
    assert caught.value.hint == f"pip install 'sdp[{name}]'"
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert extras[name][0].startswith(f"{name}>=")


def test_a_misspelt_tracker_is_answered_with_a_near_one():
    with pytest.raises(InputError, match="there is no tracker 'wandbb'") as caught:
        check_trackers(["wandbb"])
    assert "did you mean 'wandb'?" in str(caught.value)


def test_recipes_know_the_same_trackers():
    for name in TRACKERS:
        assert Tracking(to=[name]).to == [name]


def test_settings_are_the_recipe_s():
    assert Settings(**Tracking().model_dump()) == Settings(to=[], tags=[])


def test_names_come_one_by_one_or_in_a_row():
    assert tracker_names(["wandb,mlflow", " trackio ", "wandb", ""]) == ("wandb", "mlflow", "trackio")


@pytest.mark.parametrize("name", TRACKERS)
def test_asking_for_a_tracker_s_place_loads_nothing(name, tmp_path, monkeypatch):
    """`sdp runs sync` asks all of them, and starts only those that lack something."""
    monkeypatch.setattr("sdp.runs.tracking.available.find_spec", lambda name: True)
    tracker = open_tracker(name, Settings(project="letters"), tmp_path / "tracking")
    assert tracker.where
    assert name not in sys.modules
    assert not (tmp_path / "tracking").exists()


def test_a_place_holds_no_secret(tmp_path, monkeypatch):
    monkeypatch.setattr("sdp.runs.tracking.available.find_spec", lambda name: True)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://me:secret@host/mlflow")
    monkeypatch.setenv("TRACKIO_SERVER_URL", "https://host/?write_token=secret")
    monkeypatch.setenv("WANDB_API_KEY", "secret")
    monkeypatch.setenv("WANDB_BASE_URL", "https://me:secret@host")
    places = [open_tracker(name, Settings(), tmp_path).where for name in TRACKERS]
    assert not [place for place in places if "secret" in place]
    assert "https://host/sdp" in places  # W&B's


def test_another_project_is_another_place(tmp_path, monkeypatch):
    monkeypatch.setattr("sdp.runs.tracking.available.find_spec", lambda name: True)
    for name in sorted(TRACKERS.keys() - {"tensorboard"}):
        places = [open_tracker(name, Settings(project=project), tmp_path).where for project in ("a", "b")]
        assert places[0] != places[1]


@pytest.mark.parametrize(
    ("variables", "netrc", "mode"),
    [
        ({}, None, "offline"),
        ({"WANDB_MODE": "online"}, None, "online"),
        ({"WANDB_API_KEY": "k"}, None, "online"),
        ({"WANDB_API_KEY": "k", "WANDB_MODE": "offline"}, None, "offline"),
        ({}, "machine api.wandb.ai\n  login user\n  password k\n", "online"),
        ({}, "machine other.org\n", "offline"),
        ({"WANDB_BASE_URL": "https://other.org"}, "machine other.org\n", "online"),
    ],
)
def test_wandb_is_offline_where_there_is_no_key(variables, netrc, mode, tmp_path, monkeypatch):
    """With its own default it would stop and ask for one."""
    from sdp.runs.tracking.wandb import Wandb

    for name in ("WANDB_MODE", "WANDB_API_KEY", "WANDB_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    if netrc:
        (tmp_path / "netrc").write_text(netrc)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Wandb(Settings(), tmp_path).where.startswith("offline/") == (mode == "offline")
