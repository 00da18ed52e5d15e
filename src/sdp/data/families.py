"""Word families: words with one stem stay in one split, so 'plans' cannot be tested after 'plan' was trained."""

from collections.abc import Callable, Sequence

import Stemmer

from sdp.data.casing import folding

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip


def stemmer_of(language: str) -> str | None:
    """Names the Snowball algorithm of a language (ISO 639-1), or None where there is none (Korean, Japanese, …)."""
    return _SNOWBALL.get(language)


def stemmer_version() -> str:
    """Gives the version of PyStemmer; another one may move words between families."""
    return str(Stemmer.version())


def families(words: Sequence[str], language: str) -> list[str]:
    """Stems every word, its case folded; without a stemmer for the language that is already its family."""
    fold = folding(language)
    folded = [fold(word) for word in words]  # stemmers know small letters only: "Plans" must not part from "plan"
    algorithm = stemmer_of(language)
    if algorithm is None:
        return folded
    # No cache: every word comes once, and keeping the stems takes as long as finding them.
    return list(Stemmer.Stemmer(algorithm, 0).stemWords(folded))


def stemming(language: str) -> Callable[[str], str]:
    """Gives the function that finds the family of one word after the other."""
    fold, algorithm = folding(language), stemmer_of(language)
    if algorithm is None:
        return fold
    stemmer = Stemmer.Stemmer(algorithm, 0)
    return lambda word: str(stemmer.stemWord(fold(word)))
