"""One HTML file that holds a whole bench: scores, plots, what flipped, settings. It needs no network, ever.

Whatever a model wrote is untrusted: Jinja escapes it in HTML, `tojson` escapes it inside the JSON block, the page's
script puts it on screen as text only, and the content security policy allows no request and no script but the two by
hash.
"""

from base64 import b64encode
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdp import __version__
from sdp.data.atomic import write_text
from sdp.reports.figures import make_figures
from sdp.reports.flips import find_flips
from sdp.reports.numerals import count, decimal
from sdp.reports.view import comparison_groups, examples, flattened, score_heads, score_rows


def write_report(result: dict[str, Any], rows: pa.Table, path: Path) -> None:
    """Writes the report, whole or not at all.

    Args:
        result: A `BenchResult` as a dictionary (`dataclasses.asdict`).
        rows: Its rows table.
        path: Where the file goes.

    Raises:
        ResourceError: The place is not writable, or the disk is full.
    """
    write_text(path, render_report(result, rows))


def render_report(result: dict[str, Any], rows: pa.Table) -> str:
    """Makes the report's text.

    Args:
        result: A `BenchResult` as a dictionary.
        rows: Its rows table.

    Returns:
        The HTML, about 5 MB, nearly all of which is Plotly.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = Environment(
        loader=PackageLoader("sdp.reports", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    scripts = [_as_parsed(get_plotlyjs()), _as_parsed(_asset("page.js"))]
    return environment.get_template("page.html.jinja").render(
        **_context(result, rows),
        policy=_policy(scripts),
        css=Markup(_asset("page.css")),  # noqa: S704  (our own file)
        scripts=[Markup(script) for script in scripts],  # noqa: S704  (Plotly's file and our own)
    )


def _context(result: dict[str, Any], rows: pa.Table) -> dict[str, Any]:
    figures = make_figures(result, rows)
    pairs = dict.fromkeys((row["label"], row["against"]) for row in result["comparisons"])
    flips = [asdict(group) for label, against in pairs for group in find_flips(rows, label, against)]
    return {
        "result": result,
        "version": __version__,
        "groups": comparison_groups(result["comparisons"]),
        "score_heads": score_heads(),
        "score_rows": score_rows(result["models"]),
        "figures": figures,
        "flips": flips,
        "examples": examples(result, rows),
        "settings": flattened(result["settings"]),
        "data": [flattened(entry) for entry in result["data"]],
        "models": [_model(model) for model in result["models"]],
        "payload": {"figures": [asdict(figure) for figure in figures], "flips": flips},
    }


def _model(model: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": model["label"],
        "model": model["model"],
        "adapter": model["adapter"] or "none",
        "rows": count(model["n_rows"]),
        "prompt_tokens": count(model["n_prompt_tokens"]),
        "generated_tokens": count(model["n_generated_tokens"]),
        "seconds": decimal(model["seconds"], 1),
    }


def _asset(name: str) -> str:
    return (files("sdp.reports") / "page" / name).read_text(encoding="utf-8")


def _as_parsed(script: str) -> str:
    """Gives the text that a browser sees between the tags: parsing HTML turns carriage returns into line feeds."""
    return script.replace("\r\n", "\n").replace("\r", "\n")


def _policy(scripts: list[str]) -> str:
    """Allows these scripts, styles of the page itself, pictures made on the page, and nothing from anywhere else."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:"
