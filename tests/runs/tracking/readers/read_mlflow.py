"""Reads every run of an experiment with MLflow's own client: URI EXPERIMENT [REGISTERED_MODEL]."""

import json
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow

uri, project, *models = sys.argv[1:]
mlflow.set_tracking_uri(uri)
client = mlflow.MlflowClient()


def files_of(source):
    with TemporaryDirectory() as folder:
        there = Path(mlflow.artifacts.download_artifacts(source, dst_path=folder))
        files = [path for path in there.rglob("*") if path.is_file()]
        return {path.relative_to(there).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def told_of(run):
    here = run.info.run_id
    histories = [client.get_metric_history(here, name) for name in run.data.metrics]
    return {
        "id": here,
        "name": run.info.run_name,
        "status": run.info.status,
        "tags": run.data.tags,
        "settings": run.data.params,
        "values": [[one.key, one.step, one.value, one.timestamp / 1000] for history in histories for one in history],
        "artifacts": {one.path: files_of(f"runs:/{here}/{one.path}") for one in client.list_artifacts(here)},
    }


runs = [told_of(run) for run in client.search_runs([client.get_experiment_by_name(project).experiment_id])]
versions = [
    {
        "version": one.version,
        "run": one.run_id,
        "status": one.status,
        "files": files_of(f"models:/{name}/{one.version}"),
    }
    for name in models
    for one in client.search_model_versions(f"name = '{name}'")
]
sys.stdout.write(json.dumps({"runs": runs, "versions": versions}))
