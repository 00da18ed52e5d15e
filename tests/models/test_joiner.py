import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models import build
from tokenizers import normalizers
from tokenizers.processors import TemplateProcessing

from sdp.errors import InputError
from sdp.models.formats import FORMATS
from sdp.models.joiner import Joiner

PLAIN = build.tokenizer()
CHAT = build.tokenizer(chat=True)
ANSWERS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
    lambda text: not any(mark in text for mark in (build.END, build.START, build.USER, build.BOT))
)


@pytest.mark.parametrize("name", FORMATS)
def test_every_answer_comes_back_as_it_was(name: str) -> None:
    joiner = Joiner(CHAT, name)

    @given(ANSWERS)
    def holds(answer: str) -> None:
        assert joiner.text(joiner.answer_ids(answer)) == answer

    holds()


@pytest.mark.parametrize("name", FORMATS)
def test_the_example_reads_as_question_then_answer_then_end(name: str) -> None:
    joiner = Joiner(CHAT, name, system="Be brief.")
    ids = joiner.prompt_ids("Spell plan.") + joiner.answer_ids("p-l-a-n")
    assert CHAT.decode(ids) == joiner.prompt_text("Spell plan.") + "p-l-a-n" + build.END


@pytest.mark.parametrize("name", FORMATS)
def test_many_at_once_are_the_same_as_one_by_one(name: str) -> None:
    joiner = Joiner(CHAT, name, system="Be brief.")
    texts = ["Spell plan.", "x", "How many é in été?"]
    assert joiner.encode_prompts(texts) == [joiner.prompt_ids(text) for text in texts]
    assert joiner.encode_answers(texts) == [joiner.answer_ids(text) for text in texts]


def test_the_chat_template_closes_the_turn_with_what_the_template_itself_writes() -> None:
    joiner = Joiner(CHAT, "chat", system="Be brief.")
    said = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Spell plan."}]
    whole = CHAT.apply_chat_template([*said, {"role": "assistant", "content": "p-l-a-n"}], return_dict=False)
    joined = joiner.prompt_ids("Spell plan.") + joiner.answer_ids("p-l-a-n")
    newline = CHAT("\n", add_special_tokens=False)["input_ids"]
    assert whole == joined + newline, "everything but the newline, which belongs to the next turn"
    assert joiner.end_ids == (CHAT.eos_token_id,)


def test_a_template_without_a_special_end_still_teaches_to_stop() -> None:
    tokenizer = build.tokenizer(chat=True)
    tokenizer.chat_template = build.CHAT.replace("{{ m.content }}</s>\n", "{{ m.content }}\n")
    assert Joiner(tokenizer, "chat").end_ids == (tokenizer.eos_token_id,)


def test_auto_takes_the_chat_template_only_where_there_is_one() -> None:
    assert Joiner(PLAIN, "auto").format_name == "plain"
    assert Joiner(CHAT, "auto").format_name == "chat"


def test_generated_text_ends_at_the_first_stop() -> None:
    joiner = Joiner(PLAIN, "plain", stop_ids=[7])
    ids = PLAIN("p-l", add_special_tokens=False)["input_ids"]
    assert joiner.text([*ids, joiner.end_ids[0], *ids]) == "p-l"
    assert joiner.text([*ids, 7, *ids]) == "p-l"
    assert joiner.text(ids) == "p-l"
    assert joiner.stop_ids == {7, PLAIN.eos_token_id}


def test_a_tokenizer_that_frames_texts_starts_the_question_and_does_not_end_it() -> None:
    tokenizer = build.tokenizer()
    start, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{build.START} $A {build.END}", special_tokens=[(build.START, start), (build.END, end)]
    )
    joiner = Joiner(tokenizer, "plain")
    ids = joiner.prompt_ids("Spell plan.") + joiner.answer_ids("p-l")
    assert ids[0] == start
    assert ids.count(start) == 1
    assert ids.count(end) == 1
    assert ids[-1] == end


def test_a_template_that_changes_the_question_is_refused() -> None:
    tokenizer = build.tokenizer(chat=True)
    tokenizer.chat_template = build.CHAT.replace("{{ m.content }}\n{% else %}", "{{ m.content|upper }}\n{% else %}")
    with pytest.raises(InputError, match="changes the text"):
        Joiner(tokenizer, "chat")


def test_a_template_that_drops_the_answer_is_refused() -> None:
    tokenizer = build.tokenizer(chat=True)
    tokenizer.chat_template = build.CHAT.replace("<|bot|>{{ m.content }}</s>", "")
    with pytest.raises(InputError, match="drops the answer"):
        Joiner(tokenizer, "chat")


def test_a_template_that_refuses_a_system_message_says_so() -> None:
    tokenizer = build.tokenizer(chat=True)
    tokenizer.chat_template = (
        "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + build.CHAT
    )
    Joiner(tokenizer, "chat")
    with pytest.raises(InputError, match="no system role") as caught:
        Joiner(tokenizer, "chat", system="Be brief.")
    assert "--system" in str(caught.value)


def test_a_tokenizer_without_an_end_is_refused() -> None:
    tokenizer = build.tokenizer()
    tokenizer.eos_token = None
    with pytest.raises(InputError, match="end token"):
        Joiner(tokenizer, "plain")


def test_a_tokenizer_that_does_not_give_answers_back_is_refused() -> None:
    tokenizer = build.tokenizer()
    tokenizer.backend_tokenizer.normalizer = normalizers.Lowercase()
    joiner = Joiner(tokenizer, "plain")
    joiner.check(["p-l-a-n"])
    with pytest.raises(InputError, match="'P-L' into 'p-l'"):
        joiner.check(["a", "P-L"])
