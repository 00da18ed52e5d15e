"""Imports the files that a project lists, as modules of the package ``sdp_project``, in any of our processes.

A generator travels to worker processes by the name of its class, such as ``sdp_project.generators.mirror.Mirror``. A
finder resolves these names: a process that was never told about the project finds it in its working folder, as the
first one did. There is nothing of the package on disk, and no file that is not listed can be imported by it.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

from sdp.plugins.project import MODULE, Listed, Project, read_project

PACKAGE: Final = "sdp_project"


def working_project() -> Project | None:
    """Gives the project of the working folder, if that is one.

    Raises:
        ConfigError: Its ``sdp.toml`` cannot be used.
    """
    try:
        return read_project(Path.cwd())
    except FileNotFoundError:  # the working folder was removed
        return None


def module_of(listed: Listed) -> str:
    """Names the module of a listed Python file."""
    return f"{PACKAGE}.{listed.path.removesuffix(MODULE).replace('/', '.')}"


def import_listed(listed: Listed) -> ModuleType:
    """Imports a listed Python file, whatever it raises."""
    name = module_of(listed)
    known = sys.modules.get(name)
    if known is not None and known.__file__ != str(listed.file):  # of another folder that this process worked in
        del sys.modules[name]
    return import_module(name)


class _FromSource(SourceFileLoader):
    """Compiles what the file says: a ``.pyc`` beside it may say something else."""

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname.partition(".")[0] != PACKAGE:
            return None
        project = working_project()
        for listed in project.listed if project else ():
            name = module_of(listed)
            if listed.is_module and name == fullname and listed.file.is_file():
                file = str(listed.file)
                return spec_from_file_location(fullname, file, loader=_FromSource(fullname, file))
            if listed.is_module and name.startswith(f"{fullname}."):
                return ModuleSpec(fullname, None, is_package=True)
        return None


sys.meta_path.insert(0, _Finder())
