"""Data set repositories on the Hugging Face hub: one commit with everything, or none, and what arrived is compared.

Files travel over plain HTTP (Git LFS), which every hub speaks; Xet, the hub's other protocol, is left aside.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sdp.data.hub_client import UNAUTHORISED, hub_error, hub_token, over_http, shown
from sdp.errors import InputError, ResourceError

KIND = "dataset"
NOT_OURS = ".gitattributes"
"""Made by the hub itself in every repository."""
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Pushed:
    """What is on the hub now."""

    repo: str
    url: str
    commit: str
    n_files: int
    n_bytes: int
    changed: bool
    """False: every byte was there already."""


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """How the hub names a file's content: by SHA-256 in LFS, by Git's SHA-1 otherwise."""

    size: int
    sha256: str
    git: str

    @classmethod
    def of(cls, path: Path) -> "_Fingerprint":
        size = path.stat().st_size
        sha256, git = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                sha256.update(piece)
                git.update(piece)
        return cls(size, sha256.hexdigest(), git.hexdigest())


class Hub:
    """One data set repository.

    Args:
        repo: ``NAME`` (the token's owner's) or ``OWNER/NAME``.
        url: Of the hub; ``HF_ENDPOINT``, else huggingface.co, if not given.

    Raises:
        InputError: This cannot be the name of a repository, or the URL of a hub.
        ResourceError: No token, or the hub does not know it or does not answer.
    """

    def __init__(self, repo: str, url: str | None = None) -> None:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HFValidationError
        from huggingface_hub.utils._validators import validate_repo_id

        try:
            validate_repo_id(repo)
        except HFValidationError as error:
            raise InputError(
                f"'{repo}' cannot be the name of a repository",
                where="--push-to-hub",
                hint="OWNER/NAME, of letters, digits, '-', '_' and '.'",
            ) from error
        self._api = HfApi(endpoint=url, token=hub_token())
        if not _may_be_hub(self._api.endpoint):
            raise InputError(  # which is not shown: there may be a password in it
                "this cannot be the URL of a hub",
                where="--hub-url or HF_ENDPOINT",
                hint="https://HOST or http://HOST:PORT",
            )
        self.repo = repo
        with self._answers("tell whose token this is"):
            owner = self._api.whoami()["name"]
        self.repo = repo if "/" in repo else f"{owner}/{repo}"

    @property
    def url(self) -> str:
        """The repository's page."""
        return shown(f"{self._api.endpoint}/datasets/{self.repo}")

    def push(
        self,
        files: Mapping[str, Path],
        *,
        private: bool = False,
        overwrite: bool = False,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Pushed:
        """Puts files into the repository, all in one commit; makes the repository if it is not there.

        Args:
            files: Name in the repository → file.
            private: Who makes a repository that only its owner sees. One that is there and public is refused.
            overwrite: Replaces a data set that is there.
            advance: Told the bytes of each file that arrived.

        Raises:
            InputError: Another data set is there, or a repository that everybody sees.
            ResourceError: The hub does not take it. Nothing is committed then.
        """
        marks = {name: _Fingerprint.of(path) for name, path in files.items()}
        n_bytes = sum(mark.size for mark in marks.values())
        head = self._open(private=private)
        there = self._there(head)
        if all(_same(there.get(name), mark) for name, mark in marks.items()) and there.keys() == marks.keys():
            advance(n_bytes)
            return Pushed(self.repo, self.url, head, len(files), n_bytes, changed=False)
        stale = self._replaced(there, marks, overwrite=overwrite)
        commit = self._commit(files, marks, stale, head, advance)
        self._verify(marks, commit)
        return Pushed(self.repo, self.url, commit, len(files), n_bytes, changed=True)

    def _open(self, *, private: bool) -> str:
        """Gives the last commit of the repository, which is made if it is not there."""
        from huggingface_hub.errors import RepositoryNotFoundError

        with self._answers("be asked for the repository"):
            try:
                info = self._api.dataset_info(self.repo)
            except RepositoryNotFoundError as error:
                if error.response.status_code in UNAUTHORISED:
                    raise
                self._api.create_repo(self.repo, repo_type=KIND, private=private)
                info = self._api.dataset_info(self.repo)
        if private and not info.private:
            raise InputError(
                f"'{self.repo}' is there, and everybody sees it",
                where=self.url,
                hint="leave --private away, make it private on its page, or choose another name",
            )
        return str(info.sha)

    def _there(self, commit: str) -> dict[str, Any]:
        with self._answers("list the repository"):
            entries = self._api.list_repo_tree(self.repo, recursive=True, revision=commit, repo_type=KIND)
            return {one.path: one for one in entries if hasattr(one, "blob_id") and one.path != NOT_OURS}

    def _replaced(self, there: Mapping[str, Any], marks: Mapping[str, Any], *, overwrite: bool) -> list[str]:
        """Names what goes away: files of a data set that was there before, never anything else."""
        stale = sorted(there.keys() - marks.keys())
        if foreign := [name for name in stale if not _of_data(name)]:
            raise InputError(
                f"'{self.repo}' holds '{foreign[0]}', which this would not write",
                where=self.url,
                hint="choose another repository",
            )
        if there and not overwrite:
            raise InputError(
                f"'{self.repo}' holds another data set",
                where=self.url,
                hint="add --overwrite, or choose another repository; the hub keeps earlier commits",
            )
        return stale

    def _commit(
        self,
        files: Mapping[str, Path],
        marks: Mapping[str, _Fingerprint],
        stale: list[str],
        head: str,
        advance: Callable[[int], object],
    ) -> str:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        additions = [CommitOperationAdd(name, path) for name, path in files.items()]
        for addition in additions:
            with self._answers(f"take '{addition.path_in_repo}'"):
                self._api.preupload_lfs_files(self.repo, [addition], repo_type=KIND, free_memory=False)
            advance(marks[addition.path_in_repo].size)
        removals = [CommitOperationDelete(name) for name in stale]
        with self._answers("take the commit"):
            done = self._api.create_commit(
                self.repo,
                [*additions, *removals],
                commit_message="Data set, by sdp",
                repo_type=KIND,
                parent_commit=head,
            )
        return str(done.oid)

    def _verify(self, marks: Mapping[str, _Fingerprint], commit: str) -> None:
        there = self._there(commit)
        for name, mark in marks.items():
            if not _same(there.get(name), mark):
                raise ResourceError(
                    f"'{name}' on the hub is not what was sent", where=f"{self.url}/tree/{commit}", hint="push it again"
                )

    @contextmanager
    def _answers(self, what: str) -> Iterator[None]:
        """Turns what the hub's client raises into errors of ours. The token is never part of them."""
        try:
            with over_http():
                yield
        except Exception as error:  # the client's HTTP library, and so its errors, changes between versions
            raise hub_error(error, what, self.url) from error


def _may_be_hub(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, for one
        return False


def _same(entry: Any, mark: _Fingerprint) -> bool:
    if entry is None:
        return False
    return bool(entry.lfs.sha256 == mark.sha256 if entry.lfs else entry.blob_id == mark.git)


_DATA = re.compile(
    r"README\.md|manifest\.json|distributions\.svg|dataset_dict\.json"
    r"|(train|validation|test)([-./].*)?\.(parquet|jsonl|csv|arrow|json)"
    r"|sdp_\w+\.(py|yaml)"
)


def _of_data(name: str) -> bool:
    """Tells whether a file has a name that sdp gives, so that an earlier data set can be replaced."""
    return _DATA.fullmatch(name) is not None
