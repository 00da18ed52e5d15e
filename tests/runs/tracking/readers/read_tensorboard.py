"""Reads a folder of event files with TensorBoard's own loader: FOLDER."""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
events.Reload()
tags = events.Tags()
values = [[name, one.step, one.value, one.wall_time] for name in tags["scalars"] for one in events.Scalars(name)]
texts = {
    name: [bytes(one.tensor_proto.string_val[0]).decode() for one in events.Tensors(name)] for name in tags["tensors"]
}
sys.stdout.write(json.dumps({"values": values, "texts": texts}))
