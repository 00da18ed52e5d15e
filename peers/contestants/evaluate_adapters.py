"""The loss of what each contestant learnt, by one measure for all: transformers alone, float32. Needs no sdp.

Run ``python evaluate_adapters.py shared.json FILE.safetensors...``; it prints nats per answer token, end included, on
the validation rows, in the order of the files.
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from adapted import adapted
from safetensors.torch import load_file
from stopwatch import set_threads
from torch.nn.functional import cross_entropy
from train_plain import IGNORED, padded

BATCH = 64


@torch.inference_mode()
def loss_of(model: torch.nn.Module, rows: list[dict[str, Any]]) -> float:
    """Gives nats per answer token; the head is computed where there is an answer."""
    base = model.get_base_model()
    total, n_tokens = 0.0, 0
    for first in range(0, len(rows), BATCH):
        batch = padded(rows[first : first + BATCH])
        labels = batch.pop("labels")[:, 1:]
        hidden = base.base_model(**batch, use_cache=False).last_hidden_state[:, :-1]
        place = labels != IGNORED
        logits = base.get_output_embeddings()(hidden[place])
        total += float(cross_entropy(logits, labels[place], reduction="sum"))
        n_tokens += int(place.sum())
    return total / n_tokens


def main() -> None:
    """Prints the losses."""
    shared = json.loads(Path(sys.argv[1]).read_text())
    set_threads(shared["threads"])
    rows = [json.loads(line) for line in Path(shared["validation"]).read_text(encoding="utf-8").splitlines()]
    rows.sort(key=lambda row: len(row["input_ids"]))
    model = adapted(shared)
    model.eval()
    losses = []
    for name in sys.argv[2:]:
        left = model.load_state_dict({key: values.float() for key, values in load_file(name).items()}, strict=False)
        if left.unexpected_keys or any("lora" in key for key in left.missing_keys):
            raise SystemExit(f"{name}: not the adapter that was asked for")
        losses.append(loss_of(model, rows))
    print(json.dumps({"losses": losses}))


if __name__ == "__main__":
    main()
