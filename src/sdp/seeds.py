"""Random numbers from names: the same parts give the same stream, in any process and order.

Neighbouring seeds share nothing: every part goes through BLAKE2b. (``Random(seed + index)``, which other tools use,
makes data set 43 a shifted copy of data set 42.)
"""

from collections.abc import Iterable
from hashlib import blake2b
from random import Random
from struct import unpack


def derive(*parts: int | str) -> int:
    """Hashes the parts to a seed.

    Args:
        *parts: Integers and strings. ``1`` and ``"1"`` differ, and so do ``("ab", "c")`` and ``("a", "bc")``.

    Returns:
        An unsigned 64-bit integer.
    """
    data = bytearray()
    for part in parts:
        raw = (f"i{part}" if isinstance(part, int) else f"s{part}").encode()
        data += len(raw).to_bytes(8, "little") + raw
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def derive_each(name: str, texts: Iterable[str]) -> list[int]:
    """Hashes many texts under one name: ``derive(name, text)`` for each, in half the time."""
    first = f"s{name}".encode()
    head = len(first).to_bytes(8, "little") + first
    raws = [f"s{text}".encode() for text in texts]
    digests = [blake2b(head + len(raw).to_bytes(8, "little") + raw, digest_size=8).digest() for raw in raws]
    return [*unpack(f"<{len(digests)}Q", b"".join(digests))]


def stream(*parts: int | str) -> Random:
    """Makes a generator of random numbers of its own for these parts."""
    return Random(derive(*parts))  # noqa: S311  (sampling, not secrets)
