"""The loss of what each contestant learnt, by one measure for all: transformers alone, float32. Needs no sdp.

Run ``python evaluate_adapters.py shared.json FILE.safetensors...``; it prints nats per answer token, end included, on
the validation rows, in the order of the files. Those of step 0 must hold what all begin with.
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
    first = {name: values.clone() for name, values in model.named_parameters() if values.requires_grad}
    begin, losses = loss_of(model, rows), []
    for file in map(Path, sys.argv[2:]):
        learnt = {name: values.float() for name, values in load_file(file).items()}
        if learnt.keys() != first.keys():
            raise SystemExit(f"{file}: not the adapter that was asked for")
        if file.stem == "step-0":
            # beside weights in bfloat16 it begins rounded
            if not all(torch.allclose(learnt[name], first[name], rtol=2**-8) for name in first):
                raise SystemExit(f"{file}: begins with another adapter: no equal work")
            losses.append(begin)
        else:
            model.load_state_dict(learnt, strict=False)
            losses.append(loss_of(model, rows))
    print(json.dumps({"losses": losses}))


if __name__ == "__main__":
    main()
