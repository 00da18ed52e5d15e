"""The report in a real browser: light and dark, desktop and phone."""

import shutil

import pytest

from sdp.reports.html import write_report

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
DESKTOP, PHONE = (1280, 900), (390, 844)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    from selenium import webdriver

    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    service = shutil.which("chromedriver")
    if binary is None or service is None:
        pytest.skip("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(service))
    yield made
    made.quit()


@pytest.fixture(scope="module")
def address(result, rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(result, rows, path)
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


def luminance(driver, element: str) -> float:
    colour = driver.execute_script(f"return getComputedStyle({element}).backgroundColor")
    return sum(map(int, colour.strip("rgba()").split(",")[:3])) / 3


def count_flips(driver) -> int:
    return driver.execute_script("return document.querySelectorAll('#flip-list article').length")


def choose(driver, name: str, value: str) -> None:
    driver.execute_script(
        "const e = document.getElementById('flip-filters')[arguments[0]]; e.value = arguments[1];"
        "e.dispatchEvent(new Event('input', {bubbles: true}))",
        name, value,
    )  # fmt: skip


def found(driver) -> int:
    text = driver.execute_script("return document.getElementById('flip-count').textContent")
    return int(text.split(" shown")[0].split(" of ")[1].replace(",", ""))


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
    assert len(drawn) == 6
    assert all(n_traces >= 3 and 250 < plot_width <= width for n_traces, plot_width in drawn)


def test_the_filters_filter(opened, result):
    driver, _, _ = opened
    rows = {(row["label"], row["task"]): row for row in result["comparisons"]}
    choose(driver, "pair", "spelling + replay against baseline")
    for task in ("spelling", "position", "count"):
        for kind in ("fixed", "broken"):
            choose(driver, "task", task)
            choose(driver, "kind", kind)
            assert found(driver) == rows["spelling + replay", task][f"n_{kind}"]
            assert count_flips(driver) == min(20, found(driver))
    choose(driver, "text", "no such words in any answer")
    assert found(driver) == count_flips(driver) == 0


def test_more_shows_more_until_there_is_no_more(opened):
    driver, _, _ = opened
    total = found(driver)
    for clicks in range(total // 20 + 1):
        assert count_flips(driver) == min(20 * (clicks + 1), total)
        driver.execute_script("document.getElementById('flip-more').click()")
    assert driver.execute_script("return document.getElementById('flip-more').hidden")


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
        tints.append(driver.execute_script("return document.querySelector('.plot').data[1].line.color"))
    assert tints[0] != tints[1]


def test_markup_in_an_answer_stays_text(driver, result, rows, tmp_path):
    nasty = "<img src=x onerror=\"document.title='broken in'\"></script><script>document.title='broken in'</script>"
    place = rows.schema.get_field_index("output")
    bad = rows.set_column(place, rows.schema.field(place), [[nasty] * rows.num_rows])
    write_report(result, bad, tmp_path / "report.html")
    driver.get((tmp_path / "report.html").as_uri())
    assert driver.title.startswith("sdp bench")
    assert driver.get_log("browser") == []
    assert nasty in driver.execute_script("return document.querySelector('#flip-list .side pre').textContent")
    assert driver.execute_script("return document.querySelectorAll('img').length") == 0
