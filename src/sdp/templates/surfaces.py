"""Surfaces as digits: each number stands for one choice of name, place and sentence."""

from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.errors import InputError, TemplateError
from sdp.templates.phrasing import SURFACES, Phrasing
from sdp.templates.pools import pool


@dataclass(frozen=True, slots=True)
class Surfaces:
    """The pools a phrasing draws from, and how many choices they make together."""

    pools: tuple[tuple[str, pa.StringArray], ...]
    """Name and values, lowest digit first."""

    @property
    def count(self) -> int:
        """Number of choices; 1 where the phrasing uses no surface."""
        return prod(len(values) for _, values in self.pools)

    def decode(self, index: npt.NDArray[np.int64] | npt.NDArray[np.uint64]) -> dict[str, pa.StringArray]:
        """Looks up what each number stands for.

        Args:
            index: Numbers from 0 to ``count - 1``, (n,).

        Returns:
            A column of n values per surface that the phrasing uses.

        Raises:
            InputError: A number is out of range.
        """
        if len(index) and (int(index.min()) < 0 or int(index.max()) >= self.count):
            raise InputError(f"a surface number is not in 0 … {self.count - 1}")
        rest = index.astype(np.uint64)
        columns: dict[str, pa.StringArray] = {}
        for name, values in self.pools:
            size = np.uint64(len(values))
            columns[name] = values.take(pa.array(rest % size))
            rest = rest // size
        return columns


def surfaces(phrasing: Phrasing) -> Surfaces:
    """Finds the pools that a phrasing uses.

    Args:
        phrasing: From `load_phrasings`.

    Returns:
        Its pools, in the order of `SURFACES`.

    Raises:
        TemplateError: There is no such pool in the phrasing's language.
    """
    try:
        return Surfaces(tuple((name, pool(phrasing.language, name)) for name in SURFACES if name in phrasing.fields))
    except TemplateError as e:
        raise TemplateError(e.what, where=phrasing.where, hint=e.hint) from e
