"""Checks phrasings against what a generator's answers depend on."""

from collections.abc import Iterable, Sequence
from typing import Final

from sdp.errors import TemplateError, near
from sdp.templates.phrasing import SURFACES, Phrasing, refuse_duplicates
from sdp.templates.sandbox import renderer

_PROBE_LETTERS: Final = "qZxJvKwQzXjV"
_PROBE_LENGTHS: Final = (2, 5, 9, 15)


def check(phrasings: Sequence[Phrasing], strata: Sequence[frozenset[str]], known: Iterable[str] = ()) -> None:
    """Refuses phrasings that would make questions without an answer.

    Args:
        phrasings: From `load_phrasings`.
        strata: Per stratum, the fields that determine the answer.
        known: Further fields that the generator fills in.

    Raises:
        TemplateError: With file and line: an unknown field; a phrasing that leaves out a determining field, or mixes
            those of two strata; one that changes a field's letters; two that say the same. Without: a stratum that no
            phrasing applies to in training.
    """
    names = frozenset().union(*strata, known, SURFACES)
    refuse_duplicates(phrasings)
    # First of all: a misspelt field is also a missing one, and less clear as such.
    for phrasing in phrasings:
        _refuse_unknown(phrasing, names)
    for phrasing in phrasings:
        _refuse_unfit(phrasing, strata)
        if phrasing.parsed().segments is None:
            for determining in strata:
                if phrasing.applies(determining):
                    _refuse_altering(phrasing, determining)
    for determining in strata:
        if not any(phrasing.applies(determining) and not phrasing.held_out for phrasing in phrasings):
            raise TemplateError(
                f"there is no phrasing to train on that shows {_listed(determining)}",
                hint="add phrasings: a quarter of all, chosen by the hash of the text, is held out of training",
            )


def _refuse_unknown(phrasing: Phrasing, names: frozenset[str]) -> None:
    for field, line in phrasing.parsed().fields.items():
        if field not in names:
            raise TemplateError(
                f"template uses an unknown field '{field}'",
                where=f"{phrasing.file}:{phrasing.line + line - 1}",
                hint=near(field, names).replace("choices are:", "fields are:"),
            )


def _refuse_unfit(phrasing: Phrasing, strata: Sequence[frozenset[str]]) -> None:
    if any(phrasing.applies(determining) for determining in strata):
        return
    used = phrasing.fields - set(SURFACES)
    nearest = min(strata, key=lambda determining: len(determining ^ used))
    missing, extra = nearest - used, used - nearest
    what = (
        f"the phrasing leaves out {_listed(missing)}, which the answer depends on"
        if missing
        else f"the phrasing mixes {_listed(extra)} with {_listed(nearest)}, which are for different questions"
    )
    sets = " | ".join(dict.fromkeys(_listed(determining) for determining in strata))
    raise TemplateError(what, where=phrasing.where, hint=f"use all of: {sets}")


def _refuse_altering(phrasing: Phrasing, determining: frozenset[str]) -> None:
    """Renders made-up values of several lengths: each must come out as it went in, whatever the branches."""
    render = renderer(phrasing.parsed(), phrasing.where)
    for length in _PROBE_LENGTHS:
        values = {name: _probe(i, length) for i, name in enumerate(sorted(phrasing.fields))}
        prompt = render(values)
        for name in sorted(determining):
            if values[name] not in prompt:
                raise TemplateError(
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
