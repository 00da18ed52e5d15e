import math
import re

import pytest

from sdp.runs.tracking.names import cleaned, point_of, settings_of, values_of, without_secrets

TIME = "2026-01-02T03:04:05.678+00:00"


def values(kind, **fields):
    return values_of({"event": kind, "time": TIME, **fields})


def test_losses_are_called_by_their_kind():
    assert values("train", step=3, loss=0.5, epoch=0.1) == {"train/loss": 0.5, "train/epoch": 0.1}
    assert values("eval", step=3, loss=0.25, eval_token_accuracy=0.5) == {"eval/loss": 0.25, "eval/token_accuracy": 0.5}


def test_what_is_no_number_is_left_out():
    odd = {"text": "a", "none": None, "yes": True, "nan": math.nan, "inf": math.inf}
    assert values("train", step=1, whole=3, **odd) == {"train/whole": 3.0}


def test_what_lies_deeper_has_a_longer_name():
    assert values("train", step=1, gpu=[{"memory": 1}, {"memory": 2}], cpu={"share": 0.5}) == {
        "train/gpu/0/memory": 1,
        "train/gpu/1/memory": 2,
        "train/cpu/share": 0.5,
    }


@pytest.mark.parametrize("kind", ["status", "checkpoint"])
def test_a_status_and_a_checkpoint_are_no_values(kind):
    assert values(kind, step=3, path="checkpoints/step-000003", size=7) == {}


def test_an_alert_without_a_value_is_seen_all_the_same():
    assert values("alert", alert="nan", step=3, value=None) == {"alert/nan": 1}
    assert values("alert", alert="plateau", step=3, value=0.25, limit=9) == {"alert/plateau": 0.25}


def test_trained_and_untrained_tasks_have_names_of_one_form():
    """A plot of one task is a plot of the other, with one word changed."""
    difference = {"difference": 0.1, "low": 0.0, "high": 1, "p_holm": 1}
    of = {
        task: {
            *values("score", target="trained", task=task, metric="exact_match", value=0.5, low=0.4, high=None),
            *values("transfer", target="trained", against="baseline", task=task, **difference),
        }
        for task in ("spelling", "position")
    }
    assert {name.replace("spelling", "position") for name in of["spelling"]} == of["position"]
    assert of["spelling"] == {
        "score/trained/spelling/exact_match",
        "score/trained/spelling/exact_match_low",
        "transfer/trained/baseline/spelling/difference",
        "transfer/trained/baseline/spelling/low",
        "transfer/trained/baseline/spelling/high",
        "transfer/trained/baseline/spelling/p_holm",
    }


def test_no_name_is_a_folder_of_another():
    """Trackers that keep a file per name could not have both."""
    names = set(values("score", target="a", task="b", metric="c", value=1, low=0, high=2))
    assert not [one for one in names for other in names if one.startswith(f"{other}/")]


@pytest.mark.parametrize("name", ["Qwen/Qwen2.5-0.5B", "ä ö:ü", "a\\b", "…", "", "-a-"])
def test_every_tracker_takes_a_cleaned_name(name):
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", cleaned(name))
    (made,) = values("score", target=name, task=name, metric=name, value=1)
    assert made.count("/") == 3


def test_an_event_without_a_step_belongs_to_the_last():
    event = {"event": "train", "time": TIME, "loss": 1.0}
    assert point_of(event, 7).step == 7
    assert point_of({**event, "step": 3}, 7).step == 3
    assert point_of(event, 7).time == 1767323045.678


def test_settings_are_flat_and_hold_no_secrets():
    recipe = {"lora": {"r": 16, "alpha": None}, "data": [{"source": "spelling"}], "bf16": True}
    recipe |= {"monitor": {"webhook": "https://hooks/T0/B0/secret"}, "mirror": "s3://key:word@bucket/runs?token=x#y"}
    record = {"kind": "finetune", "config": {"recipe": recipe}, "versions": {"torch": "2.13.0"}, "result": {"a": 1}}
    assert settings_of(record) == {
        "kind": "finetune",
        "recipe.lora.r": 16,
        "recipe.data.0.source": "spelling",
        "recipe.bf16": True,
        "recipe.mirror": "s3://bucket/runs",
        "versions.torch": "2.13.0",
    }


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@host:5432/db", "postgresql://host:5432/db"),
        ("https://host/path?write_token=secret", "https://host/path"),
        ("sqlite:////tmp/a@b/mlflow.db", "sqlite:////tmp/a@b/mlflow.db"),
        ("runs", "runs"),
        ("https://me:p@ss?w#rd@host/path", "https://host/path"),
    ],
)
def test_a_url_is_shown_without_secrets(url, shown):
    assert without_secrets(url) == shown
