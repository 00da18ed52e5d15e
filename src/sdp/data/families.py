"""Word families: words with one stem stay in one split, so 'plans' cannot be tested after 'plan' was trained."""

from collections.abc import Sequence

import Stemmer

_SNOWBALL = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "tr": "turkish", "ru": "russian",
             "el": "greek", "hi": "hindi", "ar": "arabic"}  # fmt: skip


def stemmer_of(language: str) -> str | None:
    """Names the Snowball algorithm of a language (ISO 639-1), or None where there is none (Korean, Japanese, …)."""
    return _SNOWBALL.get(language)


def stemmer_version() -> str:
    """Gives the version of PyStemmer; another one may move words between families."""
    return str(Stemmer.version())


def families(words: Sequence[str], language: str) -> list[str]:
    """Stems every word, its case folded; without a stemmer for the language that is already its family."""
    folded = [word.casefold() for word in words]  # stemmers know small letters only: "Plans" must not part from "plan"
    algorithm = stemmer_of(language)
    return folded if algorithm is None else list(Stemmer.Stemmer(algorithm).stemWords(folded))
