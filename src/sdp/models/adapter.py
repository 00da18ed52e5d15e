"""Putting a trained adapter on its model, and making sure that it does something."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from peft import PeftModel
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import PreTrainedModel

from sdp.errors import InputError
from sdp.models.identity import weights_identity
from sdp.models.quiet import quiet_peft
from sdp.models.resolve import read_note

WEIGHTS = "adapter_model.safetensors"
BASE_WEIGHTS = "base_weights"
"""The key of `sdp.json` for the identity of the base's weights."""


def load_adapter(model: PreTrainedModel, folder: Path | str, base: Path | None = None) -> PeftModel:
    """Puts an adapter on a model, in evaluation mode.

    Args:
        model: The one it was trained on. It is changed in place.
        folder: In peft's format: ``adapter_config.json`` and ``adapter_model.safetensors``.
        base: The model's folder. An adapter of ours knows its base's weights, and is put on no other of equal shape.

    Returns:
        The model with the adapter; ``with adapted.disable_adapter():`` gives the model without.

    Raises:
        InputError: No adapter, one of another model, or one that does not reach the model: its weights are not zero and
            yet nothing changes (which other tools let pass in silence).
    """
    folder = Path(folder)
    learned = _learned(folder)
    if base is not None:
        _check_base(folder, base)
    before = _probe(model)
    try:
        with quiet_peft():
            adapted = PeftModel.from_pretrained(model, str(folder), is_trainable=False)
    except Exception as error:  # peft lets through what torch, json and dataclasses raise
        what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(
            f"the adapter does not fit the model: {what}", where=str(folder), hint="give the model it was trained on"
        ) from error
    if not isinstance(adapted, PeftModel):
        raise InputError("the adapter does not fit the model", where=str(folder))
    adapted.eval()
    if learned and torch.equal(_probe(adapted), before):
        raise InputError(
            "the adapter changes nothing: its weights do not reach the model",
            where=str(folder),
            hint="give the model it was trained on",
        )
    return adapted


def _check_base(folder: Path, base: Path) -> None:
    stored = read_note(folder)
    wanted = stored.get(BASE_WEIGHTS)
    if wanted is not None and wanted != weights_identity(base):
        raise InputError(
            f"the adapter was trained on other weights than those in '{base}'",
            where=str(folder),
            hint=f"give the model it was trained on: {stored.get('model', 'unknown')}",
        )


def _learned(folder: Path) -> bool:
    """Tells whether any up-projection is not zero; they start at zero, so an untrained adapter may change nothing."""
    for name in ("adapter_config.json", WEIGHTS):
        if not (folder / name).is_file():
            raise InputError(
                f"'{folder}' is not an adapter: no {name}",
                where=str(folder),
                hint="give the adapter/ folder of a finetune run",
            )
    try:
        weights = load_file(folder / WEIGHTS)
    except (SafetensorError, OSError) as error:
        raise InputError(f"cannot read the adapter: {error}", where=str(folder / WEIGHTS)) from error
    ups = [tensor for name, tensor in weights.items() if "lora_B" in name or "lora_embedding_B" in name]
    return any(bool(tensor.count_nonzero()) for tensor in ups)


@contextmanager
def with_adapter(model: PreTrainedModel, folder: Path | str, base: Path | None = None) -> Iterator[PeftModel]:
    """Puts an adapter on a model, and takes it off again: the model is then as it was, its biases too.

    Args:
        model: The one the adapter was trained on.
        folder: As of `load_adapter`.
        base: As of `load_adapter`.
    """
    # peft overwrites biases that were trained with an adapter, and leaves them so
    biases = {name: bias.clone() for name, bias in model.state_dict().items() if name.endswith("bias")}
    adapted = load_adapter(model, folder, base)
    try:
        yield adapted
    finally:
        adapted.unload()
        model.load_state_dict(biases, strict=False)


@torch.inference_mode()
def _probe(model: PreTrainedModel | PeftModel) -> torch.Tensor:
    """Gives the logits of a few tokens, (1, n_tokens, n_vocabulary)."""
    rows = len(model.get_input_embeddings().get_parameter("weight"))
    probe = torch.arange(min(rows, 32), device=model.device).unsqueeze(0)  # (1, n_tokens)
    logits: torch.Tensor = model(input_ids=probe).logits
    return logits
