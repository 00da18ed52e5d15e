"""`sdp doctor`: what this machine can do, and whether a model can be trained without the usual traps."""

import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import torch

from sdp import __version__
from sdp.errors import ResourceError
from sdp.finetuning.examples import Example, encode
from sdp.finetuning.lean.probe import why_not
from sdp.finetuning.lora import add_lora
from sdp.finetuning.machine.devices import DeviceFacts, devices
from sdp.finetuning.machine.dtypes import DtypeFacts, measure_dtypes
from sdp.finetuning.machine.extras import ExtraFacts, extras
from sdp.finetuning.probes.finding import Finding
from sdp.finetuning.probes.run import run_probes
from sdp.finetuning.probes.subject import Subject, wake
from sdp.finetuning.probes.training_loss import training_loss
from sdp.models.joiner import Joiner
from sdp.models.load import check_vocabulary, end_ids_of, load_model, load_tokenizer, pick_device, pick_dtype
from sdp.models.replay import replay_words
from sdp.models.resolve import resolve_model
from sdp.progress import SILENT, Progress
from sdp.recipes.schema import Lora
from sdp.synthesis.memory import questions

_TASKS = ("spelling", "position", "count")
_ANSWERS_PER_TASK = 64
_PROBED = 4
"""Examples that go through the model: enough for unequal lengths and a micro-batch, few enough for seconds."""


@dataclass(frozen=True, slots=True)
class DoctorRequest:
    """What to look at."""

    model: str | None = None
    """None: the machine alone."""
    device: str = "auto"
    prompt_format: str = "auto"
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine can do."""

    versions: dict[str, str]
    devices: list[DeviceFacts]
    dtypes: dict[str, list[DtypeFacts]]
    """Per kind of device, measured."""
    device: str
    """What ``--device auto`` (or the given one) means here."""
    dtype: str
    """In which format a model's frozen weights are kept there."""
    disk_free_bytes: int
    """Where runs go."""
    extras: list[ExtraFacts]


@dataclass(frozen=True, slots=True)
class Examination:
    """What the probes say of a model."""

    model: str
    prompt_format: str
    parameters: int
    stock_path: str | None
    """Why training would pad its batches; None: it would not."""
    findings: list[Finding]

    @property
    def n_failed(self) -> int:
        """Probes that said no."""
        return sum(finding.verdict == "FAILED" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """What was found."""

    machine: Machine
    examination: Examination | None


def doctor(request: DoctorRequest, progress: Progress = SILENT) -> DoctorResult:
    """Looks at the machine and, if one is named, at a model.

    Args:
        request: What to look at.
        progress: Shows what is being measured.

    Raises:
        InputError: The model cannot be used at all.
        ResourceError: Model, device or memory that is not there.
    """
    machine = _machine(request, progress)
    return DoctorResult(machine, None if request.model is None else _examine(request.model, request, progress))


def _machine(request: DoctorRequest, progress: Progress) -> Machine:
    device = pick_device(request.device)
    there = devices()
    kinds = list(dict.fromkeys(facts.kind for facts in there))
    dtypes: dict[str, list[DtypeFacts]] = {}
    with progress.bar("measuring", len(kinds), "devices") as bar:
        for kind in kinds:
            dtypes[kind] = measure_dtypes(kind)
            bar.advance()
    libraries = {name: version(name) for name in ("torch", "transformers", "peft", "accelerate")}
    return Machine(
        versions={"sdp": __version__, "python": platform.python_version(), **libraries},
        devices=there,
        dtypes=dtypes,
        device=device,
        dtype=str(pick_dtype("auto", device)).removeprefix("torch."),
        disk_free_bytes=shutil.disk_usage(Path.cwd()).free,
        extras=extras(),
    )


def _examine(name: str, request: DoctorRequest, progress: Progress) -> Examination:
    resolved = resolve_model(name)
    tokenizer = load_tokenizer(resolved)
    model = load_model(resolved, device=request.device, dtype="float32")
    check_vocabulary(model, tokenizer)
    wanted = resolved.prompt_format if request.prompt_format == "auto" else request.prompt_format
    ends = end_ids_of(model)
    joiner = Joiner(tokenizer, wanted, request.system, ends)
    rows = [row for task in _TASKS for row in questions(task, replay_words(resolved), _ANSWERS_PER_TASK).to_pylist()]
    n_parameters = sum(parameter.numel() for parameter in model.parameters())
    with torch.random.fork_rng():
        torch.manual_seed(0)
        adapted = add_lora(model, Lora(dropout=0.0))
    adapted.eval()
    wake(adapted)
    why = why_not(model)
    subject = Subject(adapted, joiner, _examples(rows, joiner), training_loss(adapted, model, joiner, why))
    try:
        findings = run_probes(
            subject,
            question=rows[0]["prompt"],
            answers=[text for row in rows for text in (row["answer"], row["answer"].upper())],
            model_ends=ends,
            progress=progress,
        )
    except torch.OutOfMemoryError as error:
        raise ResourceError("the probes do not fit into memory", hint="use --device cpu") from error
    return Examination(name, joiner.format_name, n_parameters, why, findings)


def _examples(rows: Sequence[dict[str, str]], joiner: Joiner) -> list[Example]:
    """Gives a few examples of unequal lengths."""
    made = encode([row["prompt"] for row in rows], [row["answer"] for row in rows], joiner)
    order = made.lengths.argsort(kind="stable")
    places = [round(place * (len(order) - 1) / (_PROBED - 1)) for place in range(_PROBED)]
    return [made[int(order[place])] for place in places]
