"""`sdp doctor` from end to end."""

import json

import pytest
import torch
from tests.models import build
from tokenizers import normalizers

from sdp.errors import InputError, ResourceError
from sdp.workflows import doctor as doctor_module
from sdp.workflows.doctor import DoctorRequest, doctor


@pytest.fixture(autouse=True)
def nothing_measured(monkeypatch):
    """Measuring is tested beside what measures."""
    monkeypatch.setattr(doctor_module, "measure_dtypes", lambda device: [])


def test_the_machine_alone():
    result = doctor(DoctorRequest())
    assert result.examination is None
    assert result.machine.versions["torch"] == torch.__version__
    assert result.machine.device == result.machine.devices[0].kind
    assert result.machine.disk_free_bytes > 0


@pytest.mark.parametrize("chat", [True, False])
def test_a_sound_model(tmp_path, chat):
    folder = build.save(tmp_path / "small", chat=chat)
    found = doctor(DoctorRequest(model=str(folder), device="cpu")).examination
    assert found.n_failed == 0
    assert found.prompt_format == ("chat" if chat else "plain")
    assert found.parameters == build.model().num_parameters()


def test_probing_changes_neither_the_random_state_nor_the_files(tmp_path):
    folder = build.save(tmp_path / "small")
    before = torch.get_rng_state(), {path.name: path.read_bytes() for path in folder.iterdir()}
    doctor(DoctorRequest(model=str(folder), device="cpu"))
    assert torch.equal(torch.get_rng_state(), before[0])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before[1]


def test_a_model_that_does_not_exist(tmp_path):
    with pytest.raises(InputError, match="no model folder"):
        doctor(DoctorRequest(model="./nowhere"))


def test_a_device_that_is_not_there():
    if torch.cuda.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(ResourceError, match="no device 'cuda'"):
        doctor(DoctorRequest(device="cuda"))


def test_the_command_ends_with_1_when_a_probe_says_no(tmp_path, capsys):
    from sdp.cli.main import main

    folder = build.save(tmp_path / "small", chat=True)
    tokenizer = build.tokenizer(chat=True)
    tokenizer.backend_tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.chat_template = build.CHAT.replace("{{ m.content }}</s>\n{% endif %}", "{{ m.content }}\n{% endif %}")
    tokenizer.save_pretrained(folder)
    assert main(["doctor", "--model", str(folder), "--device", "cpu", "--quiet"]) == 1
    out, err = capsys.readouterr()
    assert "template closes the turn" in out
    assert "repair the template" in " ".join(out.split())
    assert "probes of" in err
    assert main(["doctor", "--model", str(folder), "--device", "cpu", "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    failed = {finding["probe"] for finding in printed["examination"]["findings"] if finding["verdict"] == "FAILED"}
    assert "template closes the turn" in failed
