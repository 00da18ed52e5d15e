"""Cases for tasks: what every generator must do, of either shape."""

import time
from collections import Counter
from math import sqrt
from typing import Any

import numpy as np
import regex

from sdp.contract.generator import ItemGenerator
from sdp.contract.options import TaskOptions
from sdp.errors import ConfigError, InputError
from sdp.seeds import derive
from sdp.testing.capacity import capacity_is_told_truthfully
from sdp.testing.case import Case, CaseFailed, DoesNotApply, place_of
from sdp.testing.every_kind import COMMON
from sdp.testing.judged import own_rows_are_accepted, wrong_rows_are_rejected
from sdp.testing.oracle import oracle_agrees
from sdp.testing.purity import splits_stay_apart
from sdp.testing.questions import GeneratorSubject, Question, rows_of, some_of
from sdp.testing.subject import difference

__all__ = ["GENERATOR_CASES", "GeneratorSubject"]

MANY, SOME = 20_000, 1_000
"""Rows that are made to see how fast that goes: of a finite task, asked column by column, and of an open one."""
SHIFTS = range(-3, 4)
"""A data set that is another one moved by an index or two shares nearly all of it."""


def declares_version_and_pattern(subject: GeneratorSubject) -> None:
    """Version, answer pattern, meta and domain are declared in their forms."""
    made = subject.made
    version: Any = getattr(made, "version", None)
    if not (type(version) is int and version >= 1):
        raise CaseFailed(
            f"{made.__name__}.version is {version!r}",
            where=place_of(made),
            hint="1 or more; raise it when the same item gets another prompt or answer: it is part of every row's id",
        )
    try:
        regex.compile(made.answer_pattern)
    except regex.error as error:
        raise CaseFailed(
            f"answer_pattern is not a regular expression: {error}", where=place_of(made), hint=made.answer_pattern
        ) from error
    domain: Any = made.domain
    for name, values in domain.items():
        if isinstance(values, str) or not all(isinstance(value, str) for value in values):
            raise CaseFailed(
                f"domain '{name}' is {values!r}", where=place_of(made), hint="a tuple of texts; empty if any will do"
            )


def is_made_with_options(subject: GeneratorSubject) -> str:
    """It keeps the options that it is made with, and refuses a setting that it does not declare."""
    hint = "an __init__ of your own takes `options=None` and calls super().__init__(options)"
    where = place_of(subject.made, "__init__")
    if subject.instance().options != subject.options:
        raise CaseFailed("it does not keep the options that it is made with", where=where, hint=hint)
    subject.made()
    try:
        subject.made(TaskOptions(domain={"no_such_setting": ("x",)}))
    except ConfigError:
        pass
    else:
        raise CaseFailed("it takes a domain setting that it does not declare", where=where, hint=hint)
    for name, values in subject.made.domain.items():
        for value in values:
            subject.made(TaskOptions(subject.options.language, domain={name: (value,)}))
    return f"{len(subject.made.domain)} settings of its own" if subject.made.domain else ""


def rows_do_not_depend_on_order(subject: GeneratorSubject) -> None:
    """The same question for the same number, whichever were asked for before it."""
    instance = subject.instance()
    if isinstance(instance, ItemGenerator):
        _items_in_any_order(subject, instance)
        return
    subject.require_steady()
    numbers = list(range(subject.n_rows))
    forwards = subject.rows(subject.instance(), numbers)
    backwards = subject.rows(instance, numbers[::-1])[::-1]
    single = [subject.rows(subject.instance(), [number])[0] for number in numbers[-5:]]
    for other, start in ((backwards, 0), (single, len(numbers) - len(single))):
        if found := difference(forwards[start:], other):
            number, one, another = found
            raise CaseFailed(
                f"row {start + number} depends on the rows made before it: {one}, then {another}",
                where=place_of(subject.made, "row"),
                hint="keep nothing from row to row; every row has its own `index` and `rng`",
            )


