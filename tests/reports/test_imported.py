"""What is printed after an import."""

from sdp.data.manifest import ImportedFile, ImportStep
from sdp.reports.imported import MOST_REASONS, imported_text, preview_text
from sdp.workflows.import_data import ImportPreview, ImportResult

FILE = ImportedFile(name="a.jsonl", format="jsonl", shape="pair", mapping={"prompt": "q", "answer": "a"}, sha256="0")


def result(**changes):
    steps = [
        ImportStep(step="convert", n_in=3, n_out=2, reasons={"no answer": 1}),
        ImportStep(step="normalise", n_in=2, n_out=2, n_changed=1),
        ImportStep(step="augment", n_in=2, n_out=1, added={"case": 1}, reasons={"case: no other form": 1}),
    ]
    values = {
        "folder": "data/odd",
        "task": "odd",
        "rows": {"train": 3},
        "files": [FILE],
        "steps": steps,
        "n_rejects": 1,
        "made": True,
        "fingerprint": "f",
        "floors": {"train": 0.5},
        "example": {"prompt": "a\nb", "completion": "c"},
        "notes": ("mind this",),
    }
    return ImportResult(**(values | changes))


def test_everything_that_happened():
    assert imported_text(result()).splitlines() == [
        "a.jsonl: jsonl, shape pair",
        "  prompt ← q",
        "  answer ← a",
        "convert: 3 records in, 2 rows out",
        "  1 × no answer",
        "normalise: 2 in, 2 out, 1 changed",
        "augment: 2 in, 1 out",
        "  + 1 by case",
        "  1 × case: no other form",
        "note: mind this",
        "wrote 3 rows of odd in data/odd (3 train)",
        "floor, always guessing the commonest answer: 50.0% train",
        "left out: 1; rejects.parquet says which and why, with file and line",
        "example: a ⏎ b → 'c'",
    ]


def test_many_reasons_are_not_all_listed():
    many = ImportStep(step="filter", n_in=99, n_out=0, reasons={f"reason {n:02}": 1 for n in range(MOST_REASONS + 5)})
    lines = imported_text(result(steps=[many], n_rejects=0, notes=(), made=False)).splitlines()
    assert lines[3 + MOST_REASONS + 1] == "  5 × 5 other reasons"
    assert lines[-3].startswith("verified 3 rows")


def test_a_preview():
    row = {"prompt": "q" * 300, "answer": "a", "completion": "w\na", "key": "k"}
    assert preview_text(ImportPreview([FILE], "hash", [row], ("a note",))).splitlines()[3:] == [
        "splits: hash",
        "note: a note",
        "",
        f"prompt: {'q' * 200}…",
        "answer: a",
        "trained: w ⏎ a",
        "key: k",
        "",
        "nothing was written",
    ]
