"""What a run needs to go on elsewhere: its folder and its data sets, out of a store."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sdp.data.atomic import disk
from sdp.data.dataset import TaskFolder
from sdp.data.place import Place
from sdp.errors import InputError
from sdp.progress import Progress
from sdp.recipes.schema import REPLAY
from sdp.runs.checkpoints.arrival import pull_folder, pull_run
from sdp.runs.checkpoints.remote import DATA, RemoteRun, find_remote
from sdp.runs.folder import RECORD, Run


def is_url(name: str) -> bool:
    """Tells a URL from a run's folder or name."""
    return "://" in name


def lies_elsewhere(name: str) -> bool:
    """Tells a place that runs were sent to, a URL or a folder, from a run here."""
    folder = Path(name)
    return is_url(name) or (bool(name) and folder.is_dir() and not (folder / RECORD).is_file())


def fetch_run(url: str, root: Path, progress: Progress) -> Run:
    """Gets a run out of a store to go on with it here, with data that is not here.

    Args:
        url: Of the run, or of a folder that holds runs, here or in a store: then the newest that is not complete.
        root: Where runs lie here.
        progress: Told what is fetched.

    Raises:
        InputError: There is none, it is complete, or all its checkpoints are damaged.
        ResourceError: The store does not give it, or the disk does not take it.
    """
    remote = find_remote(Place.of(url), unfinished=True)
    if remote.is_complete:
        raise InputError(f"run '{remote.id}' is complete", where=url, hint=f"get it: sdp checkpoint pull {url}")
    with progress.bar(f"fetching {remote.id}", 1) as bar:
        run = Run.open(pull_run(remote, root, None, progress.note))
        _fetch_data(run, remote, progress)
        bar.advance()
    return run


def data_names(run: Run) -> dict[str, Path]:
    """Names a run's data sets as they are called in a store, with where they lie here."""
    return {_name(one): Path(one["path"]) for one in run.record["config"]["data"]}


def _name(identity: Mapping[str, str]) -> str:
    return f"{identity['task']}-{identity['fingerprint'][:12]}"


def _fetch_data(run: Run, remote: RemoteRun, progress: Progress) -> None:
    """Gets the data sets that are not here, and tells the run where they are now."""
    config = run.record["config"]
    sources = [source for source in config["recipe"]["data"] if source["source"] != REPLAY]
    for source, identity in zip(sources, config["data"], strict=True):
        if _is_here(identity):
            continue
        here = run.path / DATA / _name(identity)
        with disk(here):
            here.mkdir(parents=True, exist_ok=True)
            if not pull_folder(remote, f"{DATA}/{_name(identity)}", here):
                continue  # pushed by hand: who opens it says what is missing
        progress.note(f"data set {identity['task']} fetched into {here}")
        source["source"] = identity["path"] = here.as_posix()
    run.save()


def _is_here(identity: Mapping[str, str]) -> bool:
    with suppress(InputError):
        return TaskFolder.open(Path(identity["path"])).manifest.fingerprint == identity["fingerprint"]
    return False
