"""Other processes: found by name, or told why not."""

import importlib
import os
import pickle
import sys

import pytest
from tests.testing import mistaken_scores

from sdp.api import Metric
from sdp.testing import CaseFailed, MetricSubject
from sdp.testing.child import Errand, bring, run
from sdp.testing.elsewhere import Elsewhere, require_importable, sources


def test_a_class_inside_a_function_cannot_be_found():
    class Inner(Metric):
        """Nowhere to be found."""

    with pytest.raises(CaseFailed, match="cannot be found by its name") as caught:
        require_importable(Inner)
    assert caught.value.where.startswith(__file__)
    assert "top level" in caught.value.hint


def test_one_that_cannot_go_keeps_no_other_here():
    class Inner(mistaken_scores.SameLength):
        """Nowhere to be found."""

    inner, sound = MetricSubject(Inner), MetricSubject(mistaken_scores.SameLength)
    both = Elsewhere([inner, sound])
    with pytest.raises(CaseFailed):
        both.of(inner)
    seen = both.of(sound)
    assert set(seen) == {"0", "1"}
    assert all(one.work == sound.done == one.travelled for _, one in seen.values())


def test_a_process_that_ends_is_told_with_its_last_words(tmp_path):
    (tmp_path / "ends.py").write_text(
        "import os, sys\nfrom sdp.api import Metric\n"
        f"if os.getpid() != {os.getpid()}:\n    sys.exit('not here')\n"
        "class Ends(Metric):\n    name = 'ends'\n    signature = 'x'\n"
        "    def rows(self, predictions, references):\n        return predictions\n"
    )
    subject = MetricSubject(bring("ends", str(tmp_path / "ends.py")).Ends)
    with pytest.raises(CaseFailed, match="ended with code 1: not here"):
        Elsewhere([subject]).of(subject)


def test_a_module_is_found_by_its_file_where_its_name_leads_elsewhere(tmp_path):
    (tmp_path / "colorsys.py").write_text("mine = True\n")
    try:
        assert bring("colorsys", str(tmp_path / "colorsys.py")).mine
        assert sys.modules["colorsys"].__file__ == str(tmp_path / "colorsys.py")
    finally:
        del sys.modules["colorsys"]
        importlib.import_module("colorsys")


def test_heavy_imports_are_noted_with_the_plugin_s_line(tmp_path):
    file = tmp_path / "heavy_one.py"
    file.write_text("import json\nimport jax\n")
    sys.path.insert(0, str(tmp_path))
    (tmp_path / "jax.py").write_text("")
    try:
        errand = Errand((("heavy_one", str(file)),), pickle.dumps([]), ())
        assert run(errand).heavy == {"heavy_one": {"jax": f"{file}:2"}}
    finally:
        sys.path.remove(str(tmp_path))


def test_parents_modules_come_first():
    names = [name for name, _ in sources(MetricSubject(mistaken_scores.Relative))]
    assert names[-1] == mistaken_scores.__name__
    assert "sdp.contract.metric" in names
