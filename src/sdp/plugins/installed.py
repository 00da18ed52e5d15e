"""What is installed, as its metadata says. Nothing is imported here."""

from importlib.metadata import Distribution, EntryPoint, distributions, entry_points

from sdp.plugins.hookspecs import PROJECT


def installed_points() -> tuple[list[EntryPoint], dict[str, str]]:
    """Finds the entry points of the group ``sdp``.

    Returns:
        Those that can be read, by name; and for each distribution whose entry points cannot be read, the reason.
    """
    unreadable: dict[str, str] = {}
    try:
        points = list(entry_points(group=PROJECT))
    except Exception:  # noqa: BLE001  (one bad file fails all of them, and each Python fails in its own way)
        points = _one_by_one(unreadable)
    return sorted(points, key=lambda point: (point.name, distribution_name(point))), unreadable


def distribution_name(point: EntryPoint) -> str:
    """Names what an entry point was installed with, empty where its metadata does not say."""
    return _name(point.dist) if point.dist else ""


def distribution_version(point: EntryPoint) -> str:
    """Gives the version of what an entry point was installed with, empty where its metadata does not say."""
    return str(point.dist.metadata["Version"] or "") if point.dist else ""


def package_of(point: EntryPoint) -> str:
    """Names the outermost package that an entry point is imported from."""
    return point.value.partition(":")[0].partition(".")[0].strip()


def _name(distribution: Distribution) -> str:
    return str(distribution.metadata["Name"] or "")


def _one_by_one(unreadable: dict[str, str]) -> list[EntryPoint]:
    points: list[EntryPoint] = []
    seen: set[str] = set()
    for distribution in distributions():
        name = _name(distribution)
        if name in seen:  # the first on the path is the one that is imported
            continue
        seen.add(name)
        try:
            points += distribution.entry_points.select(group=PROJECT)
        except Exception as e:  # noqa: BLE001  (as above)
            text = distribution.read_text("entry_points.txt") or ""
            if f"[{PROJECT}]" in text:
                unreadable[name] = f"its entry_points.txt cannot be read: {e}"
    return points
