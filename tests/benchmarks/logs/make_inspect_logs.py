"""Makes real Inspect logs with its mock model and no network: ``python make_inspect_logs.py REFERENCE FOLDER``."""

import json
import sys
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import Sample
from inspect_ai.model import ContentReasoning, ContentText, ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import exact
from inspect_ai.solver import generate


def said(number, answer):
    """A right answer, or one of the ways to miss it."""
    ways = (
        answer,
        f"The answer is '{answer}'.",
        f"s-t-e-p-s\n{answer}",
        "",
        f"A {answer}",  # Inspect's own `exact` drops the article and takes it
        [ContentReasoning(reasoning="letter by letter"), ContentText(text=answer)],
    )
    return ways[number % len(ways)]


def outputs(rows):
    for number, row in enumerate(rows):
        output = ModelOutput.from_content("mockllm/model", said(number, row["answer"]))
        # Without its own count the mock model asks for a tokenizer, and that asks the network.
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        yield output


def main():
    reference, folder = map(Path, sys.argv[1:])
    rows = [json.loads(line) for line in reference.read_text(encoding="utf-8").splitlines()]
    samples = [
        Sample(id=row["id"], input=row["prompt"], target=row["answer"], metadata={"key": row["key"]}) for row in rows
    ]
    for log_format, n_samples in (("json", 6), ("eval", len(samples))):  # a log in JSON is five times as large
        evaluate(
            Task(dataset=samples[:n_samples], solver=generate(), scorer=exact(), name="letters"),
            model=get_model("mockllm/model", custom_outputs=list(outputs(rows)), memoize=False),
            log_dir=str(folder / log_format),
            log_format=log_format,
            display="none",
            max_connections=1,
            max_samples=1,
        )


if __name__ == "__main__":
    main()
