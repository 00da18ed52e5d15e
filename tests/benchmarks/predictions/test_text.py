from hypothesis import given
from hypothesis import strategies as st

from sdp.benchmarks.predictions.text import LINE, read_text


def predictions(path):
    return [record[LINE] for _, record in read_text(path).records]


def test_every_line_is_a_prediction_also_an_empty_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\n\nb \r\n\x0b\n")
    assert predictions(path) == ["a", "", "b ", "\x0b"]


@given(st.lists(st.text().filter(lambda text: "\n" not in text and not text.endswith("\r")), min_size=1))
def test_what_was_written_line_by_line_comes_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("t") / "a.txt"
    path.write_bytes("".join(f"{text}\n" for text in texts).removeprefix("\ufeff").encode())
    assert predictions(path) == [texts[0].removeprefix("\ufeff"), *texts[1:]]
