"""Two made-up data sets as a validation report gets them: a good one, and one with everything wrong and nasty texts."""

from typing import Any

NASTY = "<img src=x onerror=\"document.title='broken in'\"></script><script>document.title='broken in'</script>"


def _split(rows: int, floor: float, strata: dict[str, int]) -> dict[str, Any]:
    return {
        "rows": rows, "keys": rows // 2, "families": rows // 3, "capacity": None if not strata else 10 * rows,
        "floor_answer": "1", "floor": floor, "strata": strata,
    }  # fmt: skip


def page(*, nasty: bool = False) -> dict[str, Any]:
    """One data set."""
    extra = NASTY if nasty else "spelt"
    phrasings = [
        {"hash": f"{number:016x}", "text": f"How often, {extra}? {number}", "where": f"direct.jinja:{number}",
         "held_out": number % 4 == 0, "family": "direct"}
        for number in range(12)
    ]  # fmt: skip
    problems = ["balance: test: '1' is the answer of 70.0% of 100 rows, at most 34%", f"loud: {extra}"] if nasty else []
    return {
        "folder": "data/nasty" if nasty else "data/count",
        "task": "count",
        "ok": not nasty,
        "n_rows": 1_000,
        "checks": ["schema", "oracle", "balance", "loud"],
        "skipped": {"contamination": "no evaluation file was named with --against"},
        "rejected": {f"oracle: the oracle says '{extra}'": 3} if nasty else {},
        "examples": {f"oracle: the oracle says '{extra}'": "00000000000000ff"} if nasty else {},
        "problems": problems,
        "notes": {"loud": [f"measured {extra}"]},
        "splits": {
            "train": _split(800, 0.25, {"zero": 400, "one": 400}),
            "test": _split(200, 0.3, {"zero": 100, "one": 100}),
        },
        "answers": {"train": {"0": 400, "1": 300, extra: 100}, "test": {"0": 100, "1": 100}},
        "lengths": {"train": [0, 0, 0, 300, 400, 99, 0, 0, 0, 0, 0, 1], "test": [0, 0, 0, 100, 100]},
        "templates": {
            "train": {one["hash"]: 88 for one in phrasings if not one["held_out"]},
            "test": {one["hash"]: 16 for one in phrasings},
        },
        "phrasings": phrasings,
        "rejects": {f"oracle: says '{extra} {number}'": 30 - number for number in range(30)} | {"picky: no": 5}
        if nasty
        else {},
        "reject_examples": [{"split": "train", "prompt": extra, "answer": extra, "reason": extra}] if nasty else [],
        "made_from": {"fingerprint": "ab12", "settings": {"n": 1_000, "task": "count"}, "words": None, "packages": {}},
    }  # fmt: skip
