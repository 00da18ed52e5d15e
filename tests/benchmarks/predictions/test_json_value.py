import pytest

from sdp.benchmarks.predictions.json_value import parsed


def test_equal_keys_of_different_objects_are_none_of_one():
    assert parsed('[{"a": {"a": 1}}, {"a": NaN}]')[0] == {"a": {"a": 1}}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"a": 1, "b": 2, "a": 1}', "'a' is there twice"),
        ('[{"a": {"b": 1, "b": 2}}]', "'b' is there twice"),
        ('{"a":' * 100_000, "nested too deeply"),
        (b"\xff", "codec can't decode"),
    ],
)
def test_what_cannot_be_taken_as_it_stands_is_refused(text, what):
    with pytest.raises(ValueError, match=what):
        parsed(text)
