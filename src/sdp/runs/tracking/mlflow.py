"""MLflow: the server or database that ``MLFLOW_TRACKING_URI`` names, else ``mlflow.db`` in the working folder."""

import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sdp.runs.tracking.contract import Point, Record, Settings
from sdp.runs.tracking.names import settings_of, without_secrets

_STATUS = {"complete": "FINISHED", "failed": "FAILED", "interrupted": "KILLED"}
_LONGEST_PARAM = 6000  # mlflow.utils.validation.MAX_PARAM_VAL_LENGTH
_PARAMS = 100  # at once: MAX_PARAMS_TAGS_PER_BATCH
_METRICS = 1000  # MAX_METRICS_PER_BATCH
_PATIENCE = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "10", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2"}
"""Seconds, and times: a server that is gone must not hold a training up for the many minutes that MLflow would wait."""


class Mlflow:
    """One run of MLflow.

    Args:
        settings: The project is MLflow's experiment; group, tags and entity become tags of the run.
        folder: Not used: a database holds many runs.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        del folder
        self._settings = settings
        self._uri = os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{Path('mlflow.db').resolve()}"
        self._client: Any = None
        self._id = ""
        self.settles_s = 0.0
        self.where = f"{without_secrets(self._uri)} {settings.project}"

    def start(self, record: Record, known: str | None) -> str:
        """Begins the run, or goes on with the one that was begun for this run folder."""
        for name, value in _PATIENCE.items():
            os.environ.setdefault(name, value)
        from mlflow import MlflowClient

        for name in ("mlflow", "alembic"):  # they tell every table that they make
            logging.getLogger(name).setLevel(logging.WARNING)
        self._client = MlflowClient(tracking_uri=self._uri)
        experiment = self._client.get_experiment_by_name(self._settings.project)
        where = experiment.experiment_id if experiment else self._client.create_experiment(self._settings.project)
        found = known or self._found(where, str(record["id"]))
        if found:
            self._client.update_run(found, status="RUNNING")
            self._id = found
        else:
            self._id = self._create(where, record)
        return self._id

    def log(self, points: Sequence[Point]) -> None:
        """Logs values, at the time when they were measured; MLflow takes a value that it has only once."""
        from mlflow.entities import Metric

        metrics = [
            Metric(name, value, int(point.time * 1000), point.step)
            for point in points
            for name, value in point.values.items()
        ]
        for first in range(0, len(metrics), _METRICS):
            self._client.log_batch(self._id, metrics=metrics[first : first + _METRICS], synchronous=True)

    def artifact(self, files: Mapping[str, Path], name: str, kind: str) -> None:
        """Copies files to the run, and registers the weights if a name was given for them."""
        with TemporaryDirectory() as temporary:  # MLflow takes whole folders, and an artifact may be part of one
            staging = Path(temporary, name)
            for inside, path in files.items():
                (staging / inside).parent.mkdir(parents=True, exist_ok=True)
                _place(path, staging / inside)
            self._client.log_artifacts(self._id, str(staging), artifact_path=name)
        if kind == "model" and self._settings.register_model:
            self._register(self._settings.register_model, name)

    def finish(self, record: Record) -> None:
        """Ends the run, unless it goes on elsewhere."""
        status = _STATUS.get(record["status"])
        if status:
            self._client.set_terminated(self._id, status)

    def _found(self, experiment: str, run: str) -> str | None:
        """Looks for a run that an earlier process began and could not note down."""
        runs = self._client.search_runs([experiment], filter_string=f"tags.`sdp.run` = '{run}'", max_results=1)
        return str(runs[0].info.run_id) if runs else None

    def _create(self, experiment: str, record: Record) -> str:
        from mlflow.entities import Param

        about = {"sdp.run": record["id"], "sdp.kind": record["kind"], "group": self._settings.group}
        about |= {"entity": self._settings.entity} | dict.fromkeys(self._settings.tags, "true")
        run = self._client.create_run(
            experiment,
            run_name=self._settings.name_of(record),
            tags={name: str(value) for name, value in about.items() if value},
        )
        params = [Param(name, str(value)[:_LONGEST_PARAM]) for name, value in settings_of(record).items()]
        for first in range(0, len(params), _PARAMS):
            self._client.log_batch(run.info.run_id, params=params[first : first + _PARAMS], synchronous=True)
        return str(run.info.run_id)

    def _register(self, model: str, artifact: str) -> None:
        """Makes a version of a registered model; the same weights of this run are not registered twice."""
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(model, description="Weights trained with sdp finetune.")
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        source = f"{self._client.get_run(self._id).info.artifact_uri}/{artifact}"
        for version in self._client.search_model_versions(f"name = '{model}' and run_id = '{self._id}'"):
            if version.source == source:
                return
        self._client.create_model_version(model, source, run_id=self._id, await_creation_for=0)


def _place(file: Path, link: Path) -> None:
    try:
        link.symlink_to(file.resolve())
    except OSError:  # Windows lets only administrators
        shutil.copyfile(file, link)
