"""Words from Faker, and the locales in which it silently speaks lorem ipsum."""

import pytest
from faker import Faker
from faker.config import AVAILABLE_LOCALES

from sdp.data.lexicons.faker_locale import _is_lorem_ipsum, _lists, load
from sdp.errors import InputError


def test_words_are_those_that_faker_hands_out():
    part = load("de_DE")
    fake = Faker("de_DE")
    fake.seed_instance(1)
    drawn = {fake.word() for _ in range(3_000)}
    assert {word for word in drawn if len(word) >= 3} <= set(part.words)
    assert "Abend" in part.words
    assert part.language == "de"
    assert part.source == "faker:de_DE"
    assert part.licence == "MIT"
    assert part.origin_version.startswith("Faker ")
    assert len(part.words) == len(set(part.words))


@pytest.mark.parametrize("locale", ["hi_IN", "ko_KR", "tr_TR", "en_PH", "he_IL", "en_GB"])
def test_lorem_ipsum_is_refused(locale):
    """field.md: hi_IN and ko_KR silently give Latin."""
    with pytest.raises(InputError, match="it would give lorem ipsum") as caught:
        load(locale)
    assert f"{locale}," not in caught.value.hint
    if locale.startswith("en"):
        assert caught.value.hint == "faker:en_US"


def test_no_locale_that_passes_gives_latin():
    """By what Faker does, not by its modules."""
    latin = set(Faker("la").get_words_list())
    good = [locale for locale in _lists() if locale != "la" and not _is_lorem_ipsum(locale)]
    assert len(good) >= 20
    for locale in set(good) & set(AVAILABLE_LOCALES):
        assert len(latin & set(Faker(locale).get_words_list())) < 20, locale


def test_latin_itself_can_be_asked_for():
    assert "voluptatem" in load("la").words


def test_an_unknown_locale_has_near_names():
    for wrong, hint in [("en_USA", "faker:en_US"), ("dede", "choices are: ar_AA"), ("", "choices are: ar_AA")]:
        with pytest.raises(InputError, match=f"no locale '{wrong}'") as caught:
            load(wrong)
        assert hint in caught.value.hint
