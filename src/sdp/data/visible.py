"""Any text on one line: what cannot be seen, or would turn a line around, becomes a sign that can."""

import re
import unicodedata

from sdp.data.graphemes import graphemes

_SIGNS = {"\n": "⏎", "\r": "␍", "\t": "⇥", "\x7f": "␡", "\u0085": "⏎", "\u2028": "⏎", "\u2029": "⏎"}
# Controls (escape sequences of terminals begin with one), directional overrides (they turn the rest of the line
# around), halves of surrogate pairs and non-characters (XML refuses both). Joiners stay: they make one letter of two.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_FIRST_PICTURE, _N_PICTURES = 0x2400, 0x20


def visible(text: str) -> str:
    """Writes a text on one line: ⏎ for a line's end, ␛ and the like for controls, � for what has no sign."""
    return _HIDDEN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    number = ord(found[0])
    return _SIGNS.get(found[0]) or (chr(_FIRST_PICTURE + number) if number < _N_PICTURES else "\ufffd")


def cut(text: str, n_cells: int) -> str:
    """Shortens a text to `n_cells` columns of a fixed-width font; letters stay whole, … stands for the rest."""
    letters = graphemes(text)
    widths = [2 if unicodedata.east_asian_width(letter[0]) in "WF" else 1 for letter in letters]
    if sum(widths) <= n_cells:
        return text
    used, kept = 1, []
    for letter, width in zip(letters, widths, strict=True):
        used += width
        if used > n_cells:
            break
        kept.append(letter)
    return "".join(kept) + "…"
