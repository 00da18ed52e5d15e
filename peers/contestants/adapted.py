"""The model with a fresh adapter, by transformers and peft alone; its first values are those that sdp's has."""

from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, set_seed


def adapted(shared: dict[str, Any], dtype: torch.dtype = torch.float32) -> PeftModel:
    """Loads the model and puts an adapter on every linear layer but the head.

    Args:
        shared: What all contestants share.
        dtype: Of the frozen weights.
    """
    set_seed(shared["adapter_seed"])
    model = AutoModelForCausalLM.from_pretrained(shared["location"], dtype=dtype)
    shape = {"r": shared["r"], "lora_alpha": shared["alpha"], "lora_dropout": 0.0, "target_modules": "all-linear"}
    return get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **shape))
