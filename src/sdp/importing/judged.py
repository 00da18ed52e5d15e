"""The stand-in task that a finished data set of imported rows is judged with."""

import pyarrow as pa

from sdp.contract.imported import Imported, imported
from sdp.contract.options import TaskOptions
from sdp.data.manifest import Manifest
from sdp.plugins.manager import load


def imported_task(manifest: Manifest) -> Imported:
    """Sets up the task of imported rows, from what their manifest says.

    Args:
        manifest: Of a data set that `sdp import` made.
    """
    facts = manifest.imported
    if facts is None:
        raise ValueError(f"{manifest.task} was not imported")
    kind = load().generators.get(manifest.task)
    language = str(manifest.settings.get("language") or "en")
    known = kind(TaskOptions(language=language)) if kind and facts.oracle else None
    meta = {name: pa.type_for_alias(alias) for name, alias in facts.meta.items()}
    return imported(manifest.task, meta, kind, known, facts.missing)
