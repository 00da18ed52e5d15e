"""What DeepSpeed is told: every number stands there, so that its file says what ran."""

from typing import Any

from sdp.finetuning.arguments import examples_per_step
from sdp.recipes.schema import Recipe


def deepspeed_config(recipe: Recipe, precision: str) -> dict[str, Any]:
    """Makes DeepSpeed's configuration: ZeRO stage 2 for adapters, stage 3 where the whole model learns.

    Stage 2 splits gradients and optimiser state over the processes. Stage 3 splits the weights, too; an adapter would
    gather its frozen base again at every layer.

    Args:
        recipe: Batch sizes, clipping and processes.
        precision: ``no``, ``bf16`` or ``fp16``.
    """
    training = recipe.training
    return {
        "train_batch_size": examples_per_step(recipe),
        "train_micro_batch_size_per_gpu": training.per_device_train_batch_size,
        "gradient_accumulation_steps": training.gradient_accumulation_steps,
        "gradient_clipping": training.max_grad_norm,
        "zero_optimization": {
            "stage": 3 if recipe.method == "full" else 2,
            "overlap_comm": True,
            "contiguous_gradients": True,
            **({"stage3_gather_16bit_weights_on_model_save": True} if recipe.method == "full" else {}),
        },
        "zero_allow_untested_optimizer": True,
        "bf16": {"enabled": precision == "bf16"},
        "fp16": {"enabled": precision == "fp16"},
        "steps_per_print": 2**31,
        "wall_clock_breakdown": False,
    }
