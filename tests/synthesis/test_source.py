"""Sources: a fingerprint of everything that has a say in the rows, and of nothing else."""

import pickle

import pytest
from tests.synthesis import plugins
from tests.synthesis.made import source

from sdp.api import ConfigError, InputError, TemplateError, Validator
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.source import Source
from sdp.templates.noise import FACTORS


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
        {"noise": ("case",)},
        {"strata": ("hyphens",)},
        {"balance": "length"},
        {"difficulty": "easy"},
        {"tokenizer": "tiny"},
        {"language": "de"},
        {"rows_per_shard": 50},
        {"task": "count", "domain": {"letters": ("e",)}},
    ],
)
def test_other_settings_give_another(change):
    assert source(**change).fingerprint != source().fingerprint


def test_chosen_letters_have_a_say():
    one, other = (source("count", domain={"letters": letters}).fingerprint for letters in (("e",), ("a",)))
    assert one != other != source("count").fingerprint


def test_phrasings_of_a_folder_have_a_say_and_where_it_lies_has_none(tmp_path):
    made = {}
    for name, text in (("a", "Spell {{ word }} now, {{ separator }}."), ("b", "Spell {{ word }} now, {{ separator }}."),
                       ("c", "Spell {{ word }} later, {{ separator }}.")):  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.jinja").write_text(text)
        made[name] = source(templates=(str(tmp_path / name),)).fingerprint
    assert made["a"] == made["b"] != made["c"]
    assert source().fingerprint not in made.values()


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


def test_a_validator_of_whole_data_sets_has_no_say_since_it_replaces_nothing(plugged):
    class Watching(Validator):
        name, scope = "watching", "set"

        def reasons(self, table):
            raise NotImplementedError

    before = source().fingerprint
    plugged(validators=[Watching])
    assert source().fingerprint == before


@pytest.mark.parametrize(
    ("settings", "what", "hint"),
    [
        ({"balance": "lengths"}, "spelling cannot be balanced by 'lengths'", "did you mean 'length'?"),
        ({"balance": "position"}, "spelling cannot be balanced by 'position'", "choices are: length, none"),
        ({"domain": {"bases": ("1",)}}, "spelling has no domain setting 'bases'", "it has none"),
    ],
)
def test_settings_that_the_task_does_not_know(settings, what, hint):
    with pytest.raises(ConfigError) as caught:
        source(**settings)
    assert caught.value.what == what
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize("settings", [{"strata": ("a",)}, {"difficulty": "easy"}, {"tokenizer": "tiny"}])
def test_an_open_task_refuses_what_would_do_nothing(plugged, settings):
    plugged(generators=[plugins.Mirror])
    (name,) = settings
    with pytest.raises(ConfigError, match=f"mirror makes its own words: it has no {name}") as caught:
        source("mirror", **settings)
    assert caught.value.where == f"--{name}"


@pytest.mark.parametrize(
    ("noise", "texts"),
    [
        ("case", ("Kindly spell {{ word }}, {{ separator }}", "kindly spell {{ word }}, {{ separator }}")),
        ("punctuation", ("Kindly: {{ word }}, {{ separator }}?", "Kindly: {{ word }}, {{ separator }}.")),
        ("quotes", ("Kindly: '{{ word }}', {{ separator }}", 'Kindly: "{{ word }}", {{ separator }}')),
    ],
)
def test_phrasings_that_noise_makes_one_are_refused(tmp_path, noise, texts):
    """Ids would differ, prompts would not: a row would come twice, or be held out and trained on."""
    (tmp_path / "mine.jinja").write_text("\n\n".join(texts))
    mine = {"templates": (str(tmp_path),)}
    assert source(**mine).phrasings
    with pytest.raises(TemplateError, match="with this noise, the phrasing can say the same as another one") as caught:
        source(**mine, noise=(noise,))
    assert {caught.value.where.split(":")[-1], caught.value.hint.split(",")[1].split(":")[-1]} == {"1", "3"}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_no_packaged_phrasings_are_made_one_by_noise(task, language):
    words = f"wordfreq:{language}:600"
    assert source(task, language=language, words=words, style="trace", noise=FACTORS).phrasings


def test_it_travels_to_other_processes_and_makes_the_same_rows():
    made = source("position", 60, noise=("case",), tokenizer="tiny", domain={"bases": ("1",)})
    wanted = made.rows("train").range(0, 40)[0].to_pylist()
    there = pickle.loads(pickle.dumps(made))
    assert there.fingerprint == made.fingerprint
    assert there.rows("train").range(0, 40)[0].to_pylist() == wanted


def test_rows_of_a_split_are_made_ready_once():
    made = source()
    assert made.rows("train") is made.rows("train")
    assert made.rows("test") is not made.rows("train")
    with pytest.raises(KeyError):
        source(ratios=(1, 0, 0)).rows("test")


def test_an_open_task_has_no_plan_and_no_words(plugged):
    plugged(generators=[plugins.Mirror])
    made = source("mirror")
    assert made.lexicon is None
    assert made.words_facts is None
    assert made.words.num_rows == 0
    with pytest.raises(InputError, match="'mirror' is an open task"):
        _ = made.plan


def test_facts_name_every_part_of_a_lexicon(tmp_path):
    (tmp_path / "words.txt").write_text("Straße\nzwei Wörter\nGröße\n")
    made = source(words="wordfreq:en:20+file:de:words.txt")
    facts = made.words_facts
    assert [(part.source, part.language, part.n_words) for part in facts.parts] == [
        ("wordfreq:en:20", "en", 20),
        ("file:de:words.txt", "de", 2),
    ]
    assert facts.n_skipped == 1
    assert facts.n_words == 22


def test_what_the_manifest_says_of_words_and_phrasings():
    made = Source.of(DataSettings(task="spelling", n=1, words="wordfreq:en:50"))
    assert made.words_facts.n_words == made.words.num_rows == 50
    assert made.words_facts.stemmer.startswith("english, PyStemmer")
    facts = made.phrasing_facts
    assert len(facts) >= 16
    assert sum(one.held_out for one in facts) == len(facts) // 4
    assert {"direct", "polite", "persona", "exam", "chat", "code"} <= {one.family for one in facts}
    assert {"sdp", "Faker", "numpy", "pyarrow", "wordfreq", "PyStemmer", "regex", "jinja2"} == set(made.packages)
