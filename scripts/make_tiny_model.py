"""Makes the tiny model that ships with sdp, from nothing but sdp's own generators and lexicon.

    python scripts/make_tiny_model.py

The same machine and number of threads give the same weights. Takes about a quarter of an hour on two idle cores, shows
its progress, prints the figures of the model card and replaces ``src/sdp/models/tiny`` when all is done. A trial:
``--steps 100 --out /tmp/tiny``. On a busy machine put ``OMP_WAIT_POLICY=PASSIVE`` before it: threads that wait for each
other by spinning took ten times as long there.
"""

import argparse
import dataclasses
import shutil
from pathlib import Path

import torch
from tiny_model.card import model_card
from tiny_model.examples import endless_batches
from tiny_model.measure import Probe, measure
from tiny_model.settings import STYLE, TASKS, Settings
from tiny_model.tokenizer import train_tokenizer
from tiny_model.training import new_model, train
from tiny_model.words import Words, choose_words
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from sdp.data.atomic import swap_in, write_json, write_text
from sdp.models.joiner import Joiner
from sdp.models.replay import FILE as REPLAY_FILE
from sdp.synthesis import questions

FOLDER = Path(__file__).resolve().parents[1] / "src" / "sdp" / "models" / "tiny"
PROMPT_FORMAT = "plain"
N_TOKENIZER_PROMPTS = 6000
"""Per task: enough for the words that all questions share to become single tokens."""


def main() -> None:
    """Makes the model and writes its folder."""
    settings, out = _arguments()
    torch.set_num_threads(settings.threads)
    words = choose_words(settings.n_replay_words)
    tokenizer = train_tokenizer(words.train, _tokenizer_prompts(words, settings), settings.n_vocabulary)
    joiner = Joiner(tokenizer, PROMPT_FORMAT)
    model = new_model(settings, tokenizer)
    print(f"{model.num_parameters():,} parameters, {len(words.replay):,} replay words, {settings.n_steps:,} steps")
    train(model, endless_batches(words, joiner, settings, tokenizer.pad_token_id), settings)
    probes = measure(model, joiner, words, settings)
    _write(out, model, tokenizer, words, model_card(settings, words, model, tokenizer, probes))
    _report(probes, out)


def _arguments() -> tuple[Settings, Path]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write (%(default)s)")
    for name in ("seed", "threads", "n_steps"):
        flag = "--" + name.removeprefix("n_")
        parser.add_argument(flag, dest=name, type=int, default=getattr(Settings(), name), help="(%(default)s)")
    given = vars(parser.parse_args())
    out: Path = given.pop("out")
    return dataclasses.replace(Settings(), **given), out


def _tokenizer_prompts(words: Words, settings: Settings) -> list[str]:
    """Makes questions for the tokenizer: it sees all train words in them, but no answers."""
    tables = [questions(task, words.train, N_TOKENIZER_PROMPTS, seed=settings.seed, style=STYLE) for task in TASKS]
    return [str(prompt) for table in tables for prompt in table["prompt"].to_pylist()]


def _write(out: Path, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, words: Words, card: str) -> None:
    """Writes everything beside the final place, then swaps it in."""
    staging = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(staging, ignore_errors=True)
    model.save_pretrained(staging)
    tokenizer.save_pretrained(staging)
    write_json(staging / "sdp.json", {"answer_style": STYLE, "prompt_format": PROMPT_FORMAT})
    write_text(staging / REPLAY_FILE, "\n".join(sorted(words.replay)) + "\n")
    write_text(staging / "README.md", card)
    for file in staging.iterdir():
        file.chmod(0o644)  # safetensors writes for its owner alone, and a wheel keeps that
    swap_in(staging, out)


def _report(probes: list[Probe], out: Path) -> None:
    for probe in probes:
        print(f"{probe.task:9} {probe.what:24} exact match {probe.exact}  format failures {probe.format_failures:.3f}")
    print(f"wrote {out}")


if __name__ == "__main__":
    main()
