from pathlib import Path

from sdp.benchmarks.predictions.source import Source


def test_notes_belong_to_one_file():
    first, second = (Source(Path(name), [], "text") for name in "ab")
    first.notes.append("odd")
    assert second.notes == []
