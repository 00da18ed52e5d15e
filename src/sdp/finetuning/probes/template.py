"""The chat template closes the assistant's turn."""

from sdp.finetuning.probes.finding import Finding
from sdp.models.joiner import Joiner

NAME = "template closes the turn"
_QUESTION, _ANSWER = "Spell the word planet.", "p-l-a-n-e-t"


def template(joiner: Joiner, model_ends: frozenset[int]) -> Finding:
    """Renders a finished turn and looks at what follows the answer.

    Args:
        joiner: Of the model.
        model_ends: Where the model's generation config stops.
    """
    tokenizer = joiner.tokenizer
    if joiner.format_name != "chat":
        why = "the tokenizer has no chat template" if not tokenizer.chat_template else "not asked as a chat"
        return Finding(NAME, "not judged", f"{why}: prompt format {joiner.format_name}")
    messages = [{"role": "user", "content": _QUESTION}, {"role": "assistant", "content": _ANSWER}]
    if joiner.system:
        messages.insert(0, {"role": "system", "content": joiner.system})
    try:
        whole = str(tokenizer.apply_chat_template(messages, tokenize=False, enable_thinking=False))
    except Exception as error:  # noqa: BLE001  (a template may raise anything: it is a program)
        return Finding(NAME, "FAILED", f"the template fails: {error}", "use --prompt-format plain")
    before, found, after = whole.rpartition(_ANSWER)
    if not found or before != joiner.prompt_text(_QUESTION):
        seen = "what stands before a finished answer is not what stands before one that is to be written"
        return Finding(NAME, "FAILED", seen, "use --prompt-format plain")
    end = str(tokenizer.decode(list(joiner.end_ids)))
    if not after.startswith(end):
        seen = f"the template writes {after!r} after an answer, no end; training ends answers with {end} instead"
        return Finding(NAME, "FAILED", seen, "use --prompt-format plain, or repair the template")
    stops = joiner.end_ids[-1] in model_ends
    note = "" if stops else "; its generation config does not stop there, sdp does, other tools may not"
    return Finding(NAME, "ok", f"answers end with {end}{note}")