def _items_in_any_order(subject: GeneratorSubject, instance: ItemGenerator) -> None:
    words, where = subject.words_table, place_of(subject.made, "items")
    n_items = subject.counted(instance, words)
    for stratum in reversed(range(len(instance.strata))):
        rows, k = some_of(n_items[:, stratum], max(1, subject.n_rows // len(instance.strata)))
        forwards = subject.made_of(subject.instance(), words, stratum, rows, k)
        order = np.array(sorted(range(len(rows)), key=lambda i: derive("order", i)), dtype=np.int64)
        mixed = subject.made_of(instance, words, stratum, rows[order], k[order])
        back = [mixed[place] for place in np.argsort(order).tolist()]
        single = [question for i in range(min(3, len(rows))) for question in subject.made_of(
            instance, words, stratum, rows[i : i + 1], k[i : i + 1])]  # fmt: skip
        for one, other in ((forwards, back), (forwards[: len(single)], single)):
            if found := difference(one, other):
                number, left, right = found
                raise CaseFailed(
                    f"question {k[number]} about '{forwards[number]['word']}' depends on what else is asked: "
                    f"{left}, then {right}",
                    where=where,
                    hint="each row of `items` follows from its word, the stratum and k alone",
                )


def neighbouring_seeds_share_nothing(subject: GeneratorSubject) -> str:
    """Two seeds next to each other give questions that agree no more often than chance."""
    if subject.is_finite:
        return _shared_rows(subject)
    instance, numbers = subject.instance(), range(subject.n_rows)
    ours, theirs = ([_asked(row) for row in subject.rows(instance, numbers, seed)] for seed in (0, 1))
    counts, others = Counter(ours), Counter(theirs)
    by_chance = sum(n * others[question] for question, n in counts.items()) / len(ours)
    most = by_chance + 6 * sqrt(by_chance) + 3
    for shift in SHIFTS:
        pairs = zip(ours[max(0, shift) :], theirs[max(0, -shift) :], strict=False)
        same = sum(one == other for one, other in pairs)
        if same > most:
            moved = f" moved by {shift}" if shift else ""
            raise CaseFailed(
                f"seeds 0 and 1{moved} agree in {same} of {len(ours)} rows, chance gives {by_chance:.1f}",
                where=place_of(subject.made, "row"),
                hint="draw everything from `rng`: it belongs to the seed and the index; Random(index) does not",
            )
    return f"chance {by_chance:.1f} of {len(ours)}"


def _asked(row: Question) -> str:
    return repr((row["key"], sorted(row["fields"].items())))


def _shared_rows(subject: GeneratorSubject) -> str:
    one, other = (rows_of(source) for source in (subject.source, subject.source_of(seed=1)))
    shared = len(np.intersect1d(np.asarray(one["id"]), np.asarray(other["id"])))
    cells = [cell for split in subject.source.plan.splits.values() for cell in split.cells if cell.capacity]
    by_chance = sum(cell.quota**2 / cell.capacity for cell in cells)
    if shared > by_chance + 6 * sqrt(by_chance) + 3:
        raise CaseFailed(
            f"seeds 0 and 1 share {shared} of {one.num_rows} rows, chance gives {by_chance:.1f}",
            where=place_of(subject.made, "n_items"),
            hint="let n_items count no question twice",
        )
    return f"chance {by_chance:.1f} of {one.num_rows}, shared {shared}"


def answers_fit_the_pattern(subject: GeneratorSubject) -> None:
    """Every answer matches the task's own answer_pattern, in full."""
    pattern = regex.compile(subject.made.answer_pattern)
    for number, question in enumerate(subject.done):
        if not pattern.fullmatch(str(question["answer"])):
            raise CaseFailed(
                f"the answer {question['answer']!r} of row {number} does not match {pattern.pattern}",
                where=place_of(subject.made),
                hint="a right answer must never count as a format failure: widen answer_pattern",
            )


def phrasings_show_every_field(subject: GeneratorSubject) -> str:
    """Every phrasing shows all fields, and the same prompt never has two answers."""
    answers: dict[str, str] = {}
    rows = zip(subject.table["prompt"].to_pylist(), subject.table["answer"].to_pylist(), strict=True)
    for prompt, answer in rows:
        if answers.setdefault(prompt, answer) != answer:
            raise CaseFailed(
                f"one prompt has the answers {answers[prompt]!r} and {answer!r}: {prompt!r}",
                where=place_of(subject.made),
                hint="put everything that determines the answer into `fields`, and show it",
            )
    n_held_out = sum(phrasing.held_out for phrasing in subject.phrasings)
    return f"{len(subject.phrasings)} phrasings, {n_held_out} held out of training"


def guessing_stays_below_its_floor(subject: GeneratorSubject) -> str:
    """No answer is more frequent than max_floor says."""
    answers = Counter(subject.table["answer"].to_pylist())
    answer, n = answers.most_common(1)[0]
    total, floor = answers.total(), subject.made.max_floor
    slack = 4 * sqrt(floor * (1 - floor) / total)
    if n / total > floor + slack:
        raise CaseFailed(
            f"{answer!r} is right in {n} of {total} rows, max_floor says {floor}",
            where=place_of(subject.made),
            hint="balance the answers with strata, or tell a truthful max_floor",
        )
    return f"most frequent: {answer!r}, {n / total:.0%}"


def says_how_fast_it_is(subject: GeneratorSubject) -> str:
    """Rows per second, in this process (told, never judged)."""
    for n in (MANY if subject.is_finite else SOME, subject.n_rows):
        source = subject.source_of(seed=2, n=n)
        _ = source.words
        start = time.perf_counter()
        try:
            rows_of(source)
        except InputError:  # there are not so many
            continue
        return f"{n / max(time.perf_counter() - start, 1e-9):,.0f} rows/s, {n:,} rows"
    raise DoesNotApply(f"there are no {subject.n_rows} rows to make")


GENERATOR_CASES: tuple[Case, ...] = (
    *COMMON,
    declares_version_and_pattern,
    is_made_with_options,
    rows_do_not_depend_on_order,
    neighbouring_seeds_share_nothing,
    oracle_agrees,
    answers_fit_the_pattern,
    capacity_is_told_truthfully,
    splits_stay_apart,
    phrasings_show_every_field,
    own_rows_are_accepted,
    wrong_rows_are_rejected,
    guessing_stays_below_its_floor,
    says_how_fast_it_is,
)
"""What a task must do."""
