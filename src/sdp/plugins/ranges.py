"""Whether a distribution goes with this version of sdp, by what its metadata requires."""

from importlib.metadata import Distribution

from sdp import __version__


def unmet(distribution: Distribution) -> str | None:
    """Says why a plugin must not be loaded: it was written for another sdp.

    pip refuses such a pair, unless it was told not to look, or sdp was changed under an installed plugin.

    Args:
        distribution: The one that brings the plugin.

    Returns:
        Both versions, or None where they go together or nothing is required.
    """
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    for line in distribution.requires or ():
        try:
            wanted = Requirement(line)
        except InvalidRequirement as e:
            if line.strip().lower().startswith("sdp"):
                return f"its metadata requires '{line}', which says nothing: {e}".partition("\n")[0]
            continue
        if canonicalize_name(wanted.name) != "sdp" or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        # A development version is what its author runs; whether that is old enough is theirs to know.
        if not wanted.specifier.contains(__version__, prereleases=True):
            return f"it requires sdp{wanted.specifier}, this is sdp {__version__}"
    return None
