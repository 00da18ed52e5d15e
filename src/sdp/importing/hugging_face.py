"""Data sets of the `datasets` library: saved folders, folders that `load_dataset` reads, names on the hub."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sdp.errors import InputError, ResourceError

NO_DATA = ("config.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json")
"""Files of a data set's folder that say something of it."""
_NAME = re.compile(r"[\w-]+|[\w.-]+/[\w.-]+")


def may_be_name(name: str) -> bool:
    """Tells whether this could be a data set on the hub: ``gsm8k``, ``openai/gsm8k``."""
    return _NAME.fullmatch(name) is not None


def is_saved(path: Path) -> bool:
    """Tells whether `save_to_disk` wrote this folder."""
    return any((path / name).is_file() for name in ("dataset_dict.json", "state.json"))


def from_folder(path: Path) -> dict[str, Any]:
    """Loads a folder: one that `save_to_disk` wrote, or one of files that only `datasets` knows.

    Returns:
        Split → data set, mapped from disk.

    Raises:
        InputError: `datasets` cannot read it.
    """
    import datasets

    def load() -> Any:
        if is_saved(path):
            return datasets.load_from_disk(str(path))
        return datasets.load_dataset(str(path))

    return _splits(_quietly(load, str(path), InputError), str(path))


def from_hub(name: str, subset: str | None, revision: str | None) -> dict[str, Any]:
    """Loads a data set from the hub, or from the cache of an earlier time.

    Raises:
        ResourceError: It is not there, or there is no way to it.
    """
    import datasets

    return _splits(_quietly(lambda: datasets.load_dataset(name, subset, revision=revision), name, ResourceError), name)


def _quietly(load: Callable[[], Any], name: str, kind: type[InputError | ResourceError]) -> Any:
    import datasets

    logger = logging.getLogger("huggingface_hub")  # it tells of every try
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    shown = datasets.utils.logging.is_progress_bar_enabled()
    datasets.utils.logging.disable_progress_bar()
    try:
        return load()
    except Exception as error:  # whatever a reader of `datasets` raises, it is about this data set
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        hint = (
            "check its name, --subset and the network; what was loaded once is read from the cache"
            if kind is ResourceError
            else "name the files in it one by one"
        )
        raise kind(f"the datasets library cannot load it: {said}", where=name, hint=hint) from error
    finally:
        logger.setLevel(before)
        if shown:
            datasets.utils.logging.enable_progress_bar()


def _splits(loaded: Any, name: str) -> dict[str, Any]:
    if hasattr(loaded, "items"):
        return dict(loaded.items())
    return {str(getattr(loaded, "split", None) or Path(name).name): loaded}
