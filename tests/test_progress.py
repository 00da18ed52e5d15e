"""The silent progress: work that nobody watches."""

import pytest

from sdp.progress import SILENT


def test_silence_takes_everything_and_says_nothing(capfd):
    with SILENT.bar("label", 10, "rows") as bar:
        bar.advance()
        bar.advance(2.5)
        bar.note("loss 1.2")
    SILENT.note("something")
    assert capfd.readouterr() == ("", "")


def test_an_error_inside_a_bar_comes_out():
    with pytest.raises(KeyError), SILENT.bar("label", 1):
        raise KeyError
