"""Words from files: whatever editor wrote them, and with the place of what is wrong."""

import pytest

from sdp.data.lexicons.part import Skipped
from sdp.data.lexicons.word_file import load
from sdp.errors import InputError


@pytest.fixture
def part_of(tmp_path):
    """Writes a file of words and loads it."""

    def _part_of(content: bytes | str, language: str = "en"):
        (tmp_path / "words.txt").write_bytes(content if isinstance(content, bytes) else content.encode())
        return load("words.txt", language)

    return _part_of


def test_a_file_is_read_whatever_editor_wrote_it(part_of):
    spellings = "\ufeffcaf\u00e9\r\ncafe\u0301\r\n  garden \r\n\r\ngarden\r\nlast"
    part = part_of(spellings)
    assert part.words == ("caf\u00e9", "garden", "last")
    assert part.skipped is None
    assert part.note == ""


def test_case_is_kept_as_it_is_written(part_of):
    words = ("Straße", "Größe", "İstanbul", "ılık", "λόγος", "Plan", "plan")
    assert part_of("\n".join(words)).words == words


def test_one_word_is_enough(part_of):
    assert part_of("garden").words == ("garden",)


def test_what_is_no_word_is_left_out_and_counted(part_of):
    lines = ["garden", "", "it's", "ab", "abc", "x1y2z3", "# comment", "ice cream", "\U0001f600" * 3, "a" * 21, "abc"]
    part = part_of("\n".join(lines))
    assert part.words == ("garden", "abc")
    assert part.skipped == Skipped(7, 3, "it's", "U+0027 (apostrophe) is not a letter")
    assert part.note == (
        'words.txt: 7 lines are no words and were skipped, the first is line 3, "it\'s": '
        "U+0027 (apostrophe) is not a letter"
    )


def test_the_line_is_the_one_an_editor_shows(part_of):
    """Python's splitlines also parts at form feeds and paragraph signs."""
    for text in ("one\nt\x0bwo\nthree\nf4", "one\r\nt\x0bwo\r\nthree\r\nf4", "one\rt\u2028wo\rthree\rf4"):
        part = part_of(text)
        assert part.words == ("one", "three")
        assert part.skipped.line == 2
        assert part.skipped.n_lines == 2


def test_control_characters_and_long_lines_do_not_reach_the_terminal(part_of):
    note = part_of("garden\n\x1b[31mred" + "x" * 10_000).note
    assert "\x1b" not in note
    assert "1 line is no word and was skipped, line 2" in note
    assert len(note) < 200


@pytest.mark.parametrize("content", [b"", b"\n\n", b"1\n22\n", b"\xef\xbb\xbf", b"a\nb\n"])
def test_a_file_without_a_word_is_refused(part_of, content):
    with pytest.raises(InputError, match=r"'words\.txt' holds no usable word") as caught:
        part_of(content)
    assert "3 to 20" in caught.value.hint
    if content.strip(b"\n\xef\xbb\xbf"):
        assert caught.value.where.startswith("words.txt:1: ")


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_another_encoding_is_refused_with_the_line(part_of, bom, line_end):
    with pytest.raises(InputError, match="is not UTF-8 text: byte 0xe9") as caught:
        part_of(bom + f"garden{line_end}plan{line_end}caf\u00e9{line_end}".encode("latin-1"))
    assert caught.value.where == "words.txt:3"
    assert "iconv -f ISO-8859-1" in caught.value.hint


def test_utf_16_is_recognised(part_of):
    with pytest.raises(InputError, match="is not UTF-8") as caught:
        part_of("garden".encode("utf-16"))
    assert caught.value.where == "words.txt:1"
    assert "iconv -f UTF-16" in caught.value.hint


@pytest.mark.parametrize(
    ("rest", "what"),
    [
        ("nowhere.txt", "cannot read words from 'nowhere.txt': No such file"),
        (".", "cannot read words from '.': Is a directory"),
        ("", "cannot read words from '.'"),
        ("\0", "cannot read words from"),
    ],
)
def test_what_cannot_be_read_is_refused(rest, what):
    with pytest.raises(InputError) as caught:
        load(rest, "en")
    assert what in caught.value.what


def test_a_file_can_name_its_language(part_of, tmp_path):
    assert part_of("garden", "fr").language == "fr"
    german = load("de:words.txt", "en")
    assert (german.language, german.source, german.words) == ("de", "file:de:words.txt", ("garden",))
    assert load(f"fil:{tmp_path / 'words.txt'}", "en").source == "file:fil:words.txt"  # no path of this machine


def test_an_unknown_language_has_near_names(part_of):
    part_of("garden")
    with pytest.raises(InputError, match="there is no language 'enn'") as caught:
        load("enn:words.txt", "en")
    assert "did you mean" in caught.value.hint
    assert "file:./enn:words.txt" in caught.value.hint


def test_a_path_with_a_colon(tmp_path):
    (tmp_path / "de:words.txt").write_text("garden")
    assert load("./de:words.txt", "en").language == "en"
