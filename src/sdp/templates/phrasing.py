"""Phrasings: read from files, hashed, and every fourth one held out of training."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from sdp.errors import TemplateError
from sdp.templates.folders import Family, in_folder, languages_of, packaged, paragraphs, read_text, require, unix
from sdp.templates.plain import Segments, plain_segments

if TYPE_CHECKING:
    from sdp.templates.sandbox import Parsed

SURFACES: Final = ("name", "place", "sentence")
"""Fields that any phrasing may show and no answer depends on."""
HELD_OUT_EVERY: Final = 4
"""Of n phrasings of a task and language, the n // 4 with the lowest hashes are never trained on."""
TRACE: Final = "trace"
"""The family whose phrasings ask for worked steps: it goes with ``--style trace`` alone."""
INLINE: Final = "inline"
"""The family of phrasings that stand in a generator's class."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to put a question."""

    text: str
    file: str
    line: int
    """Of the file, where the text begins."""
    language: str
    task: str
    family: str
    """Stem of the file."""
    fields: frozenset[str]
    segments: Segments | None
    """Text and fields in order; None where there is more than that, such as a condition."""
    hash: str
    """16 hex digits: BLAKE2b of the text."""
    held_out: bool

    @property
    def where(self) -> str:
        """File and line, for errors."""
        return f"{self.file}:{self.line}"

    def parsed(self) -> "Parsed":
        """Reads the text again, as a syntax tree of the caller's own."""
        from sdp.templates.sandbox import parse

        return parse(self.text, self.file, self.line)

    def applies(self, determining: frozenset[str]) -> bool:
        """Tells whether the phrasing shows all that determines an answer, and besides that only surfaces."""
        return determining <= self.fields and self.fields - determining <= set(SURFACES)


def text_hash(text: str) -> str:
    """Hashes a phrasing's text to the 16 hex digits that name it."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def load_phrasings(
    task: str,
    language: str,
    folders: Iterable[str | Path] = (),
    inline: Sequence[str] = (),
    style: Literal["direct", "trace"] = "direct",
    *,
    own: Iterable[str | Path] = (),
) -> tuple[Phrasing, ...]:
    """Collects the phrasings of a task: the packaged ones, those of more folders, and those in a generator's class.

    Args:
        task: Name of the generator.
        language: Such as ``en``.
        folders: Further roots, each laid out ``<language>/<task>/*.jinja``, or with files for this task right in it.
        inline: Texts from `Generator.templates`; they count for every language.
        style: With ``direct``, phrasings of the family ``trace`` stay out.
        own: Folders as before that the user named for this task: one with nothing for it is an error.

    Returns:
        All of them, by rising hash. The lowest quarter is held out; of the family ``trace`` its own lowest quarter, so
        that the style changes nothing about the others.

    Raises:
        TemplateError: A folder that is not there, a file that cannot be read, a phrasing that cannot be parsed, two
            that say the same, or no phrasing at all.
    """
    named = [Path(folder) for folder in own]
    for folder in named:
        require(folder, task, language)
    families = families_of(task, language, [*map(Path, folders), *named])
    found = []
    of_files = (made for family in families for made in phrasings_in(family, task, language))
    for made in chain(of_files, phrasings_of_class(inline, task, language)):
        if isinstance(made, TemplateError):
            raise made
        found.append(made)
    for repeated in duplicates(found):
        raise repeated
    kept = [phrasing for phrasing in hold_out(found) if style == TRACE or phrasing.family != TRACE]
    if not kept:
        there = ", ".join(languages_of(task))
        raise TemplateError(
            f"there are no phrasings for '{task}' in language '{language}'",
            hint=f"put some into <folder>/{language}/{task}/<family>.jinja and give the folder with --templates"
            f", or return it from sdp_template_dirs{f'; packaged languages are: {there}' if there else ''}",
        )
    return tuple(kept)


def families_of(task: str, language: str, folders: Iterable[Path] = ()) -> Iterator[Family]:
    """Lists the files that `load_phrasings` reads.

    Raises:
        TemplateError: A folder is not there.
    """
    yield from packaged(task, language)
    for folder in dict.fromkeys(folders):
        yield from in_folder(folder, task, language)


def phrasings_of_class(texts: Sequence[str], task: str, language: str) -> Iterator[Phrasing | TemplateError]:
    """Reads `Generator.templates`, none held out; what cannot be read comes as its error."""
    for number, text in enumerate(texts, start=1):
        yield _read(unix(text).strip(), f"{task}.templates", number, language, task, INLINE)


def phrasings_in(family: Family, task: str, language: str) -> Iterator[Phrasing | TemplateError]:
    """Reads one file, none of its phrasings held out; what cannot be read comes as its error."""
    try:
        content = read_text(family)
    except TemplateError as e:
        yield e
        return
    for line, text in paragraphs(content):
        yield _read(text, family.shown, line, language, task, family.name)


def hold_out(phrasings: Iterable[Phrasing]) -> list[Phrasing]:
    """Sorts by hash and marks the lowest quarter, of the family ``trace`` its own."""
    by_hash = sorted(phrasings, key=lambda phrasing: phrasing.hash)
    held_out: set[str] = set()
    for traced in (False, True):
        group = [phrasing.hash for phrasing in by_hash if (phrasing.family == TRACE) is traced]
        held_out.update(group[: len(group) // HELD_OUT_EVERY])
    return [replace(phrasing, held_out=phrasing.hash in held_out) for phrasing in by_hash]


def duplicates(phrasings: Iterable[Phrasing]) -> Iterator[TemplateError]:
    """Gives an error for every phrasing that always makes the same prompt as one before it."""
    seen: dict[object, Phrasing] = {}
    for phrasing in phrasings:
        first = seen.setdefault(phrasing.segments or phrasing.text, phrasing)
        if first is not phrasing:
            yield TemplateError(
                "the phrasing is there twice", where=phrasing.where, hint=f"remove it, or the one at {first.where}"
            )


def _read(text: str, file: str, line: int, language: str, task: str, family: str) -> Phrasing | TemplateError:
    segments = plain_segments(text)
    if segments is not None:
        fields = frozenset(value for value, is_field in segments if is_field)
    else:
        from sdp.templates.sandbox import parse

        try:
            parsed = parse(text, file, line)
        except TemplateError as e:
            return e
        fields, segments = frozenset(parsed.fields), parsed.segments
    return Phrasing(text, file, line, language, task, family, fields, segments, text_hash(text), held_out=False)
