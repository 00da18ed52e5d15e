"""Phrasings: read from files, hashed, and every fourth one held out of training."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from sdp.errors import TemplateError
from sdp.templates.sandbox import Parsed, parse

SURFACES: Final = ("name", "place", "sentence")
"""Fields that any phrasing may show and no answer depends on."""
HELD_OUT_EVERY: Final = 4
"""Of n phrasings of a task and language, the n // 4 with the lowest hashes are never trained on."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to put a question."""

    text: str
    file: str
    line: int
    """Of the file, where the text begins."""
    language: str
    task: str
    fields: frozenset[str]
    hash: str
    """16 hex digits: BLAKE2b of the text."""
    held_out: bool

    @property
    def where(self) -> str:
        """File and line, for errors."""
        return f"{self.file}:{self.line}"

    def parsed(self) -> Parsed:
        """Reads the text again, as a syntax tree of the caller's own."""
        return parse(self.text, self.file, self.line)

    def applies(self, determining: frozenset[str]) -> bool:
        """Tells whether the phrasing shows all that determines an answer, and besides that only surfaces."""
        return determining <= self.fields and self.fields - determining <= set(SURFACES)


def text_hash(text: str) -> str:
    """Hashes a phrasing's text to the 16 hex digits that name it."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def load_phrasings(
    task: str, language: str, folders: Iterable[str | Path] = (), inline: Sequence[str] = ()
) -> tuple[Phrasing, ...]:
    """Collects the phrasings of a task: the packaged ones, those of more folders, and those in a generator's class.

    Args:
        task: Name of the generator.
        language: Such as ``en``.
        folders: Further roots, each laid out ``<language>/<task>/*.jinja``.
        inline: Texts from `Generator.templates`; they count for every language.

    Returns:
        All of them, by rising hash; the first ``n // 4`` are held out.

    Raises:
        TemplateError: A folder that is not there, a file that cannot be read, a phrasing that cannot be parsed, two
            that say the same, or no phrasing at all.
    """
    found = [
        _phrasing(text, file, line, language, task)
        for file, content in _contents(task, language, folders)
        for line, text in _paragraphs(content)
    ]
    found += [
        _phrasing(_unix(text).strip(), f"{task}.templates", i, language, task) for i, text in enumerate(inline, start=1)
    ]
    if not found:
        raise TemplateError(
            f"there are no phrasings for '{task}' in language '{language}'",
            hint=f"put some into <folder>/{language}/{task}/<family>.jinja and name the folder in sdp_template_dirs",
        )
    refuse_duplicates(found)
    found.sort(key=lambda phrasing: phrasing.hash)
    n_held_out = len(found) // HELD_OUT_EVERY
    return tuple(replace(phrasing, held_out=i < n_held_out) for i, phrasing in enumerate(found))


def refuse_duplicates(phrasings: Iterable[Phrasing]) -> None:
    """Raises TemplateError when two phrasings would always give the same prompt."""
    seen: dict[object, Phrasing] = {}
    for phrasing in phrasings:
        same = phrasing.parsed().segments or phrasing.text
        first = seen.setdefault(same, phrasing)
        if first is not phrasing:
            raise TemplateError(
                "the phrasing is there twice", where=phrasing.where, hint=f"remove it, or the one at {first.where}"
            )


def _contents(task: str, language: str, folders: Iterable[str | Path]) -> Iterator[tuple[str, str]]:
    """Name and text of every file, packaged ones first."""
    roots: list[tuple[str, Traversable]] = [("", files("sdp.templates"))]
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise TemplateError("the template folder is not there", where=str(folder))
        roots.append((f"{folder.as_posix()}/", folder))
    for prefix, root in roots:
        place = root.joinpath(language).joinpath(task)
        if not place.is_dir():
            continue
        for file in sorted(place.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".jinja"):
                shown = f"{prefix}{language}/{task}/{file.name}"
                yield shown, _read(file, shown)


def _read(file: Traversable, shown: str) -> str:
    try:
        return _unix(file.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as e:
        raise TemplateError(f"the template file cannot be read: {e}", where=shown, hint="it must be UTF-8 text") from e


def _unix(text: str) -> str:
    """Makes line ends the same everywhere: a checkout with CRLF must not change a hash."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _paragraphs(content: str) -> Iterator[tuple[int, str]]:
    """Splits at blank lines; gives each part's first line number and text, comments left out."""
    start, lines = 0, list[str]()
    # Not splitlines(): it also cuts at U+2028 and form feed, which may stand inside a phrasing.
    for number, line in enumerate([*content.split("\n"), ""], start=1):
        bare = line.strip()
        # A comment's own line would leave its line end at the head of the prompt.
        if bare and not _is_comment(bare):
            start = start or number
            lines.append(line)
            continue
        text = "\n".join(lines).strip()
        if text and not _is_comment(text):
            yield start, text
        start, lines = 0, []


def _is_comment(text: str) -> bool:
    return text.startswith("{#") and text.find("#}") == len(text) - 2


def _phrasing(text: str, file: str, line: int, language: str, task: str) -> Phrasing:
    fields = frozenset(parse(text, file, line).fields)
    return Phrasing(text, file, line, language, task, fields, text_hash(text), held_out=False)
