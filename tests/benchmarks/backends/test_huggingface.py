import pytest
import torch
from peft import LoraConfig, get_peft_model
from tests.benchmarks.conftest import random_llama
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

from sdp.benchmarks.backends import huggingface
from sdp.benchmarks.backends.huggingface import HuggingFaceBackend
from sdp.errors import InputError
from sdp.models.joiner import Joiner

MAX_NEW = 20
WORDS = ["straw", "berry", "a", "on", "elephant", "zebra", "incomprehensible", "tree"]
PROMPTS = [f"Spell the word {word * (1 + i % 3)} number {i}." for i, word in enumerate(WORDS * 6)]
COMPLETIONS = ["-".join(word) if i % 2 else word[0] for i, word in enumerate(WORDS * 6)]


@pytest.fixture(scope="module")
def model():
    return random_llama()


def answers(model, joiner, **kwargs) -> list[str]:
    return [found.text for found in HuggingFaceBackend(model, joiner, **kwargs).generate(PROMPTS, MAX_NEW)]


def one_at_a_time(model, joiner) -> list[str]:
    """Plain greedy decoding by transformers, written out."""
    texts = []
    for prompt in PROMPTS:
        ids = torch.tensor([joiner.prompt_ids(prompt)])
        config = GenerationConfig(do_sample=False, num_beams=1, max_new_tokens=MAX_NEW, eos_token_id=1, pad_token_id=0)
        out = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=config)
        texts.append(joiner.text(out[0, ids.shape[1] :].tolist()))
    return texts


def test_equals_generate_one_row_at_a_time(model, joiner):
    found = answers(model, joiner)
    assert found == one_at_a_time(model, joiner)
    assert len(set(found)) > len(found) / 2  # a model that always says the same would prove nothing


def test_the_batch_does_not_matter(model, joiner):
    rows = 1 + MAX_NEW + max(len(joiner.prompt_ids(prompt)) for prompt in PROMPTS)
    assert answers(model, joiner, batch_tokens=1) == answers(model, joiner, batch_tokens=32 * rows)


def test_rows_on_the_edge_are_decoded_alone(model, joiner, monkeypatch):
    sizes = []
    generate = type(model).generate

    def watched(self, ids, **kwargs):
        sizes.append(len(ids))
        return generate(self, ids, **kwargs)

    monkeypatch.setattr(type(model), "generate", watched)
    monkeypatch.setattr("sdp.benchmarks.backends.fragile.RELATIVE_MARGIN", 0.05)
    found = answers(model, joiner)
    assert sizes.count(1) > 3
    assert max(sizes) == len(PROMPTS)
    assert found == one_at_a_time(model, joiner)


def test_tokens_are_counted_to_the_stop(model, joiner):
    found = HuggingFaceBackend(model, joiner).generate(PROMPTS, MAX_NEW)
    stopped = [answer for answer in found if answer.n_tokens < MAX_NEW]
    assert stopped
    assert all(answer.n_tokens <= MAX_NEW for answer in found)
    assert all(len(joiner.answer_ids(answer.text)) == answer.n_tokens for answer in stopped)
    assert [answer.n_prompt_tokens for answer in found] == [len(joiner.prompt_ids(prompt)) for prompt in PROMPTS]


def test_the_models_own_generation_config_is_not_used(joiner):
    plain, shipped = random_llama(), random_llama()
    shipped.generation_config = GenerationConfig(
        repetition_penalty=1.8, no_repeat_ngram_size=1, suppress_tokens=list(range(60, 90)), do_sample=True, top_k=5
    )
    own = shipped.generation_config
    assert answers(shipped, joiner) == answers(plain, joiner)
    assert shipped.generation_config is own


def test_the_config_would_have_mattered(joiner):
    shipped = random_llama()
    shipped.generation_config = GenerationConfig(repetition_penalty=1.8)
    assert one_at_a_time(shipped, joiner) != answers(shipped, joiner)


def test_settings_record_what_fixes_the_answers(model, joiner):
    settings = HuggingFaceBackend(model, joiner, batch_tokens=99).settings()
    assert settings["generation"] == {
        "do_sample": False,
        "num_beams": 1,
        "repetition_penalty": 1.0,
        "use_cache": True,
        "stop_ids": [1],
    }
    assert settings["dtype"] == "float32"
    assert settings["batch_tokens"] == 99


def by_hand(model, joiner, prompt: str, completion: str) -> float:
    question, answer = joiner.prompt_ids(prompt), joiner.answer_ids(completion)
    with torch.no_grad():
        logits = model(torch.tensor([question + answer])).logits[0].double()
    chances = torch.softmax(logits, dim=-1)
    return -sum(float(torch.log(chances[len(question) + k - 1, token])) for k, token in enumerate(answer))


