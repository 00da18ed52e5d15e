"""Reads a configuration with DeepSpeed's own parser, and with accelerate's plugin; runs in DeepSpeed's environment."""

import json
import sys
from pathlib import Path

import deepspeed
import torch.distributed
from accelerate import DeepSpeedPlugin
from deepspeed.runtime.config import DeepSpeedConfig
from torch.testing._internal.distributed.fake_pg import FakeStore

path = Path(sys.argv[1])
# a process group that talks to nobody: the parser asks for its size
torch.distributed.init_process_group("fake", rank=0, world_size=int(sys.argv[2]), store=FakeStore())
deepspeed.init_distributed(dist_backend="gloo")
read = DeepSpeedConfig(json.loads(path.read_text()))
plugin = DeepSpeedPlugin(hf_ds_config=str(path))
found = {
    "stage": read.zero_optimization_stage,
    "train_batch_size": read.train_batch_size,
    "micro_batch": read.train_micro_batch_size_per_gpu,
    "accumulation": read.gradient_accumulation_steps,
    "clipping": read.gradient_clipping,
    "bf16": read.bfloat16_config.enabled,
    "fp16": read.float16_config.enabled,
    "plugin_stage": plugin.zero_stage,
}
sys.stdout.write(json.dumps(found) + "\n")
