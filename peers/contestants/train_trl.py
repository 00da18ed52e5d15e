"""The same training run with TRL's SFTTrainer. Runs in ``peers/.venvs/trl``.

Run ``python train_trl.py shared.json '{"dtype": "bf16", "packing": true}' FOLDER``; it prints the seconds to the end of
each step. TRL gets prompts and completions as text; what it makes of them must be the tokens that the others train.
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from adapted import adapted
from datasets import Dataset
from stopwatch import Stopwatch, set_threads
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

PACKED = 512
"""Tokens of a packed row."""


def arguments(shared: dict[str, Any], settings: dict[str, Any], folder: Path) -> SFTConfig:
    """Sets what the contestants have in common; the rest stays as TRL has it."""
    n_rows, batch = shared["n_rows"], shared["batch"]
    epochs = settings.get("epochs", shared["epochs"])
    more: dict[str, Any] = {}
    if "checkpointing" in settings:
        more["gradient_checkpointing"] = settings["checkpointing"]
    if settings.get("packing"):
        # as many examples per step as the others train
        batch = max(1, round(shared["n_tokens"] / PACKED / (n_rows / batch)))
        more.update(packing=True, max_length=PACKED)
    if settings.get("same_batches"):
        more["train_sampling_strategy"], epochs = "sequential", 1  # the rows come as often as they are trained
    return SFTConfig(
        output_dir=str(folder / "out"),
        num_train_epochs=epochs,
        per_device_train_batch_size=batch,
        learning_rate=shared["learning_rate"],
        lr_scheduler_type="linear",
        warmup_steps=shared["warmup_steps"],
        optim="adamw_torch_fused",
        weight_decay=0.0,
        max_grad_norm=1.0,
        seed=shared["seed"],
        bf16=settings["dtype"] == "bf16",
        completion_only_loss=True,
        logging_steps=20,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
        dataloader_pin_memory=False,
        **more,
    )


def check_tokens(prepared: Dataset, rows: list[dict[str, Any]], *, is_packed: bool) -> None:
    """Makes sure that TRL trains the same tokens.

    Raises:
        SystemExit: It does not.
    """
    ours = [(r["input_ids"], [-100] * r["n_prompt"] + r["input_ids"][r["n_prompt"] :]) for r in rows]
    theirs = list(zip(prepared["input_ids"], prepared["labels"], strict=True))
    # packed, they are the same tokens in other rows
    if (_totals(ours) != _totals(theirs)) if is_packed else (ours != theirs):
        raise SystemExit("TRL makes other tokens of the rows: no equal work")


def _totals(rows: list[tuple[list[int], list[int]]]) -> tuple[int, int]:
    trained = (label for _, labels in rows for label in labels)
    return sum(len(ids) for ids, _ in rows), sum(label >= 0 for label in trained)


def main() -> None:
    """Trains."""
    shared, settings, folder = json.loads(Path(sys.argv[1]).read_text()), json.loads(sys.argv[2]), Path(sys.argv[3])
    set_threads(shared["threads"])
    rows = [json.loads(line) for line in Path(shared["rows"]).read_text(encoding="utf-8").splitlines()]
    if settings.get("same_batches"):
        n_steps = settings.get("epochs", shared["epochs"]) * shared["n_rows"] // shared["batch"]
        rows = [rows[place] for batch in shared["batches"][:n_steps] for place in batch]
    watch = Stopwatch(folder, shared, settings)
    watch.watch_all()
    dtype = torch.bfloat16 if settings.get("weights") == "bf16" else torch.float32
    trainer = SFTTrainer(
        model=adapted(shared, dtype),
        args=arguments(shared, settings, folder),
        train_dataset=Dataset.from_list([{name: row[name] for name in ("prompt", "completion")} for row in rows]),
        processing_class=AutoTokenizer.from_pretrained(shared["location"]),
    )
    check_tokens(trainer.train_dataset, rows, is_packed=bool(settings.get("packing")))
    trainer.train()
    print(json.dumps(watch.facts))


if __name__ == "__main__":
    main()