@pytest.mark.parametrize("batch_tokens", [1, 400, 100_000])
@pytest.mark.parametrize("takes_positions", [True, False])
def test_likelihoods_equal_those_by_hand(model, joiner, batch_tokens, takes_positions):
    backend = HuggingFaceBackend(model, joiner, batch_tokens=batch_tokens)
    backend._takes_positions = takes_positions
    found = backend.likelihoods(PROMPTS, COMPLETIONS)
    for prompt, completion, likelihood in zip(PROMPTS, COMPLETIONS, found, strict=True):
        assert likelihood.nll == pytest.approx(by_hand(model, joiner, prompt, completion), rel=1e-5)
        assert likelihood.n_tokens == len(completion) + 1  # one token per byte, and the end


def test_logits_bound_the_batch(model, joiner, monkeypatch):
    monkeypatch.setattr(huggingface, "LOGITS", 1)
    backend = HuggingFaceBackend(model, joiner)
    found = [likelihood.nll for likelihood in backend.likelihoods(PROMPTS[:5], COMPLETIONS[:5])]
    monkeypatch.undo()
    assert found == pytest.approx([likelihood.nll for likelihood in backend.likelihoods(PROMPTS[:5], COMPLETIONS[:5])])


def test_works_with_learned_positions(joiner):
    """Left padding shifts positions unless they are counted from the mask."""
    torch.manual_seed(1)
    config = GPT2Config(
        vocab_size=97, n_positions=128, n_embd=32, n_layer=2, n_head=4, initializer_range=0.3, bos_token_id=1,
        eos_token_id=1,
    )  # fmt: skip
    gpt = GPT2LMHeadModel(config).eval()
    assert answers(gpt, joiner) == one_at_a_time(gpt, joiner)
    found = HuggingFaceBackend(gpt, joiner).likelihoods(PROMPTS[:6], COMPLETIONS[:6])
    for prompt, completion, likelihood in zip(PROMPTS, COMPLETIONS, found, strict=False):
        assert likelihood.nll == pytest.approx(by_hand(gpt, joiner, prompt, completion), rel=1e-5)


def test_memory_that_runs_out_halves_the_batch(joiner, monkeypatch):
    model = random_llama()
    whole, generate, sizes = answers(model, joiner), type(model).generate, []

    def tight(self, ids, **kwargs):
        sizes.append(len(ids))
        if len(ids) > 10:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return generate(self, ids, **kwargs)

    monkeypatch.setattr(type(model), "generate", tight)
    assert answers(model, joiner) == whole
    assert sizes[:3] == [48, 24, 12]


def test_a_question_that_does_not_fit_is_refused(tokenizer):
    model = random_llama(max_position_embeddings=32)
    backend = HuggingFaceBackend(model, Joiner(tokenizer, "plain"))
    with pytest.raises(InputError, match="room for 32"):
        backend.generate(["short", "a question that is far too long for it"], 8)
    with pytest.raises(InputError, match="room for 32"):
        backend.likelihoods(["a question that is far too long for it"], ["a"])


def test_room_is_what_the_longest_question_leaves(model, joiner):
    longest = max(len(joiner.prompt_ids(prompt)) for prompt in PROMPTS)
    backend = HuggingFaceBackend(model, joiner)
    assert backend.room(PROMPTS) == 256 - longest
    backend.generate(PROMPTS[:2], backend.room(PROMPTS))


def test_logits_that_are_no_numbers_are_an_error(joiner):
    broken = random_llama()
    broken.lm_head.weight.data[5] = torch.nan
    with pytest.raises(InputError, match="NLL of nan"):
        HuggingFaceBackend(broken, joiner).likelihoods(PROMPTS[:2], COMPLETIONS[:2])


def test_nothing_asked_nothing_answered(model, joiner):
    backend = HuggingFaceBackend(model, joiner)
    assert backend.generate([], 5) == []
    assert backend.likelihoods([], []) == []


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")  # peft 0.21 asks for it
def test_an_adapter_takes_part_while_it_is_on(joiner):
    model = random_llama()
    before = answers(model, joiner)
    adapted = get_peft_model(model, LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False))
    adapted.eval()
    backend = HuggingFaceBackend(model, joiner)
    on = [found.text for found in backend.generate(PROMPTS, MAX_NEW)]
    with adapted.disable_adapter():
        off = [found.text for found in backend.generate(PROMPTS, MAX_NEW)]
    assert on != before
    assert off == before
