"""The text around a question, where no model says it."""

from sdp.errors import InputError, near
from sdp.models.formats import TEXTS, Format

CHAT = "chat"


def text_around(name: str, system: str | None) -> Format | None:
    """Gives a prompt format that needs no tokenizer.

    Args:
        name: ``plain``, ``human-assistant``, or ``chat``.
        system: A system message, or None.

    Returns:
        The format; None for ``chat``: the reader's chat template brings the text.

    Raises:
        InputError: There is no such format.
    """
    if name == CHAT:
        return None
    if name not in TEXTS:
        raise InputError(
            f"there is no prompt format '{name}' that needs no tokenizer",
            where="--prompt-format",
            hint=near(name, [*TEXTS, CHAT]),
        )
    return TEXTS[name](None, system)
