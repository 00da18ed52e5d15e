"""What the processes that train together decide together: one that went its own way would leave the others waiting."""

import torch
import torch.distributed as dist


def anybody(device: torch.device, *, asked: bool) -> bool:
    """Tells whether it is so in any of the processes.

    Args:
        device: Where this process computes.
        asked: Whether it is so here.
    """
    if not (dist.is_available() and dist.is_initialized()):
        return asked
    flag = torch.tensor([int(asked)], device=device)
    dist.all_reduce(flag, op=dist.ReduceOp.MAX)
    return bool(flag.item())
