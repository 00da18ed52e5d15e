"""Chats: `messages` with role and content, ShareGPT's `conversations` with from and value, TRL's two lists."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from sdp.importing.shapes.draft import Draft, Refused, Shape, needed
from sdp.importing.texts import Kinds, Unfit, getter

Turns = Literal["only", "last", "each"]
TURNS = ("only", "last", "each")
_ROLES = {
    "user": "user", "human": "user", "prompter": "user",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "bot": "assistant", "model": "assistant",
    "bing": "assistant", "bard": "assistant", "system": "system", "developer": "system",
}  # fmt: skip
_SPOKEN = {"user": "User", "assistant": "Assistant"}


class Turn(NamedTuple):
    """One message."""

    role: str
    text: str


class Chat(Shape):
    """A question is what a user said, its answer what the assistant said next.

    Args:
        name: Of the shape.
        fields: Fields with the messages; those of several follow each other.
        turns: What becomes of a conversation with several questions: `only` refuses it, `last` and `each` put what was
            said before into the prompt.
        drop_system: Leaves system messages out; else they stand before the question.
        kinds: Counts what the values were.
    """

    def __init__(self, name: str, fields: list[str], turns: Turns, *, drop_system: bool, kinds: Kinds) -> None:
        self.name = name
        listed = " then ".join(fields)
        self.mapping = {"prompt": f"{listed}: what the user says", "answer": f"{listed}: what the assistant says next"}
        self._fields = [getter(field) for field in fields]
        self._turns, self._drop_system, self._kinds = turns, drop_system, kinds

    def drafts(self, fields: dict[str, Any], line: int) -> list[Draft | Refused]:
        """Pairs questions and answers."""
        turns = [turn for get in self._fields for turn in messages(get(fields))]
        system = "\n\n".join(turn.text for turn in turns if turn.role == "system" and turn.text.strip())
        if system:
            self._kinds.note("system message", "left out" if self._drop_system else "put before the question", line)
        spoken = _merged([turn for turn in turns if turn.role != "system"])
        asked = list(_answered(spoken))
        if not asked:
            raise Unfit("no answer")
        if len(asked) > 1 and self._turns == "only":
            raise Unfit(f"it has {len(asked)} questions; --turns last or --turns each takes such conversations")
        key = needed(next(turn.text for turn in spoken if turn.role == "user"), "prompt")
        head = "" if self._drop_system or not system else f"{system}\n\n"
        places = asked if self._turns == "each" else asked[-1:]
        found: list[Draft | Refused] = [
            Draft(head + _prompt(spoken[:place]), needed(spoken[place].text, "answer"), key=key) for place in places
        ]
        if spoken[-1].role == "user":
            found.append(Refused("the last question has no answer", spoken[-1].text))
        return found


def _merged(turns: list[Turn]) -> list[Turn]:
    """Makes one message of neighbouring ones by the same speaker."""
    merged = []
    for role, said in groupby(turns, key=attrgetter("role")):
        texts = [turn.text for turn in said]
        merged.append(Turn(role, "\n".join([text for text in texts if text.strip()] or texts[:1])))
    return merged


def _answered(turns: list[Turn]) -> Iterator[int]:
    """Gives the places of answers that follow a question."""
    for place in range(1, len(turns)):
        if turns[place].role == "assistant" and turns[place - 1].role == "user":
            yield place


def _prompt(turns: list[Turn]) -> str:
    """Writes what was said; a single question stays as it is."""
    if len(turns) == 1:
        return needed(turns[0].text, "prompt")
    return "\n\n".join(f"{_SPOKEN[turn.role]}: {turn.text}" for turn in turns)


def messages(value: Any) -> list[Turn]:
    """Reads a list of messages.

    Raises:
        Unfit: It is none, or somebody speaks who is neither user nor assistant nor system.
    """
    if isinstance(value, str):  # TRL's prompt may be a text and its completion a list
        return [Turn("user", value)]
    if not isinstance(value, list) or not value:
        raise Unfit("no messages")
    return [_turn(message) for message in value]


def _turn(message: Any) -> Turn:
    if not isinstance(message, dict):
        raise Unfit("a message is no object")
    said = message.get("role", message.get("from"))
    role = _ROLES.get(str(said).lower())
    if role is None:
        raise Unfit(f"a message is by '{said}'")
    content = message.get("content", message.get("value", message.get("text")))
    if isinstance(content, list):
        content = _joined(content)
    if content is not None and not isinstance(content, str):
        raise Unfit("a message is no text")
    if message.get("tool_calls"):
        raise Unfit("a message calls a tool")
    return Turn(role, content or "")


def _joined(parts: list[Any]) -> str:
    """Joins the parts of a message, all of which are text."""
    texts = [part.get("text") if isinstance(part, dict) and part.get("type", "text") == "text" else None
             for part in parts]  # fmt: skip
    if any(not isinstance(text, str) for text in texts):
        raise Unfit("a message holds more than text")
    return "".join(str(text) for text in texts)
