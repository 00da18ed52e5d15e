"""A page that is one file: its scripts and styles are in it, and its policy lets it ask nobody for anything.

Text that came from outside is untrusted: Jinja escapes it in HTML, `tojson` escapes it inside a JSON block, and the
content security policy allows no request, and no script but the page's own, by hash.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any


def render_page(folder: str, *, css: Sequence[str], context: Mapping[str, Any]) -> str:
    """Fills a page in.

    Args:
        folder: Below this package; holds ``page.html.jinja`` and ``page.js``.
        css: Style sheets, as folder and file.
        context: What the template shows, besides `policy`, `css` and `scripts`.

    Returns:
        The HTML, about 5 MB, nearly all of which is Plotly.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = Environment(
        loader=PackageLoader("sdp.reports", folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    scripts = [as_parsed(get_plotlyjs()), as_parsed(asset(f"{folder}/page.js"))]
    return environment.get_template("page.html.jinja").render(
        **context,
        policy=policy(scripts),
        css=Markup("\n".join(map(asset, css))),  # noqa: S704  (our own files)
        scripts=[Markup(script) for script in scripts],  # noqa: S704  (Plotly's file and our own)
    )


def asset(name: str) -> str:
    """Reads a file that is packaged beside this one."""
    return files("sdp.reports").joinpath(name).read_text(encoding="utf-8")


def as_parsed(script: str) -> str:
    """Gives the text that a browser sees between the tags: parsing HTML turns carriage returns into line feeds."""
    return script.replace("\r\n", "\n").replace("\r", "\n")


def policy(scripts: Sequence[str]) -> str:
    """Allows these scripts, styles of the page itself, pictures made on the page, and nothing from anywhere else."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:"
