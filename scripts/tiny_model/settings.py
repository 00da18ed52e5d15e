"""Every number that makes the tiny model what it is."""

from dataclasses import dataclass

from sdp.synthesis.settings import Style

TASKS = ("spelling", "position", "count")
STYLE: Style = "trace"
"""Position and count answers spell the word first. For spelling the completion is the answer either way."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One complete recipe; equal settings give equal weights on one machine with one number of threads."""

    seed: int = 0
    threads: int = 2

    n_replay_words: int = 2400
    """The words whose letters the model is told: the most frequent ones of the train split."""
    n_vocabulary: int = 1024

    hidden_size: int = 128
    n_layers: int = 4
    n_heads: int = 4
    mlp_size: int = 448

    n_steps: int = 1700
    batch_size: int = 64
    learning_rate: float = 4e-3
    warmup_steps: int = 100
    weight_decay: float = 0.01
    shares: tuple[float, ...] = (0.34, 0.33, 0.27)
    """Of the examples, per task in the order of TASKS; the rest is plain text."""
    batches_per_round: int = 512
    """Examples are made in rounds of so many batches, each with a seed of its own."""

    n_probe_rows: int = 1000
    """Test questions per task, for the figures in the model card."""
