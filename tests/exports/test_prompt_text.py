"""The text around a question where no model says it: the same as in training and scoring."""

import pytest
from tests.models import build

from sdp.errors import InputError
from sdp.exports.prompt_text import text_around
from sdp.models.formats import TEXTS
from sdp.models.joiner import Joiner


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("system", [None, "Be brief."])
def test_it_is_the_joiner_s(name, system):
    around = text_around(name, system)
    assert f"{around.before}Q{around.after}" == Joiner(build.tokenizer(), name, system).prompt_text("Q")


def test_a_chat_template_brings_its_own():
    assert text_around("chat", None) is None


def test_near_names():
    with pytest.raises(InputError) as caught:
        text_around("human_assistant", None)
    assert "did you mean 'human-assistant'?" in caught.value.hint
