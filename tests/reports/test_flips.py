from hypothesis import given
from hypothesis import strategies as st

from sdp.reports.flips import find_flips, visible


def test_totals_equal_the_comparisons(result, rows):
    for label in ("spelling", "spelling + replay"):
        counted = {(group.task, group.kind): group.n_total for group in find_flips(rows, label, "baseline")}
        compared = {
            (row["task"], kind): row[f"n_{kind}"]
            for row in result["comparisons"] if row["label"] == label for kind in ("fixed", "broken")
        }  # fmt: skip
        assert counted == compared


def test_rows_are_the_two_models_own(rows):
    said = {(row["label"], row["task"], f"{row['id']:016x}"): row for row in rows.to_pylist()}
    for group in find_flips(rows, "spelling", "baseline"):
        for row in group.rows:
            before, after = (said[label, group.task, row["id"]] for label in ("baseline", "spelling"))
            assert (row["before"], row["after"]) == (before["output"], after["output"])
            assert (before["exact"], after["exact"]) == ((False, True) if group.kind == "fixed" else (True, False))


def test_the_limit_cuts_rows_and_not_totals(rows):
    whole = find_flips(rows, "spelling", "baseline")
    cut = find_flips(rows, "spelling", "baseline", limit=3)
    assert [group.n_total for group in cut] == [group.n_total for group in whole]
    assert [group.rows for group in cut] == [group.rows[:3] for group in whole]


def test_the_order_of_the_table_does_not_matter(rows):
    backwards = rows.take(list(reversed(range(rows.num_rows))))
    one, other = (find_flips(table, "spelling", "baseline", limit=5) for table in (rows, backwards))
    assert {(g.task, g.kind): g.rows for g in one} == {(g.task, g.kind): g.rows for g in other}


def test_unpaired_rows_do_not_flip(rows):
    assert all(group.n_total == 0 for group in find_flips(rows, "spelling", "nobody"))


@given(st.text())
def test_nothing_invisible_is_left(text):
    shown = visible(text)
    assert len(shown) == len(text)
    assert all(ord(character) >= 0x20 or character in "\n\t" for character in shown)
    assert [a for a, b in zip(text, shown, strict=True) if a != b] == [
        c for c in text if c == "\x7f" or (c < " " and c not in "\n\t")
    ]
