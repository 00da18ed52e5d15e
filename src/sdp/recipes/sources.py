"""``--data spelling=0.9 --replay 0.1``: from words on the command line to a mix whose shares sum to one."""

from collections.abc import Sequence

from sdp.errors import InputError
from sdp.recipes.schema import REPLAY, Source


def parse_source(text: str) -> tuple[str, float | None]:
    """Splits ``NAME_OR_PATH=share``; a text without a number after the last ``=`` is all name.

    Raises:
        InputError: The share is not above zero.
    """
    name, equals, share_text = text.rpartition("=")
    try:
        share = float(share_text) if equals else None
    except ValueError:
        share = None
    if share is None:
        return text, None
    return name, _checked(share, f"--data {text}")


def mix(sources: Sequence[tuple[str, float | None]], replay: float | None = None) -> list[Source]:
    """Works out the share of every source.

    Args:
        sources: Names, with a share or None. Where all are given they are weights; else what is left of 1 is shared out
            equally among those without.
        replay: Share of the source `replay`; the others get the rest in proportion.

    Returns:
        Sources whose shares sum to 1.

    Raises:
        InputError: A share that is not above zero, nothing left for a source without one, a source twice, or replay.
    """
    names = [name for name, _ in sources]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"'{twice}' is given twice", where="--data", hint="give it once, with a larger share")
    if REPLAY in names:
        raise InputError(f"'{REPLAY}' is no data set", where="--data", hint="mix it in with --replay 0.1")
    weights = _weights(sources)
    total = sum(weights)
    rest = 1.0
    if replay is not None:
        if _checked(replay, "--replay") >= 1:
            raise InputError("nothing is left to train on", where="--replay", hint="give a share below 1, such as 0.1")
        rest = 1.0 - replay
    mixed = [Source(source=name, share=rest * weight / total) for name, weight in zip(names, weights, strict=True)]
    return mixed if replay is None else [*mixed, Source(source=REPLAY, share=replay)]


def _weights(sources: Sequence[tuple[str, float | None]]) -> list[float]:
    given = sum(share for _, share in sources if share is not None)
    n_open = sum(share is None for _, share in sources)
    if not n_open:
        return [share for _, share in sources if share is not None]
    if given >= 1:
        open_name = next(name for name, share in sources if share is None)
        raise InputError(f"the other shares leave nothing for '{open_name}'", where="--data", hint="give all shares")
    return [(1 - given) / n_open if share is None else share for _, share in sources]


def _checked(share: float, where: str) -> float:
    if not 0 < share < float("inf"):
        raise InputError(f"the share {share:g} is not above zero", where=where, hint="such as 0.1")
    return share
