"""Split purity: no word family in two splits, no held-out phrasing in training."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.rows import SPLITS
from sdp.contract.schema import HELD_OUT
from sdp.contract.validator import DataFacts, Validator
from sdp.data.splits import split_codes
from sdp.seeds import derive_each
from sdp.validators.dictionaries import Codes, PerDictionary, decompose

TRAIN = SPLITS.index("train")


class SplitPurity(Validator):
    """Rejects rows whose family hashes to another split, and training rows in a held-out phrasing.

    Imported data that keeps the splits of its files is judged as a whole: no family may be in train and elsewhere.
    """

    name = "split_purity"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._own = False
        self._families: dict[str, list[npt.NDArray[np.uint64]]] = {}

    def begin(self, facts: DataFacts) -> str | None:
        """Learns whose splits they are.

        Returns:
            A reason to do nothing where the user put all rows into one split.
        """
        splits = (facts.manifest.get("imported") or {}).get("splits", "hash")
        self._own = splits == "own"
        return f"all rows were put into {splits}" if splits in SPLITS else None

    def reasons(self, table: pa.Table) -> pa.Array:
        """Hashes each family again, once."""
        families, family_names = decompose(table["family"])
        belongs = _belongs(family_names)[families]  # a null family, −1, takes the last entry
        splits, split_names = decompose(table["split"])
        split = _numbers(split_names)[splits]
        moved = belongs != split
        if self._own:
            moved[:] = False
            self._remember(split, families, family_names)
        held_out = np.asarray(pc.struct_field(table["meta"].combine_chunks(), HELD_OUT).fill_null(False))  # noqa: FBT003  (pyarrow's signature)
        leaked = held_out & (split == TRAIN)
        if not moved.any() and not leaked.any():
            return pa.nulls(table.num_rows, pa.string())
        wrong = pa.array([f"the family belongs to {name}" for name in SPLITS]).take(pa.array(belongs))
        faults = pc.make_struct(pa.array(moved), pa.array(leaked))
        return pc.case_when(faults, wrong, "a held-out phrasing is in train")

    def finish(self) -> list[str]:
        """Looks, where the splits are the files' own, for families that are in train and in another one."""
        known = {split: np.unique(np.concatenate(parts)) for split, parts in self._families.items()}
        train = known.get("train", np.empty(0, dtype=np.uint64))
        shared = {split: len(np.intersect1d(train, found)) for split, found in known.items() if split != "train"}
        return [
            f"{split}: {n:,} of {len(known[split]):,} families are also in train" for split, n in shared.items() if n
        ]

    def _remember(self, split: Codes, families: Codes, names: pa.StringArray) -> None:
        hashes = np.array([*derive_each("family", names.fill_null("").to_pylist()), 0], dtype=np.uint64)
        for number in np.unique(split[split >= 0]):
            here = np.unique(hashes[families[split == number]])
            self._families.setdefault(SPLITS[int(number)], []).append(here)


def _numbers_of_families(values: pa.StringArray) -> Codes:
    return split_codes([*values.to_pylist(), ""]).astype(np.int32)


# Validators are made anew for every shard; the families stay the same as long as the process lives.
_belongs = PerDictionary(_numbers_of_families)


def _numbers(names: pa.StringArray) -> Codes:
    """Gives the place of each name in SPLITS, −1 for what is none."""
    known = {name: number for number, name in enumerate(SPLITS)}
    return np.array([*(known.get(name, -1) for name in names.to_pylist()), -1], dtype=np.int32)
