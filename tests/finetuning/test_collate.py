import numpy as np
from tests.finetuning.cases import JOINER, examples

from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.examples import encode

A = (np.array([5, 6, 7, 8, 0], np.int32), 2)
B = (np.array([9, 4, 0], np.int32), 1)


def test_labels_by_hand() -> None:
    """0 is the end token and the padding token at once: the end is learnt, padding is not."""
    batch = AnswerCollator(pad_id=0, keeps_logits=True)([A, B])
    assert batch["input_ids"].tolist() == [[5, 6, 7, 8, 0], [9, 4, 0, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]
    assert batch["labels"].tolist() == [[-100, -100, 7, 8, 0], [-100, 4, 0, -100, -100]]
    assert batch["logits_to_keep"] == 5, "from the last prompt token of the shortest prompt on"
    assert set(AnswerCollator(pad_id=0, keeps_logits=False)([A, B])) == {"input_ids", "attention_mask", "labels"}


def test_what_is_trained_is_the_answer_and_its_end_and_nothing_of_the_question() -> None:
    tokenizer = JOINER.tokenizer
    assert tokenizer.pad_token_id == tokenizer.eos_token_id, "the trap that this test is about"
    data = encode(["Spell plan.", "Spell strawberry now."], ["p-l-a-n", "b"], JOINER)
    batch = AnswerCollator(tokenizer.pad_token_id, keeps_logits=True)([data[0], data[1]])
    trained = [tokenizer.decode([token for token in row if token != -100]) for row in batch["labels"].tolist()]
    assert trained == ["p-l-a-n</s>", "b</s>"]


def test_every_kept_position_but_the_first_is_needed_or_padding() -> None:
    data = examples()
    batch = AnswerCollator(0, keeps_logits=True)([data[i] for i in range(len(data))])
    first = (batch["labels"] != -100).int().argmax(dim=1).min().item()
    assert batch["labels"].shape[1] - batch["logits_to_keep"] == first - 1
