"""Gemini's tuning JSONL, read by the types of Google's own client."""

import json

import pytest
from tests.exports import environments
from tests.exports.read_back import unusual, write_rows

from sdp.contract.exporter import ExportOptions
from sdp.exports.gemini import Gemini

CHECK = """
import json, sys
from google.genai import types

found = []
for line in open(sys.argv[1], encoding="utf-8", newline="\\n"):
    row = json.loads(line)
    assert set(row) == {"systemInstruction", "contents"}, row
    system = types.Content.model_validate(row["systemInstruction"])
    user, model = (types.Content.model_validate(one) for one in row["contents"])  # unknown fields are errors
    assert (system.role, user.role, model.role) == ("system", "user", "model")
    found.append([part.text for content in (system, user, model) for part in content.parts])
print(json.dumps(found))
"""


@pytest.mark.slow
def test_google_s_client_knows_every_field(tmp_path):
    rows = unusual(split="train")
    write_rows(Gemini(ExportOptions(system="Be brief")), {"train": rows}, tmp_path / "out")
    (tmp_path / "check.py").write_text(CHECK)
    done = environments.run("genai", "check.py", tmp_path / "out" / "train.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["Be brief", row["prompt"], row["completion"]] for row in rows]
