import pyarrow as pa
import pytest

from sdp.reports.figures import make_figures


@pytest.fixture(scope="module")
def figures(result, rows):
    return {figure.name: figure for figure in make_figures(result, rows)}


def test_every_plot_is_there(figures):
    lengths = {f"length-{task}" for task in ("spelling", "position", "count")}
    assert set(figures) == lengths | {"place-position", "count-count", "phrasings"}


def test_plotly_accepts_every_figure(figures):
    import plotly.graph_objects as go

    for figure in figures.values():
        drawn = go.Figure({"data": figure.traces, "layout": figure.layout})
        assert [trace.type for trace in drawn.data] == [trace["type"] for trace in figure.traces]


def test_one_line_per_model_numbered_as_in_the_result(figures, result):
    for figure in figures.values():
        models = {
            trace["meta"]["model"]: trace["name"] for trace in figure.traces if trace["meta"]["model"] is not None
        }
        assert models == {number: model["label"] for number, model in enumerate(result["models"])}


def test_points_equal_the_rows(figures, rows):
    """≤4 … ≥n: the first and the last point hold everything at that end."""
    listed = [row for row in rows.to_pylist() if (row["label"], row["task"]) == ("spelling", "count")]
    figure = figures["count-count"]
    trace = next(trace for trace in figure.traces if trace["name"] == "spelling")
    for tick, percent in zip(figure.layout["xaxis"]["ticktext"], trace["y"], strict=True):
        wanted = int(tick.strip("≤≥"))
        at = {"≤": lambda n, w: n <= w, "≥": lambda n, w: n >= w}.get(tick[0], lambda n, w: n == w)
        exact = [row["exact"] for row in listed if at(row["true_count"], wanted)]
        assert percent == pytest.approx(100 * sum(exact) / len(exact))


def test_intervals_stay_within_0_and_100(figures):
    for figure in figures.values():
        for trace in figure.traces:
            for share, up, down in zip(trace["y"], *_bars(trace), strict=True):
                assert up is None or 0 <= share - down <= share <= share + up <= 100 + 1e-9


def _bars(trace):
    bars = trace.get("error_y")
    return (bars["array"], bars["arrayminus"]) if bars else ([None] * len(trace["y"]),) * 2


def test_the_floor_is_the_result_s(figures, result):
    floor = next(trace for trace in figures["length-position"].traces if trace["name"] == "floor")
    assert floor["y"] == [100 * result["models"][0]["tasks"]["position"]["floor"]] * 2


def test_names_are_escaped_for_plotly(result, rows):
    label = "<a href='x'>arm</a>"
    renamed = result | {"models": [result["models"][0] | {"label": label}], "comparisons": []}
    column = [label if name == "baseline" else name for name in rows["label"].to_pylist()]
    changed = rows.set_column(0, rows.schema.field("label"), [column])
    names = {trace["name"] for figure in make_figures(renamed, changed) for trace in figure.traces}
    assert names == {"&lt;a href=&#x27;x&#x27;&gt;arm&lt;/a&gt;", "floor"}


def test_no_phrasing_plot_without_held_out_phrasings(result, rows):
    place = rows.schema.get_field_index("held_out_phrasing")
    bare = rows.set_column(place, rows.schema.field(place), pa.nulls(rows.num_rows, pa.bool_()))
    assert "phrasings" not in {figure.name for figure in make_figures(result, bare)}


def test_no_rows_no_plots(result, rows):
    assert make_figures(result, rows.slice(0, 0)) == []
