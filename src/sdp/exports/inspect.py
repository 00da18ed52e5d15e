"""A task of the UK AI Security Institute's Inspect: a Python file and data.

Inspect's own scorers drop case, punctuation or articles, which makes `s-t-r-w` right for `s-t-r-a-w` and the answer `a`
never right. The file brings a strict one, and a standard error that is clustered by key: questions about one word are
alike.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from sdp.contract.exporter import Exporter
from sdp.exports.evaluation import Seen, evaluated, task_name
from sdp.exports.jsonl import Jsonl

FILE = '''"""The task {name} for Inspect. Written by sdp.

    inspect eval {name}.py --model PROVIDER/MODEL
    inspect eval {name}.py --model PROVIDER/MODEL -T split=SPLIT      # one of {splits}
"""

from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import Sample, json_dataset
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig
from inspect_ai.scorer import CORRECT, INCORRECT, Score, Target, accuracy, scorer, stderr
from inspect_ai.solver import TaskState, generate

HERE = Path(__file__).parent
SYSTEM = {system!r}


def to_sample(row):
    """Asks the prompt as it is: nothing in it is a template."""
    messages = [ChatMessageSystem(content=SYSTEM)] if SYSTEM else []
    kept = {{name: row[name] for name in ("key", "family", "template", "meta")}}
    messages.append(ChatMessageUser(content=row["prompt"]))
    return Sample(id=row["id"], input=messages, target=row["answer"], metadata=kept)


def last_lines(output, answer):
    """Takes the last line, or as many as the answer has, stripped at both ends; nothing else is touched."""
    n_lines = answer.strip().count("\\n") + 1
    return "\\n".join(line.strip() for line in output.strip().split("\\n")[-n_lines:])


@scorer(metrics=[accuracy(), stderr(cluster="key")])
def strict():
    """Right is what equals the answer, character by character. Rows with the same key are one cluster."""

    async def score(state: TaskState, target: Target) -> Score:
        said = last_lines(state.output.completion, target.text)
        right = said == last_lines(target.text, target.text)
        return Score(value=CORRECT if right else INCORRECT, answer=said, explanation=state.output.completion)

    return score


@task
def {name}(split: str = {split!r}) -> Task:
    """Asks every question of a split once, greedily."""
    return Task(
        dataset=json_dataset(str(HERE / f"{{split}}.jsonl"), to_sample),
        solver=generate(),
        scorer=strict(),
        config=GenerateConfig(temperature=0.0),
    )
'''


class Inspect(Exporter):
    """Writes a folder for ``inspect eval FOLDER/sdp_TASK.py``."""

    name = "inspect"
    uses = frozenset({"system"})

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes the data with all columns, then the task; of a trace the last line is scored."""
        seen = Seen()
        files = Jsonl().write({split: _seen(batches, seen) for split, batches in splits.items()}, schema, folder)
        name, split = task_name(seen.task), next(split for _, split in evaluated(splits))
        text = FILE.format(name=name, splits=", ".join(splits), split=split, system=self.options.system)
        path = folder / f"{name}.py"
        path.write_text(text, encoding="utf-8", newline="\n")
        return [*files, path]


def _seen(batches: Iterable[pa.RecordBatch], seen: Seen) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        seen.look(batch)
        yield batch
