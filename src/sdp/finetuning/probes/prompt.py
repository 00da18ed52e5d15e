"""The prompt is read, never trained."""

from sdp.finetuning.probes.finding import Finding, close_enough
from sdp.finetuning.probes.subject import TOLERANCE, Subject

NAME = "prompt not trained"


def prompt(subject: Subject) -> Finding:
    """Compares the loss with the model's surprise at the answers alone."""
    asked, answer, _ = subject.parts
    trained = subject.summed(subject.without_ends)
    if close_enough(trained, answer, TOLERANCE):
        return Finding(NAME, "ok", f"the loss is the answers' {answer:.1f} nats and none of the prompts' {asked:.1f}")
    seen = f"the loss is {trained:.1f} nats; the answers have {answer:.1f}, the prompts {asked:.1f}"
    return Finding(NAME, "FAILED", seen, "the model would learn to ask; report it with the model's name")
