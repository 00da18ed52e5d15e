"""Case for tasks: the oracle says what the generator says, by its own way."""

from sdp.contract.generator import Generator, Item
from sdp.testing.case import CaseFailed, place_of
from sdp.testing.questions import GeneratorSubject, Question, questions_table, solved, texts_of

NOT_SHOWN = ("oracle", "meta", "trace", "k")


def oracle_agrees(subject: GeneratorSubject) -> str:
    """The oracle gives the generator's answer, one by one and many at once."""
    where = place_of(subject.made, "solve_table" if _overrides(subject.made, "solve_table") else "solve")
    for number, question in enumerate(subject.done):
        if question["oracle"] != question["answer"]:
            raise CaseFailed(
                f"row {number}: the generator answers {question['answer']!r}, the oracle {question['oracle']!r}, "
                f"to {_shown(question)}",
                where=where,
                hint="one of the two is wrong: find out by hand which",
            )
    instance = subject.instance()
    backwards = solved(instance, [_bare(question) for question in subject.done[::-1]])[::-1]
    for number, (question, again) in enumerate(zip(subject.done, backwards, strict=True)):
        if question["oracle"] != again["oracle"]:
            raise CaseFailed(
                f"row {number}: the oracle answers {question['oracle']!r}, and {again['oracle']!r} in another order",
                where=where,
                hint="the oracle may look at its own row alone",
            )
    if _overrides(subject.made, "solve") and _overrides(subject.made, "solve_table"):
        _compare_both(subject, instance)
    return f"{len(subject.done)} rows"


def _compare_both(subject: GeneratorSubject, instance: Generator) -> None:
    """A task with both oracles: they must say the same."""
    table = questions_table(instance, subject.done)
    for number, (record, said) in enumerate(
        zip(table.to_pylist(), texts_of(instance.solve_table(table)), strict=True)
    ):  # fmt: skip
        key = record.pop("key")
        alone = instance.solve(Item(key, "", {name: text for name, text in record.items() if text is not None}))
        if alone != said:
            raise CaseFailed(
                f"row {number}: solve says {alone!r}, solve_table {said!r}, to {record}",
                where=place_of(subject.made, "solve"),
                hint="one is enough: sdp asks solve_table, which calls solve row by row unless you define it",
            )


def _overrides(made: type, method: str) -> bool:
    return getattr(made, method) is not getattr(Generator, method)


def _bare(question: Question) -> Question:
    return {name: value for name, value in question.items() if name not in {"oracle", "answer"}}


def _shown(question: Question) -> str:
    shown = question.get("fields") or {
        name: value for name, value in question.items() if name not in {*NOT_SHOWN, "answer"} and value is not None
    }
    key = f"key {question['key']!r}, " if "key" in question else ""
    return key + ", ".join(f"{name} {value!r}" for name, value in shown.items())
