"""Cases for tasks: the checks of sdp accept their rows, and none that was tampered with."""

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from sdp.contract.rows import SPLITS
from sdp.contract.schema import oracle_fields
from sdp.contract.validator import Validator
from sdp.errors import SdpError
from sdp.plugins.manager import load
from sdp.testing.case import CaseFailed, place_of
from sdp.testing.questions import GeneratorSubject

Row = dict[str, Any]


def own_validators(subject: GeneratorSubject) -> list[Validator]:
    """Makes one of each check that sdp brings itself and that judges single rows."""
    generator = subject.instance()
    kinds = [kind for kind in load().validators.values() if kind.scope == "rows"]
    return [kind(generator) for kind in kinds if kind.__module__.startswith("sdp.")]


def verdicts_on_nonsense(subject: GeneratorSubject, table: pa.Table) -> list[str | None]:
    """Gives reasons for rows that no generator made; an oracle may as well fail on what cannot be answered."""
    try:
        return verdicts(subject, table)
    except SdpError:
        raise
    except Exception:  # noqa: BLE001  (whatever an oracle does when it is asked for a letter that is not there)
        if table.num_rows == 1:
            return ["oracle: it fails"]
        return [verdicts_on_nonsense(subject, table[row : row + 1])[0] for row in range(table.num_rows)]


def verdicts(subject: GeneratorSubject, table: pa.Table) -> list[str | None]:
    """Gives per row the first reason to reject it."""
    first: list[str | None] = [None] * table.num_rows
    for validator in own_validators(subject):
        said = validator.reasons(table).to_pylist()
        named = [f"{validator.name}: {reason}" if reason else None for reason in said]
        first = [before or now for before, now in zip(first, named, strict=True)]
    return first


def own_rows_are_accepted(subject: GeneratorSubject) -> str:
    """Every check of sdp accepts every row."""
    for row, reason in zip(subject.table.to_pylist(), verdicts(subject, subject.table), strict=True):
        if reason:
            raise CaseFailed(
                f"a row is rejected, {reason}: prompt {row['prompt']!r}, answer {row['answer']!r}",
                where=place_of(subject.made),
                hint="`sdp generate` would throw such rows away and make others",
            )
    return f"{subject.table.num_rows} rows"


def wrong_rows_are_rejected(subject: GeneratorSubject) -> str:
    """A wrong answer, another split's word and a changed field are found out."""
    table, where = subject.table, place_of(subject.made, "solve")
    rows = table.to_pylist()
    n_tried = 0
    for what, change in _changes(rows):
        changed = [change(dict(row), number) for number, row in enumerate(rows)]
        said = verdicts_on_nonsense(subject, pa.Table.from_pylist(changed, schema=table.schema))
        n_tried += len(said)
        for row, reason in zip(changed, said, strict=True):
            if not reason:
                raise CaseFailed(
                    f"a row with {what} is accepted: prompt {row['prompt']!r}, answer {row['answer']!r}",
                    where=where,
                    hint="the oracle must read the question and answer it itself",
                )
    for name in oracle_fields(subject.instance()):
        n_tried += _field_matters(subject, rows, name)
    return f"{n_tried} wrong rows"


def _changes(rows: list[Row]) -> Iterator[tuple[str, Callable[[Row, int], Row]]]:
    answers = sorted({row["answer"] for row in rows})

    def another_answer(row: Row, number: int) -> Row:
        others = [answer for answer in answers if answer != row["answer"]] or [row["answer"] + row["answer"]]
        return _answered(row, others[number % len(others)])

    yield "another row's answer", another_answer
    yield "a longer answer", lambda row, _: _answered(row, row["answer"] + row["answer"][-1])
    yield "a space before its answer", lambda row, _: _answered(row, " " + row["answer"])
    yield "an empty prompt", lambda row, _: row | {"prompt": ""}
    yield "another split", lambda row, _: row | {"split": SPLITS[(SPLITS.index(row["split"]) + 1) % len(SPLITS)]}
    by_split = {split: [row for row in rows if row["split"] == split] for split in SPLITS}

    def another_key(row: Row, number: int) -> Row:
        others = next(there for split, there in by_split.items() if there and split != row["split"])
        other = others[number % len(others)]
        return row | {"key": other["key"], "family": other["family"]}

    if sum(map(bool, by_split.values())) > 1:
        yield "a key of another split", another_key


def _answered(row: Row, answer: str) -> Row:
    return row | {"answer": answer, "completion": answer}


def _field_matters(subject: GeneratorSubject, rows: list[Row], name: str) -> int:
    """Puts other rows' values into a field: sometimes the answer stays right by chance, but not every time."""
    filled = [row for row in rows if row["meta"][name] is not None]
    values = sorted({row["meta"][name] for row in filled})
    if len(values) == 1:
        return 0
    changed = []
    for number, row in enumerate(filled):
        others = [value for value in values if value != row["meta"][name]]
        changed.append(row | {"meta": row["meta"] | {name: others[number % len(others)]}})
    said = verdicts_on_nonsense(subject, pa.Table.from_pylist(changed, schema=subject.table.schema)) if changed else []
    if changed and not any(said):
        raise CaseFailed(
            f"another '{name}' changes nothing: the oracle gives the same answer to all {len(changed)} rows",
            where=place_of(subject.made, "solve"),
            hint=f"let the oracle read '{name}', or take it out of the fields: no answer depends on it",
        )
    return len(changed)
