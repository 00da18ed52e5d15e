"""Finding what an earlier command left, by a task's name or a folder."""

from pathlib import Path

from sdp.data.dataset import TaskFolder, data_folders, manifests_below
from sdp.data.manifest import NAME
from sdp.data.place import Place
from sdp.errors import InputError, near

ROOT = Path("data")


def find_data(name: str, root: Path = ROOT) -> TaskFolder:
    """Opens a data set.

    Args:
        name: A folder, a URL such as ``s3://bucket/spelling``, or the name of a task whose data lies under `root`.
        root: Where `sdp generate` puts data sets.

    Raises:
        InputError: There is none.
    """
    return TaskFolder.open(Path(name) if not Place.of(name).is_local else _folder_of(name, root))


def _folder_of(name: str, root: Path) -> Path:
    for folder in (Path(name), root / name):
        if (folder / NAME).is_file():
            return folder
    if Path(name).is_dir():
        return Path(name)  # whoever opens it is told that it has no manifest
    known = [path.parent.name for path in manifests_below(root)]
    hint = near(name, known) if known else f"make it with `sdp generate {name}`"
    raise InputError(f"there is no data set '{name}'", where=str(root), hint=hint)


def all_data(names: list[str], root: Path = ROOT) -> list[TaskFolder]:
    """Opens the named data sets, or all of them under `root`.

    Raises:
        InputError: There is none.
    """
    found = [find_data(name, root) for name in names] if names else data_folders(root)
    if not found:
        raise InputError(f"there is no data set under '{root}'", hint="make one with `sdp generate spelling`")
    return found


def folder_or_task(name: str, root: Path = ROOT) -> str:
    """Gives the folder of a finished data set: a path or URL as it is, a task's name under `root`.

    Raises:
        InputError: There is none.
    """
    if not Place.of(name).is_local:
        return name
    return str(_folder_of(name, root))  # not opened: a shard that is missing is what `sdp verify` is asked about
