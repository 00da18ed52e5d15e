from pathlib import Path

from sdp.data.families import families
from sdp.data.splits import split_of
from sdp.models.replay import FILE, N_WORDS, replay_words
from sdp.models.resolve import ResolvedModel


def test_a_model_that_lists_its_words_is_asked_about_them(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("plan\nword\n")
    assert replay_words(ResolvedModel("m", str(tmp_path), is_local=True)) == ["plan", "word"]


def test_others_are_asked_about_frequent_words_of_the_train_split(tmp_path: Path) -> None:
    words = replay_words(ResolvedModel("m", str(tmp_path), is_local=True))
    assert len(set(words)) == N_WORDS
    assert {split_of(family) for family in families(words, "en")} == {"train"}
