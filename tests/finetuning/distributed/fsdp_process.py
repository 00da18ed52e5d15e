"""One of two processes that share a sharded model over gloo; started by torchrun. Prints what it found as JSON.

accelerate ignores FSDP on a CPU, so the model is sharded here as accelerate does it on a GPU: every decoder layer, then
the root, with `fully_shard`.
"""

import json
import sys
from pathlib import Path

import torch
import torch.distributed as dist
from tests.finetuning import cases
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

from sdp.finetuning.backends.lean import build
from sdp.finetuning.probes.subject import wake

FOLDER = Path(sys.argv[1])
SHAPE = sys.argv[2]


def whole(tensor: torch.Tensor) -> torch.Tensor:
    return (tensor.full_tensor() if isinstance(tensor, DTensor) else tensor).detach().clone()


def gradients(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: whole(p.grad) for name, p in model.named_parameters() if p.grad is not None}


def off(found: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor]) -> float:
    assert found.keys() == wanted.keys(), found.keys() ^ wanted.keys()
    return max(float((found[name] - wanted[name]).norm() / wanted[name].norm()) for name in wanted)


def main() -> None:
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    job = cases.job(shape=SHAPE)
    wake(job.model)
    examples = [job.train[place] for place in range(8)]
    total = torch.tensor(sum(len(ids) - n_prompt for ids, n_prompt in examples))
    with build(job, FOLDER / "checkpoints") as trainer:  # the step in one process
        reading = trainer.reading.name
        trainer.accelerator.state._shared_state["num_processes"] = 1
        trainer.compute_loss(job.model, examples, num_items_in_batch=total).backward()
        wanted = gradients(job.model)
        job.model.zero_grad()
        before = {name: value.clone() for name, value in job.model.state_dict().items()}

        trainer.accelerator.state._shared_state["num_processes"] = 2
        for layer in job.model.get_base_model().model.layers:
            fully_shard(layer)
        fully_shard(job.model)
        mine = examples[:3] if rank == 0 else examples[3:]  # unequal shares
        trainer.compute_loss(job.model, mine, num_items_in_batch=total).backward()
        scaled = off(gradients(job.model), wanted)
        job.model.zero_grad()
        trainer.accelerator.state._shared_state["num_processes"] = 1
        trainer.compute_loss(job.model, mine, num_items_in_batch=total).backward()
        unscaled = off(gradients(job.model), wanted)

    options = StateDictOptions(full_state_dict=True, cpu_offload=True)
    gathered = get_model_state_dict(job.model, options=options)
    sharded = sum(isinstance(p, DTensor) for p in job.model.parameters())
    if rank == 0:
        job.model.save_pretrained(FOLDER / "gathered", state_dict=gathered)
        same = gathered.keys() == before.keys() and all(torch.equal(gathered[name], before[name]) for name in before)
        found = {"reading": reading, "scaled": scaled, "unscaled": unscaled, "same": same, "n_sharded": sharded}
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        assert not gathered  # whole weights are in the first process alone
    dist.destroy_process_group()


main()
