"""The word lists of Faker: ``faker:LOCALE``."""

from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules

from sdp.data.lexicons.part import Part
from sdp.data.lexicons.usable import usable
from sdp.errors import InputError, near

_PROVIDER = "faker.providers.lorem"
_LATIN = "la"
_TRANSLITERATED = frozenset({"he_IL"})
"""Lists that are lorem ipsum in other letters; those in Latin letters are found by comparing."""


def load(locale: str) -> Part:
    """Loads the word list of a locale.

    Raises:
        InputError: Faker does not know the locale, or has no words of its own for it.
    """
    if locale not in _lists() or _is_lorem_ipsum(locale):
        raise _missing(locale)
    return Part(
        f"faker:{locale}",
        locale.partition("_")[0],
        tuple(dict.fromkeys(word for listed in _words_of(locale) if (word := usable(listed)))),
        "MIT",
        f"Words from Faker (https://github.com/joke2k/faker), locale {locale}.",
        f"Faker {version('Faker')}",
    )


def _lists() -> list[str]:
    """Names the locales that have a word list of their own, whatever is in it."""
    return sorted(module.name for module in iter_modules(import_module(_PROVIDER).__path__) if module.ispkg)


def _words_of(locale: str) -> tuple[str, ...]:
    return tuple(import_module(f"{_PROVIDER}.{locale}").Provider.word_list)


def _is_lorem_ipsum(locale: str) -> bool:
    """Asked for as Latin, it is what was asked for."""
    return locale in _TRANSLITERATED or (locale != _LATIN and set(_words_of(locale)) == set(_words_of(_LATIN)))


def _missing(locale: str) -> InputError:
    """Says which locales there are; for one that Faker knows but has no words of, those of its language first."""
    from faker.config import AVAILABLE_LOCALES

    good = [name for name in _lists() if not _is_lorem_ipsum(name)]
    language = locale.partition("_")[0]
    if same := [name for name in good if name.startswith(f"{language}_")]:
        hint = " or ".join(f"faker:{name}" for name in same)
    else:
        hint = near(locale, good)
    if locale in AVAILABLE_LOCALES:
        what = f"Faker has no words of '{locale}': it would give lorem ipsum"
        return InputError(what, where="--words", hint=hint if same else f"choices are: {', '.join(good)}")
    return InputError(f"Faker has no locale '{locale}'", where="--words", hint=hint)
