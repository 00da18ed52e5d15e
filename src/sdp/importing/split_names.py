"""How other people call train, validation and test."""

import re

_NAMES = {
    "train": "train", "training": "train", "trn": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test", "tst": "test", "eval": "test", "evals": "test", "evaluation": "test",
    "heldout": "test", "holdout": "test",
}  # fmt: skip
_WORD = re.compile(r"(?:held|hold)[ _-]out|[a-z]+")


def split_in(name: str) -> str | None:
    """Finds the one split that a name says: ``dev``, ``train_sft``, ``gsm8k-test.jsonl``; None for none or several."""
    words = (re.sub(r"[ _-]", "", word) for word in _WORD.findall(name.lower()))
    found = {_NAMES[word] for word in words if word in _NAMES}
    return found.pop() if len(found) == 1 else None
