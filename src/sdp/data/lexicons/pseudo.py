"""Pronounceable words that do not exist: ``pseudo:LANG``, ``pseudo:LANG:N``.

Nobody can have memorised how they are spelt. They come from a character model: each character is drawn as it follows
the three before it in the words of the language. The characters are those of the decomposed form (NFD), so Korean
syllables are put together from their parts, and a vowel sign or an accent stands only where the language has it.

They are as long as words are: what is short and pronounceable is mostly a word already, and pseudo-words that are
longer than words would be harder to spell for that reason alone.
"""

import re
from bisect import bisect
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from itertools import accumulate, islice
from random import Random
from unicodedata import name, normalize

from sdp.data.casing import folding
from sdp.data.families import families, stemming
from sdp.data.graphemes import graphemes
from sdp.data.lexicons import frequency
from sdp.data.lexicons.part import Part
from sdp.data.lexicons.usable import usable
from sdp.errors import InputError
from sdp.seeds import stream

DEFAULT_N = 10_000
MOST = 1_000_000
CONTEXT = 3
"""Characters that decide about the next one."""
_EDGE = "\n"
_LONGEST = 60
"""Characters after which a word that does not end is given up."""
_TRIES = 20
"""Words drawn for each one asked for, at most; a small language yields its own words most of the time."""
_PATIENCE = 100
"""Pseudo-words looked at for one of the wanted length, before one of another is taken; then half of it, and so on, as
long as none of that length was ever met (no three letters of English are a pseudo-word)."""

_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)

Model = dict[str, tuple[str, list[int]]]
"""Context → the characters that follow it, and their cumulated numbers."""


def load(rest: str, taken: Collection[str] = ()) -> Part:
    """Makes pseudo-words; fewer of them are the beginning of more of them.

    Args:
        rest: ``LANG`` or ``LANG:N``.
        taken: Words that must not be among them, in any case.

    Raises:
        InputError: There is no list for the language, N is no number, or there are not so many.
    """
    language, colon, number = rest.partition(":")
    frequency.check_language(language)
    n = _number(number) if colon else DEFAULT_N
    real = _of_one_script(list(islice(frequency.usable_words(language), frequency.DEFAULT_TOP)))
    drawn = _draws(character_model(real), stream("pseudo", language), _TRIES * n + DEFAULT_N)
    lengths = [len(graphemes(word)) for word in real]
    words = tuple(islice(_as_long_as(lengths, _made_up(drawn, language, taken), stream("lengths", language)), n))
    if len(words) < n:
        raise InputError(
            f"only {len(words):,} pseudo-words were found for '{language}', not {n:,}",
            where="--words",
            hint=f"pseudo:{language}:{len(words)}" if words else "another language, or a file",
        )
    return Part(
        f"pseudo:{language}:{n}",
        language,
        words,
        frequency.LICENCE,
        f"Words that do not exist, from a character model of the language '{language}'. {frequency.ATTRIBUTION}",
        f"wordfreq {version('wordfreq')}",
    )


def character_model(words: Iterable[str]) -> Model:
    """Counts which character follows which three; every word counts once, however frequent it is."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        text = _EDGE * CONTEXT + normalize("NFD", word) + _EDGE
        for i in range(CONTEXT, len(text)):
            counts[text[i - CONTEXT : i]][text[i]] += 1
    return {context: ("".join(after), list(accumulate(after.values()))) for context, after in counts.items()}


def _draws(model: Model, rng: Random, n: int) -> Iterator[str]:
    """Draws words, real ones among them."""
    for _ in range(n):
        text = _EDGE * CONTEXT
        while len(text) < _LONGEST:
            characters, cumulated = model[text[-CONTEXT:]]
            text += characters[bisect(cumulated, rng.random() * cumulated[-1])]
            if text[-1] == _EDGE:
                yield normalize("NFC", text.strip(_EDGE))
                break


def _of_one_script(words: Sequence[str]) -> list[str]:
    """Keeps the words of the commonest script: frequency lists of many languages have English words among them."""
    scripts = [{_script(char) for char in word if char.isalpha()} for word in words]
    commonest, _ = Counter(script for found in scripts for script in found).most_common(1)[0]
    return [word for word, found in zip(words, scripts, strict=True) if found == {commonest}]


@cache
def _script(char: str) -> str:
    """Gives the first word of a letter's name: LATIN, CYRILLIC, HANGUL, …."""
    return name(char, "").partition(" ")[0]


def _made_up(drawn: Iterator[str], language: str, taken: Collection[str]) -> Iterator[str]:
    """Leaves out what is a word, what has the stem of one, and what was there before."""
    fold, stem = folding(language), stemming(language)
    known = {fold(word) for word in taken}
    known.update(map(fold, frequency.entries(language)))
    # Stems as well: in languages that inflect much, no list has all the forms of a word.
    stems = set(families(list(known), language))
    for word in drawn:
        folded = fold(word)
        if usable(word) and folded not in known and stem(word) not in stems:
            known.add(folded)
            yield word


def _as_long_as(lengths: Sequence[int], words: Iterator[str], rng: Random) -> Iterator[str]:
    """Reorders words so that their lengths come as often as in `lengths`, as far as there are such words."""
    waiting: defaultdict[int, deque[str]] = defaultdict(deque)
    patience, met = dict.fromkeys(lengths, _PATIENCE), set[int]()
    while True:
        wanted = lengths[int(rng.random() * len(lengths))]
        for word in islice(words, 0 if waiting[wanted] else patience[wanted]):
            met.add(length := len(graphemes(word)))
            waiting[length].append(word)
            if waiting[wanted]:
                break
        if not waiting[wanted] and wanted not in met:
            patience[wanted] //= 2
        queue = waiting[wanted] or max(waiting.values(), key=len)
        if not queue:  # nothing waits, nothing comes
            return
        yield queue.popleft()


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > MOST:
        raise InputError(
            f"'{text}' is not a number of pseudo-words", where="--words", hint=f"1 to {MOST}, such as pseudo:en:5000"
        )
    return int(text)
