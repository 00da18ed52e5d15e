"""Every check that needs a GPU, and the table for ``docs/gpu.md``: sdp's lean backend, TRL, Unsloth and QLoRA.

Run ``make gpu`` on a machine with a CUDA device. Each contestant trains an adapter on the same examples with the same
settings, on a random model of Qwen2.5-0.5B's shape, through ``sdp finetune``. Exit code 1 when a check fails, 5 when
there is no GPU. ``--rehearse`` goes through the same steps on a CPU with the model that ships with sdp.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import environments

SOURCE = Path(__file__).resolve().parents[1] / "src"
NO_GPU = 5
QWEN = {
    "vocab_size": 151_936, "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24,
    "num_attention_heads": 14, "num_key_value_heads": 2, "max_position_embeddings": 32_768, "tie_word_embeddings": True,
    "eos_token_id": 3, "bos_token_id": None, "pad_token_id": 0,
}  # fmt: skip
"""The shape of Qwen2.5-0.5B. The weights are random: speed does not depend on what they say."""


@dataclass(frozen=True)
class Contestant:
    """One way to train."""

    name: str
    words: tuple[str, ...] = ()
    python: str | None = None
    """Whose interpreter runs sdp; None: this one."""
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """What all of them train."""

    model: str
    steps: int
    batch: int
    device: str


def main() -> int:
    """Prints findings and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rehearse", action="store_true", help="on a CPU, small: to see that all of it works")
    parser.add_argument(
        "--unsloth-python",
        type=os.path.abspath,
        help="interpreter of an environment that holds Unsloth; made if not given",
    )
    parser.add_argument("--only", nargs="+", metavar="WORD", help="only those whose names hold one of the words")
    given = parser.parse_args()
    import torch

    if not torch.cuda.is_available() and not given.rehearse:
        sys.stderr.write("no CUDA device here: nothing was measured (--rehearse goes through the steps on a CPU)\n")
        return NO_GPU
    with TemporaryDirectory(prefix="sdp-gpu-") as folder:
        place = Path(folder)
        work = Work("tiny", 6, 8, "cpu") if given.rehearse else Work(str(random_qwen(place / "qwen")), 200, 64, "cuda")
        sdp(place, "generate", "spelling", "--n", "2000" if given.rehearse else "40000", "--quiet")
        failures = probes(place, work)
        rows = []
        for one in contestants(given.unsloth_python, rehearsal=given.rehearse):
            if given.only and not any(word in one.name for word in given.only):
                continue
            row = train(place, one, work)
            failures += "error" in row
            rows.append((one.name, row))
            print(json.dumps({one.name: row}), flush=True)
        print("\n" + table(rows, peak_flops(place, work.device), needed_flops(place, work)))
    return 1 if failures else 0


def contestants(unsloth_python: str | None, *, rehearsal: bool) -> list[Contestant]:
    """Lists who trains; makes the environments that they need."""
    environments.make("trl")
    trl = environments.python_of("trl")
    behind = {"PYTHONPATH": str(SOURCE)}
    if unsloth_python is None and not rehearsal:  # the environment is for CUDA
        environments.make("unsloth")
        unsloth_python = environments.python_of("unsloth")
    unsloth = ("--backend", "unsloth", "--unsloth-python", str(unsloth_python))
    listed = [Contestant("sdp lean"), Contestant("TRL", ("--backend", "trl"), trl, behind)]
    listed += [Contestant("Unsloth", unsloth)] if unsloth_python else []
    if rehearsal:
        return listed
    return [
        *listed,
        Contestant("sdp lean, QLoRA", ("--method", "qlora")),
        Contestant("TRL, QLoRA", ("--backend", "trl", "--method", "qlora"), trl, behind),
        Contestant("Unsloth, QLoRA", (*unsloth, "--method", "qlora")),
        Contestant("sdp lean, 8-bit AdamW", ("-o", "training.optim=adamw_8bit")),
        Contestant("sdp lean, full", ("--method", "full")),
    ]


def probes(place: Path, work: Work) -> int:
    """Runs the trap probes on the device; 1 if one says no."""
    done = sdp(place, "doctor", "--model", work.model, "--device", work.device, "--json", "--quiet", check=False)
    if done.returncode:
        print(f"sdp doctor: {done.stderr.strip()}", flush=True)
        return 1
    findings = json.loads(done.stdout)["examination"]["findings"]
    print("\n".join(f"{one['verdict']:>10}  {one['probe']}: {one['text']}" for one in findings), flush=True)
    return 0


