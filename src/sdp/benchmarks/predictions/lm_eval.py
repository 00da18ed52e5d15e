"""Sample logs of lm-evaluation-harness (``samples_*.jsonl``, read in version 0.4.13).

A task with several filters logs every sample once per filter: the same responses, filtered in another way.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sdp.benchmarks.predictions.source import Record, Source
from sdp.errors import InputError, near

RESPONSE, FILTERED, TARGET = "resps", "filtered_resps", "target"
_NAME = re.compile(r"samples_(.+)_\d{4}-\d\d-\d\dT")
_FIELDS = {"doc_id", "doc", TARGET, RESPONSE, FILTERED}


def or_lm_eval(source: Source, log_filter: str | None) -> Source:
    """Recognises a sample log by the fields of its first record.

    Args:
        source: A file of JSON Lines.
        log_filter: The filter whose responses are scored; None scores what the model wrote.

    Returns:
        One record per sample: the fields of its document, and `resps`, `filtered_resps` and `target` as texts; or
        `source`, if it is no sample log.

    Raises:
        InputError: No such filter; several responses a sample; or a task that asks for likelihoods and not for texts.
    """
    records = iter(source.records)
    first = next(records)
    notes = list(source.notes)
    again = chain([first], records)
    if not first[1].keys() >= _FIELDS:
        return Source(source.path, again, source.kind, notes=notes)
    folder, name = source.path.resolve().parent.name, _NAME.match(source.path.name)
    return Source(
        source.path,
        _samples(source, again, log_filter, notes),
        "lm-eval samples",
        prediction=RESPONSE if log_filter is None else FILTERED,
        reference=TARGET,
        label=folder.rpartition("__")[2] or None,
        task=name[1] if name else None,
        notes=notes,
    )


def _samples(source: Source, records: Iterator[Record], log_filter: str | None, notes: list[str]) -> Iterator[Record]:
    seen: dict[str, int] = {}
    for line, sample in records:
        lacking = sorted(_FIELDS - sample.keys())
        if lacking:
            raise InputError(f"the sample has no '{lacking[0]}'", where=f"{source.path}:{line}")
        name = str(sample.get("filter", "none"))
        seen[name] = seen.get(name, 0) + 1
        if name == (log_filter or next(iter(seen))):
            yield line, _flat(sample, f"{source.path}:{line}")
    if log_filter is not None and log_filter not in seen:
        hint = near(log_filter, seen).replace("choices are", "filters are")
        raise InputError(f"the log has no filter '{log_filter}'", where=str(source.path), hint=hint)
    if log_filter is None and len(seen) > 1:
        notes.append(f"scored is what the model wrote; --filter takes what a filter left ({', '.join(seen)})")


def _flat(sample: Mapping[str, Any], where: str) -> dict[str, Any]:
    doc = sample["doc"] if isinstance(sample["doc"], dict) else {}
    return {
        **doc,
        "doc_id": sample["doc_id"],
        RESPONSE: _only(_only(sample[RESPONSE], where), where),
        FILTERED: _only(sample[FILTERED], where),
        TARGET: sample[TARGET],
    }


def _only(values: Any, where: str) -> Any:
    """Gives the one response of a sample."""
    if not isinstance(values, list) or len(values) != 1:
        n = len(values) if isinstance(values, list) else 0
        raise InputError(
            f"the sample has {n} responses, not one", where=where,
            hint="score tasks of output_type generate_until, with repeats: 1",
        )  # fmt: skip
    value = values[0]
    if isinstance(value, list) and len(value) > 1:
        raise InputError(
            f"the sample has {len(value)} values where one text is expected", where=where,
            hint="score tasks of output_type generate_until, with repeats: 1; likelihoods cannot be scored again",
        )  # fmt: skip
    return value
