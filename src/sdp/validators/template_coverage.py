"""Template coverage: every phrasing that a data set says it has is there, and only where it may be."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from sdp.contract.generator import Generator, ItemGenerator
from sdp.contract.validator import DataFacts, Validator
from sdp.templates.phrasing import SURFACES
from sdp.templates.sandbox import parse
from sdp.validators.tally import Tally, total

EXPECTED = 20
"""Rows that a phrasing should have before its absence means anything: by chance alone e⁻²⁰."""


class TemplateCoverage(Validator):
    """Complains when a phrasing of the manifest is missing, is in train though held out, or is not in the manifest."""

    name = "template_coverage"
    scope = "set"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._seen = Tally("template")
        self._manifest: Mapping[str, Any] = {}
        self._notes: list[str] = []

    def begin(self, facts: DataFacts) -> str | None:
        """Learns the phrasings.

        Returns:
            A reason to do nothing where the manifest names none.
        """
        self._manifest = facts.manifest
        return None if facts.manifest.get("phrasings") else "the manifest names no phrasings"

    def reasons(self, table: pa.Table) -> pa.Array:
        """Counts phrasings; no single row is at fault."""
        self._seen.add(table)
        return pa.nulls(table.num_rows, pa.string())

    def finish(self) -> list[str]:
        """Compares what was seen with what the manifest names."""
        phrasings = self._manifest["phrasings"]
        named = {phrasing["hash"]: phrasing for phrasing in phrasings}
        problems = []
        self._notes = []
        for split in self._seen.splits:
            counts = self._seen.counts(split)
            rows = dict(zip(counts["value"].to_pylist(), counts["n"].to_pylist(), strict=True))
            problems += [
                f"{split}: {rows[template]:,} rows have the phrasing {template}, which the manifest does not name"
                for template in sorted(set(rows) - set(named))
            ]
            leaked = [p for p in phrasings if split == "train" and p["held_out"] and p["hash"] in rows]
            problems += [f"train: the held-out phrasing at {p['where']} is in {rows[p['hash']]:,} rows" for p in leaked]
            expected = self._expected(split, total(counts))
            missing = [named[template] for template in expected if template not in rows]
            few = [phrasing for phrasing in missing if expected[phrasing["hash"]] < EXPECTED]
            problems += [
                f"{split}: the phrasing at {p['where']} is missing, about {expected[p['hash']]:,.0f} rows were expected"
                for p in missing
                if p not in few
            ]
            self._notes.append(f"{split}: {len(expected) - len(missing)} of {len(expected)} phrasings occur")
            if few:
                self._notes.append(f"{split}: too few rows to expect {len(few)} of the missing phrasings")
        return problems

    def notes(self) -> list[str]:
        """Gives the phrasings that occur in each split."""
        return self._notes

    def _expected(self, split: str, n_rows: int) -> dict[str, float]:
        """Says how many rows each phrasing should have: strata share the rows, phrasings of a stratum its share."""
        style = self._manifest.get("settings", {}).get("style", "direct")
        allowed = [
            phrasing
            for phrasing in self._manifest["phrasings"]
            if not (split == "train" and phrasing["held_out"])
            and (style == "trace" or phrasing.get("family") != "trace")
        ]
        expected: dict[str, float] = {}
        for determining, rows in self._strata(split, n_rows):
            fitting = [one["hash"] for one in allowed if determining is None or _applies(one, determining)]
            for template in fitting:
                expected[template] = expected.get(template, 0.0) + rows / len(fitting)
        return expected

    def _strata(self, split: str, n_rows: int) -> list[tuple[frozenset[str] | None, float]]:
        """Lists the fields and rows of each stratum; an open task has one, and every phrasing fits it."""
        generator = self.generator
        if not isinstance(generator, ItemGenerator):
            return [(None, float(n_rows))]
        told = self._manifest["splits"].get(split, {}).get("strata") or dict.fromkeys(generator.strata, 1)
        known = [(number, told[name]) for number, name in enumerate(generator.strata) if told.get(name)]
        whole = sum(rows for _, rows in known) or 1
        return [(generator.fields(number), n_rows * rows / whole) for number, rows in known]


def _applies(phrasing: Mapping[str, Any], determining: frozenset[str]) -> bool:
    fields = frozenset(parse(phrasing["text"], phrasing["where"]).fields)
    return determining <= fields and fields - determining <= set(SURFACES)
