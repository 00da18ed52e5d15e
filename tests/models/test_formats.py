import pytest
from tests.models import build

from sdp.errors import InputError
from sdp.models.formats import FORMATS, choose_format
from sdp.models.joiner import Joiner

CHAT = build.tokenizer(chat=True)


@pytest.mark.parametrize(
    ("name", "system", "text"),
    [
        ("plain", None, "Spell a.\n"),
        ("plain", "Be brief.", "Be brief.\nSpell a.\n"),
        ("human-assistant", None, "<human>: Spell a.\n<assistant>: "),
        ("human-assistant", "Be brief.", "<system>: Be brief.\n<human>: Spell a.\n<assistant>: "),
        ("chat", None, "<|user|>Spell a.\n<|bot|>"),
        ("chat", "Be brief.", "<|user|>system: Be brief.\n<|user|>Spell a.\n<|bot|>"),
    ],
)
def test_the_text_that_the_model_reads(name: str, system: str | None, text: str) -> None:
    assert Joiner(CHAT, name, system).prompt_text("Spell a.") == text


def test_an_unknown_format_is_refused_with_near_names() -> None:
    with pytest.raises(InputError) as caught:
        choose_format("plane", CHAT)
    assert "did you mean 'plain'?" in str(caught.value)
    assert all(name in str(caught.value) for name in FORMATS)


def test_chat_without_a_template_is_refused() -> None:
    with pytest.raises(InputError, match="no chat template"):
        Joiner(build.tokenizer(), "chat")


def test_thinking_is_closed_before_the_answer() -> None:
    """A template that opens a thinking part puts it before the answer, not into it."""
    tokenizer = build.tokenizer(chat=True)
    tokenizer.chat_template = build.CHAT.replace(
        "{% if add_generation_prompt %}<|bot|>",
        "{% if add_generation_prompt %}<|bot|>{% if enable_thinking is false %}<think></think>{% endif %}",
    )
    assert Joiner(tokenizer, "chat").prompt_text("Hi?") == "<|user|>Hi?\n<|bot|><think></think>"
