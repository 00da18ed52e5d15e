"""All probes, in the order in which a person wants to read them."""

from collections.abc import Callable, Sequence

from sdp.finetuning.probes.accumulation import accumulation
from sdp.finetuning.probes.adapter import adapter
from sdp.finetuning.probes.ends import ends
from sdp.finetuning.probes.finding import Finding
from sdp.finetuning.probes.isolation import isolation
from sdp.finetuning.probes.prompt import prompt
from sdp.finetuning.probes.round_trip import round_trip
from sdp.finetuning.probes.subject import Subject
from sdp.finetuning.probes.template import template
from sdp.progress import SILENT, Progress

ON_THE_MODEL: tuple[Callable[[Subject], Finding], ...] = (isolation, ends, prompt, accumulation, adapter)
"""Probes that ask the model."""


def run_probes(
    subject: Subject,
    *,
    question: str,
    answers: Sequence[str],
    model_ends: frozenset[int],
    progress: Progress = SILENT,
) -> list[Finding]:
    """Runs all probes.

    Args:
        subject: What is probed.
        question: Any.
        answers: What must survive the tokenizer.
        model_ends: Where the model's generation config stops.
        progress: Shows probes.
    """
    findings = []
    with progress.bar("probes", len(ON_THE_MODEL) + 2, "probes") as bar:
        for probe in ON_THE_MODEL:
            findings.append(probe(subject))
            bar.advance()
        findings.append(template(subject.joiner, model_ends))
        bar.advance()
        findings.append(round_trip(subject.joiner, question, answers))
        bar.advance()
    return findings
