"""A data recipe: keys that mean something, values in the form that settings have, paths from where it lies."""

from pathlib import Path

import pytest

from sdp.errors import ConfigError, InputError
from sdp.recipes.data_recipe import KEYS, of_split_sizes, read_data_recipe, resolved, set_keys
from sdp.synthesis.settings import DataSettings

WHOLE = """
task: count
n: 900
ratios: [0.5, 0.25, 0.25]
seed: 7
style: trace
words: wordfreq:en:3000
language: en
templates: [mine, more]
noise: case,quotes
strata: [zero, two]
balance: none
difficulty: easy
tokenizer: tiny
domain:
  letters: [e, 5]
"""


def read(text, folder=Path()):
    folder.mkdir(exist_ok=True)
    (folder / "data.yaml").write_text(text, encoding="utf-8")
    return read_data_recipe(folder / "data.yaml")


def test_every_key_is_read():
    assert read(WHOLE) == {
        "task": "count", "n": 900, "ratios": [0.5, 0.25, 0.25], "seed": 7, "style": "trace",
        "words": "wordfreq:en:3000", "language": "en", "templates": ["mine", "more"], "noise": ["case", "quotes"],
        "strata": ["zero", "two"], "balance": "none", "difficulty": "easy", "tokenizer": "tiny",
        "domain": {"letters": ["e", "5"]},
    }  # fmt: skip


def test_every_setting_of_a_data_set_can_stand_in_it():
    """But for the size of shards, which is no choice of a user's."""
    assert set(KEYS) - {"rows"} == set(DataSettings.model_fields) - {"rows_per_shard"}


def test_rows_per_split_are_a_total_and_shares():
    assert read("task: count\nrows: {train: 800, test: 100}") == {
        "task": "count",
        "n": 900,
        "ratios": [800.0, 0.0, 100.0],
    }
    sizes = {"train": 803, "validation": 1, "test": 97}
    assert DataSettings(task="count", **of_split_sizes(sizes)).split_sizes == sizes


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("file:words.txt", "file:recipes/words.txt"),
        ("file:de:words.txt", "file:de:recipes/words.txt"),
        ("file:sub/words.txt", "file:recipes/sub/words.txt"),
        ("wordfreq:en", "wordfreq:en"),
        ("file:words.txt+wordfreq:en:500", "file:recipes/words.txt+wordfreq:en:500"),
        ("wordfreq:en:500+file:de:words.txt", "wordfreq:en:500+file:de:recipes/words.txt"),
    ],
)
def test_a_word_file_is_meant_from_where_the_recipe_lies(words, wanted):
    assert read(f"task: count\nwords: {words}", Path("recipes"))["words"] == wanted


def test_folders_of_phrasings_are_meant_from_where_the_recipe_lies(tmp_path):
    assert read("templates: mine,more", Path("recipes"))["templates"] == ["recipes/mine", "recipes/more"]
    (absolute,) = read(f"templates: ['{tmp_path}/mine']", Path("recipes"))["templates"]
    assert absolute == f"{tmp_path}/mine"
    home = read(f"words: file:{tmp_path}/words.txt", Path("recipes"))["words"]
    assert home == f"file:{tmp_path}/words.txt"


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("tsk: count", "a data recipe has no 'tsk'", "did you mean 'task'?"),
        ("task: count\nstratas: [zero]", "a data recipe has no 'stratas'", "did you mean 'strata'?"),
        ("5: count", "a data recipe has no '5'", "choices are"),
        ("rows: {trian: 5}", "there is no split 'trian'", "did you mean 'train'?"),
        ("rows: 900", "rows are given per split", "rows: {train"),
        ("rows: {}", "rows are given per split", "rows: {train"),
        ("rows: {train: many}", "train is a whole number, not 'many'", "such as"),
        ("rows: {train: 5.5}", "train is a whole number, not 5.5", "such as"),
        ("n: many", "n is a whole number, not 'many'", "such as"),
        ("language: no", "language is a text, not False", "in quotes"),
        ("task: [count]", "task is a text, not ['count']", "in quotes"),
        ("words: 5", "words is a text, not 5", "in quotes"),
        ("domain: letters", "domain is a mapping", "such as domain"),
        ("n: true", "n is a whole number, not True", "such as"),
        ("seed: [1]", "seed is a whole number, not [1]", "such as"),
        ("ratios: a,b,c", "ratios are numbers", "such as 0.8,0.1,0.1"),
        ("ratios: 5", "ratios are numbers", "such as 0.8,0.1,0.1"),
        ("ratios: [1, 2]", "ratios are three numbers", "0.8,0.1,0.1"),
        ("- count", "a recipe is a mapping", "such as"),
        ("", "a recipe is a mapping", "such as"),
    ],
)
def test_what_means_nothing_is_refused(text, what, hint):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert caught.value.what.startswith(what)
    assert caught.value.where.startswith("data.yaml")
    assert hint in caught.value.hint


