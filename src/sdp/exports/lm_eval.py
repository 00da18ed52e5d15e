"""A task folder of EleutherAI's lm-evaluation-harness: YAML, data, and the rule that finds the answer in an output.

Prompts are named as a field and never as a template, so braces in them stay braces. The data is read from beside the
YAML, wherever the command is run, without a network.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.exporter import Exporter, ExportOptions
from sdp.errors import InputError
from sdp.exports.evaluation import Seen, evaluated, task_name
from sdp.exports.jsonl import Jsonl
from sdp.exports.prompt_text import text_around
from sdp.exports.shaped import plain

KEPT = ("id", "key", "family", "template")
"""Columns that go along, so that the harness's sample logs can be paired and clustered."""
FEWEST_TOKENS, MOST_TOKENS = 64, 2048
"""Of an output, however short or long the longest completion is: a model may say something first."""
RULE = '''"""Reads the data of these tasks, and finds the answer in an output. Written by sdp."""

import json
from itertools import islice
from pathlib import Path

from datasets import Dataset, Features, Value

HERE = Path(__file__).parent
SPLITS = {splits!r}
N_FEWSHOT = 64
"""Rows of the train split that few-shot examples are drawn from: the harness holds them all in memory."""


def load(**_):
    """Gives every split; fields are text, whatever they look like."""
    few = {{"train": N_FEWSHOT}} if len(SPLITS) > 1 else {{}}
    return {{split: _read(HERE / f"{{split}}.jsonl", few.get(split)) for split in SPLITS}}


def _read(path, n):
    with path.open(encoding="utf-8", newline="\\n") as lines:
        rows = [json.loads(line) for line in islice(lines, n)]
    for row in rows:
        row["target"] = last_lines(row["answer"], row["answer"])
    return Dataset.from_list(rows, features=Features({{name: Value("string") for name in rows[0]}}))


def last_lines(output, answer):
    """Takes the last line, or as many as the answer has, stripped at both ends; nothing else is touched."""
    n_lines = answer.strip().count("\\n") + 1
    return "\\n".join(line.strip() for line in output.strip().split("\\n")[-n_lines:])


def answers(outputs, docs):
    """Does it for the outputs of every question: a filter of the harness."""
    return [[last_lines(output, doc["answer"]) for output in each] for each, doc in zip(outputs, docs)]
'''


class LmEval(Exporter):
    """Writes a folder for ``lm_eval --include_path FOLDER --tasks sdp_TASK``.

    Args:
        options: With `prompt_format` ``chat`` the prompts are bare, for ``--apply_chat_template``; else they are text
            that ends where the answer begins.

    Raises:
        InputError: Unknown prompt format, or a system message for a chat template: the harness takes that itself.
    """

    name = "lm_eval"
    uses = frozenset({"prompt_format", "system"})

    def __init__(self, options: ExportOptions | None = None) -> None:
        super().__init__(options)
        self._around = text_around(self.options.prompt_format or "plain", self.options.system)
        if self._around is None and self.options.system:
            raise InputError(
                "with a chat template the harness takes the system message itself",
                where="--system",
                hint="leave it away here and say `lm_eval --apply_chat_template --system_instruction TEXT`",
            )

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes the data, then the tasks: one per split that is not trained on."""
        seen = Seen()
        shaped = {split: self._shaped(batches, seen) for split, batches in splits.items()}
        files = Jsonl().write(shaped, schema, folder)
        texts = {"sdp_rows.py": RULE.format(splits=tuple(splits))}
        main = task_name(seen.task)
        tasks = {main if first else f"{main}_{split}": split for first, split in evaluated(splits)}
        for name, split in tasks.items():
            texts[f"{name}.yaml"] = self._yaml(name, split, seen, fewshot="train" in splits and split != "train")
        texts["README.md"] = self._readme(tuple(tasks), seen)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        return [*files, *(folder / name for name in texts)]

    def _shaped(self, batches: Iterable[pa.RecordBatch], seen: Seen) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            seen.look(batch)
            prompt = batch["prompt"]
            if self._around is not None:
                prompt = pc.binary_join_element_wise(self._around.before, prompt, self._around.after, "")
            columns = {name: batch[name] for name in KEPT}
            columns |= {"prompt": prompt, "answer": plain(batch["answer"]), "completion": plain(batch["completion"])}
            yield pa.record_batch(columns)

    def _yaml(self, name: str, split: str, seen: Seen, *, fewshot: bool) -> str:
        lines = [
            f"task: {name}",
            "custom_dataset: !function sdp_rows.load",
            f"test_split: {split}",
            *(["fewshot_split: train"] if fewshot else []),
            "output_type: generate_until",
            "# Names of fields, which the harness takes as they are; a template would be rendered.",
            "doc_to_text: prompt",
            "doc_to_target: target",
            "fewshot_config: {doc_to_target: completion}",
            'target_delimiter: ""',
            'fewshot_delimiter: "\\n\\n"',
            "generation_kwargs:",
            f"  until: {json.dumps(seen.stops, ensure_ascii=False)}",
            "  do_sample: false",
            "  temperature: 0.0",
            f"  max_gen_toks: {min(max(2 * seen.longest_bytes, FEWEST_TOKENS), MOST_TOKENS)}",
            "filter_list:",
            "  - name: strict",
            "    filter:",
            "      - {function: custom, filter_fn: !function sdp_rows.answers}",
            "      - {function: take_first}",
            "metric_list:",
            "  - {metric: exact_match, aggregation: mean, higher_is_better: true}",
            "metadata: {version: 1}",
        ]
        return "\n".join([*lines, ""])

    def _readme(self, tasks: Sequence[str], seen: Seen) -> str:
        chat = " --apply_chat_template" if self._around is None else ""
        return (
            f"# {seen.task}, for lm-evaluation-harness\n\n"
            f"    lm_eval --include_path FOLDER --tasks {tasks[0]} --model hf --model_args pretrained=MODEL{chat}\n\n"
            f"FOLDER is this one; tasks: {', '.join(tasks)}. No network is needed.\n\n"
            "Scored is the last line of an output (as many as the answer has), stripped at both ends, character by\n"
            "character: `exact_match,strict`. Its standard error takes rows for independent; one word's are not.\n"
        )
