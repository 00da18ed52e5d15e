"""Reads offline runs from their transaction logs, which are LevelDB log files with protobuf records: FOLDER."""

import json
import struct
import sys
from hashlib import sha256
from pathlib import Path

from wandb.proto import wandb_internal_pb2 as proto

BLOCK = 32 * 1024
HEADER = struct.Struct("<IHB")  # crc, length, kind
WHOLE, LAST = 1, 4


def records(path):
    data = path.read_bytes()
    assert data[:4] == b":W&B"
    place, piece = 7, b""
    while place + HEADER.size <= len(data):
        left = BLOCK - place % BLOCK
        if left < HEADER.size:
            place += left
            continue
        _, length, kind = HEADER.unpack_from(data, place)
        place += HEADER.size
        piece += data[place : place + length]
        place += length
        if kind in (WHOLE, LAST):
            record = proto.Record()
            record.ParseFromString(piece)
            piece = b""
            yield record


parts = []
for path in sorted(Path(sys.argv[1]).glob("offline-run-*/*.wandb")):
    part = {"values": [], "artifacts": {}, "steps_of": []}
    for record in records(path):
        kind = record.WhichOneof("record_type")
        if kind == "run":
            run = record.run
            part |= {
                "id": run.run_id, "project": run.project, "entity": run.entity, "group": run.run_group,
                "tags": list(run.tags), "name": run.display_name, "kind": run.job_type,
                "settings": {one.key: json.loads(one.value_json) for one in run.config.update if one.key},
            }  # fmt: skip
        elif kind == "history":
            row = {one.key or "/".join(one.nested_key): json.loads(one.value_json) for one in record.history.item}
            known = {name: row[name] for name in row if not name.startswith("_") and name != "step"}
            part["values"] += [[name, row["step"], value, row["_timestamp"]] for name, value in known.items()]
        elif kind == "metric":
            part["steps_of"].append([record.metric.glob_name, record.metric.step_metric])
        elif kind == "artifact":
            entries = record.artifact.manifest.contents
            files = {one.path: sha256(Path(one.local_path).read_bytes()).hexdigest() for one in entries}
            part["artifacts"][record.artifact.name] = {"kind": record.artifact.type, "files": files}
        elif kind == "exit":
            part["exit"] = record.exit.exit_code
    parts.append(part)
sys.stdout.write(json.dumps(parts))
