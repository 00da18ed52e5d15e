"""Formats with one mistake each, and a sound one."""

import json
import time
from pathlib import Path

from sdp.api import Exporter


class Lines(Exporter):
    """Writes one JSON list of prompt and answer per line."""

    name = "lines"

    def write(self, splits, schema, folder):
        files = []
        for split, batches in splits.items():
            path = folder / f"{split}.txt"
            with path.open("w", encoding="utf-8") as handle:
                for batch in batches:
                    handle.writelines(self.line(row) for row in batch.to_pylist())
            files.append(path)
        return files

    def line(self, row):
        return json.dumps([row["prompt"], row["answer"]], ensure_ascii=False) + "\n"


def read_lines(folder):
    """What `Lines` wrote."""
    texts = [line for path in sorted(folder.glob("*.txt")) for line in path.read_text("utf-8").split("\n") if line]
    return [dict(zip(("prompt", "answer"), json.loads(line), strict=True)) for line in texts]


class Hoarder(Lines):
    """Reads everything before it writes anything."""

    name = "hoarder"

    def write(self, splits, schema, folder):
        return super().write({split: list(batches) for split, batches in splits.items()}, schema, folder)


class Forgetful(Lines):
    """Leaves out the last batch of each split."""

    name = "forgetful"

    def write(self, splits, schema, folder):
        return super().write({split: list(batches)[:-1] for split, batches in splits.items()}, schema, folder)


class FirstOnly(Lines):
    """Stops after the first batch."""

    name = "first_only"

    def write(self, splits, schema, folder):
        def first(batches):
            for batch in batches:
                yield batch
                return

        return super().write({split: first(batches) for split, batches in splits.items()}, schema, folder)


class Ascii(Lines):
    """Loses all letters that are not ASCII."""

    name = "ascii"

    def line(self, row):
        return super().line(row).encode("ascii", "ignore").decode()


class Secretive(Lines):
    """Writes a file that it does not list."""

    name = "secretive"

    def write(self, splits, schema, folder):
        (folder / "notes.md").write_text("written by secretive")
        return super().write(splits, schema, folder)


class Promising(Lines):
    """Lists a file that it does not write."""

    name = "promising"

    def write(self, splits, schema, folder):
        return [*super().write(splits, schema, folder), folder / "README.md"]


class Straying(Lines):
    """Writes into the working folder."""

    name = "straying"

    def write(self, splits, schema, folder):
        Path("last_export.txt").write_text(str(folder))
        return super().write(splits, schema, folder)


class Dated(Lines):
    """Writes the time into every file."""

    name = "dated"

    def line(self, row):
        return f"{time.perf_counter_ns()} {super().line(row)}"


class Unsplit(Lines):
    """Takes the columns of a first row that may not be there."""

    name = "unsplit"

    def write(self, splits, schema, folder):
        checked = {split: list(batches) for split, batches in splits.items()}
        for batches in checked.values():
            _ = batches[0].to_pylist()[0]
        return super().write(checked, schema, folder)
