"""The end of an answer is trained."""

from sdp.finetuning.probes.finding import Finding, close_enough
from sdp.finetuning.probes.subject import TOLERANCE, Subject

NAME = "end trained"


def ends(subject: Subject) -> Finding:
    """Looks at what the end adds to the loss: as much as the model's surprise at it.

    Where padding and end are one token and padding is masked by its id, it adds nothing, and the model never
    learns to stop.
    """
    _, answer, end = subject.parts
    added = subject.summed(subject.examples) - subject.summed(subject.without_ends)
    names = " ".join(map(str, subject.joiner.tokenizer.convert_ids_to_tokens(list(subject.joiner.end_ids))))
    if close_enough(added, end, TOLERANCE, scale=answer + end):
        shared = subject.joiner.tokenizer.pad_token_id in subject.joiner.end_ids
        why = ", which is also the padding token" if shared else ""
        return Finding(NAME, "ok", f"every answer ends with {names}{why}: {end / len(subject.examples):.2f} nats each")
    seen = f"the end, {names}, adds {added:.2f} nats to the loss; the model's surprise at it is {end:.2f}"
    return Finding(NAME, "FAILED", seen, "a model trained so would not stop; report it with the model's name")
