"""Runs in Unsloth's own environment: ``python unsloth_worker.py SETTINGS.json``.

Nothing of sdp is imported here, and sdp imports nothing of Unsloth. It trains what the settings name, tells of every
step on stdout, one JSON object per line, and does what the answer on stdin says; `remote_trainer.py` is the other end.
"""

import dataclasses
import json
import os
import signal
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

TOLD = ("on_train_begin", "on_step_end", "on_log", "on_evaluate", "on_save")
FLAGS = ("should_save", "should_evaluate", "should_log", "should_training_stop")
WITH_LOG = ("on_train_begin", "on_log", "on_evaluate", "on_save")


class Talk:
    """Says something and waits for the answer. What libraries print to stdout goes to stderr."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)

    def ask(self, kind: str, **fields: Any) -> Any:
        """Gives the answer; ends the process if nobody is there any more."""
        self._out.write(json.dumps({"kind": kind, **fields}) + "\n")
        self._out.flush()
        answer = sys.stdin.readline()
        if not answer:
            os._exit(1)
        return json.loads(answer)


def main(settings: Path) -> int:
    """Trains."""
    talk = Talk()
    for number in (signal.SIGTERM, signal.SIGINT):  # sent to all processes at once; the one that answers us decides
        signal.signal(number, signal.SIG_IGN)
    sys.path.pop(0)  # the folder of this script, where modules are called unsloth and trl, too
    wanted = json.loads(settings.read_text(encoding="utf-8"))
    try:
        unsloth = import_module("unsloth")  # before transformers: it patches what that imports
    except ImportError as error:
        talk.ask("missing", text=str(error))
        return 5
    model = adapted(unsloth, wanted)
    trainer, left_out = make_trainer(model, wanted)
    trainer.add_callback(bridge(talk))
    dtype = str(next(model.parameters()).dtype)
    talk.ask("ready", unsloth=unsloth.__version__, device=str(unsloth.DEVICE_TYPE), dtype=dtype, left_out=left_out)
    trainer.train(resume_from_checkpoint=wanted["resume_from"])
    names = ("unsloth", "unsloth_zoo", "transformers", "trl", "peft", "torch")
    talk.ask("done", peak_memory_bytes=peak_memory(), versions={name: version(name) for name in names})
    return 0


def adapted(unsloth: Any, wanted: dict[str, Any]) -> Any:
    """Loads the model, with its adapter."""
    import torch

    model, _ = unsloth.FastLanguageModel.from_pretrained(
        wanted["model"],
        max_seq_length=wanted["max_length"],
        dtype=getattr(torch, wanted["dtype"]) if wanted["dtype"] else None,
        load_in_4bit=wanted["method"] == "qlora",
        full_finetuning=wanted["method"] == "full",
        use_gradient_checkpointing=wanted["gradient_checkpointing"],
        local_files_only=True,
    )
    if wanted["method"] == "full":
        return model
    return unsloth.FastLanguageModel.get_peft_model(model, **wanted["lora"])


def make_trainer(model: Any, wanted: dict[str, Any]) -> tuple[Any, list[str]]:
    """Makes Unsloth's version of TRL's trainer.

    Returns:
        The trainer, and the arguments that its version does not know.
    """
    from datasets import Dataset
    from transformers import AutoTokenizer, PrinterCallback

    trl = import_module("trl")
    known = {field.name for field in dataclasses.fields(trl.SFTConfig)}
    arguments = dict(wanted["arguments"])
    if "activation_checkpointing" not in known:  # its name in newer transformers
        arguments["gradient_checkpointing"] = arguments.pop("activation_checkpointing", False)
    if not arguments["use_cpu"] and not arguments["fp16"]:
        arguments["bf16"] = str(next(model.parameters()).dtype) == "torch.bfloat16"
    left_out = sorted(arguments.keys() - known)
    named = {name: value for name, value in arguments.items() if name in known}

    def read(name: str) -> Any:
        return Dataset.from_parquet(wanted[name], cache_dir=wanted["cache"]) if wanted[name] else None

    trainer = trl.SFTTrainer(
        model=model,
        args=trl.SFTConfig(**named, max_length=None, dataset_kwargs={"skip_prepare_dataset": True}),
        train_dataset=read("train"),
        eval_dataset=read("validation"),
        data_collator=Collator(wanted["pad_id"]),
        # as it is: the one that Unsloth hands out pads otherwise
        processing_class=AutoTokenizer.from_pretrained(wanted["model"], local_files_only=True),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer, left_out


class Collator:
    """Pads on the right; what is padding is told by length, never by the id."""

    def __init__(self, pad_id: int) -> None:
        self._pad_id = pad_id

    def __call__(self, examples: list[dict[str, list[int]]]) -> dict[str, Any]:
        """Makes a batch, (n_examples, longest) each."""
        import torch

        shape = (len(examples), max(len(example["input_ids"]) for example in examples))
        ids, labels, mask = torch.full(shape, self._pad_id), torch.full(shape, -100), torch.zeros(shape).long()
        for row, example in enumerate(examples):
            n = len(example["input_ids"])
            ids[row, :n] = torch.tensor(example["input_ids"])
            labels[row, :n] = torch.tensor(example["labels"])
            mask[row, :n] = 1
        return {"input_ids": ids, "labels": labels, "attention_mask": mask}


def bridge(talk: Talk) -> Any:
    """Makes the callback that tells of everything, and does what it is answered."""
    from transformers import TrainerCallback

    def teller(hook: str) -> Any:
        def tell(self: Any, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> Any:
            del self, args, kwargs
            more = {"history": state.log_history} if hook in WITH_LOG else {}
            if logs is not None and hook == "on_log":
                more["logs"] = logs
            now = {"step": state.global_step, "epoch": state.epoch, "max_steps": state.max_steps}
            flags = {name: getattr(control, name) for name in FLAGS}
            answer = talk.ask("hook", hook=hook, flags=flags, **now, **more)
            for name, value in answer["flags"].items():
                setattr(control, name, value)
            return control

        return tell

    kind: Any = type("Bridge", (TrainerCallback,), {hook: teller(hook) for hook in TOLD})
    return kind()


def peak_memory() -> int:
    """Gives the most memory that was in use, bytes."""
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
