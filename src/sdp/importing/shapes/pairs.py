"""One question and one answer per record, in fields of any name: Alpaca, prompt–completion, question/answer."""

from collections.abc import Sequence
from typing import Any

from sdp.importing.shapes.draft import Draft, Shape, needed
from sdp.importing.texts import Getter, Kinds, Unfit, getter, text_of

PAIRS = {
    "prompt_completion": (("prompt", "completion"),),
    "question_answer": (("question", "answer"),),
    "input_output": (("input_text", "output_text"), ("input_text", "target_text"), ("source_text", "target_text")),
    "alpaca": (("instruction", "output"), ("instruction", "response")),
    "pair": (
        ("prompt", "answer"), ("prompt", "response"), ("prompt", "output"), ("question", "response"),
        ("query", "response"), ("query", "answer"), ("query", "output"), ("input", "output"), ("input", "target"),
        ("instruction", "answer"), ("instruction", "completion"), ("problem", "answer"), ("problem", "solution"),
        ("question", "solution"), ("text", "label"),
    ),
}  # fmt: skip
"""Shape → fields of question and answer, the likeliest first."""
INPUT = "input"
"""Alpaca's second half of the question; often empty."""


class Pairs(Shape):
    """A question and an answer, each from one field or several joined by a blank line.

    Args:
        name: Of the shape.
        prompt: Fields of the question, such as ``instruction+input``.
        answer: Field of the answer.
        reasoning: Field of what is trained before the answer, if there is one.
        kinds: Counts what the values were.
    """

    def __init__(self, name: str, prompt: str, answer: str, reasoning: str | None, kinds: Kinds) -> None:
        self.name = name
        self.mapping = {"prompt": prompt, "answer": answer} | ({"reasoning": reasoning} if reasoning else {})
        self._prompt = [(field, getter(field)) for field in prompt.split("+")]
        self._answer, self._reasoning = getter(answer), getter(reasoning) if reasoning else None
        self._kinds = kinds

    def columns(self, records: Sequence[dict[str, Any]], line: int) -> tuple[list[str], list[str]] | None:
        """Takes two fields of all records, if both are text everywhere."""
        if len(self._prompt) > 1 or self._reasoning is not None or type(self) is not Pairs:
            return None
        prompts, answers = _column(records, *self._prompt[0]), _column(records, self.mapping["answer"], self._answer)
        if any(set(map(type, texts)) != {str} or not all(map(str.strip, texts)) for texts in (prompts, answers)):
            return None
        for role in ("prompt", "answer"):
            self._kinds.note(role, "text", line, len(records))
        return prompts, answers

    def drafts(self, fields: dict[str, Any], line: int) -> list[Draft]:
        """Takes question and answer."""
        texts = [self._text(get(fields), "prompt", line) for _, get in self._prompt]
        prompt = texts[0] if len(texts) == 1 else "\n\n".join(text for text in texts if text and text.strip())
        answer = needed(self._text(self._answer(fields), "answer", line), "answer")
        reasoning = None
        if self._reasoning is not None:
            reasoning = needed(self._text(self._reasoning(fields), "reasoning", line), "reasoning")
        return [Draft(needed(prompt, "prompt"), answer, reasoning)]

    def _text(self, value: Any, role: str, line: int) -> str | None:
        if type(value) is str:
            self._kinds.note(role, "text", line)
            return value
        text = text_of(value, role)
        if text is not None:
            self._kinds.note(role, "true or false" if isinstance(value, bool) else "a number", line)
        return text


def _column(records: Sequence[dict[str, Any]], name: str, get: Getter) -> list[Any]:
    return list(map(get, records)) if "." in name else [fields.get(name) for fields in records]


class Alpaca(Pairs):
    """instruction, input, output; earlier turns in `history` have no place in a question of its own."""

    def drafts(self, fields: dict[str, Any], line: int) -> list[Draft]:
        """Takes question and answer."""
        if fields.get("history"):
            raise Unfit("it has earlier turns in 'history'")
        return super().drafts(fields, line)
