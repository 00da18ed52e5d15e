"""One plugin, asked hook by hook: what fails becomes a fault, the rest is kept."""

from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from sdp.api import Exporter, Item, Metric, RowGenerator, Validator, hookimpl
from sdp.plugins.reading import HOOKS, read_plugin


class Echo(RowGenerator):
    name, version = "echo", 1

    def row(self, index, rng):
        return Item(key="a", answer="a", fields={})

    def solve(self, item):
        return "a"


class Length(Metric):
    name = "length"
    signature = "length"

    def rows(self, predictions, references):
        return np.array([float(len(text)) for text in predictions])


class Fussy(Validator):
    name = "fussy"

    def reasons(self, table):
        return pa.array(["no"] * table.num_rows)


class Nothing(Exporter):
    name = "nothing"

    def write(self, splits, schema, folder):
        return []


def plugin(**hooks):
    """A module with these hooks, marked unless the name is given as a bare function."""
    module = ModuleType("foreign")
    for name, function in hooks.items():
        setattr(module, name, hookimpl(function))
    return module


def faults(**hooks):
    return [fault.text for fault in read_plugin(plugin(**hooks)).faults]


def test_a_sound_plugin_is_taken_whole(tmp_path):
    found = read_plugin(
        plugin(
            sdp_generators=lambda: [Echo],
            sdp_metrics=lambda: (cls for cls in [Length]),  # any iterable
            sdp_validators=lambda: {Fussy},
            sdp_exporters=lambda: (Nothing,),
            sdp_template_dirs=lambda: [str(tmp_path)],
        )
    )
    assert found.faults == []
    brought = {kind: classes for kind, classes in found.classes.items() if classes}
    assert brought == {"generators": [Echo], "validators": [Fussy], "metrics": [Length], "exporters": [Nothing]}
    assert found.template_dirs == [tmp_path]


def test_a_folder_may_be_any_path_like_of_text(tmp_path):
    class Place:
        def __init__(self, path):
            self.path = path

        def __fspath__(self):
            return self.path

    places = [Place(str(tmp_path)), Place(bytes(tmp_path)), Place(str(tmp_path / "gone"))]
    found = read_plugin(plugin(sdp_template_dirs=lambda: places))
    assert found.template_dirs == [tmp_path]
    assert [fault.text.rpartition(" is not ")[2] for fault in found.faults] == ["a path", "a folder"]


def test_one_failing_hook_does_not_take_the_others():
    def sdp_metrics():
        raise RuntimeError("no licence")

    found = read_plugin(plugin(sdp_generators=lambda: [Echo], sdp_metrics=sdp_metrics))
    assert found.classes["generators"] == [Echo]
    [fault] = found.faults
    assert fault.text.startswith("sdp_metrics: RuntimeError: no licence (")
    assert "test_reading.py:" in fault.text


def test_a_hook_that_fails_while_its_result_is_read_is_caught():
    def sdp_generators():
        yield Echo
        raise OSError("half way")

    found = read_plugin(plugin(sdp_generators=sdp_generators))
    assert found.classes["generators"] == [Echo]
    assert "half way" in found.faults[0].text


def test_a_hook_that_exits_is_caught():
    def sdp_generators():
        raise SystemExit(3)

    assert "SystemExit" in faults(sdp_generators=sdp_generators)[0]


def test_a_misspelt_hook_is_reported_with_the_right_name():
    [text] = faults(sdp_generaters=lambda: [Echo])
    assert "no such hook" in text
    assert "did you mean 'sdp_generators'?" in text


def test_an_optional_hook_of_a_newer_sdp_is_left_alone():
    module = ModuleType("foreign")

    @hookimpl(optionalhook=True)
    def sdp_musicians():
        return []

    module.sdp_musicians = sdp_musicians
    assert read_plugin(module).faults == []


def test_a_hook_with_an_argument_is_reported_and_the_others_kept():
    found = read_plugin(plugin(sdp_generators=lambda: [Echo], sdp_exporters=lambda config: []))
    assert found.classes["generators"] == [Echo]
    assert [fault.text for fault in found.faults] == ["sdp_exporters: it takes an argument that the hook does not have"]


def test_a_forgotten_marker_is_reported():
    def sdp_generators():
        return [Echo]

    module = ModuleType(sdp_generators.__module__)
    module.sdp_generators = sdp_generators
    [fault] = read_plugin(module).faults
    assert "not marked with @hookimpl" in fault.text


def test_a_hook_imported_from_elsewhere_needs_no_marker():
    module = ModuleType("foreign")
    module.sdp_somewhere_else = test_a_forgotten_marker_is_reported
    assert read_plugin(module).faults == []


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("returned", [None, 7, "mirror"])
def test_something_that_is_no_list_is_reported(hook, returned):
    [text] = faults(**{hook: lambda: returned})
    assert text == f"{hook}: it returned {returned!r} where a list belongs"


@pytest.mark.parametrize("hook", HOOKS)
def test_an_object_of_the_wrong_kind_is_reported(hook):
    [text] = faults(**{hook: lambda: [3.5]})
    assert text.startswith(f"{hook}: 3.5 is not a")


def test_a_class_of_another_kind_is_reported():
    assert "is not a subclass of ItemGenerator or RowGenerator" in faults(sdp_generators=lambda: [Length])[0]


def test_an_instance_is_not_a_class():
    assert "is not a subclass of Metric" in faults(sdp_metrics=lambda: [Length()])[0]


def test_an_abstract_class_is_reported_with_what_it_lacks():
    class Half(Metric):
        name = "half"

    assert faults(sdp_metrics=lambda: [Half]) == ["sdp_metrics: Half does not define rows, signature"]


@pytest.mark.parametrize("name", [None, "", "Mirror", "two words", "a-b", 3])
def test_a_name_that_is_no_word_is_reported(name):
    odd = type("Odd", (Echo,), {"name": name})
    assert f"Odd.name is {name!r}" in faults(sdp_generators=lambda: [odd])[0]


@pytest.mark.parametrize("version", [None, 0, "1", 1.0, True])
def test_a_generator_needs_a_version(version):
    odd = type("Odd", (Echo,), {"version": version})
    assert f"Odd.version is {version!r}" in faults(sdp_generators=lambda: [odd])[0]


def test_a_template_folder_must_exist(tmp_path):
    missing = tmp_path / "nowhere"
    assert faults(sdp_template_dirs=lambda: [missing]) == [f"sdp_template_dirs: {missing} is not a folder"]
