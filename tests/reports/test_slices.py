from hypothesis import given
from hypothesis import strategies as st

from sdp.reports.slices import Slice, accuracy_by, joined, merge_ends

VALUES = st.dictionaries(st.integers(0, 30), st.integers(1, 60), min_size=1, max_size=12)


def slices_of(sizes: dict[int, int]) -> dict[int, Slice]:
    return {value: Slice((True,) * n, tuple(f"{value}.{row}" for row in range(n))) for value, n in sizes.items()}


@given(st.lists(VALUES, min_size=1, max_size=3), st.integers(1, 50))
def test_merging_keeps_every_row_in_order(models, enough):
    slices = {str(number): slices_of(sizes) for number, sizes in enumerate(models)}
    names, merged = merge_ends(slices, enough)
    for label, by_value in slices.items():
        assert len(merged[label]) == len(names)
        assert joined(merged[label]) == joined([by_value[value] for value in sorted(by_value)])


@given(VALUES, st.integers(1, 50))
def test_the_ends_have_enough_rows_or_all_is_one(sizes, enough):
    names, merged = merge_ends({"one": slices_of(sizes)}, enough)
    if len(names) > 1:
        assert merged["one"][0].n_rows >= enough
        assert merged["one"][-1].n_rows >= enough


def test_names_of_merged_ends():
    sizes = {3: 1, 4: 40, 5: 5, 6: 40, 7: 2, 8: 3}
    assert merge_ends({"one": slices_of(sizes)}, 30)[0] == ["≤4", "5", "≥6"]
    assert merge_ends({"one": slices_of({3: 1, 4: 1})}, 30)[0] == ["3–4"]
    assert merge_ends({"one": slices_of({3: 1})}, 30)[0] == ["3"]
    assert merge_ends({}, 30) == ([], {})


def test_counts_equal_the_rows(rows):
    by_place = accuracy_by(rows, "position", "position")
    for label, by_value in by_place.items():
        for value, part in by_value.items():
            expected = [
                row["exact"] for row in rows.to_pylist()
                if (row["label"], row["task"], row["position"]) == (label, "position", value)
            ]  # fmt: skip
            assert list(part.exact) == expected
            assert part.share.effect == sum(expected) / len(expected)


def test_rows_without_a_value_are_left_out(rows):
    assert accuracy_by(rows, "spelling", "position") == {}


def test_nothing_has_no_share():
    assert Slice().share is None
