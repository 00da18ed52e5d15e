"""One HTML file about data sets: what every check said, and how rows, answers, lengths, phrasings are distributed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdp import __version__
from sdp.data.atomic import write_text
from sdp.reports.data_figures import make_data_figures
from sdp.reports.numerals import count, percent
from sdp.reports.one_file import render_page
from sdp.reports.view import flattened

REASONS = 20
"""Reasons of rejected rows listed; an oracle gives as many as there are answers."""


def write_data_report(pages: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Writes the report, whole or not at all.

    Args:
        pages: One per data set: a `FolderVerdict` as a dictionary, `ok`, and the tallies of its rows.
        path: Where the file goes.

    Raises:
        ResourceError: The place is not writable, or the disk is full.
    """
    write_text(path, render_data_report(pages))


def render_data_report(pages: Sequence[Mapping[str, Any]]) -> str:
    """Makes the report's text."""
    shown = [_page(page, number) for number, page in enumerate(pages)]
    payload = {"figures": [figure for page in shown for figure in page["figures"]]}
    context = {
        "pages": shown,
        "ok": all(page["ok"] for page in pages),
        "version": __version__,
        "payload": payload,
    }
    return render_page("data_page", css=("page/page.css", "data_page/page.css"), context=context)


def _page(page: Mapping[str, Any], number: int) -> dict[str, Any]:
    figures = [{**figure, "name": f"{number}-{figure['name']}"} for figure in make_data_figures(page)]
    rejects = sorted(page["rejects"].items(), key=lambda pair: -pair[1])
    return {
        "anchor": f"data-{number}",
        "folder": str(page["folder"]),
        "task": page["task"],
        "ok": page["ok"],
        "rows": count(page["n_rows"]),
        "checks": [_check(page, name) for name in page["checks"]],
        "skipped": page["skipped"],
        "splits": [_split(name, facts) for name, facts in page["splits"].items()],
        "figures": figures,
        "rejects": [(reason, count(n)) for reason, n in rejects[:REASONS]],
        "more_rejects": count(len(rejects) - REASONS) if len(rejects) > REASONS else "",
        "reject_examples": page["reject_examples"],
        "settings": flattened(page["made_from"]),
    }


def _check(page: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Gathers what one check said: faults of rows, faults of the whole, and what else it measured."""
    head = f"{name}: "
    rows = [
        f"{count(n)} row{'s' * (n != 1)}: {reason.removeprefix(head)} (such as {page['examples'][reason]})"
        for reason, n in page["rejected"].items()
        if reason.startswith(head)
    ]
    faults = rows + [problem.removeprefix(head) for problem in page["problems"] if problem.startswith(head)]
    return {"name": name, "faults": faults, "notes": page["notes"].get(name, [])}


def _split(name: str, facts: Mapping[str, Any]) -> dict[str, str]:
    capacity = facts["capacity"]
    return {
        "name": name,
        "rows": count(facts["rows"]),
        "words": count(facts["keys"]),
        "families": count(facts["families"]),
        "capacity": "open" if capacity is None else count(capacity),
        "floor": f"{percent(facts['floor'])}",
        "floor_answer": facts["floor_answer"],
    }
