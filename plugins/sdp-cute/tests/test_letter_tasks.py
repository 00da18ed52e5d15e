"""Letter tasks: every question about given words by brute force, and what the answers have to do with each other."""

from collections import Counter
from itertools import permutations

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdp.api import ConfigError, TaskOptions
from sdp.testing import all_questions, oracle_answers, table_of
from sdp_cute.contains import ContainsLetter
from sdp_cute.index import FirstIndex, LastIndex
from sdp_cute.letter_edits import DeleteLetter, InsertLetter, SubstituteLetter, SwapLetter
from sdp_cute.spelling import InverseSpell, Reverse, SortLetters, Spell, is_sortable
from sdp_cute.vowels import Vowels

FOREIGN = ["Straße", "übermäßig", "हिन्दी", "नमस्ते", "대한민국", "λόγος", "ağaç", "élève"]
LETTERS = "abcdeéद한"
word_lists = st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=9), min_size=1, max_size=6, unique=True)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

BY_LETTER = (ContainsLetter, InsertLetter, DeleteLetter, SubstituteLetter, SwapLetter, FirstIndex, LastIndex)
EVERY = (*BY_LETTER, Spell, InverseSpell, Reverse, SortLetters, Vowels)


def clusters(word):
    return regex.findall(r"\X", word)


def asked(task, words, *names):
    return {tuple(one[name] for name in names): one for one in all_questions(task, table_of(words))}


@pytest.mark.parametrize("made", EVERY)
@quick
@given(words=word_lists)
def test_the_oracle_agrees_about_any_words(made, words):
    questions = all_questions(made(), table_of(words))
    assert oracle_answers(made(), questions) == [one["answer"] for one in questions]


@pytest.mark.parametrize("made", EVERY)
def test_the_oracle_agrees_about_foreign_words(made):
    questions = all_questions(made(), table_of(FOREIGN))
    assert oracle_answers(made(), questions) == [one["answer"] for one in questions]
    assert all(regex.fullmatch(made.answer_pattern, one["answer"]) for one in questions)


@quick
@given(words=word_lists)
def test_insertion_asks_about_every_letter_and_every_other_one(words):
    alphabet = sorted({letter for word in words for letter in clusters(word)})
    wanted = {
        (word, letter, added, "".join(one + added * (one == letter) for one in clusters(word)))
        for word in words
        if len(clusters(word)) >= 3
        for letter in set(clusters(word))
        for added in alphabet
        if added != letter
    }
    assert set(asked(InsertLetter(), words, "word", "letter", "added", "answer")) == wanted


@quick
@given(words=word_lists)
def test_a_letter_that_was_inserted_can_be_deleted_again(words):
    for one in all_questions(InsertLetter(), table_of(words)):
        if one["added"] not in clusters(one["word"]):
            deleted = {"word": one["answer"], "letter": one["added"]}
            assert oracle_answers(DeleteLetter(), [deleted]) == [one["word"]]


@quick
@given(words=word_lists)
def test_deletion_leaves_something(words):
    found = asked(DeleteLetter(), words, "word", "letter")
    for (word, letter), one in found.items():
        assert one["answer"]
        assert Counter(clusters(word)) - Counter(clusters(one["answer"])) == {letter: one["occurrences"]}
    assert not [word for word, _ in found if len(set(clusters(word))) == 1]


@quick
@given(words=word_lists)
def test_substitution_is_insertion_and_deletion(words):
    inserted = asked(InsertLetter(), words, "word", "letter", "added")
    for (word, letter, new), one in asked(SubstituteLetter(), words, "word", "letter", "replacement").items():
        longer = inserted[word, letter, new]["answer"]
        assert oracle_answers(DeleteLetter(), [{"word": longer, "letter": letter}]) == [one["answer"]]


@quick
@given(words=word_lists)
def test_a_swap_is_undone_by_itself_and_concerns_any_two_letters(words):
    found = asked(SwapLetter(), words, "word", "letter", "other")
    assert set(found) == {
        (word, *pair)
        for word in words
        if len(clusters(word)) >= 3
        for pair in permutations(sorted(set(clusters(word))), 2)
    }
    for one in found.values():
        assert oracle_answers(SwapLetter(), [one | {"word": one["answer"]}]) == [one["word"]]
        both = [clusters(one["word"]).count(one[name]) for name in ("letter", "other")]
        assert (one["stratum"] == "once_each") == (both == [1, 1])
        assert one["occurrences"] == sum(both)


@quick
@given(words=word_lists)
def test_strata_are_the_number_of_instances(words):
    for made in (InsertLetter, DeleteLetter, SubstituteLetter):
        for one in all_questions(made(), table_of(words)):
            n = clusters(one["word"]).count(one["letter"])
            assert one["occurrences"] == n
            assert one["stratum"] == ("one", "two", "three_or_more")[min(n, 3) - 1]


