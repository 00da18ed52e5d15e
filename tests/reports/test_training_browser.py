"""The page of runs in a real browser: light and dark, desktop and phone."""

import pytest
from tests.reports.test_browser import DESKTOP, PHONE, driver, luminance
from tests.reports.trained import page

from sdp.reports.training_html import write_training_report

__all__ = ["driver"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "training.html"
    write_training_report([page(), page(name="second", sick=True)], path)
    return path.as_uri()


@pytest.fixture(params=[(size, scheme) for size in (DESKTOP, PHONE) for scheme in ("light", "dark")], ids=str)
def opened(request, driver, address):
    (width, height), scheme = request.param
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
    driver.get(address)
    return driver, width, scheme


def test_opens_without_complaint_or_sideways_scrolling(opened):
    driver, width, scheme = opened
    assert driver.get_log("browser") == []
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert (luminance(driver, "document.body") > 128) == (scheme == "light")


def test_every_plot_is_drawn_with_its_marks(opened):
    driver, width, _ = opened
    drawn = driver.execute_script(
        "return [...document.querySelectorAll('.plot')].map(e => [e.querySelectorAll('.trace').length, e.offsetWidth])"
    )
    assert len(drawn) == 8
    assert all(n_traces >= 2 and 250 < plot_width <= width for n_traces, plot_width in drawn)
    lines = "return [...document.querySelectorAll('#plot-loss .shapelayer path')].map(e => e.style.stroke)"
    assert len(driver.execute_script(lines)) == 2  # both runs stopped early
    assert len(set(driver.execute_script(lines))) == 1
    texts = "return [...document.querySelectorAll('#plot-loss .annotation-text')].map(e => e.textContent)"
    assert driver.execute_script(texts) == ["stopped at 300"] * 2


def test_marks_follow_the_scheme(driver, address):
    driver.get(address)
    tints = []
    for scheme in ("light", "dark"):
        features = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
        # Plotly redraws in the next frame.
        driver.execute_async_script(
            "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0], 50)))"
        )
        plot = "document.querySelector('#plot-loss')"
        tints.append(driver.execute_script(f"return [{plot}.data[0].line.color, {plot}.layout.shapes[0].line.color]"))
    assert tints[0][0] != tints[1][0]
    assert tints[0][1] != tints[1][1]
