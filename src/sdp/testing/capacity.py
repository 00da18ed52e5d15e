"""Case for tasks: as many distinct questions as they say."""

import numpy as np

from sdp.contract.generator import ItemGenerator
from sdp.synthesis.refill import TRIES_PER_ROW
from sdp.testing.case import CaseFailed, place_of
from sdp.testing.questions import GeneratorSubject, Question

MOST = 20_000
"""Questions that are made one and all; with more, those about the first words."""


def capacity_is_told_truthfully(subject: GeneratorSubject) -> str:
    """It has as many distinct questions as it says; an open task, enough of them."""
    instance = subject.instance()
    if isinstance(instance, ItemGenerator):
        return _all_items(subject, instance)
    seen = set[str]()
    for number in range(TRIES_PER_ROW * subject.n_rows):
        row = subject.rows(instance, [number])[0]
        seen.add(repr(sorted(row["fields"].items())))
        if len(seen) == subject.n_rows:
            return f"{len(seen)} distinct questions in {number + 1} draws"
    raise CaseFailed(
        f"{TRIES_PER_ROW * subject.n_rows:,} draws gave {len(seen)} distinct questions, {subject.n_rows} are wanted",
        where=place_of(subject.made, "row"),
        hint=f"more variety, or, if there are no more, say so with n_rows = {len(seen)} (--n {len(seen)})",
    )


def _all_items(subject: GeneratorSubject, instance: ItemGenerator) -> str:
    words = subject.words_table
    n_items = subject.counted(instance, words)
    n_words = max(1, int(np.searchsorted(np.cumsum(n_items.sum(axis=1)), MOST, side="right")))
    total, first = 0, dict[str, str]()
    for stratum, name in enumerate(instance.strata):
        of_words = np.minimum(n_items[:n_words, stratum], MOST)  # a single word may have billions
        rows = np.repeat(np.arange(len(of_words)), of_words)
        k = np.arange(len(rows)) - np.repeat(np.cumsum(of_words) - of_words, of_words)
        names = sorted(instance.fields(stratum))
        questions = subject.made_of(instance, words, stratum, rows, k)
        total += len(questions)
        for question in questions:
            _check_filled(subject, question, names)
            here = f"question {question['k']} of '{name}' about '{question['word']}'"
            asked = repr([(field, question[field]) for field in names])
            if (before := first.setdefault(asked, here)) != here:
                raise CaseFailed(
                    f"{here} is {before} again: {asked}",
                    where=place_of(subject.made, "n_items"),
                    hint="n_items counts distinct questions: each k gives fields that no other k and stratum gives",
                )
    if not total:
        raise CaseFailed(
            f"n_items finds no question about {words.num_rows} words of {subject.words}",
            where=place_of(subject.made, "n_items"),
            hint="choose other `words` (--words), or count again",
        )
    return f"{int(n_items.sum()):,} questions about {words.num_rows:,} words, {total:,} of them made and distinct"


def _check_filled(subject: GeneratorSubject, question: Question, names: list[str]) -> None:
    for name in (*names, "answer"):
        if not isinstance(question[name], str) or not question[name]:
            raise CaseFailed(
                f"question {question['k']} of '{question['stratum']}' about '{question['word']}' "
                f"has {name} {question[name]!r}",
                where=place_of(subject.made, "items"),
                hint=f"n_items promised this question: give it a {name}, or do not count it",
            )