def test_what_is_not_yaml_is_said_with_its_line():
    with pytest.raises(ConfigError, match="the recipe is not YAML") as caught:
        read("task: count\nn: [1,\nwords: x: y")
    assert caught.value.where == "data.yaml:3"
    Path("latin.yaml").write_bytes(b"task: \xe9")
    with pytest.raises(ConfigError, match="the recipe is not YAML"):
        read_data_recipe(Path("latin.yaml"))


def test_no_recipe_is_an_error():
    with pytest.raises(InputError, match="cannot read the recipe: No such file"):
        read_data_recipe(Path("nowhere.yaml"))


def test_single_keys_are_set():
    tree = set_keys({"task": "count", "domain": {"letters": ["e"]}}, ["difficulty=hard", "strata=zero,one", "n=50"])
    assert tree == {"task": "count", "domain": {"letters": ["e"]}, "difficulty": "hard", "strata": ["zero", "one"],
                    "n": 50}  # fmt: skip
    assert set_keys({}, ["domain.bases=0,1"])["domain"] == {"bases": ["0", "1"]}
    assert set_keys({"domain": {"letters": ["e"]}}, ["domain.bases=1"])["domain"] == {"letters": ["e"], "bases": ["1"]}
    assert set_keys({}, ["rows.train=80", "rows.test=20"]) == {"n": 100, "ratios": [80.0, 0.0, 20.0]}
    assert set_keys({}, ["ratios=1,0,0"]) == {"ratios": [1.0, 0.0, 0.0]}


def test_what_is_given_stays_as_it_was():
    tree = {"domain": {"letters": ["e"]}}
    set_keys(tree, ["domain.letters=a", "n=5"])
    assert tree == {"domain": {"letters": ["e"]}}


@pytest.mark.parametrize(
    ("assignment", "what", "hint"),
    [
        ("difficulty", "'difficulty' is not KEY=VALUE", "such as -o"),
        ("dificulty=hard", "a data recipe has no 'dificulty'", "did you mean 'difficulty'?"),
        ("domain=1", "a data recipe has no 'domain'", "domain"),
        ("n.x=1", "a data recipe has no 'n.x'", "n"),
        ("rows.trian=1", "there is no split 'trian'", "did you mean 'train'?"),
    ],
)
def test_what_cannot_be_set(assignment, what, hint):
    with pytest.raises(ConfigError) as caught:
        set_keys({}, [assignment])
    assert caught.value.what == what
    assert caught.value.where == "-o"
    assert hint in caught.value.hint


def test_values_come_in_the_form_that_settings_have():
    assert resolved({"noise": "", "ratios": "1,1,2"}, where="options") == {"noise": [], "ratios": [1.0, 1.0, 2.0]}
    assert resolved({"domain": {"bases": 1}}, where="options") == {"domain": {"bases": ["1"]}}
