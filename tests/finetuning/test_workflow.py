import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.finetuning import cases
from tests.finetuning.test_train import Killer

from sdp.errors import ConfigError, InputError
from sdp.models.adapter import load_adapter
from sdp.models.joiner import Joiner
from sdp.models.load import load_model, load_tokenizer
from sdp.models.resolve import resolve_model
from sdp.recipes.schema import REPLAY
from sdp.runs.folder import Run, latest
from sdp.workflows.finetune import FinetuneRequest, finetune, recipe_of
from sdp.workflows.generate import GenerateRequest, generate
from sdp.workflows.training_job import prepare

SMALL = ("training.per_device_train_batch_size=8", "training.eval_steps=2", "training.save_steps=2", "eval_rows=10",
         "lora.dropout=0.1", "training.logging_steps=2")  # fmt: skip


@pytest.fixture
def request_(model_folder: Path, data: Path) -> FinetuneRequest:
    return FinetuneRequest(model=str(model_folder), steps=4, overrides=SMALL, device="cpu")


def test_without_arguments_the_newest_data_is_trained_on(request_: FinetuneRequest) -> None:
    result = finetune(request_)
    assert result.sources == {"spelling": 32}
    assert (result.prompt_format, result.answer_style, result.resumed_from) == ("plain", "direct", None)
    assert result.trained.eval_loss is not None
    run = latest(Path("runs"), "finetune")
    assert run is not None
    assert run.path == result.run
    recipe = run.record["config"]["recipe"]
    assert recipe["data"] == [{"source": "data/spelling", "share": 1.0}]
    assert run.record["config"]["data"][0]["fingerprint"]
    assert run.record["result"]["trained"]["steps"] == 4
    assert run.record["result"]["parameters"]["n_trainable"] == result.parameters.n_trainable
    asked = json.loads((result.adapter / "sdp.json").read_text())
    assert (asked["prompt_format"], asked["system"], asked["answer_style"]) == ("plain", None, "direct")
    assert {"train", "eval", "checkpoint", "trained"} <= {event["event"] for event in run.events()}


def test_the_adapter_can_be_put_on_the_model_again(request_: FinetuneRequest) -> None:
    result = finetune(request_)
    model = load_model(resolve_model(request_.model), device="cpu")
    assert load_adapter(model, result.adapter).active_adapters == ["default"]


def test_the_same_command_gives_the_same_bytes(request_: FinetuneRequest) -> None:
    first, second, other = (finetune(replace(request_, seed=seed)) for seed in (0, 0, 1))
    assert first.run != second.run
    a, b, c = (cases.adapter_bytes(Run.open(result.run)) for result in (first, second, other))
    assert a == b != c


def test_replay_is_mixed_in_and_its_families_are_left_out(request_: FinetuneRequest) -> None:
    result = finetune(
        replace(request_, data=("spelling=0.5", "position"), replay=0.25, overrides=(*SMALL, "eval_rows=0"))
    )
    assert result.sources == {"spelling": 12, "position": 12, REPLAY: 8}
    assert result.n_dropped > 0
    assert result.answer_style == "trace", "position was made with worked letters"
    assert result.trained.eval_loss is None


def test_data_sets_of_one_task_are_both_trained_on(request_: FinetuneRequest) -> None:
    make = {"task": "spelling", "words": "wordfreq:en:3000", "seed": 5}
    generate(GenerateRequest(n=100, out=Path("more/spelling"), **make))  # type: ignore[arg-type]
    made = prepare(recipe_of(replace(request_, data=("spelling=0.75", "more/spelling"))), "cpu")
    assert made.sources == {"spelling": 24, "more/spelling": 8}
    assert len(made.job.train) == 32
    with pytest.raises(InputError, match="is given twice"):
        prepare(recipe_of(replace(request_, data=("spelling", "data/spelling"))), "cpu")


def test_packed_training_draws_a_whole_epoch(request_: FinetuneRequest) -> None:
    """A step's bins hold more examples than its batch size says; the same few would come again and again."""
    packed = (*SMALL, "training.packing=true", "training.max_length=200")
    assert prepare(recipe_of(request_), "cpu").sources == {"spelling": 32}
    assert prepare(recipe_of(replace(request_, overrides=packed)), "cpu").sources["spelling"] > 100


