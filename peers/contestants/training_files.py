"""What the fine-tuning contestants share: the model, the rows, and which of them each step trains. Needs sdp.

Run ``python training_files.py '{"model": "tiny", …}' FOLDER``; it writes ``shared.json`` there and prints it. Rows are
those that sdp trains: prompt and completion as text, and as tokens, so that the others can be checked.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from training_request import request
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from sdp.finetuning.arguments import order_of
from sdp.finetuning.examples import Examples
from sdp.models.joiner import Joiner
from sdp.models.load import load_tokenizer
from sdp.models.resolve import resolve_model
from sdp.seeds import derive
from sdp.workflows.finetune import recipe_of
from sdp.workflows.training_job import prepare

PROMPT_FORMAT = "plain"
END, PAD = "<|end|>", "<|pad|>"
N_TOKENS = 1024
"""Of the random model's tokenizer, at most: those of the shipped one."""


def make_tokenizer(data: Path, folder: Path) -> PreTrainedTokenizerFast:
    """Trains a tokenizer on the questions; the shipped one would be read with the rules of Qwen2's tokenizers."""
    prompts = [text for file in sorted(data.glob("*.parquet")) for text in pq.read_table(file)["prompt"].to_pylist()]
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    wanted = {"vocab_size": N_TOKENS, "special_tokens": [PAD, END], "initial_alphabet": alphabet}
    raw.train_from_iterator(prompts, trainers.BpeTrainer(show_progress=False, **wanted))
    made = PreTrainedTokenizerFast(tokenizer_object=raw, eos_token=END, pad_token=PAD)
    made.save_pretrained(folder)
    return made


def make_model(kind: str, data: Path, folder: Path) -> str:
    """Gives the folder of the model: the shipped one, or a Qwen2 shape with random weights."""
    if kind == "tiny":
        return resolve_model(kind).location
    tokenizer = make_tokenizer(data, folder)
    torch.manual_seed(0)
    shape = Qwen2Config(
        vocab_size=151_936, hidden_size=512, num_hidden_layers=12, num_attention_heads=8, num_key_value_heads=2,
        intermediate_size=1408, max_position_embeddings=1024, tie_word_embeddings=True, bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    Qwen2ForCausalLM(shape).save_pretrained(folder)
    return str(folder)


def write_rows(path: Path, examples: Examples, joiner: Joiner) -> None:
    """Writes examples as text and as tokens."""
    end = joiner.tokenizer.decode(list(joiner.end_ids))
    with path.open("w", encoding="utf-8") as handle:
        for ids, n_prompt in (examples[i] for i in range(len(examples))):
            prompt, completion = (joiner.tokenizer.decode(part.tolist()) for part in (ids[:n_prompt], ids[n_prompt:]))
            if not completion.endswith(end):
                raise SystemExit(f"{completion!r} does not end with {end!r}")
            row = {"prompt": prompt, "completion": completion, "input_ids": ids.tolist(), "n_prompt": n_prompt}
            handle.write(json.dumps(row) + "\n")


def main() -> None:
    """Makes everything and says where it is."""
    wanted: dict[str, Any] = json.loads(sys.argv[1])
    folder = Path(sys.argv[2])
    shared = {
        **wanted,
        "location": make_model(wanted["model"], Path(wanted["data"]), folder / "model"),
        "rows": str(folder / "rows.jsonl"),
        "validation": str(folder / "validation.jsonl"),
        "prompt_format": PROMPT_FORMAT,
        "adapter_seed": derive("adapter", wanted["seed"]) % 2**32,
    }
    job = prepare(recipe_of(request(shared, n_validation=wanted["n_validation"])), "cpu").job
    joiner = Joiner(load_tokenizer(resolve_model(shared["location"])), PROMPT_FORMAT)
    if job.validation is None:
        raise SystemExit("no validation rows")
    write_rows(folder / "rows.jsonl", job.train, joiner)
    write_rows(folder / "validation.jsonl", job.validation, joiner)
    order = order_of(job)
    batches = [batch for epoch in range(wanted["epochs"]) for batch in order.micro_batches(epoch)]
    shared |= {
        "batches": batches,
        "n_tokens": int(job.train.starts[-1]),
        "n_answer_tokens": job.train.n_answer_tokens,
        "n_parameters": sum(p.numel() for p in job.model.parameters() if not p.requires_grad),
    }
    (folder / "shared.json").write_text(json.dumps(shared))
    print(json.dumps({name: value for name, value in shared.items() if name != "batches"}))


if __name__ == "__main__":
    main()
