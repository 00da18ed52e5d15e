import gzip

import pyarrow as pa
import pytest

from sdp.benchmarks.predictions.opened import lines, unpacked_name, whole
from sdp.errors import InputError

TEXT = "é\nzwei\u2028Zeilen\x0bnicht\n\nvier"


def texts(path):
    return [text for _, text in lines(path)]


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.txt.zst", "a.txt.GZ"])
def test_packed_or_not_the_lines_are_the_same(tmp_path, name):
    pack = {"gz": gzip.compress, "st": lambda data: pa.compress(data, codec="zstd", asbytes=True)}
    path = tmp_path / name
    path.write_bytes(pack.get(name[-2:].lower(), bytes)(TEXT.encode()))
    assert texts(path) == ["é\n", "zwei\u2028Zeilen\x0bnicht\n", "\n", "vier"]
    assert [number for number, _ in lines(path)] == [1, 2, 3, 4]
    assert whole(path) == TEXT
    assert unpacked_name(path) == "a.txt"


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_two_packings_in_one_file_are_both_read(tmp_path, ending):
    pack = gzip.compress if ending == "gz" else lambda data: pa.compress(data, codec="zstd", asbytes=True)
    path = tmp_path / f"a.txt.{ending}"
    path.write_bytes(pack(b"a\n") + pack(b"b\n"))
    assert texts(path) == ["a\n", "b\n"]


def test_a_byte_order_mark_is_no_text_but_only_at_the_beginning(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n")
    assert texts(path) == ["a\n", "\ufeffb\n"]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_file_that_breaks_off_is_an_error(tmp_path, ending):
    data = gzip.compress(TEXT.encode()) if ending == "gz" else pa.compress(TEXT.encode(), codec="zstd", asbytes=True)
    path = tmp_path / f"a.txt.{ending}"
    path.write_bytes(data[:-5])
    with pytest.raises(InputError, match=r"'a\.txt\..*' cannot be read: .*[Tt]runcated"):
        texts(path)


def test_what_is_not_utf_8_is_named_with_its_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"fine\nfa\xe7ade\n")
    with pytest.raises(InputError, match=r"line 2 is not UTF-8: .*0xe7, byte 2") as caught:
        texts(path)
    assert caught.value.where == f"{path}:2"


def test_utf_16_is_recognised(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a\n", encoding="utf-16")
    with pytest.raises(InputError) as caught:
        texts(path)
    assert "UTF-16" in caught.value.hint


def test_nothing_is_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.touch()
    with pytest.raises(InputError, match=r"'a\.txt' is empty"):
        texts(path)
    with pytest.raises(InputError, match="there is no file"):
        texts(tmp_path / "b.txt")
    with pytest.raises(InputError, match="cannot be read"):
        texts(tmp_path)
