"""Whole runs with other methods, chat models, long examples, and tokenizers that lack something."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from tests.finetuning import cases
from tests.finetuning.test_train import Killer
from tests.models import build
from transformers import AutoModelForCausalLM

from sdp.benchmarks.target import find_target, run_target
from sdp.cli.finetune_summary import summary
from sdp.errors import ConfigError, InputError
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.examples import encode
from sdp.models.adapter import BASE_WEIGHTS
from sdp.models.joiner import Joiner
from sdp.models.load import load_model, load_tokenizer
from sdp.models.resolve import resolve_model
from sdp.runs.folder import Run
from sdp.workflows.bench import BenchRequest, bench
from sdp.workflows.finetune import FinetuneRequest, finetune, recipe_of
from sdp.workflows.train_run import FinetuneResult, result_of
from sdp.workflows.training_job import prepare

SMALL = ("training.per_device_train_batch_size=8", "training.eval_steps=2", "training.save_steps=2", "eval_rows=10",
         "training.logging_steps=2")  # fmt: skip
FULL = (*SMALL, "training.learning_rate=1e-2")


class Notes:
    """Collects what people are told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def note(self, text: str) -> None:
        self.texts.append(text)


@pytest.fixture
def request_(model_folder: Path, data: Path) -> FinetuneRequest:
    return FinetuneRequest(model=str(model_folder), steps=4, overrides=SMALL, device="cpu", data=("spelling",))


@pytest.fixture
def full(request_: FinetuneRequest) -> FinetuneRequest:
    return replace(request_, method="full", overrides=FULL)


@pytest.fixture(scope="module")
def whole(model_folder: Path, data_root: Path, tmp_path_factory: pytest.TempPathFactory) -> FinetuneResult:
    """What `full` gives, trained once."""
    return finetune(
        FinetuneRequest(
            model=str(model_folder), steps=4, overrides=FULL, device="cpu", data=(str(data_root / "spelling"),),
            method="full", system="Be brief.", prompt_format="human-assistant", out=tmp_path_factory.mktemp("whole"),
        )
    )  # fmt: skip


def test_a_whole_model_is_a_folder_that_loads(full: FinetuneRequest, whole: FinetuneResult) -> None:
    result = whole
    assert (result.adapter, result.saved) == (None, result.run / "model")
    assert result.trainable_share == 1
    before = AutoModelForCausalLM.from_pretrained(full.model).state_dict()
    resolved = resolve_model(str(result.saved))
    after = load_model(resolved, device="cpu").state_dict()
    assert before.keys() == after.keys()
    assert all(not torch.equal(before[name], after[name]) for name in before)
    assert len(load_tokenizer(resolved)) == len(load_tokenizer(resolve_model(full.model)))
    assert (resolved.folder / "replay_words.txt").is_file()
    again = prepare(recipe_of(replace(full, model=str(result.saved), method="lora")), "cpu")
    assert isinstance(again.job.model, PeftModel)
    assert result_of(Run.open(result.run)) == result


def test_a_whole_model_is_benched_against_what_it_was(full: FinetuneRequest, whole: FinetuneResult) -> None:
    result, root = whole, whole.run.parent
    target = run_target(result.run.name, root)
    assert (target.adapter, target.model) == (None, str(result.saved))
    assert target.base("baseline").model == full.model
    assert target.base("baseline").is_base
    assert not target.is_base
    assert find_target(str(result.saved), root) == target
    asked = BenchRequest(data=("spelling",), limit=8, compare=("baseline",), device="cpu", runs_root=root)
    benched = bench(asked)
    assert {settings["system"] for settings in benched.result.settings["models"].values()} == {"Be brief."}
    bits = {one.label: one.tasks["spelling"].scores["answer_bits_per_char"].value for one in benched.result.models}
    assert len(set(bits.values())) == 2, bits


def test_the_summary_says_how_to_bench_a_run_that_lies_elsewhere(whole: FinetuneResult) -> None:
    shown = dict(zip(*(list(column.cells) for column in summary(whole).columns), strict=True))
    assert shown["[bold]next[/]"] == f"sdp bench --run {whole.run} --compare baseline"
    here = summary(replace(whole, run=Path("runs") / whole.run.name))
    assert list(here.columns[1].cells)[-1] == "sdp bench --compare baseline"


def test_a_checkpoint_of_a_whole_model_is_a_model_of_its_run(whole: FinetuneResult) -> None:
    checkpoint = whole.run / "checkpoints" / "step-000002"
    found = find_target(str(checkpoint), whole.run.parent)
    at_end = run_target(whole.run.name, whole.run.parent)
    assert found == replace(at_end, label="step-000002", model=str(checkpoint))
    resolved = resolve_model(found.model)
    assert load_tokenizer(resolved).get_vocab() == load_tokenizer(resolve_model(at_end.model)).get_vocab()
    assert load_model(resolved, device="cpu").config.model_type == "llama"


def test_a_whole_model_that_broke_off_goes_on_to_the_same_bytes(full: FinetuneRequest, whole: FinetuneResult) -> None:
    full = replace(full, system="Be brief.", prompt_format="human-assistant")
    with pytest.raises(KeyboardInterrupt):
        finetune(full, Killer(3))
    resumed = finetune(FinetuneRequest(resume="", device="cpu"))
    assert resumed.resumed_from == 2
    first, second = ((result.saved / "model.safetensors").read_bytes() for result in (whole, resumed))
    assert first == second


