"""Faker's traps: few distinct values, one shared random state, Latin handed out for other languages."""

import random
from unicodedata import category

import pytest

from sdp.errors import InputError, TemplateError
from sdp.templates.pools import SIZES, faker_version, pool


@pytest.mark.parametrize("surface", SIZES)
def test_english_pools_are_full_and_distinct(surface):
    values = pool("en", surface).to_pylist()
    assert len(values) == len(set(values)) == SIZES[surface]


def test_names_are_capitalised_letters():
    assert all(name.isalpha() and name.istitle() for name in pool("en", "name").to_pylist())


def test_values_are_short_and_plain():
    for surface, longest in (("name", 9), ("place", 16), ("sentence", 40)):
        for value in pool("en", surface).to_pylist():
            assert 0 < len(value) <= longest
            assert value == value.strip()
            assert value.isprintable()
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in pool("en", "sentence").to_pylist())


def test_pools_depend_on_nothing_else():
    before = {surface: pool("en", surface).to_pylist() for surface in SIZES}
    pool.cache_clear()
    from faker import Faker

    Faker.seed(1)  # the state that all of Faker's instances share unless they are seeded one by one
    pool("de", "name")
    again = {surface: pool("en", surface).to_pylist() for surface in reversed(SIZES)}
    assert again == before


def test_pythons_own_random_numbers_are_left_alone():
    pool.cache_clear()
    random.seed(5)
    expected = random.Random(5).random()
    pool("en", "name")
    assert random.random() == expected


def test_languages_differ():
    assert pool("de", "name") != pool("en", "name")
    assert pool("en_GB", "name") != pool("en_US", "name")


@pytest.mark.parametrize(
    ("language", "script"), [("hi", "DEVANAGARI"), ("ko", "HANGUL"), ("ru", "CYRILLIC"), ("el", "GREEK")]
)
def test_names_are_in_the_languages_script(language, script):
    from unicodedata import name

    for value in pool(language, "name").to_pylist():
        assert all(name(char).startswith(script) for char in value if category(char)[0] == "L")


@pytest.mark.parametrize(("language", "surface"), [("hi", "sentence"), ("ko", "sentence"), ("tr", "place")])
def test_no_lorem_ipsum_for_languages_without_a_pool(language, surface):
    with pytest.raises(TemplateError, match=f"no pool of '{surface}' in language '{language}'") as caught:
        pool(language, surface)
    assert f"{{{{ {surface} }}}}" in caught.value.hint


@pytest.mark.parametrize("language", ["tlh", "en_XX", ""])
def test_unknown_language(language):
    with pytest.raises(TemplateError, match="knows no language"):
        pool(language, "name")


def test_unknown_pool():
    with pytest.raises(InputError, match="no pool of 'naem'") as caught:
        pool("en", "naem")
    assert "did you mean 'name'" in caught.value.hint


def test_version_is_fakers():
    from importlib.metadata import version

    assert faker_version() == version("faker")
