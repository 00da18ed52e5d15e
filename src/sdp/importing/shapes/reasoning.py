r"""A problem with worked solutions, as in R1-Distill-SFT: one row per solution, the answer on its last line."""

import re
from collections.abc import Iterator
from typing import Any

from sdp.importing.shapes.chat import messages
from sdp.importing.shapes.draft import Draft, Refused, Shape, needed
from sdp.importing.texts import Unfit, getter, text_of

PROBLEMS = ("problem", "question", "prompt", "instruction")
SOLUTIONS = (
    "reannotated_messages", "reannotated_solutions", "reannotated_assistant_content", "reannotated_solution",
    "solutions", "generations", "responses", "thinking_trajectories",
)  # fmt: skip
"""Fields that hold worked solutions, as text, as messages, or as lists of either; the first that there is."""
ANSWERS = ("answer", "final_answer", "expected_answer", "ground_truth", "target")
REFERENCE = "solution"
"""A field with somebody else's solution, whose boxed answer is taken where nothing else says the answer."""
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")


class Reasoning(Shape):
    r"""A problem, its solutions, its answer: said by a field, or boxed in the solution as ``\boxed{…}``.

    Args:
        problem: Field of the problem.
        solutions: Field of the solutions.
        answer: Field of the answer, if there is one.
    """

    name = "reasoning"

    def __init__(self, problem: str, solutions: str, answer: str | None) -> None:
        boxed = "\\boxed{…} of the solution"
        self.mapping = {
            "prompt": problem,
            "reasoning": f"{solutions}, one row each",
            "answer": f"{answer}, else {boxed}" if answer else boxed,
        }
        self._problem, self._solutions = getter(problem), getter(solutions)
        self._answer = getter(answer) if answer else None
        self._reference = getter(REFERENCE) if solutions != REFERENCE else None

    def drafts(self, fields: dict[str, Any], line: int) -> list[Draft | Refused]:
        """Makes a row of every solution."""
        del line
        problem = needed(text_of(self._problem(fields), "prompt"), "prompt")
        given = text_of(self._answer(fields), "answer") if self._answer else None
        if not (given and given.strip()) and self._reference:
            reference = self._reference(fields)
            given = boxed(reference) if isinstance(reference, str) else None
        solutions = list(_solutions(self._solutions(fields)))
        if not solutions:
            raise Unfit("no solution")
        return [_row(problem, solution, given) for solution in solutions]


def _row(problem: str, solution: str, given: str | None) -> Draft | Refused:
    """Puts solution and answer together; a solution that ends in another answer than is given must not be trained."""
    own = (boxed(solution) or "").strip()
    answer = (given or "").strip() or own
    if not answer:
        return Refused("no answer: no field gives it and nothing is boxed", problem)
    if own and own != answer:
        return Refused("the solution boxes another answer than is given", problem, own)
    return Draft(problem, answer, _without_last(solution, answer), problem)


def _without_last(solution: str, answer: str) -> str:
    """Takes the answer off the end, where it stands there on a line of its own: it will be put there again."""
    solution = solution.strip()
    return solution[: -len(answer) - 1].rstrip() if answer and solution.endswith(f"\n{answer}") else solution


def _solutions(value: Any) -> Iterator[str]:
    """Finds the solutions in a text, a list of texts, a conversation, or a list of conversations."""
    if isinstance(value, str):
        yield from [value] if value.strip() else []
    elif isinstance(value, dict):
        for name in ("solution", "content", "value", "text", "reannotated_assistant_content", "generation"):
            if name in value:
                yield from _solutions(value[name])
                return
        raise Unfit("a solution is an object without text")
    elif isinstance(value, list):
        if value and isinstance(value[0], dict) and ("role" in value[0] or "from" in value[0]):
            yield from (turn.text for turn in messages(value) if turn.role == "assistant" and turn.text.strip())
        else:
            for one in value:
                yield from _solutions(one)
    elif value is not None:
        raise Unfit("a solution is no text")


def boxed(text: str) -> str | None:
    r"""Finds what the last ``\boxed{…}`` of a text holds, braces in it included."""
    for match in reversed(list(_BOXED.finditer(text))):
        depth = 1
        for place in range(match.end(), len(text)):
            depth += (text[place] == "{") - (text[place] == "}")
            if not depth:
                return text[match.end() : place]
    return None
