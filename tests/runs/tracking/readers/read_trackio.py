"""Reads a project of Trackio's database, and the artifacts by its own interface: PROJECT."""

import contextlib
import io
import json
import sys
from hashlib import sha256
from pathlib import Path

from trackio.sqlite_storage import SQLiteStorage

project = sys.argv[1]
with contextlib.redirect_stdout(io.StringIO()):
    import trackio

    runs = []
    for run in trackio.Api().runs(project):
        logs = SQLiteStorage.get_logs(project, run.name, run_id=run.id)
        known = {"step", "timestamp"}
        values = [[name, row["step"], row[name], row["timestamp"]] for row in logs for name in row if name not in known]
        runs.append({"name": run.name, "settings": run.config, "values": values})
    artifacts = {}
    trackio.init(project, name="reader", embed=False, auto_log_cpu=False, auto_log_gpu=False)
    for name in sys.argv[2:]:
        artifact = trackio.use_artifact(name)
        folder = Path(artifact.download())
        files = [path for path in folder.rglob("*") if path.is_file()]
        files = {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}
        artifacts[name] = {"kind": artifact.type, "version": artifact.version, "files": files}
    trackio.finish()
sys.stdout.write(json.dumps({"runs": runs, "artifacts": artifacts}))