@quick
@given(words=word_lists)
def test_indices_by_brute_force(words):
    for made, of in ((FirstIndex, list.index), (LastIndex, lambda all_, one: len(all_) - 1 - all_[::-1].index(one))):
        found = asked(made(), words, "word", "letter")
        assert {pair: int(one["answer"]) for pair, one in found.items()} == {
            (word, letter): of(clusters(word), letter) + 1
            for word in words
            if len(clusters(word)) >= 3
            for letter in set(clusters(word))
        }
        for one in found.values():
            kind, _, place = one["stratum"].partition("_")
            assert (kind == "repeated") == (one["occurrences"] > 1)
            assert place == (one["answer"] if int(one["answer"]) < 7 else "7_or_more")
            assert clusters(one["word"])[one["letter_index"]] == one["letter"]


@quick
@given(words=st.lists(st.text(alphabet="abcdef", min_size=3, max_size=6), min_size=1, max_size=40, unique=True))
def test_letter_and_length_say_nothing_about_the_answer(words):
    """A letter that is asked about more often where it occurs would be guessed; so would a length."""
    found = all_questions(ContainsLetter(), table_of(words))
    counts = {answer: Counter() for answer in ("yes", "no")}
    for one in found:
        assert one["answer"] == one["stratum"] == ("yes" if one["letter"] in one["word"] else "no")
        counts[one["answer"]][one["letter"], len(one["word"])] += 1
    assert counts["yes"] == counts["no"]
    have = Counter((letter, len(word)) for word in words for letter in set(word))
    of_length = Counter(map(len, words))
    assert counts["yes"] == +Counter({cell: min(n, of_length[cell[1]] - n) for cell, n in have.items()})


@quick
@given(words=word_lists)
def test_whole_words_by_brute_force(words):
    long = [word for word in words if len(clusters(word)) >= 3]
    spelled = {word: " ".join(clusters(word)) for word in long}
    assert {one["word"]: one["answer"] for one in all_questions(Spell(), table_of(words))} == spelled
    inverse = {one["letters"]: one["answer"] for one in all_questions(InverseSpell(), table_of(words))}
    assert inverse == {letters: word for word, letters in spelled.items()}
    turned = {one["word"]: one["answer"] for one in all_questions(Reverse(), table_of(words))}
    assert turned == {word: "".join(clusters(word)[::-1]) for word in long}


def test_the_alphabet_puts_accents_after_their_letter_and_knows_no_others():
    found = asked(SortLetters(), ["zéea", "zebra", "Zeba", "straße", "λόγος", "ab"], "word")
    assert {word: one["answer"] for (word,), one in found.items()} == {
        "zéea": "aeéz",
        "zebra": "aberz",
        "Zeba": "abeZ",
    }
    assert [is_sortable(letter) for letter in ("a", "ñ", "Z", "ß", "ł", "'", "한")] == [True] * 3 + [False] * 4


def test_vowels_and_consonants_make_up_the_word():
    words = ["straw", "why", "aioli", "rhythm", "eau", "éclair", "don't"]
    found = asked(Vowels(), words, "word", "kind")
    assert {pair: one["answer"] for pair, one in found.items()} == {
        ("straw", "vowels"): "a",
        ("straw", "consonants"): "strw",
        ("aioli", "vowels"): "aioi",
        ("aioli", "consonants"): "l",
    }


@pytest.mark.parametrize("made", BY_LETTER)
def test_letters_that_the_user_chose_and_no_others(made):
    words = ["straw", "tests", "cloud", "bosses", "gulls", "melon"]
    every = all_questions(made(), table_of(words))
    chosen = all_questions(made(TaskOptions(domain={"letters": ("s", "e")})), table_of(words))
    assert {one["letter"] for one in chosen} == {"s", "e"}
    shown = sorted(made().fields(0))
    assert {tuple(one[name] for name in shown) for one in chosen} == {
        tuple(one[name] for name in shown) for one in every if one["letter"] in {"s", "e"}
    }


@pytest.mark.parametrize("text", ["th", "", " "])
@pytest.mark.parametrize("made", BY_LETTER)
def test_what_is_not_one_letter_is_refused(made, text):
    with pytest.raises(ConfigError, match="is not one letter"):
        made(TaskOptions(domain={"letters": (text,)}))


def test_a_letter_is_not_found_inside_a_letter_with_an_accent():
    assert oracle_answers(ContainsLetter(), [{"word": "café", "letter": "e"}]) == ["no"]
    assert ("café", "e") not in asked(DeleteLetter(), ["café", "tree", "feel"], "word", "letter")


@pytest.mark.parametrize("made", [InverseSpell])
def test_an_oracle_goes_by_what_is_shown(made):
    """The key of such a question is its answer: an oracle that read it would confirm anything."""
    (one,) = all_questions(made(), table_of(["straw"]))
    assert oracle_answers(made(), [one | {"word": "hidden"}]) == ["straw"]
