"""Which layers get an adapter: by name, by architecture, or every linear one."""

import re

from peft.utils import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as BY_ARCHITECTURE
from torch import nn
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from sdp.errors import InputError, near

ALL_LINEAR = "all-linear"


def pick_targets(model: PreTrainedModel, wanted: str | list[str]) -> str | list[str]:
    """Says which layers get an adapter.

    Args:
        model: Has them.
        wanted: ``all-linear``: every linear layer but the head. ``auto``: what peft takes for the architecture (mostly
            the attention's query and value), all linear ones where it knows none. Else names of layers, or one regular
            expression that fits whole paths.

    Returns:
        Names, an expression or ``all-linear``, as `peft.LoraConfig` takes them.

    Raises:
        InputError: A name that no layer has; near names are given.
    """
    if wanted == ALL_LINEAR:
        return ALL_LINEAR
    if wanted == "auto":
        names = list(BY_ARCHITECTURE.get(str(model.config.model_type), []))
        return names if names and not _unknown(model, names) else ALL_LINEAR
    if isinstance(wanted, str) and not re.fullmatch(r"[\w.]+", wanted):
        return _checked_expression(model, wanted)
    names = [wanted] if isinstance(wanted, str) else wanted
    unknown = _unknown(model, names)
    if unknown:
        raise InputError(
            f"the model has no layer '{unknown[0]}' that can have an adapter",
            where="lora.target_modules",
            hint=f"{near(unknown[0], layer_names(model))}; or {ALL_LINEAR}",
        )
    return names


def layer_names(model: PreTrainedModel) -> list[str]:
    """Lists the last parts of the names of layers that can have an adapter."""
    return list(dict.fromkeys(path.rpartition(".")[2] for path in _paths(model)))


def _paths(model: PreTrainedModel) -> list[str]:
    kinds = (nn.Linear, nn.Embedding, Conv1D)
    return [path for path, module in model.named_modules() if isinstance(module, kinds)]


def _unknown(model: PreTrainedModel, names: list[str]) -> list[str]:
    paths = _paths(model)
    return [name for name in names if not any(path == name or path.endswith(f".{name}") for path in paths)]


def _checked_expression(model: PreTrainedModel, expression: str) -> str:
    try:
        fits = any(re.fullmatch(expression, path) for path, _ in model.named_modules())
    except re.error as error:
        raise InputError(f"'{expression}' is not a regular expression: {error}", where="lora.target_modules") from error
    if not fits:
        paths = [path for path, module in model.named_modules() if isinstance(module, nn.Linear | Conv1D)]
        raise InputError(
            f"no layer's path fits '{expression}'",
            where="lora.target_modules",
            hint=f"paths are such as {paths[0]}" if paths else None,
        )
    return expression
