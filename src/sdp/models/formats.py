"""How a question becomes the text that a model reads: named prompt formats, and the tokenizer's chat template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sdp.errors import InputError, near

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_PROBES = ("Zzyzx probe one", "another Probe, 2 of 2")
_ANSWER = "Qxq answer"


@dataclass(frozen=True, slots=True)
class Format:
    """The text around a question, fixed once for a tokenizer and a system message."""

    before: str
    after: str
    """Follows the question; the answer comes right after it."""
    end: str | None
    """Text that ends the answer; None: only the tokenizer's end token does."""
    adds_special_tokens: bool
    """Whether the tokenizer puts its own start token before the text (a chat template brings its own)."""


Builder = Callable[["PreTrainedTokenizerBase", str | None], Format]


def _plain(tokenizer: "PreTrainedTokenizerBase | None", system: str | None) -> Format:
    del tokenizer
    return Format(before=f"{system}\n" if system else "", after="\n", end=None, adds_special_tokens=True)


def _human_assistant(tokenizer: "PreTrainedTokenizerBase | None", system: str | None) -> Format:
    del tokenizer
    opening = f"<system>: {system}\n" if system else ""
    return Format(before=f"{opening}<human>: ", after="\n<assistant>: ", end=None, adds_special_tokens=True)


def _chat(tokenizer: "PreTrainedTokenizerBase", system: str | None) -> Format:
    first, second = (_render(tokenizer, system, probe) for probe in _PROBES)
    before, found, after = first.partition(_PROBES[0])
    if not found or second != before + _PROBES[1] + after:
        raise InputError(
            "the tokenizer's chat template changes the text of a question", hint="use --prompt-format plain"
        )
    closed = _render(tokenizer, system, _PROBES[0], _ANSWER)
    _, found, end = closed.rpartition(_ANSWER)
    if not found:
        raise InputError("the tokenizer's chat template drops the answer", hint="use --prompt-format plain")
    return Format(before=before, after=after, end=end, adds_special_tokens=False)


def _render(tokenizer: "PreTrainedTokenizerBase", system: str | None, question: str, answer: str | None = None) -> str:
    if not tokenizer.chat_template:
        raise InputError("the tokenizer has no chat template", hint="use --prompt-format plain or human-assistant")
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": question})
    if answer is not None:
        messages.append({"role": "assistant", "content": answer})
    try:
        # Templates that know a switch for thinking leave that part out, or open and close it at once; others ignore it.
        # `enable_thinking` is Qwen's, SmolLM's and Hunyuan's, `thinking` DeepSeek's and Granite's.
        text = tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=answer is None, enable_thinking=False, thinking=False
        )
    except Exception as error:  # a template may raise anything: it is a program
        raise InputError(
            f"the tokenizer's chat template fails: {error}",
            hint="leave --system away or use --prompt-format plain" if system else "use --prompt-format plain",
        ) from error
    return str(text)


FORMATS: dict[str, Builder] = {"plain": _plain, "human-assistant": _human_assistant, "chat": _chat}
"""The words that ``--prompt-format`` takes, beside ``auto``."""

TEXTS: dict[str, Callable[[None, str | None], Format]] = {"plain": _plain, "human-assistant": _human_assistant}
"""Those that are the same for every tokenizer."""


def choose_format(name: str, tokenizer: "PreTrainedTokenizerBase") -> str:
    """Says which format a name stands for.

    Args:
        name: A name from `FORMATS`, or ``auto``: the chat template of a tokenizer that has one, else plain.
        tokenizer: Of the model that will be asked.

    Returns:
        A name from `FORMATS`.

    Raises:
        InputError: There is no such format.
    """
    if name == "auto":
        return "chat" if tokenizer.chat_template else "plain"
    if name not in FORMATS:
        raise InputError(f"there is no prompt format '{name}'", hint=near(name, ["auto", *FORMATS]))
    return name
