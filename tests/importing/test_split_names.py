"""What other people call train, validation and test."""

import pytest

from sdp.importing.split_names import split_in


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train", "train"),
        ("Train_SFT", "train"),
        ("dev", "validation"),
        ("val", "validation"),
        ("gsm8k-test.jsonl", "test"),
        ("validation-00000-of-00001", "validation"),
        ("eval.jsonl", "test"),
        ("evaluation_set", "test"),
        ("holdout", "test"),
        ("my-held-out", "test"),
        ("withheld out", None),
        ("latest", None),
        ("trainer", None),
        ("train_test", None),
        ("", None),
    ],
)
def test_names(name, split):
    assert split_in(name) == split
