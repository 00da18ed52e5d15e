"""The adapter: LoRA on linear layers, in peft's format."""

from dataclasses import dataclass

from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from sdp.errors import InputError
from sdp.finetuning.methods.targets import pick_targets
from sdp.models.quiet import quiet_peft
from sdp.recipes.schema import Lora


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much of the model learns."""

    n_trainable: int
    n_total: int
    """The adapter's included."""

    @property
    def share(self) -> float:
        """Trainable among all."""
        return self.n_trainable / self.n_total


def add_lora(model: PreTrainedModel, settings: Lora, *, is_dora: bool = False) -> PeftModel:
    """Puts a fresh adapter on a model; everything else is frozen, but for biases if they are asked for.

    Its values come from torch's generator, so seed that first. Adapter weights are float32 whatever the model's.

    Args:
        model: Is changed in place.
        settings: The adapter's shape.
        is_dora: Learn the length of each weight column apart from its direction (arXiv 2402.09353).

    Raises:
        InputError: No layer has a name given in `target_modules`, or a layer cannot have an adapter.
    """
    config = LoraConfig(
        r=settings.r,
        lora_alpha=settings.scale_alpha,
        lora_dropout=settings.dropout,
        bias=settings.bias,
        use_rslora=settings.use_rslora,
        use_dora=is_dora,
        init_lora_weights=True if settings.init_lora_weights == "default" else settings.init_lora_weights,
        target_modules=pick_targets(model, settings.target_modules),
        task_type=TaskType.CAUSAL_LM,
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in model.modules()),
    )
    try:
        with quiet_peft():
            adapted = get_peft_model(model, config)
    except ValueError as error:
        raise InputError(
            f"cannot put an adapter on the model: {str(error).splitlines()[0]}",
            where="lora",
            hint="lora.target_modules=all-linear fits every model",
        ) from error
    if not isinstance(adapted, PeftModel):
        raise InputError("cannot put an adapter on this kind of model", where="lora")
    return adapted


def count_parameters(model: PeftModel | PreTrainedModel) -> Parameters:
    """Counts what learns and what there is."""
    if isinstance(model, PeftModel):
        n_trainable, n_total = model.get_nb_trainable_parameters()
        return Parameters(n_trainable=int(n_trainable), n_total=int(n_total))
    sizes = [(parameter.numel(), parameter.requires_grad) for parameter in model.parameters()]
    return Parameters(n_trainable=sum(n for n, learns in sizes if learns), n_total=sum(n for n, _ in sizes))
