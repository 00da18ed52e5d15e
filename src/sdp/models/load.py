"""Loading tokenizers and models: safetensors only, no code from model folders, no network."""

from typing import Literal

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from sdp.errors import InputError, ResourceError, near
from sdp.models.quiet import quiet_transformers
from sdp.models.resolve import ResolvedModel

Device = Literal["cpu", "cuda", "mps"]

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def pick_device(name: str = "auto") -> Device:
    """Says where to compute.

    Args:
        name: ``auto`` (CUDA, else MPS, else CPU), or one of the three.

    Raises:
        InputError: There is no such kind of device.
        ResourceError: This machine has none of that kind.
    """
    has: dict[Device, bool] = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return next(kind for kind, there in has.items() if there)
    for kind, there in has.items():
        if kind == name:
            if not there:
                raise ResourceError(f"there is no device '{name}' on this machine", hint="use --device auto")
            return kind
    raise InputError(f"there is no device '{name}'", hint=near(name, ["auto", *has]))


def pick_dtype(name: str, device: Device) -> torch.dtype:
    """Says in which type weights are kept: ``auto`` is bfloat16 on a CUDA device that has it, else float32."""
    if name == "auto":
        return torch.bfloat16 if device == "cuda" and has_fast_bfloat16() else torch.float32
    if name not in DTYPES:
        raise InputError(f"there is no dtype '{name}'", hint=near(name, ["auto", *DTYPES]))
    return DTYPES[name]


def has_fast_bfloat16() -> bool:
    """Tells whether the CUDA device computes in bfloat16; older ones only pretend to, slower than in float32."""
    return bool(torch.cuda.is_bf16_supported(including_emulation=False))


def load_tokenizer(resolved: ResolvedModel) -> PreTrainedTokenizerBase:
    """Loads the tokenizer of a model.

    Raises:
        InputError: The folder has none, or one that wants to run its own code.
    """
    quiet_transformers()
    try:
        tokenizer = AutoTokenizer.from_pretrained(resolved.location, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # broken files surface as anything from OSError to the Rust parser's bare Exception
        raise InputError(
            f"cannot load the tokenizer of '{resolved.name}': {_first_line(error)}", where=resolved.location
        ) from error
    if not isinstance(tokenizer, PreTrainedTokenizerBase):
        raise InputError(f"'{resolved.name}' has no tokenizer", where=resolved.location)
    return tokenizer


def load_model(
    resolved: ResolvedModel,
    *,
    device: str = "auto",
    dtype: str = "auto",
    quantization: BitsAndBytesConfig | None = None,
) -> PreTrainedModel:
    """Loads a causal language model, ready to be asked (in evaluation mode).

    Args:
        resolved: Which.
        device: As in `pick_device`.
        dtype: As in `pick_dtype`.
        quantization: Keeps the weights in fewer bits.

    Raises:
        InputError: The folder holds no causal language model, or one that wants to run its own code.
        ResourceError: No such device, or not enough memory.
    """
    quiet_transformers()
    place = pick_device(device)
    kind = pick_dtype(dtype, place)
    try:
        model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
            resolved.location,
            dtype=kind,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            **({"quantization_config": quantization, "device_map": {"": place}} if quantization else {}),
        )
        if quantization is None:
            torch.nn.Module.to(model, place)  # the model's own `to` is decorated and loses its type
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise ResourceError(f"model '{resolved.name}' does not fit into memory", hint="use a smaller one") from error
    except Exception as error:  # broken files surface as anything from OSError to SafetensorError
        raise InputError(
            f"cannot load model '{resolved.name}': {_first_line(error)}", where=resolved.location
        ) from error
    model.eval()
    return model


def end_ids_of(model: PreTrainedModel) -> frozenset[int]:
    """Gives the ids that end a text according to the model's generation config."""
    ends = model.generation_config.eos_token_id
    return frozenset() if ends is None else frozenset({ends} if isinstance(ends, int) else map(int, ends))


def check_vocabulary(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Makes sure that the model has an embedding for every token.

    Raises:
        InputError: It has not: model and tokenizer do not belong together.
    """
    rows = len(model.get_input_embeddings().get_parameter("weight"))
    if len(tokenizer) > rows:
        raise InputError(
            f"the tokenizer has {len(tokenizer)} tokens, the model knows only {rows}",
            hint="use the tokenizer the model was trained with",
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
