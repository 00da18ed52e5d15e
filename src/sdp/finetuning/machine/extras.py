"""Which optional packages are here; what there is to have stands in the package's own metadata."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version

from packaging.markers import Marker
from packaging.requirements import Requirement

_FOR_DEVELOPERS = "dev"


@dataclass(frozen=True, slots=True)
class ExtraFacts:
    """One extra of this package."""

    extra: str
    packages: dict[str, str | None]
    """Name → version, or None where it is missing."""
    install: str

    @property
    def there(self) -> bool:
        """Tells whether all of it is installed."""
        return all(self.packages.values())


def extras() -> list[ExtraFacts]:
    """Lists the extras with the versions of what is installed."""
    ours = distribution("sdp")
    wanted = [Requirement(text) for text in ours.requires or ()]
    found = []
    for extra in sorted(set(ours.metadata.get_all("Provides-Extra") or ()) - {_FOR_DEVELOPERS}):
        names = [one.name for one in wanted if one.marker and _needs(one.marker, extra) and not _needs(one.marker, "")]
        found.append(ExtraFacts(extra, {name: _installed(name) for name in names}, f"pip install 'sdp[{extra}]'"))
    return found


def _needs(marker: Marker, extra: str) -> bool:
    return marker.evaluate({"extra": extra})


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
