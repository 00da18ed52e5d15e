"""The validation report in a real browser: light and dark, desktop and phone."""

import pytest
from tests.reports.judged import page
from tests.reports.test_browser import DESKTOP, PHONE, driver, luminance

from sdp.reports.data_html import write_data_report

__all__ = ["driver"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_data_report([page(), page(nasty=True)], path)
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


def test_every_plot_is_drawn(opened):
    driver, width, _ = opened
    drawn = driver.execute_script(
        "return [...document.querySelectorAll('.plot')].map(e => [e.querySelectorAll('.trace').length, e.offsetWidth])"
    )
    assert len(drawn) == 9
    assert all(n_traces >= 1 and 250 < plot_width <= width for n_traces, plot_width in drawn)


def test_markup_in_a_prompt_stays_text(opened):
    driver, _, _ = opened
    assert driver.title == "sdp validate: failed"
    assert driver.execute_script("return document.querySelectorAll('img').length") == 0


def test_plots_follow_the_scheme(driver, address):
    driver.get(address)
    tints = []
    for scheme in ("light", "dark"):
        features = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
        # Plotly redraws in the next frame.
        driver.execute_async_script(
            "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0], 50)))"
        )
        tints.append(driver.execute_script("return document.querySelector('.plot').data[0].marker.color"))
    assert tints[0] != tints[1]
