"""Putting a trained adapter on its model, and making sure that it does something."""

from pathlib import Path

import torch
from peft import PeftModel
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import PreTrainedModel

from sdp.errors import InputError
from sdp.models.quiet import quiet_peft

WEIGHTS = "adapter_model.safetensors"


def load_adapter(model: PreTrainedModel, folder: Path | str) -> PeftModel:
    """Puts an adapter on a model, in evaluation mode.

    Args:
        model: The one it was trained on. It is changed in place.
        folder: In peft's format: ``adapter_config.json`` and ``adapter_model.safetensors``.

    Returns:
        The model with the adapter; ``with adapted.disable_adapter():`` gives the model without.

    Raises:
        InputError: No adapter, one of another model, or one that does not reach the model: its weights are not zero and
            yet nothing changes (which other tools let pass in silence).
    """
    folder = Path(folder)
    learned = _learned(folder)
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
    if learned and not _changes_logits(adapted):
        raise InputError(
            "the adapter changes nothing: its weights do not reach the model",
            where=str(folder),
            hint="give the model it was trained on",
        )
    return adapted


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


@torch.inference_mode()
def _changes_logits(adapted: PeftModel) -> bool:
    rows = len(adapted.get_input_embeddings().get_parameter("weight"))
    probe = torch.arange(min(rows, 32), device=adapted.device).unsqueeze(0)  # (1, n_tokens)
    after = adapted(input_ids=probe).logits
    with adapted.disable_adapter():
        before = adapted(input_ids=probe).logits
    return not torch.equal(before, after)
