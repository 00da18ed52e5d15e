"""The card's picture: well-formed, said in words as well, the same bytes, and drawn by a real browser."""

import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.data import filled

from sdp.data.figures import NAME, WIDTH, distributions_svg

SVG = "{http://www.w3.org/2000/svg}"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NASTY = "</text><script>alert(1)</script>&\n\x1b\ud800"


def drawn(manifest):
    return ET.fromstring(distributions_svg(manifest))


def bars(root, panel):
    group = next(group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}title").text == panel)
    return [rect for rect in group.iter(f"{SVG}rect") if rect.get("class") == "bar"]


def test_the_same_manifest_gives_the_same_bytes():
    assert distributions_svg(filled.manifest()) == distributions_svg(filled.manifest())
    assert distributions_svg(filled.manifest()) != distributions_svg(filled.manifest(task="spelling"))


def test_bars_are_as_long_as_shares():
    root = drawn(filled.manifest())
    widths = [float(rect.get("width")) for rect in bars(root, "train: Commonest answers")]
    assert widths == pytest.approx([widths[0], widths[0] / 2, widths[0] / 4, widths[0] / 4], abs=0.11)
    heights = [float(rect.get("height")) for rect in bars(root, "train: Letters of the word")]
    assert heights == pytest.approx([heights[3] / 2, heights[3] / 2, 0, heights[3]], abs=0.11)


def test_one_scale_down_each_column():
    splits = {"train": filled.split_facts(), "test": filled.split_facts(200, top_answers={"7": 50})}
    root = drawn(filled.manifest(splits=splits))
    (in_test,) = bars(root, "test: Commonest answers")
    in_train = bars(root, "train: Commonest answers")[0]
    assert float(in_train.get("width")) == pytest.approx(2 * float(in_test.get("width")), abs=0.11)


def test_nothing_is_drawn_outside():
    root = drawn(filled.manifest())
    height = float(root.get("height"))
    for element in root.iter():
        if element.tag in {f"{SVG}rect", f"{SVG}text"}:
            x, y = float(element.get("x", 0)), float(element.get("y", 0))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= height
            assert x + float(element.get("width", 0)) <= WIDTH
            assert y + float(element.get("height", 0)) <= height


def test_the_description_says_what_is_drawn():
    root = drawn(filled.manifest())
    assert root.get("role") == "img"
    assert {root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")} == set(
        root.get("aria-labelledby").split()
    )
    said = root.find(f"{SVG}desc").text
    assert said.startswith("train: 800 rows. Kinds of question: zero 50.0%, more 50.0%. Letters of the word: 3 25.0%")
    assert "test: 200 rows." in said


def test_no_answer_breaks_the_file():
    facts = filled.split_facts(top_answers={NASTY: 400, "漢" * 40: 300, "مرحبا": 100})
    root = drawn(filled.manifest(splits={"train": facts}))
    shown = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "right"]
    assert {"</text><script…", "漢漢漢漢漢漢漢…", "مرحبا"} <= set(shown)
    assert not list(root.iter(f"{SVG}script"))


def test_without_distributions_there_are_headings_only():
    root = drawn(filled.unrecorded())
    assert not list(root.iter(f"{SVG}g"))
    assert [text.text for text in root.iter(f"{SVG}text")] == ["train: 800 rows"]


def test_nothing_is_loaded_from_elsewhere():
    text = distributions_svg(filled.manifest())
    assert "<script" not in text
    assert text.replace("http://www.w3.org/2000/svg", "").count("http") == 0
    assert "url(" not in text


@pytest.mark.browser
def test_light_and_dark(tmp_path):
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("needs chromium: apt-get install chromium")
    light, dark = (colours(browser, tmp_path, flags) for flags in ([], ["--blink-settings=preferredColorScheme=0"]))
    assert light == "rgb(255, 255, 255) rgb(31, 35, 40) 960 inside"
    assert dark == "rgb(13, 17, 23) rgb(230, 237, 243) 960 inside"


def colours(browser: str, folder: Path, flags: list[str]) -> str:
    """Asks a real page: ground, ink, the picture's width as an image, and whether every text lies inside of it."""
    wide = {"漢字" * 20: 300, "s-t-r-a-w-b-e-r-r-y": 100, "W" * 15: 1}
    svg = distributions_svg(filled.manifest(splits={"train": filled.split_facts(top_answers=wide)}))
    (folder / NAME).write_text(svg)
    script = (
        "const of = name => getComputedStyle(document.querySelector(name)).fill;"
        "const out = box => box.x < 0 || box.x + box.width > 960;"
        "const texts = [...document.querySelectorAll('svg text')].filter(text => out(text.getBBox()));"
        "const where = texts.map(text => text.textContent).join() || 'inside';"
        "onload = () => document.title = [of('.ground'), of('.head'), document.images[0].naturalWidth, where].join(' ')"
    )
    page = folder / "page.html"
    page.write_text(f'<meta charset="utf-8"><title></title><img src="{NAME}">{svg}<script>{script}</script>')
    command = [
        browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        f"--user-data-dir={folder}/profile", *flags, "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    return text.split("<title>")[1].split("</title>")[0]