def test_the_method_chooses_the_defaults_however_it_is_given(data: Path) -> None:
    by_option = recipe_of(FinetuneRequest(data=("spelling",), method="full"))
    by_key = recipe_of(FinetuneRequest(data=("spelling",), overrides=("method=full",)))
    assert by_option == by_key
    assert by_option.training.learning_rate < recipe_of(FinetuneRequest(data=("spelling",))).training.learning_rate
    with pytest.raises(ConfigError, match=r"'lora\.r' does nothing with the method full"):
        recipe_of(FinetuneRequest(data=("spelling",), method="full", overrides=("lora.r=4",)))


def test_dora_is_trained_and_asked_again(request_: FinetuneRequest) -> None:
    result = finetune(replace(request_, method="dora"))
    assert any("magnitude" in name for name in cases.adapter(Run.open(result.run)))
    benched = bench(BenchRequest(data=("spelling",), limit=8, device="cpu"))
    assert benched.result.models[0].adapter == str(result.adapter)


def test_an_adapter_knows_the_weights_it_was_trained_on(request_: FinetuneRequest, tmp_path: Path) -> None:
    result = finetune(request_)
    assert result.adapter is not None
    assert len(json.loads((result.adapter / "sdp.json").read_text())[BASE_WEIGHTS]) == 32
    other = tmp_path / "other"
    build.model(seed=5).save_pretrained(other)
    build.tokenizer().save_pretrained(other)
    with pytest.raises(InputError, match="other weights"):
        bench(BenchRequest(models=(str(result.adapter),), base=str(other), data=("spelling",), limit=4, device="cpu"))


@pytest.mark.parametrize("template", ["qwen2_5", "qwen3"])
def test_a_chat_model_learns_the_assistant_s_turn(request_: FinetuneRequest, tmp_path: Path, template: str) -> None:
    folder = tmp_path / "qwen"
    build.model("qwen2").save_pretrained(folder)
    build.qwen_tokenizer(template).save_pretrained(folder)
    job = prepare(recipe_of(replace(request_, model=str(folder))), "cpu").job
    assert job.facts["prompt_format"] == "chat"
    ids, n_prompt = job.train[0]
    tokenizer = load_tokenizer(resolve_model(str(folder)))
    asked, answered = (str(tokenizer.decode(part)) for part in (ids[:n_prompt], ids[n_prompt:]))
    assert asked.endswith("<|im_start|>assistant\n" + ("<think>\n\n</think>\n\n" if template == "qwen3" else ""))
    assert answered.endswith("<|im_end|>")
    assert "<|im_start|>" not in answered


def test_long_examples_are_refused_left_out_or_shortened(request_: FinetuneRequest) -> None:
    def limited(*more: str) -> FinetuneRequest:
        return replace(request_, overrides=(*SMALL, f"training.max_length={limit}", *more))

    lengths = sorted(prepare(recipe_of(request_), "cpu").job.train.lengths.tolist())
    limit = lengths[len(lengths) // 2]
    with pytest.raises(InputError, match=rf"of {len(lengths)} examples have more tokens than the {limit}"):
        finetune(limited())
    assert not Path("runs").exists()
    notes = Notes()
    dropped = prepare(recipe_of(limited("training.too_long=drop")), "cpu", progress=notes)  # type: ignore[arg-type]
    n_over = sum(n > limit for n in lengths)
    assert (dropped.n_too_long, len(dropped.job.train)) == (n_over, len(lengths) - n_over)
    assert f"{n_over} examples are too long and left out" in notes.texts
    cut = prepare(recipe_of(limited("training.too_long=truncate_prompt")), "cpu")
    assert (cut.n_too_long, cut.n_truncated) == (0, n_over)


def test_a_tokenizer_without_padding_is_padded_with_its_end(request_: FinetuneRequest, tmp_path: Path) -> None:
    folder = build.save(tmp_path / "no-pad")
    tokenizer = build.tokenizer()
    tokenizer.pad_token = None
    tokenizer.save_pretrained(folder)
    prepared = prepare(recipe_of(replace(request_, model=str(folder))), "cpu")
    run = cases.new_run(tmp_path, "no-pad")
    assert train(prepared.job, run).loss is not None
    assert prepared.job.pad_id == tokenizer.eos_token_id


def test_a_tokenizer_without_an_end_is_refused(request_: FinetuneRequest, tmp_path: Path) -> None:
    folder = build.save(tmp_path / "no-end")
    tokenizer = build.tokenizer()
    tokenizer.eos_token = None
    tokenizer.save_pretrained(folder)
    with pytest.raises(InputError, match="no end token"):
        finetune(replace(request_, model=str(folder)))


def test_data_without_validation_rows_is_said_and_trained_on(request_: FinetuneRequest) -> None:
    from sdp.workflows.generate import GenerateRequest, generate

    generate(GenerateRequest(task="spelling", n=60, out=Path("only-train"), words="wordfreq:en:2000", ratios=(1, 0, 0)))
    notes = Notes()
    made = prepare(recipe_of(replace(request_, data=("only-train",))), "cpu", progress=notes)  # type: ignore[arg-type]
    assert made.job.validation is None
    assert any("no validation rows" in text for text in notes.texts)


def test_rows_are_named_by_the_ids_of_the_data(request_: FinetuneRequest) -> None:
    from sdp.data.dataset import TaskFolder

    job = prepare(recipe_of(request_), "cpu").job
    rows = TaskFolder.open(Path("data/spelling")).table("train", ["id", "prompt", "completion"])
    texts = {row["id"]: (row["prompt"], row["completion"]) for row in rows.to_pylist()}
    joiner = Joiner(load_tokenizer(resolve_model(request_.model)), "plain")
    assert job.train.row_ids is not None
    for index, row_id in enumerate(job.train.row_ids.tolist()):
        prompt, answer = texts[row_id]
        assert job.train[index][0].tolist() == encode([prompt], [answer], joiner).ids.tolist()
