"""Finding and loading a tokenizer by its ``tokenizer.json``: without torch, without transformers, in milliseconds."""

from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sdp.errors import InputError, ResourceError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TINY = "tiny"
"""The model that ships with the package."""
FILE = "tokenizer.json"
_HUB_TIMEOUT_S = 5.0
_HINT = (
    f"give a folder with {FILE} (transformers writes it: AutoTokenizer.from_pretrained(…).save_pretrained(folder)), "
    "a hub name, or tiny, which ships with sdp"
)


def load_tokenizer(model: str) -> "Tokenizer":
    """Loads the tokenizer of a model, without truncation and padding.

    Args:
        model: ``tiny``, a folder, or a name on the Hugging Face hub. A folder wins over a hub name.

    Raises:
        InputError: The folder is not a tokenizer's, or its file is broken.
        ResourceError: The hub cannot be reached, or does not hand it out.
    """
    from tokenizers import Tokenizer

    path = find_tokenizer(model)
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the Rust parser raises a bare Exception
        raise InputError(f"cannot read the tokenizer of '{model}': {error}", where=str(path), hint=_HINT) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def tokenizer_hash(model: str) -> str:
    """Gives the fingerprint of a tokenizer's file, 16 hexadecimal digits.

    Raises:
        InputError: As `load_tokenizer`.
        ResourceError: As `load_tokenizer`.
    """
    return blake2b(find_tokenizer(model).read_bytes(), digest_size=8).hexdigest()


def tokenizer_name(model: str) -> str:
    """Gives what a tokenizer is called in manifests: a folder's own name, not where it lies."""
    return Path(model).expanduser().resolve().name if _is_path(model) else model


def find_tokenizer(model: str) -> Path:
    """Finds a tokenizer's file; arguments and errors as in `load_tokenizer`."""
    if model == TINY:
        return Path(str(files("sdp"))) / "models" / TINY / FILE
    folder = Path(model).expanduser()
    if folder.is_file():
        raise InputError(f"tokenizer '{model}' is a file, not a folder", where=str(folder), hint=_HINT)
    if not _is_path(model):
        return _fetch(model)
    if not folder.is_dir() or not model.strip():
        raise InputError(f"there is no tokenizer folder '{model}'", hint=_HINT)
    if not (folder / FILE).is_file():
        raise InputError(f"'{model}' is not a tokenizer folder: no {FILE}", where=str(folder), hint=_HINT)
    return (folder / FILE).resolve()


def _is_path(model: str) -> bool:
    looks_so = model.startswith((".", "/", "~")) or model.count("/") > 1 or not model.strip()
    return model != TINY and (looks_so or Path(model).expanduser().is_dir())


@lru_cache(maxsize=8)  # the hub is asked once
def _fetch(name: str) -> Path:
    """Gets the file from the hub, or from its cache on this machine."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        return Path(hf_hub_download(name, FILE, etag_timeout=_HUB_TIMEOUT_S))
    except HFValidationError as error:
        raise InputError(f"'{name}' is neither a folder nor a hub name", hint=_HINT) from error
    except GatedRepoError as error:
        hint = "accept its terms on the model's page and log in with `hf auth login`"
        raise ResourceError(f"the hub does not hand out '{name}' to everyone", hint=hint) from error
    except RepositoryNotFoundError as error:
        raise ResourceError(f"the hub has no '{name}', and there is no such folder", hint=_HINT) from error
    except LocalEntryNotFoundError as error:  # a kind of EntryNotFoundError, so it comes first
        raise _unreachable(name, error) from error
    except EntryNotFoundError as error:
        raise InputError(f"'{name}' on the hub has no {FILE}", hint=_HINT) from error
    except Exception as error:  # the hub's HTTP library, and so its errors, changes between versions
        raise _unreachable(name, error) from error


def _unreachable(name: str, error: Exception) -> ResourceError:
    return ResourceError(
        f"tokenizer '{name}' is not a folder, and the Hugging Face hub cannot be reached",
        where=str(error).strip().partition("\n")[0] or type(error).__name__,
        hint=_HINT,
    )
