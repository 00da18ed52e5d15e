"""The plots of the data card: one SVG without script, font or network, the same bytes for the same manifest."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from sdp.data.distributions import Bar, Distribution, distributions, percent
from sdp.data.manifest import Manifest
from sdp.data.visible import cut, visible

NAME = "distributions.svg"

WIDTH, MARGIN, GAP = 960, 20, 36
HEAD = 58
"""Height of a split's heading with the titles of its panels."""
ROW = 18
"""Height of one horizontal bar with its label."""
SHORTEST = 120
"""Least height of the panels."""
LABEL_CELLS, CELL = 15, 6.6
"""Letters that a bar's label may have, and the width of one at 12 px."""
VALUE = 46
"""Width kept for the percentage behind a bar."""
AXIS = 18
"""Height kept for the numbers below columns."""

# Not `currentColor`: in an <img>, which is how a README shows it, that is black whatever the page looks like. For the
# same reason the picture has a ground of its own: pages are dark that the operating system knows nothing of.
STYLE = """
svg { font: 12px system-ui, sans-serif; --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --bar: #2f6db5; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --bar: #5b9cf0; }
}
.ground { fill: var(--ground); }
text { fill: var(--ink); }
.head { font-size: 15px; font-weight: 600; }
.soft { fill: var(--soft); }
.bar { fill: var(--bar); }
.line { stroke: var(--soft); }
.uniform { stroke: var(--ink); stroke-dasharray: 3 3; }
.right { text-anchor: end; }
.middle { text-anchor: middle; }
"""


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a panel is drawn: left upper corner and size, px."""

    x: float
    y: float
    width: float
    height: float


def distributions_svg(manifest: Manifest) -> str:
    """Draws what the rows are spread over: a row of panels per split, the same scale down each column.

    Args:
        manifest: Of the data set.

    Returns:
        A whole SVG file, with a text alternative in its title and description.
    """
    found = distributions(manifest)
    horizontal = (len(bars) for one in found if one.name != "lengths" for bars in one.splits.values())
    panel_height = max(SHORTEST, ROW * max(horizontal, default=0))
    n_panels = max(1, len(found))
    panel_width = (WIDTH - 2 * MARGIN - GAP * (n_panels - 1)) / n_panels
    height = MARGIN + (HEAD + panel_height + MARGIN) * len(manifest.splits)
    lines = list(_opening(manifest, found, height))
    for row, (split, facts) in enumerate(manifest.splits.items()):
        top = MARGIN + row * (HEAD + panel_height + MARGIN)
        lines.append(f'<text class="head" x="{MARGIN}" y="{top + 15}">{escape(split)}: {facts.rows:,} rows</text>')
        for column, one in enumerate(found):
            box = _Box(MARGIN + column * (panel_width + GAP), top + HEAD, panel_width, panel_height)
            lines += _panel(one, split, facts.uniform_floor, box)
    return "\n".join([*lines, "</svg>", ""])


def _opening(manifest: Manifest, found: list[Distribution], height: float) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_px(height)}" width="{WIDTH}" '
        f'height="{_px(height)}" role="img" aria-labelledby="title desc">'
    )
    yield f'<title id="title">Distributions of {escape(visible(manifest.task))}</title>'
    yield f'<desc id="desc">{escape(" ".join(_sentences(manifest, found)))}</desc>'
    yield f"<style>{STYLE}</style>"
    yield f'<rect class="ground" width="{WIDTH}" height="{_px(height)}" rx="8"/>'


def _sentences(manifest: Manifest, found: list[Distribution]) -> Iterator[str]:
    """Says in words what is drawn."""
    for split, facts in manifest.splits.items():
        yield f"{split}: {facts.rows:,} rows."
        for one in found:
            values = ", ".join(f"{visible(bar.label)} {bar.percent}" for bar in one.splits[split])
            yield f"{one.title}: {values}."


def _panel(one: Distribution, split: str, uniform: float, box: _Box) -> Iterator[str]:
    yield f'<g><title>{escape(split)}: {one.title}</title><text x="{_px(box.x)}" y="{_px(box.y - 18)}">{one.title}'
    if one.name == "answers":
        yield f'<tspan class="soft" dx="6">dashed: uniform {escape(percent(uniform))}</tspan>'
    yield "</text>"
    bars, largest = one.splits[split], max(one.largest, uniform if one.name == "answers" else 0.0)
    yield from _columns(bars, largest, box) if one.name == "lengths" else _lines(bars, largest, box)
    if one.name == "answers":
        x = box.x + _label_width() + _length(uniform, largest, box)
        yield _stroke("uniform", (x, box.y - 4), (x, box.y + ROW * len(bars)))
    yield "</g>"


def _lines(bars: tuple[Bar, ...], largest: float, box: _Box) -> Iterator[str]:
    """Draws one horizontal bar per value."""
    left = box.x + _label_width()
    yield _stroke("line", (left, box.y), (left, box.y + ROW * len(bars)))
    for number, bar in enumerate(bars):
        y, length = box.y + ROW * number, _length(bar.share, largest, box)
        label = escape(cut(visible(bar.label), LABEL_CELLS))
        yield f'<text class="right" x="{_px(left - 6)}" y="{_px(y + 13)}">{label}</text>'
        yield _rect(left, y + 3, length, ROW - 6, bar)
        yield f'<text class="soft" x="{_px(left + length + 5)}" y="{_px(y + 13)}">{escape(bar.percent)}</text>'


def _columns(bars: tuple[Bar, ...], largest: float, box: _Box) -> Iterator[str]:
    """Draws one upright bar per length."""
    step, ground = box.width / len(bars), box.y + box.height - AXIS
    every = -(-len(bars) * _widest(bars) // box.width)  # labels that would touch each other are left out
    yield _stroke("line", (box.x, ground), (box.x + box.width, ground))
    for number, bar in enumerate(bars):
        x, height = box.x + step * number, (box.height - AXIS) * bar.share / largest
        yield _rect(x + 0.1 * step, ground - height, 0.8 * step, height, bar)
        if number % every == 0:
            yield f'<text class="middle" x="{_px(x + step / 2)}" y="{_px(ground + 14)}">{bar.label}</text>'
    tallest = max(bars, key=lambda bar: bar.share)
    x, y = box.x + step * (bars.index(tallest) + 0.5), ground - (box.height - AXIS) * tallest.share / largest - 4
    yield f'<text class="soft middle" x="{_px(x)}" y="{_px(y)}">{escape(tallest.percent)}</text>'


def _stroke(kind: str, start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line class="{kind}" x1="{_px(x1)}" y1="{_px(y1)}" x2="{_px(x2)}" y2="{_px(y2)}"/>'


def _rect(x: float, y: float, width: float, height: float, bar: Bar) -> str:
    shown = escape(f"{visible(bar.label)}: {bar.rows:,} rows, {bar.percent}")
    place = f'x="{_px(x)}" y="{_px(y)}" width="{_px(width)}" height="{_px(height)}"'
    return f'<rect class="bar" {place}><title>{shown}</title></rect>'


def _label_width() -> float:
    return LABEL_CELLS * CELL + 6


def _length(share: float, largest: float, box: _Box) -> float:
    return (box.width - _label_width() - VALUE) * share / largest


def _widest(bars: tuple[Bar, ...]) -> float:
    return 4 + CELL * max(len(bar.label) for bar in bars)


def _px(value: float) -> str:
    """Writes a length with one decimal: the same text on every machine."""
    return f"{value:.1f}".removesuffix(".0")
