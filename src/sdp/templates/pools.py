"""Names, places and sentences that may stand around a question: drawn once from Faker, the same in every run."""

from functools import cache
from typing import TYPE_CHECKING, Final
from unicodedata import category

import pyarrow as pa

from sdp.errors import InputError, TemplateError, near
from sdp.seeds import derive

if TYPE_CHECKING:
    from faker.generator import Generator

SIZES: Final = {"name": 200, "place": 200, "sentence": 200}
"""How many different values a pool holds at most; some languages have fewer names in Faker."""
SMALLEST: Final = 20
"""Fewer values than that are no pool."""
MAX_DRAWS_PER_VALUE: Final = 50
"""A pool is as large as it gets after that many draws per wanted value: Faker repeats itself."""
_LONGEST: Final = {"name": 9, "place": 16, "sentence": 40}
"""Characters: prompts stay short."""
_PROVIDERS: Final = {"name": "person", "place": "address", "sentence": "lorem"}
_METHODS: Final = {"name": "first_name", "place": "city", "sentence": "sentence"}
_ARGUMENTS: Final[dict[str, dict[str, int]]] = {"sentence": {"nb_words": 4}}
_LOCALES: Final = {
    "ar": "ar_AA", "da": "da_DK", "el": "el_GR", "en": "en_US", "ja": "ja_JP", "ko": "ko_KR", "sv": "sv_SE",
    "uk": "uk_UA", "zh": "zh_CN",
}  # fmt: skip
"""Where the country is not the language's own code; `de` is de_DE by rule."""


def faker_version() -> str:
    """Names the version of Faker, which a manifest needs: its draws change between patch versions."""
    from faker import VERSION

    return str(VERSION)


@cache
def pool(language: str, surface: str) -> pa.StringArray:
    """Draws a pool.

    Args:
        language: Such as ``en``, or a locale such as ``en_GB``.
        surface: ``name``, ``place`` or ``sentence``.

    Returns:
        Different values, in the order drawn; depends on language, surface and Faker's version alone.

    Raises:
        InputError: No such surface.
        TemplateError: Faker has no values in this language.
    """
    if surface not in SIZES:
        raise InputError(f"there is no pool of '{surface}'", hint=near(surface, SIZES))
    faker = _faker(language, surface)
    faker.seed_instance(derive("templates.pools", language, surface))
    draw, arguments = getattr(faker, _METHODS[surface]), _ARGUMENTS.get(surface, {})
    values: dict[str, None] = {}
    for _ in range(SIZES[surface] * MAX_DRAWS_PER_VALUE):
        value = str(draw(**arguments))
        if _fits(value, surface):
            values[value] = None
        if len(values) == SIZES[surface]:
            break
    if len(values) < SMALLEST:
        raise _no_pool(language, surface)
    return pa.array(list(values), pa.string())


def _faker(language: str, surface: str) -> "Generator":
    """Makes Faker's generator with the providers that the surface needs: loading all takes a quarter of a second."""
    from faker import Factory

    # Cities are made of people's names in many languages.
    names = [f"faker.providers.{name}" for name in dict.fromkeys(("person", _PROVIDERS[surface]))]
    faker = Factory.create(_locale(language), providers=names)
    found = getattr(faker.provider(names[-1]), "__lang__", None) or ""
    if found.split("_")[0] != _split(language)[0]:
        # Faker would hand out English names or lorem ipsum without a word.
        raise _no_pool(language, surface)
    return faker


def _no_pool(language: str, surface: str) -> TemplateError:
    return TemplateError(
        f"Faker has no pool of '{surface}' in language '{language}'",
        hint=f"use phrasings without {{{{ {surface} }}}}",
    )


def _fits(value: str, surface: str) -> bool:
    """Keeps short values; names are letters only, places may have several words and abbreviations."""
    if not value or len(value) > _LONGEST[surface]:
        return False
    if surface == "sentence":
        return value.isprintable()
    # Marks belong to letters: Hindi names are not isalpha(). Russian cities are "г. Орёл".
    letters = all(category(char)[0] in "LM" or (surface == "place" and char in " .-’'") for char in value)
    return letters and not (surface == "name" and value[0].islower())


def _split(language: str) -> tuple[str, str]:
    base, _, country = language.replace("-", "_").partition("_")
    return base.lower(), country.upper()


def _locale(language: str) -> str:
    from faker.config import AVAILABLE_LOCALES

    base, country = _split(language)
    wanted = f"{base}_{country}" if country else _LOCALES.get(base, f"{base}_{base.upper()}")
    if wanted in AVAILABLE_LOCALES:
        return wanted
    of_language = sorted(locale for locale in AVAILABLE_LOCALES if locale.split("_")[0] == base)
    if country or not of_language:
        raise TemplateError(
            f"Faker knows no language '{language}'", hint="use phrasings without name, place and sentence"
        )
    return str(of_language[0])
