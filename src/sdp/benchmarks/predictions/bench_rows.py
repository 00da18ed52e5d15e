"""The rows of a bench, or of an earlier scoring: what models said, with ids and likelihoods."""

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdp.benchmarks.columns import texts
from sdp.benchmarks.predictions.parquet import column_names
from sdp.benchmarks.predictions.recorded import Recorded
from sdp.benchmarks.result import ASKED, LIKELIHOODS, ROWS_SCHEMA
from sdp.benchmarks.store import ROWS
from sdp.contract.rows import id_to_text
from sdp.errors import InputError, near

MARK: Final = "#"
"""``FOLDER#LABEL`` names one model of a bench."""


def bench_file(path: Path) -> Path | None:
    """Finds the rows of a bench: in its folder, or as a file of that shape; None if it is something else."""
    if path.is_dir():
        return path / ROWS if (path / ROWS).is_file() else None
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return None
    return path if set(ROWS_SCHEMA.names) <= set(column_names(path)) else None


def read_bench(path: Path, label: str | None = None) -> list[Recorded]:
    """Reads what the models of a bench said.

    Args:
        path: A file that `bench_file` found.
        label: One of the models; None takes all of them.

    Raises:
        InputError: It cannot be read, or has no such model.
    """
    rows = _rows(path)
    labels = [str(each) for each in pc.unique(rows["label"]).to_pylist()]
    if label is not None and label not in labels:
        hint = near(label, labels).replace("choices are", "models are")
        raise InputError(f"no model '{label}' was benched", where=str(path), hint=hint)
    return [_of_model(path, each, rows) for each in labels if label in (None, each)]


def asked_in_bench(path: Path) -> pa.Table:
    """Gives the questions of a bench, each once, in the schema `ASKED`.

    Raises:
        InputError: It cannot be read.
    """
    rows = _rows(path)
    ids = np.asarray(rows["id"], dtype=np.uint64)
    first = np.sort(np.unique(ids, return_index=True)[1])  # an id is a hash of task and question
    return rows.take(pa.array(first)).select(ASKED.names).cast(ASKED)


def _rows(path: Path) -> pa.Table:
    try:
        rows = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"'{path.name}' cannot be read: {error}", where=str(path)) from error
    lacking = sorted(set(ROWS_SCHEMA.names) - set(rows.schema.names))
    if lacking:
        raise InputError(f"'{path.name}' has no column '{lacking[0]}'", where=str(path), hint="bench again")
    if rows.num_rows == 0:
        raise InputError(f"'{path.name}' has no rows", where=str(path))
    return rows


def _of_model(path: Path, label: str, rows: pa.Table) -> Recorded:
    mine = rows.filter(pc.equal(rows["label"], pa.scalar(label)))
    numbers = np.asarray(mine["id"], dtype=np.uint64)
    likelihoods = mine.select(LIKELIHOODS.names).cast(LIKELIHOODS)
    return Recorded(
        label=label,
        path=path,
        kind="rows of a bench",
        outputs=texts(mine, "output"),
        lines=range(1, mine.num_rows + 1),
        names=[id_to_text(number) for number in numbers.tolist()],
        numbers=numbers,
        references=texts(mine, "answer"),
        likelihoods=None if likelihoods["nll"].null_count else likelihoods,
        fields={"prediction": "output", "id": "id"},
        is_ours=True,
    )
