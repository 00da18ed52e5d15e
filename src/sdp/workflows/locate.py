"""Finding what an earlier command left, by a task's name or a folder."""

from pathlib import Path

from sdp.data.dataset import TaskFolder, data_folders, manifests_below
from sdp.data.manifest import NAME
from sdp.errors import InputError, near

ROOT = Path("data")


def find_data(name: str, root: Path = ROOT) -> TaskFolder:
    """Opens a data set.

    Args:
        name: A folder, or the name of a task whose data lies under `root`.
        root: Where `sdp generate` puts data sets.

    Raises:
        InputError: There is none.
    """
    for folder in (Path(name), root / name):
        if (folder / NAME).is_file():
            return TaskFolder.open(folder)
    if Path(name).is_dir():
        return TaskFolder.open(Path(name))  # says that it has no manifest
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
