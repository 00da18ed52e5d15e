from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sdp.benchmarks.predictions.recorded import Recorded, id_numbers
from sdp.contract.rows import id_to_text


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_ids_of_ours_are_their_numbers(numbers):
    assert id_numbers([id_to_text(number) for number in numbers]).tolist() == numbers


@given(st.lists(st.text(max_size=15), unique=True))
def test_any_other_text_has_a_number_of_its_own(names):
    numbers = id_numbers(names).tolist()
    assert len(set(numbers)) == len(names)
    assert id_numbers(names[::-1]).tolist() == numbers[::-1]


def test_places_and_what_is_empty():
    recorded = Recorded("m", Path("a.jsonl"), "text", ["a", "", " \n", "b"], [1, 3, 4, 5])
    assert recorded.place(1) == "a.jsonl:3"
    assert recorded.n_empty == 2
