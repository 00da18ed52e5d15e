"""Sources: a fingerprint of everything that has a say in the rows, and of nothing else."""

import pytest
from tests.synthesis.made import source

from sdp.api import InputError, Validator
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.source import Source


def test_the_same_settings_give_the_same_fingerprint():
    assert source().fingerprint == source().fingerprint
    assert len(source().fingerprint) == 16


@pytest.mark.parametrize(
    "change",
    [
        {"n": 101},
        {"seed": 1},
        {"style": "trace"},
        {"words": "wordfreq:en:601"},
        {"ratios": (1, 0, 0)},
        {"task": "count"},
    ],
)
def test_other_settings_give_another(change):
    assert source(**change).fingerprint != source().fingerprint


def test_the_words_of_a_file_have_a_say(tmp_path):
    made = []
    for words in ("straw\ngarden\n", "straw\ngarden\nriver\n"):
        (tmp_path / "words.txt").write_text(words)
        made.append(source(words="file:words.txt").fingerprint)
    assert len(set(made)) == 2


def test_validators_have_a_say_since_they_decide_what_is_replaced(plugged):
    class Picky(Validator):
        name = "picky"

        def reasons(self, table):
            raise NotImplementedError

    before = source().fingerprint
    plugged(validators=[Picky])
    assert source().fingerprint != before


def test_an_unknown_task_is_refused_with_a_near_name():
    with pytest.raises(InputError, match="unknown task 'speling'") as caught:
        source("speling")
    assert caught.value.hint.startswith("did you mean 'spelling'?")


def test_what_the_manifest_says_of_words_and_phrasings():
    made = Source.of(DataSettings(task="spelling", n=1, words="wordfreq:en:50"))
    assert made.words_facts.n_words == made.words.num_rows == 50
    assert made.words_facts.stemmer.startswith("english, PyStemmer")
    facts = made.phrasing_facts
    assert len(facts) >= 16
    assert sum(one.held_out for one in facts) == len(facts) // 4
    assert {"sdp", "Faker", "numpy", "pyarrow", "wordfreq", "PyStemmer", "regex", "jinja2"} == set(made.packages)
