"""Checks phrasings against what a generator's answers depend on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sdp.errors import TemplateError, near
from sdp.templates.phrasing import SURFACES, Phrasing, duplicates

NEAR_DUPLICATE: Final = 95
"""Likeness in percent from which two phrasings count as one: about one letter in twenty is another."""
_PROBE_LETTERS: Final = "qZxJvKwQzXjV"
_PROBE_LENGTHS: Final = (2, 5, 9, 15)
_NOT_WORDS: Final = re.compile(r"[\W_]+")


def check(phrasings: Sequence[Phrasing], strata: Sequence[frozenset[str]], known: Iterable[str] = ()) -> None:
    """Refuses phrasings that would make questions without an answer.

    Args:
        phrasings: From `load_phrasings`.
        strata: Per stratum, the fields that determine the answer.
        known: Further fields that the generator fills in.

    Raises:
        TemplateError: The first of `faults`.
    """
    for fault in faults(phrasings, strata, known):
        raise fault


def faults(
    phrasings: Sequence[Phrasing], strata: Sequence[frozenset[str]], known: Iterable[str] = ()
) -> Iterator[TemplateError]:
    """Finds everything because of which a question would have no answer.

    Args:
        phrasings: With the held-out ones marked.
        strata: Per stratum, the fields that determine the answer.
        known: Further fields that the generator fills in.

    Yields:
        With file and line: an unknown field; a phrasing that leaves out a determining field, or mixes those of two
        strata; one that changes a field's letters; two that say the same. Without: a stratum that no phrasing applies
        to in training.
    """
    names = frozenset().union(*strata, known, SURFACES)
    yield from duplicates(phrasings)
    # First of all: a misspelt field is also a missing one, and less clear as such.
    for phrasing in phrasings:
        if not phrasing.fields <= names:
            yield from _unknown(phrasing, names)
    for phrasing in phrasings:
        fitting = [determining for determining in strata if phrasing.applies(determining)]
        if phrasing.fields <= names and not fitting:
            yield _unfit(phrasing, strata)
        if phrasing.segments is None:
            yield from _altered(phrasing, fitting)
    for determining in strata:
        if not any(phrasing.applies(determining) and not phrasing.held_out for phrasing in phrasings):
            yield TemplateError(
                f"there is no phrasing to train on that shows {_listed(determining)}",
                hint="add phrasings: a quarter of all, chosen by the hash of the text, is held out of training",
            )


def near_duplicates(phrasings: Sequence[Phrasing]) -> Iterator[TemplateError]:
    """Finds phrasings that differ by case, quotes, punctuation or a few letters alone.

    They would count as two and measure as one; with surface noise (`noise`) their prompts may even be equal.

    Args:
        phrasings: Of one task and language.

    Yields:
        An error for the later one of each pair.
    """
    from rapidfuzz.fuzz import ratio

    seen: list[tuple[Phrasing, str]] = []
    for phrasing in phrasings:
        bare = _bare(phrasing)
        for other, other_bare in seen:
            # Other fields make another question; the same segments are reported as the same.
            alike = phrasing.fields == other.fields and phrasing.segments != other.segments
            if alike and ratio(bare, other_bare) >= NEAR_DUPLICATE:
                yield TemplateError(
                    "the phrasing is nearly the same as another",
                    where=phrasing.where,
                    hint=f"reword it, or the one at {other.where}",
                )
                break
        seen.append((phrasing, bare))


def _bare(phrasing: Phrasing) -> str:
    """Words in lower case, and for every field one character, whatever the length of its name."""
    if phrasing.segments is None:
        return phrasing.text.casefold()
    return "".join(
        f" {_placeholder(value)} " if is_field else _NOT_WORDS.sub(" ", value.casefold()).strip()
        for value, is_field in phrasing.segments
    ).strip()


def _placeholder(field: str) -> str:
    """One character of the private use area that stands for a field's name."""
    return chr(0xF0000 + sum(field.encode()) % 0xFFFD)


def _unknown(phrasing: Phrasing, names: frozenset[str]) -> Iterator[TemplateError]:
    for field, line in phrasing.parsed().fields.items():
        if field not in names:
            yield TemplateError(
                f"template uses an unknown field '{field}'",
                where=f"{phrasing.file}:{phrasing.line + line - 1}",
                hint=near(field, names).replace("choices are:", "fields are:"),
            )


def _unfit(phrasing: Phrasing, strata: Sequence[frozenset[str]]) -> TemplateError:
    used = phrasing.fields - set(SURFACES)
    nearest = min(strata, key=lambda determining: len(determining ^ used))
    missing, extra = nearest - used, used - nearest
    what = (
        f"the phrasing leaves out {_listed(missing)}, which the answer depends on"
        if missing
        else f"the phrasing mixes {_listed(extra)} with {_listed(nearest)}, which are for different questions"
    )
    sets = " | ".join(dict.fromkeys(_listed(determining) for determining in strata))
    return TemplateError(what, where=phrasing.where, hint=f"use all of: {sets}")


def _altered(phrasing: Phrasing, strata: Sequence[frozenset[str]]) -> Iterator[TemplateError]:
    """Renders made-up values of several lengths: each must come out as it went in, whatever the branches."""
    from sdp.templates.sandbox import renderer

    changed: dict[str, None] = {}
    try:
        render = renderer(phrasing.parsed(), phrasing.where)
        for length in _PROBE_LENGTHS if strata else ():
            values = {name: _probe(i, length) for i, name in enumerate(sorted(phrasing.fields))}
            prompt = render(values)
            changed.update({name: None for stratum in strata for name in sorted(stratum) if values[name] not in prompt})
    except TemplateError as e:
        yield e
        return
    for name in changed:
        yield TemplateError(
            f"the phrasing changes or drops '{name}', which the answer depends on",
            where=phrasing.where,
            hint=f"show it as it is: {{{{ {name} }}}}",
        )


def _probe(number: int, length: int) -> str:
    """Mixed-case letters that no phrasing contains by chance, different for each number."""
    shifted = _PROBE_LETTERS[number % len(_PROBE_LETTERS) :] + _PROBE_LETTERS
    return shifted[:length]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
