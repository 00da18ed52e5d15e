"""Recognising a shape by its fields, or setting one up as the user says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sdp.errors import InputError, near
from sdp.importing.shapes.chat import Chat, Turns
from sdp.importing.shapes.draft import Shape
from sdp.importing.shapes.marked import Marked
from sdp.importing.shapes.own_rows import FIELDS, FLAT, META, OwnRows
from sdp.importing.shapes.pairs import INPUT, PAIRS, Alpaca, Pairs
from sdp.importing.shapes.reasoning import ANSWERS, PROBLEMS, SOLUTIONS, Reasoning
from sdp.importing.texts import Kinds, check_fields, field_names


@dataclass(frozen=True)
class Mapping:
    """What the user says about the fields; what is not said is found out."""

    shape: str | None = None
    prompt: str | None = None
    """A field, a path such as ``question.text``, or several joined by ``+``."""
    answer: str | None = None
    reasoning: str | None = None
    answer_after: str | None = None
    turns: Turns = "only"
    drop_system: bool = False


Fits = Callable[["_Fields"], Shape | None]


@dataclass(frozen=True)
class _Fields:
    """What the first records hold."""

    names: list[str]
    first: dict[str, Any]
    """Field → its first value that is something."""
    said: Mapping
    kinds: Kinds

    def has(self, *names: str) -> bool:
        """Tells whether all of some fields are there."""
        return all(name in self.names for name in names)

    def is_chat(self, name: str) -> bool:
        """Tells whether a field holds messages."""
        value = self.first.get(name)
        return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def set_up(sample: list[dict[str, Any]], said: Mapping, where: str, kinds: Kinds) -> Shape:
    """Recognises the shape of a source.

    Args:
        sample: Its first records.
        said: What the user says; it has the last word.
        where: The source.
        kinds: Counts what the values were.

    Raises:
        InputError: An option names a field that is not there, the shape does not fit, or none does.
    """
    first: dict[str, Any] = {}
    for record in sample:
        first |= {name: value for name, value in record.items() if name not in first and value not in (None, "", [])}
    fields = _Fields(field_names(sample), first, said, kinds)
    _check_options(fields, where)
    shape = _chosen(fields, where)
    return shape if said.answer_after is None else Marked(shape, said.answer_after)


def _check_options(fields: _Fields, where: str) -> None:
    said = fields.said
    wanted = {"--answer": said.answer, "--reasoning": said.reasoning}
    check_fields({option: name for option, name in wanted.items() if name}, fields.names, where)
    for part in (said.prompt or "").split("+") if said.prompt else []:
        check_fields({"--prompt": part}, fields.names, where)


def _chosen(fields: _Fields, where: str) -> Shape:
    said = fields.said
    if said.shape is not None:
        if said.shape not in SHAPES:
            raise InputError(
                f"unknown shape '{said.shape}'", where="--shape",
                hint=near(said.shape, SHAPES).replace("choices are", "shapes are"),
            )  # fmt: skip
        shape = SHAPES[said.shape](fields)
        if shape is None:
            raise InputError(
                f"the records do not have the shape '{said.shape}'", where=where, hint=_listed(fields, "their")
            )
        return shape
    if said.prompt and said.answer:
        return Pairs("fields", said.prompt, said.answer, said.reasoning, fields.kinds)
    for fits in SHAPES.values():
        if (shape := fits(fields)) is not None:
            return shape
    raise InputError(
        "which fields are the question and the answer?", where=where,
        hint=f"say it with --prompt FIELD --answer FIELD; {_listed(fields, 'the')}",
    )  # fmt: skip


def _listed(fields: _Fields, whose: str) -> str:
    return f"{whose} fields are: {', '.join(fields.names) or 'none'}"


def _rows(fields: _Fields) -> Shape | None:
    has_meta = META in fields.names or any(name.startswith(FLAT) for name in fields.names)
    mapped = fields.said.prompt or fields.said.answer or fields.said.reasoning
    return OwnRows() if has_meta and fields.has(*FIELDS) and not mapped else None


def _messages(fields: _Fields) -> Shape | None:
    return _chat("messages", ["messages"], fields) if fields.is_chat("messages") else None


def _sharegpt(fields: _Fields) -> Shape | None:
    name = next((name for name in ("conversations", "conversation") if fields.is_chat(name)), None)
    return _chat("sharegpt", [name], fields) if name else None


def _chat(name: str, names: list[str], fields: _Fields) -> Shape | None:
    if fields.said.prompt or fields.said.answer or fields.said.reasoning:
        return None
    return Chat(name, names, fields.said.turns, drop_system=fields.said.drop_system, kinds=fields.kinds)


def _reasoning(fields: _Fields) -> Shape | None:
    said = fields.said
    problem = said.prompt or next((name for name in PROBLEMS if fields.has(name)), None)
    solutions = said.reasoning or next((name for name in SOLUTIONS if fields.has(name)), None)
    if problem is None or solutions is None or "+" in problem:
        return None
    answer = said.answer or next((name for name in ANSWERS if fields.has(name)), None)
    return Reasoning(problem, solutions, answer)


def _pairs(name: str) -> Fits:
    def fits(fields: _Fields) -> Shape | None:
        said = fields.said
        for prompt, answer in PAIRS[name]:
            if not fields.has(*([] if said.prompt else [prompt]), *([] if said.answer else [answer])):
                continue
            if fields.is_chat(prompt) or fields.is_chat(answer):
                return _chat(name, [prompt, answer], fields) if name == "prompt_completion" else None
            kind = Alpaca if name == "alpaca" else Pairs
            asked = f"{prompt}+{INPUT}" if name == "alpaca" and fields.has(INPUT) else prompt
            return kind(name, said.prompt or asked, said.answer or answer, said.reasoning, fields.kinds)
        return None

    return fits


SHAPES: dict[str, Fits] = {
    "rows": _rows,
    "reasoning": _reasoning,
    "messages": _messages,
    "sharegpt": _sharegpt,
    "alpaca": _pairs("alpaca"),
    "prompt_completion": _pairs("prompt_completion"),
    "question_answer": _pairs("question_answer"),
    "input_output": _pairs("input_output"),
    "pair": _pairs("pair"),
}
"""Shape → what recognises it, the most particular first."""
