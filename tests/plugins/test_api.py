"""What plugins import: exactly what is announced."""

import inspect

import sdp.api
import sdp.errors


def test_all_is_the_surface():
    surface = {
        name for name, thing in vars(sdp.api).items() if not name.startswith("_") and not inspect.ismodule(thing)
    }
    assert set(sdp.api.__all__) == surface
    assert sdp.api.__all__ == sorted(sdp.api.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name))


def test_every_error_is_there():
    errors = {
        name for name, thing in vars(sdp.errors).items() if inspect.isclass(thing) and issubclass(thing, Exception)
    }
    assert errors <= set(sdp.api.__all__)


def test_every_contract_class_is_there():
    from sdp.plugins.reading import KINDS

    bases = {base.__name__ for bases in KINDS.values() for base in bases}
    assert bases <= set(sdp.api.__all__)
