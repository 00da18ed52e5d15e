"""Samples of a batch do not see each other."""

from sdp.finetuning.probes.finding import Finding
from sdp.finetuning.probes.subject import TOLERANCE, Subject

NAME = "samples isolated"


def isolation(subject: Subject) -> Finding:
    """Compares the loss of a batch with the losses of its samples one by one.

    Packed samples under a mask of ones, or padding that is attended to, change the sum and nothing else that one sees.
    """
    together = subject.summed(subject.examples)
    alone = sum(subject.summed([example]) for example in subject.examples)
    off = abs(together - alone) / abs(alone)
    seen = f"{len(subject.examples)} samples in one batch and one by one: the loss differs by {off:.0e}"
    if off <= TOLERANCE:
        return Finding(NAME, "ok", seen)
    return Finding(NAME, "FAILED", seen, "this model cannot be trained on batches: per_device_train_batch_size=1")
