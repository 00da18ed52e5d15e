"""The adapter does something, everywhere it is."""

import torch

from sdp.finetuning.probes.finding import Finding
from sdp.finetuning.probes.subject import Subject

NAME = "adapter changes logits"
_HINT = "choose other layers: -o lora.target_modules=…"


def adapter(subject: Subject) -> Finding:
    """Compares logits with and without the adapter, and looks whether a gradient reaches each of its layers."""
    ids = torch.from_numpy(subject.examples[0][0]).long().unsqueeze(0).to(subject.model.device)
    with torch.no_grad():
        adapted = subject.model(input_ids=ids, use_cache=False).logits.float()
        with subject.model.disable_adapter():
            plain = subject.model(input_ids=ids, use_cache=False).logits.float()
    change = float((adapted - plain).abs().max())
    if not change:
        return Finding(NAME, "FAILED", "the logits are the same with the adapter and without", _HINT)
    subject.model.zero_grad()
    subject.loss(subject.examples, subject.n_answer_tokens).backward()
    deaf = [
        name
        for name, parameter in subject.model.named_parameters()
        if parameter.requires_grad and (parameter.grad is None or not bool(parameter.grad.count_nonzero()))
    ]
    subject.model.zero_grad()
    if deaf:
        return Finding(NAME, "FAILED", f"no gradient reaches {len(deaf)} of its tensors, such as {deaf[0]}", _HINT)
    return Finding(NAME, "ok", f"logits move by up to {change:.2g}; a gradient reaches every layer of the adapter")
