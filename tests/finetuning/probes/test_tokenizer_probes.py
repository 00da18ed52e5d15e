"""What a tokenizer gets wrong without a model."""

import pytest
from tests.models import build
from tokenizers import normalizers

from sdp.finetuning.probes.round_trip import round_trip
from sdp.finetuning.probes.template import template
from sdp.models.joiner import Joiner

OPEN = build.CHAT.replace("{{ m.content }}</s>\n{% endif %}", "{{ m.content }}\n{% endif %}")
SHIFTED = build.CHAT.replace("<|bot|>{{ m.content }}", "<|bot|> {{ m.content }}")


def joiner(chat_template=build.CHAT, **kwargs):
    tokenizer = build.tokenizer(chat=True)
    tokenizer.chat_template = chat_template
    return Joiner(tokenizer, "auto", **kwargs)


def test_a_template_that_closes():
    found = template(joiner(), frozenset({0}))
    assert (found.verdict, found.text) == ("ok", "answers end with </s>")


def test_a_model_that_does_not_stop_where_the_template_ends_is_said():
    assert "other tools may not" in template(joiner(), frozenset({5})).text


def test_a_system_message_is_in_front():
    assert template(joiner(system="Be brief."), frozenset({0})).verdict == "ok"


def test_a_template_that_leaves_the_turn_open():
    found = template(joiner(OPEN), frozenset({0}))
    assert found.verdict == "FAILED"
    assert "no end" in found.text


def test_a_template_whose_finished_turns_begin_otherwise():
    found = template(joiner(SHIFTED), frozenset({0}))
    assert found.verdict == "FAILED"
    assert "before" in found.text


def test_no_template_is_not_judged():
    found = template(Joiner(build.tokenizer(), "auto"), frozenset())
    assert found.verdict == "not judged"
    assert "no chat template" in found.text


def test_answers_come_back():
    found = round_trip(joiner(), "Spell plan.", ["p-l-a-n", "P l A n", " x", "ß", "p-l-a-n"])
    assert (found.verdict, found.text) == ("ok", "4 answers came back as they were")


@pytest.mark.parametrize("answer", ["P-l-a-n", "É"])
def test_a_tokenizer_that_folds_case(answer):
    tokenizer = build.tokenizer()
    tokenizer.backend_tokenizer.normalizer = normalizers.Lowercase()
    found = round_trip(Joiner(tokenizer, "plain"), "Spell plan.", ["ok", answer])
    assert found.verdict == "FAILED"
    assert repr(answer) in found.text
    assert repr(answer.lower()) in found.text
