"""Small random models and data: everything a bench needs, made in a second."""

from pathlib import Path

import pyarrow as pa
import pytest
import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from sdp.benchmarks.questions import Questions
from sdp.benchmarks.result import ROWS_SCHEMA
from sdp.models.joiner import Joiner
from sdp.models.quiet import quiet_peft
from sdp.runs.folder import Run
from sdp.workflows.generate import GenerateRequest, generate

torch.set_num_threads(1)

ALPHABET = ["Ċ", "Ġ", *(chr(code) for code in range(33, 127))]  # newline, space and the rest of ASCII, as byte tokens


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token per byte, ASCII only: with few tokens a random model ends an answer now and then."""
    vocabulary = {letter: i for i, letter in enumerate(["<pad>", "</s>", *ALPHABET])}
    core = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=core, pad_token="<pad>", eos_token="</s>")


def random_llama(seed: int = 0, **overrides) -> LlamaForCausalLM:
    """A random model whose answers vary: weights larger than usual, and an end token that comes up now and then."""
    torch.manual_seed(seed)
    shape = {
        "vocab_size": 2 + len(ALPHABET),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
        "initializer_range": 0.2,
        "eos_token_id": 1,
        "pad_token_id": 0,
        "bos_token_id": None,
    }
    model = LlamaForCausalLM(LlamaConfig(**(shape | overrides)))
    model.eval()
    return model


def question_table(rows: list[dict]) -> pa.Table:
    """Rows in the row schema; what is not given is made up."""
    full = [
        {
            "id": 100 + number,
            "task": "position",
            "split": "test",
            "prompt": f"question {number}",
            "answer": "a",
            "completion": row.get("answer", "a"),
            "key": f"word{number}",
            "family": "word",
            "template": "00",
            "meta": {"position": 1, "from_end": False, "length": 5, "held_out_phrasing": False},
            **row,
        }
        for number, row in enumerate(rows)
    ]
    ids = pa.array([row.pop("id") for row in full], pa.uint64())
    return pa.Table.from_pylist(full).append_column("id", ids)


def questions_of(rows: list[dict], task: str = "position", pattern: str = r"\X") -> Questions:
    return Questions(task, pattern, question_table(rows), {"task": task})


def bench_rows(label: str, exact: list[int], **columns) -> pa.Table:
    """A bench's rows: which are right, and any other column."""
    n_rows = len(exact)
    defaults = {
        "label": [label] * n_rows,
        "id": list(range(n_rows)),
        "task": ["position"] * n_rows,
        "split": ["test"] * n_rows,
        "key": [f"word{i}" for i in range(n_rows)],
        "family": ["word"] * n_rows,
        "template": ["00"] * n_rows,
        "held_out_phrasing": [False] * n_rows,
        "prompt": ["?"] * n_rows,
        "answer": ["a"] * n_rows,
        "output": ["a" if right else "b" for right in exact],
        "prediction": ["a" if right else "b" for right in exact],
        "exact": [bool(right) for right in exact],
        "format_failure": [False] * n_rows,
        "edit_similarity": [float(right) for right in exact],
        "rouge_l": [float(right) for right in exact],
        "nll": [1.0] * n_rows,
        "n_answer_tokens": [2] * n_rows,
        "n_answer_chars": [1] * n_rows,
        "length": [5] * n_rows,
        "position": [1] * n_rows,
        "true_count": [None] * n_rows,
    }
    return pa.table(defaults | columns, schema=ROWS_SCHEMA)


@pytest.fixture(scope="session")
def data_root(tmp_path_factory) -> Path:
    """Small test-only data sets of all three tasks."""
    root = tmp_path_factory.mktemp("data")
    for task in ("spelling", "position", "count"):
        generate(GenerateRequest(task, 40, out=root / task, ratios=(0.0, 0.0, 1.0)))
    return root


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    return byte_tokenizer()


@pytest.fixture
def joiner(tokenizer) -> Joiner:
    return Joiner(tokenizer, "plain")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory, tokenizer) -> Path:
    folder = tmp_path_factory.mktemp("models") / "random"
    random_llama().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_adapter(folder: Path, base: str | None = None, seed: int = 0, **shape) -> Path:
    """An adapter of a random model that changes what it says."""
    with quiet_peft():
        adapted = get_peft_model(
            random_llama(**shape), LoraConfig(r=4, lora_alpha=64, target_modules="all-linear", init_lora_weights=False)
        )
    torch.manual_seed(seed)
    for name, weight in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.2)
    adapted.peft_config["default"].base_model_name_or_path = base
    adapted.save_pretrained(folder, save_embedding_layers=False)
    return folder


def save_run(root: Path, model_folder: Path, name: str = "spelling", status: str = "complete", **facts) -> Path:
    """A finetune run as `sdp finetune` leaves it."""
    run = Run.create(root, "finetune", name, {"recipe": {"model": str(model_folder), "prompt_format": "auto"}})
    save_adapter(run.path / "adapter", seed=len(name))
    result = {"model": str(model_folder), "prompt_format": "plain", "system": None, "answer_style": "direct"}
    run.finish(result | facts)
    if status != "complete":
        run.mark(status)
    return run.path
