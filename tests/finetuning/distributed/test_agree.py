import multiprocessing
from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from sdp.finetuning.distributed.agree import anybody

CPU = torch.device("cpu")


def ask(rank: int, meeting: str, told: "multiprocessing.Queue[tuple[int, list[bool]]]") -> None:
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=2)
    told.put((rank, [anybody(CPU, asked=False), anybody(CPU, asked=rank == 1)]))
    dist.destroy_process_group()


def test_alone_the_answer_is_ones_own() -> None:
    assert anybody(CPU, asked=True)
    assert not anybody(CPU, asked=False)


@pytest.mark.slow
def test_what_one_of_two_processes_wants_both_are_told(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    told = spawn.Queue()
    both = [spawn.Process(target=ask, args=(rank, str(tmp_path / "meeting"), told)) for rank in range(2)]
    for process in both:
        process.start()
    found = dict(told.get(timeout=120) for _ in both)
    for process in both:
        process.join()
    assert found == {0: [False, True], 1: [False, True]}
