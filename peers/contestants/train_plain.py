"""The same training run as a plain loop: random batches, padded, the head on every token. Runs where sdp is installed.

Run ``python train_plain.py shared.json '{"dtype": "fp32"}' FOLDER``; it prints the seconds to the end of each step.
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from adapted import adapted
from stopwatch import Stopwatch, set_threads
from transformers import get_linear_schedule_with_warmup

IGNORED = -100


def padded(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """Makes a batch."""
    longest = max(len(row["input_ids"]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    labels, mask = torch.full_like(ids, IGNORED), torch.zeros_like(ids)
    for place, row in enumerate(rows):
        tokens, n_prompt = torch.tensor(row["input_ids"]), row["n_prompt"]
        ids[place, : len(tokens)], mask[place, : len(tokens)] = tokens, 1
        labels[place, n_prompt : len(tokens)] = tokens[n_prompt:]
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def main() -> None:
    """Trains."""
    shared, settings, folder = json.loads(Path(sys.argv[1]).read_text()), json.loads(sys.argv[2]), Path(sys.argv[3])
    set_threads(shared["threads"])
    rows = [json.loads(line) for line in Path(shared["rows"]).read_text(encoding="utf-8").splitlines()]
    epochs, batch = settings.get("epochs", shared["epochs"]), shared["batch"]
    model = adapted(shared)
    model.train()
    learnt = [values for values in model.parameters() if values.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=shared["learning_rate"], weight_decay=0.0, fused=True)
    n_steps = epochs * -(-len(rows) // batch)
    schedule = get_linear_schedule_with_warmup(optimizer, shared["warmup_steps"], n_steps)
    watch = Stopwatch(folder, shared, settings)
    watch.begin(n_steps, model)
    step = 0
    for _ in range(epochs):
        order = torch.randperm(len(rows)).tolist()
        for first in range(0, len(rows), batch):
            loss = model(**padded([rows[place] for place in order[first : first + batch]]), use_cache=False).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            step += 1
            watch.step(step, model)
    watch.end(step, model)
    print(json.dumps(watch.facts))


if __name__ == "__main__":
    main()
