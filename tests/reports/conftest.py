"""A made-up bench, small, seeded, and with everything in it that a report has to show."""

from dataclasses import asdict
from random import Random

import pyarrow as pa
import pytest

from sdp.benchmarks.result import ROWS_SCHEMA, BenchResult, ModelResult, Score, TaskComparison, TaskResult

LETTERS = Random(0)
WORDS = tuple("".join(LETTERS.choices("bdfglmnoprstaeiu", k=4 + number % 9)) for number in range(200))
MODELS = {"baseline": (0.45, 0.55, 0.5), "spelling": (0.85, 0.3, 0.35), "spelling + replay": (0.86, 0.71, 0.56)}
TASKS = ("spelling", "position", "count")
FLOORS = {"spelling": (0.001, "p-l-a-n"), "position": (0.108, "e"), "count": (0.25, "0")}
N_PER_TASK = 240


def said(task: str, word: str, answer: str, *, right: bool, random: Random) -> str:
    """An answer, or something that is none: sometimes no answer at all."""
    wrong = {
        "spelling": "-".join(word[:-1]),
        "position": "zz",
        "count": str(int(answer) + 1) if answer.isdigit() else "",
    }
    final = answer if right else random.choice([wrong[task], "I do not know"])
    return final if task == "spelling" else f"{'-'.join(word)}\n{final}"


def question(task: str, number: int, random: Random) -> dict:
    word = random.choice(WORDS)
    place, letter = random.randrange(len(word)), random.choice(word + "z")
    answers = {"spelling": "-".join(word), "position": word[place], "count": str(word.count(letter))}
    return {
        "id": 2**63 + 1000 * TASKS.index(task) + number, "task": task, "split": "test", "key": word, "family": word,
        "template": "ab12", "held_out_phrasing": number % 2 == 0, "prompt": f"{task} question {number} about {word}?",
        "answer": answers[task], "length": len(word), "n_answer_tokens": 5, "n_answer_chars": 9, "nll": 1.5,
        "position": place + 1 if task == "position" else None,
        "true_count": word.count(letter) if task == "count" else None,
    }  # fmt: skip


def make_rows() -> pa.Table:
    random = Random(1)
    questions = [question(task, number, random) for task in TASKS for number in range(N_PER_TASK)]
    rows = []
    for label, chances in MODELS.items():
        for asked in questions:
            right = random.random() < chances[TASKS.index(asked["task"])]
            output = said(asked["task"], asked["key"], asked["answer"], right=right, random=random)
            prediction = output.split("\n")[-1]
            rows.append(asked | {
                "label": label, "output": output, "prediction": prediction, "exact": prediction == asked["answer"],
                "format_failure": prediction == "I do not know", "edit_similarity": 0.5, "rouge_l": 0.5,
            })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=ROWS_SCHEMA)


def score(name: str, value: float, *, interval: bool = True) -> Score:
    low, high = (max(0.0, value - 0.04), min(1.0, value + 0.04)) if interval else (None, None)
    return Score(name, value, low, high, f"{name}|v1")


def task_result(rows: list[dict], task: str) -> TaskResult:
    exact = sum(row["exact"] for row in rows) / len(rows)
    failures = sum(row["format_failure"] for row in rows) / len(rows)
    scores = [score("exact_match", exact), score("format_failure", failures), score("edit_similarity", 0.731),
              score("rouge_l", 0.652), score("answer_ppl_token", 1.349859, interval=False)]  # fmt: skip
    return TaskResult(
        task, len(rows), len({row["key"] for row in rows}), *FLOORS[task], {one.name: one for one in scores}
    )


def comparison(rows: pa.Table, task: str, label: str) -> TaskComparison:
    """The counts are the rows' own; p, interval and MDE are made up: a report does not compute them."""
    of = {
        name: {row["id"]: row for row in rows.to_pylist() if row["label"] == name and row["task"] == task}
        for name in (label, "baseline")
    }
    pairs = [(of["baseline"][number], of[label][number]) for number in of[label]]
    before, after = (sum(pair[side]["exact"] for pair in pairs) / len(pairs) for side in (0, 1))
    difference = after - before
    verdict = "better" if difference > 0.08 else "worse" if difference < -0.08 else "no significant difference"
    sentence = f"{label} is {verdict} than baseline on {task}."
    if verdict == "worse":
        sentence += " Mix in replay to hold off forgetting: sdp finetune --replay 0.1"
    return TaskComparison(
        task=task, label=label, against="baseline", n_pairs=len(pairs), n_unpaired=3, before=before, after=after,
        difference=difference, low=difference - 0.05, high=difference + 0.05, p=3.2e-9, p_holm=0.0123,
        test="key-level sign-flip", n_fixed=sum(b["exact"] < a["exact"] for b, a in pairs),
        n_broken=sum(b["exact"] > a["exact"] for b, a in pairs), mde=0.087,
        format_failures_before=sum(b["format_failure"] for b, _ in pairs),
        format_failures_after=sum(a["format_failure"] for _, a in pairs), wrong_before=40, wrong_after=20,
        verdict=verdict, sentence=sentence,
    )  # fmt: skip


@pytest.fixture(scope="session")
def rows() -> pa.Table:
    return make_rows()


@pytest.fixture(scope="session")
def result(rows) -> dict:
    listed = rows.to_pylist()
    models = []
    for label in MODELS:
        tasks = {task: task_result([row for row in listed if (row["label"], row["task"]) == (label, task)], task)
                 for task in TASKS}  # fmt: skip
        adapter = None if label == "baseline" else "runs/20260101-120000-spelling-1a2b3c/adapter"
        models.append(ModelResult(label, "tiny", adapter, tasks, 3 * N_PER_TASK, 12_345, 6_789, 12.34))
    made = BenchResult(
        created="2026-01-01T12:00:00+00:00",
        models=models,
        comparisons=[comparison(rows, task, label) for label in list(MODELS)[1:] for task in TASKS],
        settings={"generation": {"do_sample": False, "max_new_tokens": 64}, "versions": {"torch": "2.13.0"}, "seed": 0},
        data=[{"task": task, "folder": f"data/{task}", "manifest_sha256": "0123abcd" * 8} for task in TASKS],
        claim="These checkpoints differ (one run each); whether the training helps in general takes several seeds.",
        notes=["3 rows of spelling had no partner and were left out."],
    )
    return asdict(made)
