"""How fast data is made: sdp beside reasoning-gym, NeMo Data Designer, and pyarrow writing the finished table.

Run ``python peers/generation.py`` (a few minutes) and it prints the tables of ``docs/peers-generation.md``. The other
tools need their environments: ``python peers/environments.py``.
"""

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from side_by_side import designer, floor, gym, scaling, startup
from side_by_side.process import RunError
from side_by_side.setting import Setting

SECTIONS = {
    "gym": gym.tables,
    "designer": designer.tables,
    "floor": floor.tables,
    "startup": startup.tables,
    "scaling": scaling.tables,
}


def main() -> None:
    """Prints the tables, each as soon as it is there.

    Raises:
        SystemExit: A contestant failed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, help="rows in every section but startup, instead of the section's own number")
    parser.add_argument("--repeats", type=int, default=5, help="rounds; contestants take turns in each")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--large", action="store_true", help="scaling with twenty million rows, too")
    parser.add_argument("--workers", type=int, default=1, help="processes of sdp in gym and floor (scaling has both)")
    parser.add_argument("--work", type=Path, help="a folder on the disk to measure; the temporary one by default")
    parser.add_argument("--source", type=Path, help="the src folder of another checkout, instead of the sdp installed")
    given = parser.parse_args()
    source = given.source.resolve() if given.source else None
    if source and not (source / "sdp" / "__main__.py").is_file():
        parser.error(f"--source: no sdp in '{given.source}'")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ", ".join(f"{name} {version(name)}" for name in ("sdp", "pyarrow", "numpy"))
    print(f"{cores} cores, Python {platform.python_version()}, {packages}\n", flush=True)
    with TemporaryDirectory(prefix="sdp-peers-", dir=given.work) as work:
        setting = Setting(given.repeats, Path(work).resolve(), given.n, given.large, given.workers, source)
        for name in given.only:
            try:
                for table in SECTIONS[name](setting):
                    print(table, flush=True)
            except RunError as failure:
                raise SystemExit(str(failure)) from failure


if __name__ == "__main__":
    main()
