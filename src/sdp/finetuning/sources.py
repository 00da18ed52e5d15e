"""From what ``--data`` names to rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.data.dataset import TaskFolder, data_folders
from sdp.data.manifest import NAME
from sdp.errors import InputError, near
from sdp.finetuning.mix import Part
from sdp.recipes.schema import AnswerStyle


class Texts(NamedTuple):
    """What is tokenised, (n_rows,) each."""

    prompts: list[str]
    texts: list[str]
    ids: npt.NDArray[np.uint64]


def newest_data(root: Path) -> TaskFolder:
    """Gives the newest complete data set with train rows.

    Args:
        root: Holds one folder per task.

    Raises:
        InputError: There is none.
    """
    for folder in data_folders(root):
        if folder.n_rows("train"):
            return folder
    raise InputError(
        f"there is no data in '{root}'", where=str(root), hint="make some: sdp generate spelling --n 50000"
    )


def open_source(name: str, root: Path) -> TaskFolder:
    """Opens a data set and makes sure that nothing in it was changed.

    Args:
        name: A folder, or the name of a task below `root`.
        root: Holds one folder per task.

    Raises:
        InputError: No such data set, a changed shard, or no train rows.
    """
    candidates = [path for path in (Path(name), root / name) if path.is_dir()]
    if not candidates:
        there = [path.parent.name for path in root.glob(f"*/{NAME}")]
        raise InputError(
            f"there is no data set '{name}'",
            where="--data",
            hint=near(name, there) if there else f"make it: sdp generate {name} --n 50000",
        )
    path = next((path for path in candidates if (path / NAME).is_file()), candidates[0])
    folder = TaskFolder.open(path)
    folder.check_hashes()
    if not folder.n_rows("train"):
        raise InputError(f"'{path}' has no train rows", where=str(path), hint="generate with a train share above zero")
    return folder


def trains_traces(folder: TaskFolder) -> bool:
    """Tells whether a data set was made with worked letters before the answers."""
    return folder.manifest.settings.get("style") == "trace"


def read_part(folder: TaskFolder, share: float, split: str, style: AnswerStyle) -> Part:
    """Reads a split.

    Args:
        folder: The data set.
        share: Of the examples.
        split: Which.
        style: ``direct`` trains the bare answer; otherwise what the data set holds is trained.
    """
    return Part(
        folder.task, share, as_text(folder.table(split, ["id", "prompt", "answer", "completion", "family"]), style)
    )


def as_text(rows: pa.Table, style: AnswerStyle) -> pa.Table:
    """Chooses what is trained: `id`, `prompt`, `text` and `family` of rows in the row schema."""
    column = "answer" if style == "direct" else "completion"
    return rows.select(["id", "prompt", column, "family"]).rename_columns(["id", "prompt", "text", "family"])


def joined(tables: Sequence[pa.Table]) -> Texts:
    """Gives the prompts, the trained texts and the ids of tables, one after the other."""
    table = pa.concat_tables(tables)
    prompts, texts = ([str(text) for text in table[name].to_pylist()] for name in ("prompt", "text"))
    return Texts(prompts, texts, table["id"].to_numpy().astype(np.uint64))
