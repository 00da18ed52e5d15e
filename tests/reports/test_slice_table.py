from io import StringIO

from rich.console import Console

from sdp.reports.slice_table import slice_tables, slices_of


def shown(tables):
    out = StringIO()
    console = Console(file=out, width=120)
    for table in tables:
        console.print(table)
    return out.getvalue()


def test_a_slice_is_the_mean_of_its_rows(result, rows):
    picked = [
        row["exact"]
        for row in rows.to_pylist()
        if (row["label"], row["task"], row["true_count"]) == ("spelling", "count", 1)
    ]
    (found,) = [
        one
        for one in slices_of(result, rows)
        if (one["model"], one["task"], one["by"], one["slice"]) == ("spelling", "count", "true_count", "1")
    ]
    assert found["n_rows"] == len(picked)
    assert found["exact_match"] == sum(picked) / len(picked)
    assert found["low"] < found["exact_match"] < found["high"]


def test_slices_of_one_column_hold_every_row_once(result, rows):
    sizes = {}
    for one in slices_of(result, rows):
        key = (one["task"], one["by"], one["model"])
        sizes[key] = sizes.get(key, 0) + one["n_rows"]
    assert set(sizes.values()) == {240}
    assert {by for task, by, _ in sizes if task == "spelling"} == {"length", "held_out_phrasing"}


def test_tables_only_where_there_are_values(result, rows):
    text = shown(slice_tables(result, rows))
    assert "position by place asked for" in text
    assert "count by true count" in text
    assert "spelling by true count" not in text
    assert "held out" in text
    assert "seen" in text
