"""From a name to a model's files: the tiny model that ships, a folder, or a model on the Hugging Face hub."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any

from sdp.errors import InputError, ResourceError

TINY = "tiny"
"""The name of the model that ships with the package."""

NOTE = "sdp.json"
"""What one must know to ask a model or an adapter; ours, beside transformers' and peft's files."""

_HUB_TIMEOUT_S = 5.0
_WANTED = ("*.json", "model*.safetensors", "*.model", "*.txt", "*.jinja")
"""Of a hub model's files. Pickled weights, code and copies in other formats are never fetched."""
_WEIGHTS = ".safetensors"
_VOCABULARIES = ("tokenizer.json", "*.model", "vocab.*")
"""Files of which a tokenizer has at least one."""

_TOKENIZER_HINT = "give a folder with tokenizer.json, a hub name, or tiny, which ships with sdp"
_LOCAL_HINT = "give a folder with config.json, *.safetensors and a tokenizer, or --model tiny, which ships with sdp"


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model whose files are on this machine."""

    name: str
    """As it was asked for."""
    location: str
    """The folder that holds the files; for a hub model, the one in the hub's cache."""
    is_local: bool
    """False for a hub model."""
    answer_style: str = "direct"
    """How the model was taught to answer: ``direct``, or ``trace`` (letters first, the last line is scored)."""
    prompt_format: str = "auto"
    """A name from `sdp.models.formats.FORMATS`, or ``auto``."""
    system: str | None = None
    """The system message that it was trained with."""

    @property
    def folder(self) -> Path:
        """Gives the location as a path."""
        return Path(self.location)


def resolve_model(name: str) -> ResolvedModel:
    """Finds a model; one on the hub is downloaded unless it is in the cache.

    Args:
        name: ``tiny``, a folder, or a hub name such as ``Qwen/Qwen2.5-0.5B``. A folder wins over a hub name.

    Returns:
        Where it lies, and how it wants to be asked.

    Raises:
        InputError: The folder is not a model, or the name can be neither a folder nor a hub name.
        ResourceError: The hub cannot be reached, or does not have or does not hand out the model.
    """
    if name == TINY:
        return _described(name, Path(str(files("sdp.models"))) / TINY, is_local=True)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _described(name, folder.resolve(), is_local=True)
    if folder.exists():
        raise InputError(f"model '{name}' is a file, not a folder", where=str(folder), hint=_LOCAL_HINT)
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or not name.strip():
        raise InputError(f"there is no model folder '{name}'", hint=_LOCAL_HINT)
    return _described(name, _fetch(name), is_local=False)


def resolve_tokenizer(name: str) -> ResolvedModel:
    """Finds a tokenizer, with what its folder says of the model; of one on the hub no weights are downloaded.

    Args:
        name: ``tiny``, a folder, or a hub name. A folder wins over a hub name.

    Raises:
        InputError: The folder holds no tokenizer, or the name can be neither a folder nor a hub name.
        ResourceError: As `resolve_model`.
    """
    folder = Path(name).expanduser()
    if name == TINY:
        return resolve_model(name)
    if folder.exists() or name.startswith((".", "/", "~")) or name.count("/") > 1 or not name.strip():
        if not folder.is_dir():
            kind = "is a file, not a folder" if folder.exists() else "is not there"
            raise InputError(f"tokenizer '{name}' {kind}", hint=_TOKENIZER_HINT)
        if not any(found for pattern in _VOCABULARIES for found in folder.glob(pattern)):
            raise InputError(f"'{name}' is not a tokenizer folder", where=str(folder.resolve()), hint=_TOKENIZER_HINT)
        return _noted(name, folder.resolve(), is_local=True)
    return _noted(name, _fetch(name, weights=False), is_local=False)


def _described(name: str, folder: Path, *, is_local: bool) -> ResolvedModel:
    _check_folder(name, folder)
    return _noted(name, folder, is_local=is_local)


def _noted(name: str, folder: Path, *, is_local: bool) -> ResolvedModel:
    note = read_note(folder)
    kept = {key: str(note[key]) for key in ("answer_style", "prompt_format", "system") if note.get(key) is not None}
    return ResolvedModel(name=name, location=str(folder), is_local=is_local, **kept)


def _check_folder(name: str, folder: Path) -> None:
    if not folder.is_dir():
        raise ResourceError(f"the files of model '{name}' are missing", where=str(folder), hint="install sdp again")
    if (folder / "adapter_config.json").is_file() and not (folder / "config.json").is_file():
        raise InputError(
            f"'{name}' is an adapter, not a model", where=str(folder), hint="give the model it was trained on"
        )
    if not (folder / "config.json").is_file():
        raise InputError(f"'{name}' is not a model folder: no config.json", where=str(folder), hint=_LOCAL_HINT)
    if not any(folder.glob("*.safetensors")):
        raise InputError(
            f"model '{name}' has no *.safetensors weights; other formats can run code and are not read",
            where=str(folder),
            hint="load it once with transformers and call save_pretrained(folder), which writes safetensors",
        )


def read_note(folder: Path) -> dict[str, Any]:
    """Reads what one must know to ask a model or an adapter as it was trained.

    Args:
        folder: Of either; one that is not ours has no such file, and nothing is known.

    Raises:
        InputError: The file cannot be read.
    """
    path = folder / NOTE
    if not path.is_file():
        return {}
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read '{path.name}': {error}", where=str(path)) from error
    if not isinstance(settings, dict):
        raise InputError(f"'{path.name}' is not a JSON object", where=str(path))
    return settings


def _fetch(name: str, *, weights: bool = True) -> Path:
    """Downloads what is missing of a hub model; without a network, what is in the cache has to do."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError

    try:
        files = [file for file in _listed(name) if weights or not file.endswith(_WEIGHTS)]
        paths = [hf_hub_download(name, file, etag_timeout=_HUB_TIMEOUT_S) for file in files]
    except HFValidationError as error:
        raise InputError(f"'{name}' is neither a folder nor a hub name", hint=_LOCAL_HINT) from error
    except GatedRepoError as error:
        raise ResourceError(
            f"the hub hands out '{name}' only after you accept its terms",
            hint="accept them on the model's page and log in with `hf auth login`, or " + _LOCAL_HINT,
        ) from error
    except RepositoryNotFoundError as error:
        raise ResourceError(f"the hub has no model '{name}', and there is no such folder", hint=_LOCAL_HINT) from error
    except Exception as error:  # noqa: BLE001  (the hub's HTTP library, and so its errors, changes between versions)
        return _cached(name, error)
    if not paths:
        raise InputError(f"'{name}' on the hub holds no model that can be read", hint=_LOCAL_HINT)
    return Path(paths[0]).parent


def _listed(name: str) -> list[str]:
    """Asks the hub for the files that are wanted (`snapshot_download` would ask without a time limit)."""
    from huggingface_hub import HfApi

    info = HfApi().model_info(name, timeout=_HUB_TIMEOUT_S)
    return [sibling.rfilename for sibling in info.siblings or [] if _wanted(sibling.rfilename)]


def _wanted(file: str) -> bool:
    return "/" not in file and any(fnmatchcase(file, pattern) for pattern in _WANTED)


def _cached(name: str, error: Exception) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        raise ResourceError(
            f"model '{name}' is not a folder, and the Hugging Face hub cannot be reached",
            where=str(error).strip().partition("\n")[0] or type(error).__name__,
            hint=_LOCAL_HINT,
        ) from error
