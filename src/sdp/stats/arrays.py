"""Checked input: what comes in as any array leaves as float64 without a gap, or as an error that names the row."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from sdp.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]
Clusters: TypeAlias = Iterable[Hashable] | npt.NDArray[Any] | None


def as_values(values: npt.ArrayLike, name: str) -> Floats:
    """Checks one score per row.

    Args:
        values: Numbers or booleans.
        name: What to call them in an error.

    Returns:
        The scores, at least one, all finite.  # (n_rows,)

    Raises:
        InputError: No rows, not one number per row, or a NaN or infinity, with its row.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be numbers", hint="give one number per row") from error
    if array.ndim != 1:
        raise InputError(f"{name} must have one dimension, not {array.ndim}", hint="give one number per row")
    if array.size == 0:
        raise InputError(f"{name} has no rows", hint="check the filter before this step")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        row = int(bad[0])
        raise InputError(f"{name} holds {array[row]} in {bad.size} of {array.size} rows", where=_row(row))
    return array


def as_binary(values: npt.ArrayLike, name: str) -> Floats:
    """Checks one right-or-wrong per row; like `as_values`, and every value is 0 or 1."""
    array = as_values(values, name)
    bad = np.flatnonzero((array != 0) & (array != 1))
    if bad.size:
        row = int(bad[0])
        hint = "for scores between 0 and 1 use compare_scores"
        raise InputError(f"{name} must be 0 or 1, not {array[row]}", where=_row(row), hint=hint)
    return array


def as_unit(values: npt.ArrayLike, name: str) -> Floats:
    """Checks one share per row; like `as_values`, and every value lies in 0..1."""
    array = as_values(values, name)
    bad = np.flatnonzero((array < 0) | (array > 1))
    if bad.size:
        row = int(bad[0])
        raise InputError(f"{name} must lie between 0 and 1, not {array[row]}", where=_row(row))
    return array


def check_pairs(before: Floats, after: Floats) -> None:
    """Refuses arms of different length.

    Raises:
        InputError: The two arrays cannot be paired by row.
    """
    if before.size != after.size:
        what = f"{before.size} rows before cannot be paired with {after.size} rows after"
        raise InputError(what, hint="join the rows by id first, and count what is left over")


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which row belongs to which cluster."""

    codes: npt.NDArray[np.intp]  # (n_rows,)
    sizes: Floats  # (n_clusters,)

    @classmethod
    def of(cls, clusters: Clusters, n_rows: int) -> Self:
        """Numbers the clusters in the order of their first row.

        Args:
            clusters: One label per row; None makes every row a cluster of its own.
            n_rows: How many there must be.

        Raises:
            InputError: Another number of labels, or a label that is missing, with its row.
        """
        if clusters is None:
            return cls(np.arange(n_rows, dtype=np.intp), np.ones(n_rows))
        labels = clusters.tolist() if isinstance(clusters, np.ndarray) else list(clusters)
        if len(labels) != n_rows:
            raise InputError(f"{len(labels)} cluster labels for {n_rows} rows", hint="give one key per row")
        numbers: dict[Hashable, int] = {}
        codes = np.empty(n_rows, dtype=np.intp)
        for row, label in enumerate(labels):
            if label is None or label != label:  # noqa: PLR0124  (only NaN differs from itself)
                raise InputError("a cluster label is missing", where=_row(row))
            codes[row] = numbers.setdefault(label, len(numbers))
        return cls(codes, np.bincount(codes).astype(np.float64))

    @property
    def n(self) -> int:
        """How many clusters there are."""
        return int(self.sizes.size)

    def totals(self, values: Floats) -> Floats:
        """Sums the values of each cluster."""  # (n_clusters,)
        return np.bincount(self.codes, weights=values, minlength=self.n).astype(np.float64, copy=False)


def _row(row: int) -> str:
    return f"row {row} (the first row is 0)"
