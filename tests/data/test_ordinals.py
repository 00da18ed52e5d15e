"""Ordinals: as the phrasings of each language were written for, none twice."""

import pytest

from sdp.data.ordinals import FIRST, LAST

LANGUAGES = ["en", "de", "fr", "es"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_twenty_from_each_side_and_none_twice(language):
    names = [*FIRST[language], *LAST[language]]
    assert len(FIRST[language]) == len(LAST[language]) == 20
    assert len(set(names)) == 40
    assert all(name == name.strip() == name.lower() for name in names)


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", ("first", "second", "third"), ("last", "second-to-last", "third-to-last", "fourth-to-last")),
        ("de", ("erste", "zweite", "dritte"), ("letzte", "vorletzte", "drittletzte", "viertletzte")),
        (
            "fr",
            ("première", "deuxième", "troisième"),
            ("dernière", "deuxième à partir de la fin", "troisième à partir de la fin"),
        ),
        ("es", ("primera", "segunda", "tercera"), ("última", "penúltima", "antepenúltima", "cuarta desde el final")),
    ],
)
def test_the_first_ones_are_as_phrasings_expect_them(language, first, last):
    assert FIRST[language][: len(first)] == first
    assert LAST[language][: len(last)] == last


def test_irregular_ones():
    """Ordinals that no rule makes."""
    assert [FIRST["en"][n - 1] for n in (5, 8, 9, 12, 20)] == ["fifth", "eighth", "ninth", "twelfth", "twentieth"]
    assert [FIRST["de"][n - 1] for n in (3, 7, 8, 16, 17, 20)] == [
        "dritte", "siebte", "achte", "sechzehnte", "siebzehnte", "zwanzigste",
    ]  # fmt: skip
    assert [FIRST["fr"][n - 1] for n in (4, 5, 9, 11, 19)] == [
        "quatrième", "cinquième", "neuvième", "onzième", "dix-neuvième",
    ]  # fmt: skip
    assert [FIRST["es"][n - 1] for n in (7, 10, 11, 12, 20)] == [
        "séptima", "décima", "undécima", "duodécima", "vigésima",
    ]  # fmt: skip
    assert LAST["de"][6] == "siebtletzte"
    assert LAST["de"][19] == "zwanzigstletzte"