def test_a_broken_off_run_goes_on_where_it_was(request_: FinetuneRequest) -> None:
    longer = replace(request_, steps=8)
    straight = finetune(longer)
    with pytest.raises(KeyboardInterrupt):
        finetune(longer, Killer(7))
    (broken,) = [path for path in Path("runs").iterdir() if Run.open(path).record["status"] == "interrupted"]
    resumed = finetune(FinetuneRequest(resume="", device="cpu"))
    assert (resumed.run, resumed.resumed_from) == (broken, 6)
    assert cases.adapter_bytes(Run.open(broken)) == cases.adapter_bytes(Run.open(straight.run))
    assert Run.open(broken).record["status"] == "complete"
    with pytest.raises(InputError, match="no broken-off run"):
        finetune(FinetuneRequest(resume="", device="cpu"))
    with pytest.raises(InputError, match="is complete"):
        finetune(FinetuneRequest(resume=broken.name, device="cpu"))


def test_a_run_that_broke_off_before_its_first_checkpoint_starts_again(request_: FinetuneRequest) -> None:
    straight = finetune(request_)
    with pytest.raises(KeyboardInterrupt):
        finetune(request_, Killer(1))
    resumed = finetune(FinetuneRequest(resume="", device="cpu"))
    assert resumed.resumed_from is None
    assert cases.adapter_bytes(Run.open(resumed.run)) == cases.adapter_bytes(Run.open(straight.run))


def test_a_resumed_run_keeps_its_recipe_and_its_data(request_: FinetuneRequest, data_root: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        finetune(request_, Killer(3))
    with pytest.raises(InputError, match="keeps its recipe"):
        finetune(FinetuneRequest(resume="", steps=100, device="cpu"))
    with pytest.raises(InputError, match="keeps its recipe"):
        finetune(FinetuneRequest(resume="", overrides=("lora.r=2",), device="cpu"))
    Path("data").unlink()
    shutil.copytree(data_root / "position", "data/spelling")
    with pytest.raises(InputError, match="not what the run began with"):
        finetune(FinetuneRequest(resume="", device="cpu"))


def test_what_is_no_finetune_run_is_not_resumed(tmp_path: Path) -> None:
    bench = Run.create(tmp_path / "runs", "bench", "x", {})
    with pytest.raises(InputError, match="is a bench run"):
        finetune(FinetuneRequest(resume=str(bench.path)))
    with pytest.raises(InputError, match="is not a run"):
        finetune(FinetuneRequest(resume="nowhere"))


def test_nothing_is_left_behind_by_a_request_that_cannot_be(request_: FinetuneRequest, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for bad in (
        replace(request_, model=str(tmp_path / "empty")),
        replace(request_, data=("nothing",)),
        replace(request_, prompt_format="chat"),
        replace(request_, overrides=("lora.target_modules=nowhere",)),
        replace(request_, system="long " * 300),
    ):
        with pytest.raises(InputError):
            finetune(bad)
    assert not Path("runs").exists()


def test_a_system_message_is_kept_for_the_bench(request_: FinetuneRequest) -> None:
    result = finetune(replace(request_, system="Be brief.", prompt_format="human-assistant", name="my run"))
    asked = json.loads((result.adapter / "sdp.json").read_text())
    assert (asked["prompt_format"], asked["system"]) == ("human-assistant", "Be brief.")
    joiner = Joiner(load_tokenizer(resolve_model(request_.model)), asked["prompt_format"], asked["system"])
    assert joiner.prompt_text("Hi?") == "<system>: Be brief.\n<human>: Hi?\n<assistant>: "
    assert "-my-run-" in result.run.name


def test_options_and_overrides_make_the_recipe(data: Path) -> None:
    request = FinetuneRequest(data=("spelling=0.9",), replay=0.1, seed=7, steps=3, style="direct")
    recipe = recipe_of(replace(request, overrides=("training.learning_rate=0.5",)))
    assert [(source.source, source.share) for source in recipe.data] == [("spelling", 0.9), (REPLAY, 0.1)]
    assert (recipe.training.seed, recipe.training.max_steps, recipe.training.learning_rate) == (7, 3, 0.5)
    assert recipe.answer_style == "direct"
    for model in ("tiny", "some/model"):
        by_key = recipe_of(replace(request, steps=None, overrides=(f"model = {model}",)))
        assert by_key == recipe_of(replace(request, steps=None, model=model))
    with pytest.raises(ConfigError, match="max_steps"):
        recipe_of(FinetuneRequest(steps=0))
    with pytest.raises(ConfigError, match="did you mean 'eval_rows'"):
        recipe_of(FinetuneRequest(overrides=("eval_row=3",)))
