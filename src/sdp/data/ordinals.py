"""Ordinal numbers in words, as prompts of each language show them."""

from collections.abc import Mapping
from typing import Final

FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
        "twentieth",
    ),
    "de": (
        "erste", "zweite", "dritte", "vierte", "fünfte", "sechste", "siebte", "achte", "neunte", "zehnte", "elfte",
        "zwölfte", "dreizehnte", "vierzehnte", "fünfzehnte", "sechzehnte", "siebzehnte", "achtzehnte", "neunzehnte",
        "zwanzigste",
    ),
    "fr": (
        "première", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième",
        "dixième", "onzième", "douzième", "treizième", "quatorzième", "quinzième", "seizième", "dix-septième",
        "dix-huitième", "dix-neuvième", "vingtième",
    ),
    "es": (
        "primera", "segunda", "tercera", "cuarta", "quinta", "sexta", "séptima", "octava", "novena", "décima",
        "undécima", "duodécima", "decimotercera", "decimocuarta", "decimoquinta", "decimosexta", "decimoséptima",
        "decimoctava", "decimonovena", "vigésima",
    ),
}  # fmt: skip
"""From the start: "der erste Buchstabe", "la première lettre", "la primera letra"."""


def _german(ordinal: str) -> str:
    return f"{ordinal.removesuffix('e')}letzte"


LAST: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("last", *(f"{ordinal}-to-last" for ordinal in FIRST["en"][1:])),
    "de": ("letzte", "vorletzte", *(_german(ordinal) for ordinal in FIRST["de"][2:])),
    "fr": ("dernière", *(f"{ordinal} à partir de la fin" for ordinal in FIRST["fr"][1:])),
    "es": ("última", "penúltima", "antepenúltima", *(f"{ordinal} desde el final" for ordinal in FIRST["es"][3:])),
}
"""From the end."""
