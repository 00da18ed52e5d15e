"""One HTML file that holds a whole bench: scores, plots, what flipped, settings. It needs no network, ever.

Whatever a model wrote is untrusted: the page's script puts it on screen as text only; see `one_file` for the rest.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdp import __version__
from sdp.data.atomic import write_text
from sdp.reports.figures import make_figures
from sdp.reports.flips import find_flips
from sdp.reports.numerals import count, decimal
from sdp.reports.one_file import render_page
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
    return render_page("page", css=("page/page.css",), context=_context(result, rows))


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
