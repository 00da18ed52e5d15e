"""`sdp generate` and words that cannot be used: real commands, exit code 3, what, where and what to do."""

from pathlib import Path

import pytest

from sdp.data.dataset import TaskFolder

BAD_WORDS = [
    (b"", "holds no usable word", "words.txt"),
    (b"\n \n", "holds no usable word", "words.txt"),
    (b"ice cream\n", "holds no usable word", "words.txt:1"),
    (b"r2d2\n", "holds no usable word", "words.txt:1"),
    ("👩‍👩‍👧\n".encode(), "holds no usable word", "words.txt:1"),
    (b"straw\ngarden\ncaf\xe9\n", "UTF-8", "words.txt:3"),
    (b"strawberry\n", "there is no", "spelling"),
]


@pytest.mark.parametrize(("content", "what", "where"), BAD_WORDS, ids=lambda value: str(value)[:24])
def test_words_that_cannot_be_used_end_the_real_command_with_code_3(sdp, content, what, where):
    Path("words.txt").write_bytes(content)
    done = sdp("generate", "spelling", "--n", "30", "--words", "file:words.txt")
    assert done.returncode == 3
    assert done.stdout == ""
    error, at, hint, *_ = done.stderr.splitlines()
    assert error.startswith("sdp: error: ")
    assert what in error
    assert at.startswith("  at: ")
    assert where in at
    assert hint.startswith("  try: ")
    assert [path.name for path in Path().iterdir()] == ["words.txt"]


def test_a_file_with_one_word_can_be_asked_about_in_its_own_split(sdp):
    Path("words.txt").write_text("strawberry\n")
    done = sdp("generate", "spelling", "--n", "30", "--words", "file:words.txt", "--ratios", "1,0,0")
    assert done.returncode == 0, done.stderr
    assert set(TaskFolder.open(Path("data/spelling")).table("train")["key"].to_pylist()) == {"strawberry"}


@pytest.mark.parametrize(
    ("args", "what", "hint"),
    [
        (["--words", "wordfreq:enn"], "no list for 'enn'", "did you mean 'en'?"),
        (["--language", "dee"], "language 'dee'", "packaged languages are: de, en, es, fr"),
        (["--tokenizer", "folder"], "folder", ""),
        (["--words", "tokenizer:folder"], "folder", ""),
        (["--words", "pseudo:xx"], "xx", ""),
        (["--words", "faker:hi_IN"], "hi_IN", ""),
    ],
)
def test_names_and_folders_that_are_none_end_the_real_command_with_code_3(sdp, args, what, hint):
    Path("folder").mkdir()
    Path("folder/notes.txt").write_text("no tokenizer")
    done = sdp("generate", "spelling", "--n", "30", *args)
    assert done.returncode == 3, done.stderr
    assert what in done.stderr.splitlines()[0]
    assert "\n  try: " in done.stderr
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_skipped_lines_are_told_on_stderr_and_the_rest_is_used(sdp):
    lines = ["straw", "ice cream", "r2d2", "garden", "👩‍👩‍👧", "teacher", "Straße"]
    Path("words.txt").write_text("\n".join(lines), encoding="utf-8")
    args = ("generate", "spelling", "--n", "12", "--words", "file:words.txt", "--ratios", "1,0,0")
    done = sdp(*args)
    assert done.returncode == 0
    assert "words.txt: 3 lines are no words and were skipped, the first is line 2, 'ice cream'" in done.stderr
    assert TaskFolder.open(Path("data/spelling")).manifest.words.n_skipped == 3
    assert "ice cream" not in sdp(*args, "-q").stderr
