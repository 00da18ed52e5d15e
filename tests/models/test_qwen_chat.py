"""Chat templates as Qwen's models ship them: what is asked and what is trained, written out by hand."""

import pytest
from tests.models import build

from sdp.models.joiner import Joiner

DEFAULT_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
QUESTION, ANSWER = "Spell the word planet with hyphens.", "p-l-a-n-e-t"


def text(joiner: Joiner, ids: list[int]) -> str:
    return str(joiner.tokenizer.decode(ids, clean_up_tokenization_spaces=False))


@pytest.mark.parametrize(
    ("template", "system", "opening", "thinking"),
    [
        ("qwen2_5", None, f"<|im_start|>system\n{DEFAULT_SYSTEM}<|im_end|>\n", ""),
        ("qwen2_5", "Be brief.", "<|im_start|>system\nBe brief.<|im_end|>\n", ""),
        ("qwen3", None, "", "<think>\n\n</think>\n\n"),
        ("qwen3", "Be brief.", "<|im_start|>system\nBe brief.<|im_end|>\n", "<think>\n\n</think>\n\n"),
    ],
)
def test_a_question_goes_through_the_template(template: str, system: str | None, opening: str, thinking: str) -> None:
    """Qwen2.5 puts a system message of its own where none is given; Qwen3's thinking is opened and closed at once."""
    joiner = Joiner(build.qwen_tokenizer(template), "auto", system)
    assert joiner.format_name == "chat"
    asked = f"{opening}<|im_start|>user\n{QUESTION}<|im_end|>\n<|im_start|>assistant\n{thinking}"
    assert text(joiner, joiner.prompt_ids(QUESTION)) == asked
    assert joiner.prompt_text(QUESTION) == asked


@pytest.mark.parametrize("template", ["qwen2_5", "qwen3"])
def test_the_assistant_s_turn_is_trained_with_its_end_and_nothing_after(template: str) -> None:
    joiner = Joiner(build.qwen_tokenizer(template), "auto")
    end = joiner.tokenizer.convert_tokens_to_ids(build.IM_END)
    ids = joiner.answer_ids(ANSWER)
    assert ids[-1] == end
    assert ids.count(end) == 1
    assert text(joiner, ids) == f"{ANSWER}{build.IM_END}", "the newline after it belongs to the next turn"
    assert joiner.end_ids == (end,)
    assert end in joiner.stop_ids
    assert joiner.text([*ids, *joiner.prompt_ids("and more")]) == ANSWER


@pytest.mark.parametrize("template", ["qwen2_5", "qwen3"])
def test_example_and_template_are_the_same_tokens(template: str) -> None:
    """Of the template's own text of both turns, only the newline after the end is not in an example."""
    tokenizer = build.qwen_tokenizer(template)
    joiner = Joiner(tokenizer, "auto")
    whole = tokenizer.apply_chat_template(
        [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": ANSWER}],
        tokenize=False, enable_thinking=False,
    )  # fmt: skip
    example = text(joiner, joiner.prompt_ids(QUESTION) + joiner.answer_ids(ANSWER))
    assert whole == example + "\n"


def test_a_base_model_s_end_token_also_stops() -> None:
    """Qwen2.5's base models have the same template and end with another token."""
    tokenizer = build.qwen_tokenizer("qwen2_5")
    tokenizer.eos_token = build.END_OF_TEXT
    joiner = Joiner(tokenizer, "auto")
    ids = [tokenizer.convert_tokens_to_ids(token) for token in (build.IM_END, build.END_OF_TEXT)]
    assert joiner.end_ids == (ids[0],)
    assert joiner.stop_ids == set(ids)


@pytest.mark.parametrize("switch", ["enable_thinking", "thinking"])
def test_thinking_is_off_whatever_its_switch_is_called(switch: str) -> None:
    tokenizer = build.tokenizer(chat=True)
    tokenizer.chat_template = build.CHAT.replace(
        "<|bot|>{% endif %}", f"<|bot|>{{% if {switch} is not defined or {switch} %}}<think>{{% endif %}}{{% endif %}}"
    )
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": "x"}], tokenize=False, add_generation_prompt=True
    )
    assert asked.endswith("<think>"), "it thinks if nobody says otherwise"
    assert "<think>" not in Joiner(tokenizer, "chat").prompt_text("x")
