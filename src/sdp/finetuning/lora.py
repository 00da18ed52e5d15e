"""The adapter: LoRA on linear layers, in peft's format."""

from dataclasses import dataclass

from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from sdp.errors import InputError
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


def add_lora(model: PreTrainedModel, settings: Lora) -> PeftModel:
    """Puts a fresh adapter on a model; everything else is frozen.

    Its values come from torch's generator, so seed that first. Adapter weights are float32 whatever the model's.

    Raises:
        InputError: No layer has a name given in `target_modules`.
    """
    config = LoraConfig(
        r=settings.r,
        lora_alpha=settings.scale_alpha,
        lora_dropout=settings.dropout,
        target_modules=settings.target_modules,
        task_type=TaskType.CAUSAL_LM,
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in model.modules()),
    )
    try:
        with quiet_peft():
            adapted = get_peft_model(model, config)
    except ValueError as error:
        raise InputError(
            f"cannot put an adapter on the model: {error}",
            where="lora.target_modules",
            hint="all-linear fits every model",
        ) from error
    if not isinstance(adapted, PeftModel):
        raise InputError("cannot put an adapter on this kind of model", where="lora")
    return adapted


def count_parameters(model: PeftModel) -> Parameters:
    """Counts what learns and what there is."""
    n_trainable, n_total = model.get_nb_trainable_parameters()
    return Parameters(n_trainable=int(n_trainable), n_total=int(n_total))
