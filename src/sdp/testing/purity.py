"""Case for tasks: nothing of one split is seen in another."""

import numpy as np
import pyarrow as pa

from sdp.contract.generator import ItemGenerator
from sdp.contract.rows import SPLITS
from sdp.testing.case import CaseFailed, place_of
from sdp.testing.questions import GeneratorSubject
from sdp.testing.subject import difference


def splits_stay_apart(subject: GeneratorSubject) -> str:
    """No family and no question is in two splits, and nothing of one split's words reaches another."""
    instance = subject.instance()
    if isinstance(instance, ItemGenerator):
        _forgets_other_splits(subject, instance)
    else:
        _families_follow_questions(subject)
    return _families_apart(subject.table)


def _forgets_other_splits(subject: GeneratorSubject, instance: ItemGenerator) -> None:
    """A task that was asked about training words says the same about test words as one that was not."""
    for split in SPLITS:
        words = subject.words_of(split)
        if not words.num_rows:
            continue
        alone, after = subject.drawn(subject.instance(), words), subject.drawn(instance, words)
        if found := difference(alone, after):
            number, one, other = found
            raise CaseFailed(
                f"question {number} about {split} words is another after other words were seen: {one}, then {other}",
                where=place_of(subject.made, "items"),
                hint="keep nothing of a words table but through PerWords, which forgets it with the table",
            )


def _families_follow_questions(subject: GeneratorSubject) -> None:
    """The same fields have the same key, the same key the same family: or one question would be in two splits."""
    rows = subject.rows(subject.instance(), range(5 * subject.n_rows))
    keys, families = dict[str, str](), dict[str, str]()
    for number, row in enumerate(rows):
        asked = repr(sorted(row["fields"].items()))
        for known, name, value, what in (
            (keys, asked, row["key"], "question"),
            (families, row["key"], row["family"], "key"),
        ):
            if known.setdefault(name, value) != value:
                raise CaseFailed(
                    f"row {number}: the {what} {name} belonged to {known[name]!r}, now to {value!r}",
                    where=place_of(subject.made, "row"),
                    hint="key and family follow from what is asked: otherwise it comes up in training and in the test",
                )


def _families_apart(table: pa.Table) -> str:
    splits, families = (table[name].cast(pa.string()).to_pylist() for name in ("split", "family"))
    of_family: dict[str, str] = {}
    for split, family in zip(splits, families, strict=True):
        if of_family.setdefault(family, split) != split:
            raise CaseFailed(f"the family '{family}' is in {of_family[family]} and in {split}", hint="report it")
    counts = np.unique(np.array(splits), return_counts=True)
    return ", ".join(f"{split} {n}" for split, n in zip(*counts, strict=True))