def train(place: Path, one: Contestant, work: Work) -> dict[str, Any]:
    """Lets a contestant train, and gives what it reports."""
    settings = {
        "training.per_device_train_batch_size": work.batch, "training.logging_steps": work.steps,
        "training.eval_steps": work.steps, "training.save_steps": work.steps, "training.warmup_steps": 5,
        "eval_rows": 256, "lora.dropout": 0,
    }  # fmt: skip
    overrides = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    words = [
        "finetune",
        "--model",
        work.model,
        "--data",
        "spelling",
        "--steps",
        str(work.steps),
        "--device",
        work.device,
    ]
    done = sdp(place, *words, *overrides, *one.words, "--json", "--quiet", one=one, check=False)
    if done.returncode:
        return {"error": reason(done.stderr)}
    result = json.loads(done.stdout)["trained"]
    names = ("examples_per_s", "tokens_per_s", "peak_memory_bytes", "eval_loss", "train_s")
    return {name: result[name] for name in names}


def reason(stderr: str) -> str:
    """Gives what an error says; with ``--json`` that is a JSON object on the last line."""
    last = (stderr.strip() or "no message").splitlines()[-1]
    try:
        return str(json.loads(last)["error"]["what"])
    except (ValueError, KeyError, TypeError):
        return last


def table(rows: list[tuple[str, dict[str, Any]]], peak: float, flops_per_token: float) -> str:
    """Writes the table of ``docs/gpu.md``; where the whole model learns, a step also makes the weights' gradients."""
    lines = [
        "| | examples/s | tokens/s | of the peak | memory | eval loss |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in rows:
        if "error" in row:
            lines.append(f"| {name} | failed: {row['error']} | | | | |")
            continue
        passes = 1.5 if name.endswith("full") else 1.0
        share = row["tokens_per_s"] * flops_per_token * passes / peak
        memory = row["peak_memory_bytes"] / 2**30
        loss = "" if row["eval_loss"] is None else f"{row['eval_loss']:.3f}"
        speed = f"{row['examples_per_s']:,.0f} | {row['tokens_per_s']:,.0f} | {share:.1%}"
        lines.append(f"| {name} | {speed} | {memory:.1f} GiB | {loss} |")
    return "\n".join(lines)


def peak_flops(place: Path, device: str) -> float:
    """Gives the most that matrices of any format reach on the device, measured by ``sdp doctor``."""
    found = json.loads(sdp(place, "doctor", "--device", device, "--json", "--quiet").stdout)
    return max(one["flops_per_s"] or 0.0 for one in found["machine"]["dtypes"][device])


def needed_flops(place: Path, work: Work) -> float:
    """Gives the FLOPs that a LoRA step cannot do without, per token: forward, and backward through frozen layers.

    Two per weight and pass. The head, which only answers need, is left out: shares of the peak are a little low.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    folder = place / "qwen" if work.device == "cuda" else SOURCE / "sdp" / "models" / "tiny"
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder, local_files_only=True))
    embeddings = model.get_input_embeddings().weight.numel()
    return 4.0 * (sum(one.numel() for one in model.parameters()) - embeddings)


def random_qwen(folder: Path) -> Path:
    """Writes a model of Qwen2.5-0.5B's shape with random weights, and the tokenizer of the tiny model."""
    import torch
    from transformers import AutoTokenizer, Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(0)
    Qwen2ForCausalLM(Qwen2Config(**QWEN)).to(torch.bfloat16).save_pretrained(folder)
    AutoTokenizer.from_pretrained(SOURCE / "sdp" / "models" / "tiny").save_pretrained(folder)
    return folder


def sdp(
    place: Path, *words: str, one: Contestant | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a folder."""
    python = sys.executable if one is None or one.python is None else one.python
    variables = os.environ | {"HF_HUB_OFFLINE": "1"} | ({} if one is None else one.variables)
    done = subprocess.run(
        [python, "-m", "sdp", *words], cwd=place, env=variables, capture_output=True, text=True, check=False
    )
    if check and done.returncode:
        raise SystemExit(done.stderr)
    return done


if __name__ == "__main__":
    sys.exit(main())
