import pytest
from tests.benchmarks.conftest import questions_of, random_llama, save_adapter
from transformers import AutoModelForCausalLM

from sdp.benchmarks import run_models as module
from sdp.benchmarks.run_models import Options, run_models
from sdp.benchmarks.target import Target
from sdp.errors import InputError

TASKS = [questions_of([{"prompt": f"Say {word}", "answer": word[0]} for word in ("straw", "berry", "elephant", "on")])]


@pytest.fixture
def targets(model_folder, tmp_path) -> list[Target]:
    adapters = [save_adapter(tmp_path / name, seed=seed) for seed, name in enumerate(("one", "two"))]
    name = str(model_folder)
    return [Target("one", name, adapters[0]), Target("base", name), Target("two", name, adapters[1])]


def outputs(answered) -> dict[str, list[str]]:
    return {one.result.label: one.rows["output"].to_pylist() for one in answered}


def test_adapters_take_turns_and_leave_the_base_as_it_was(targets):
    together = outputs(run_models(targets, TASKS, Options("cpu")))
    assert list(together) == ["one", "base", "two"]
    apart = {target.label: outputs(run_models([target], TASKS, Options("cpu")))[target.label] for target in targets}
    assert together == apart
    assert len({tuple(texts) for texts in together.values()}) == 3


def test_a_base_is_loaded_once(targets, monkeypatch):
    loaded = []
    load = module.load_model
    monkeypatch.setattr(module, "load_model", lambda *args, **kwargs: loaded.append(1) or load(*args, **kwargs))
    run_models(targets, TASKS, Options("cpu"))
    assert len(loaded) == 1


def test_two_bases(targets, tokenizer, tmp_path):
    other = tmp_path / "other"
    random_llama(seed=9).save_pretrained(other)
    tokenizer.save_pretrained(other)
    asked = [targets[1], Target("other", str(other)), targets[0]]
    found = outputs(run_models(asked, TASKS, Options("cpu")))
    assert list(found) == ["base", "other", "one"]
    assert found["base"] != found["other"]


def test_an_adapter_of_another_base_is_refused(model_folder, tmp_path):
    adapter = save_adapter(tmp_path / "wide", hidden_size=64)
    with pytest.raises(InputError, match="does not fit"):
        run_models([Target("wide", str(model_folder), adapter)], TASKS, Options("cpu"))


def test_an_adapter_whose_weights_do_not_reach_the_model_is_refused(model_folder, tmp_path):
    """Others run the bare base in silence and report its scores as the adapter's."""
    from safetensors.torch import load_file, save_file

    adapter = save_adapter(tmp_path / "lost")
    path = adapter / "adapter_model.safetensors"
    save_file({name.replace("layers.", "blocks."): weight for name, weight in load_file(path).items()}, path)
    with pytest.raises(InputError):
        run_models([Target("lost", str(model_folder), adapter)], TASKS, Options("cpu"))


def test_answers_that_the_tokenizer_cannot_give_back_are_refused(model_folder):
    tasks = [questions_of([{"answer": "é", "completion": "é"}])]  # the fixture's tokenizer knows ASCII only
    with pytest.raises(InputError, match="tokenizer"):
        run_models([Target("m", str(model_folder))], tasks, Options("cpu"))


def test_a_short_context_cuts_the_margin(tokenizer, tmp_path):
    folder = tmp_path / "short"
    random_llama(max_position_embeddings=32).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    settings = run_models([Target("m", str(folder))], TASKS, Options("cpu"))[0].settings
    assert settings["max_new_tokens"] == {"position": 32 - len("Say elephant\n")}


def test_the_prompt_format_reaches_the_model(model_folder):
    plain, other = (
        run_models([Target("m", str(model_folder), prompt_format=name)], TASKS, Options("cpu"))[0]
        for name in ("plain", "human-assistant")
    )
    assert other.settings["prompt_format"] == "human-assistant"
    assert other.result.n_prompt_tokens > plain.result.n_prompt_tokens
    assert other.rows["output"].to_pylist() != plain.rows["output"].to_pylist()


def test_the_model_on_disk_is_what_is_asked(model_folder):
    """The random model of the fixture, loaded by transformers itself, has the same weights."""
    there = AutoModelForCausalLM.from_pretrained(model_folder)
    for one, other in zip(there.parameters(), random_llama().parameters(), strict=True):
        assert one.equal(other)
