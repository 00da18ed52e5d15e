"""The plots of runs: every value where it was logged, and the marks where they belong."""

from tests.reports.trained import NASTY, page

from sdp.reports.training_figures import Curves, make_training_figures


def figures(*pages):
    return {figure["name"]: figure for figure in make_training_figures([one.curves for one in pages])}


def test_a_figure_for_everything_that_was_measured_and_for_nothing_else():
    train = ["grad_norm", "learning_rate", "tokens_per_s", "memory_bytes", "cpu_share", "disk_left_bytes"]
    assert list(figures(page())) == ["loss", "right", *train]


def test_curves_are_the_events():
    one = page()
    train, evaluated, best = figures(one)["loss"]["traces"]
    assert (train["x"], train["y"]) == ([10 * i for i in range(1, 31)], [5.0 / i + 0.2 for i in range(1, 31)])
    assert evaluated["x"] == [50, 100, 150, 200, 250, 300]
    assert (best["x"], best["y"]) == ([200], [1.0])


def test_units_are_those_of_the_axis():
    made = figures(page())
    assert set(made["memory_bytes"]["traces"][0]["y"]) == {1.5}
    assert made["right"]["traces"][0]["y"] == [12.5, 25.0, 37.5, 50.0, 62.5, 75.0]
    assert set(made["cpu_share"]["traces"][0]["y"]) == {50.0}


def test_the_stopping_point_is_a_line_at_its_step():
    layout = figures(page())["loss"]["layout"]
    (shape,), (note,) = layout["shapes"], layout["annotations"]
    assert (shape["x0"], shape["x1"], shape["yref"], note["text"]) == (300, 300, "paper", "stopped at 300")


def test_an_alert_without_a_loss_stands_at_the_last_known_one():
    traces = figures(page(sick=True))["loss"]["traces"]
    (mark,) = [trace for trace in traces if trace.get("marker", {}).get("symbol") == "triangle-up"]
    assert (mark["x"], mark["y"]) == ([300], [2 * 0.75])  # the evaluation of the same step
    assert "not_finite" in mark["text"][0]


def test_a_loss_that_is_no_number_is_a_gap():
    train = figures(page(sick=True))["loss"]["traces"][0]
    assert (train["x"][-1], train["y"][-1]) == (300, None)


def test_every_run_has_its_colour():
    traces = figures(page(), page(name="second"))["loss"]["traces"]
    assert {trace["name"].split(":")[0]: trace["meta"]["tint"] for trace in traces if trace["name"]} == {
        "first": 0, "second": 1,
    }  # fmt: skip


def test_wide_losses_have_an_axis_of_powers():
    falls = [{"step": step, "loss": 10.0 / step} for step in range(1, 50)]
    (made,) = make_training_figures([Curves("it", falls, [], [], None, None)])
    assert made["layout"]["yaxis"]["type"] == "log"
    assert "type" not in figures(page())["loss"]["layout"]["yaxis"]


def test_a_loss_of_nothing_is_drawn_and_not_left_out():
    """An axis of powers has no place for 0."""
    falls = [{"step": step, "loss": 10.0 / step} for step in range(1, 50)]
    (made,) = make_training_figures([Curves("it", [*falls, {"step": 50, "loss": 0.0}], [], [], None, None)])
    assert "type" not in made["layout"]["yaxis"]
    assert made["traces"][0]["y"][-1] == 0.0


def test_a_page_says_what_it_leaves_out():
    falls = [{"step": step, "loss": 10.0 / step} for step in range(1, 50)]
    for is_thinned in (False, True):
        (made,) = make_training_figures([Curves("it", falls, [], [], None, None, is_thinned)])
        assert ("A long run" in made["note"]) is is_thinned


def test_names_are_no_markup():
    traces = figures(page(name=NASTY))["loss"]["traces"]
    assert not [trace for trace in traces if "<img" in trace["name"] + trace["hovertemplate"]]


def test_nothing_logged_is_no_figure():
    assert make_training_figures([Curves("it", [], [], [], None, None)]) == []
