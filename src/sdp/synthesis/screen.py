"""Sorting finished rows into accepted and rejected ones, each with its reason."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.validator import Validator
from sdp.errors import PluginError
from sdp.plugins.manager import load
from sdp.synthesis.blame import blame


def make_validators(generator: Generator, *, whole: bool = False) -> list[Validator]:
    """Makes one of each validator there is, for one pass over a data set.

    Args:
        generator: The task.
        whole: Also those that judge a data set as a whole.
    """
    kinds = sorted(load().validators.items(), key=lambda pair: pair[0] != "schema")
    return [kind(generator) for _, kind in kinds if whole or kind.scope == "rows"]


def reasons_of(table: pa.Table, validators: list[Validator]) -> pa.Array:
    """Asks every validator about every row.

    Returns:
        Per row the first reason to reject it, as ``"validator: reason"``, or null.

    Raises:
        PluginError: A validator did not give one reason or null per row.
    """
    first = pa.nulls(table.num_rows, pa.string())
    for validator in validators:
        with blame(f"validator '{validator.name}'", validator, validator.generator):
            reasons = validator.reasons(table)
        if len(reasons) != table.num_rows:
            raise PluginError(f"validator '{validator.name}' judged {len(reasons)} rows of {table.num_rows}")
        if reasons.null_count == len(reasons):
            continue
        if isinstance(reasons, pa.ChunkedArray):
            reasons = reasons.combine_chunks()
        named = pc.binary_join_element_wise(f"{validator.name}: ", reasons.cast(pa.string()), "")
        first = pc.coalesce(first, named)
    return first
