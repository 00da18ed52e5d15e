"""Asks the finished model the questions that a bench would ask."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from transformers import PreTrainedModel

from sdp.benchmarks.backends.huggingface import HuggingFaceBackend
from sdp.benchmarks.metrics.exact_match import ExactMatch
from sdp.benchmarks.metrics.format_failure import FormatFailure
from sdp.contract.schema import HELD_OUT
from sdp.models.joiner import Joiner
from sdp.plugins.manager import load
from sdp.stats import clustered_share, majority_floor
from sdp.synthesis import questions
from tiny_model.settings import STYLE, TASKS, Settings
from tiny_model.words import Words

MAX_NEW_TOKENS = 80
HELD_OUT_WORDS = "held-out words"
REPLAY_WORDS = "replay words"


@dataclass(frozen=True, slots=True)
class Probe:
    """How well one kind of question is answered."""

    task: str
    what: str
    """Which words, and which phrasings."""
    n_rows: int
    exact: str
    """Share of right answers with its 95 % interval, clustered by word."""
    floor: float
    """What the best constant answer scores."""
    format_failures: float


def measure(model: PreTrainedModel, joiner: Joiner, words: Words, settings: Settings) -> list[Probe]:
    """Scores every task, on held-out words (seen and held-out phrasings apart) and on the replay words.

    Args:
        model: In evaluation mode.
        joiner: Its tokenizer and format.
        words: As chosen.
        settings: Number of rows and seed.

    Returns:
        Several probes per task.
    """
    backend = HuggingFaceBackend(model, joiner)
    probes = []
    for task in TASKS:
        asked = questions(task, words.test, settings.n_probe_rows, split="test", seed=settings.seed, style=STYLE)
        held_out = pc.struct_field(asked["meta"], HELD_OUT)
        known = questions(task, words.replay, settings.n_probe_rows // 2, seed=settings.seed, style=STYLE)
        groups = {
            HELD_OUT_WORDS: asked,
            f"{HELD_OUT_WORDS}, phrasings as in training": asked.filter(pc.invert(held_out)),
            f"{HELD_OUT_WORDS}, held-out phrasings": asked.filter(held_out),
            REPLAY_WORDS: known,
        }
        probes += [_probe(backend, task, what, rows) for what, rows in groups.items()]
    return probes


def _probe(backend: HuggingFaceBackend, task: str, what: str, rows: pa.Table) -> Probe:
    answers = [str(answer) for answer in rows["answer"].to_pylist()]
    outputs = [one.text for one in backend.generate(rows["prompt"].to_pylist(), MAX_NEW_TOKENS)]
    exact = clustered_share(ExactMatch().rows(outputs, answers), rows["key"].to_pylist())
    failures = FormatFailure(load().get_generator(task).answer_pattern).rows(outputs, answers)
    interval = f" [{exact.low:.3f}, {exact.high:.3f}]" if exact.low is not None and exact.high is not None else ""
    floor = majority_floor(answers).share
    return Probe(task, what, rows.num_rows, f"{exact.effect:.3f}{interval}", floor, float(failures.mean()))
