"""Small tokenizers of every kind that models have, trained in a blink."""

from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXT = [
    "the letters of a strawberry and of the garden are letters that planets plan",
    "Straße Größe naïve café λόγος हिन्दी 한국",
    "playing played player plays garden gardens the a and",
] * 4


def byte_level(n: int = 330) -> Tokenizer:
    """As GPT-2 and Qwen have it: a token begins with the space before it, and can end inside a character."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=n, initial_alphabet=alphabet, special_tokens=["END"], show_progress=False)
    made.train_from_iterator(TEXT, trainer)
    return made


def byte_level_trimmed() -> Tokenizer:
    """The same with offsets that leave out the space, which is how GPT-2 and Llama 3 are saved."""
    made = byte_level()
    made.post_processor = processors.ByteLevel(trim_offsets=True)
    return made


def bytes_only() -> Tokenizer:
    """Every byte is a token."""
    return byte_level(257)


def metaspace() -> Tokenizer:
    """As Llama 2 has it: ▁ is put before the text and in place of every space."""
    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    made.decoder = decoders.Metaspace(prepend_scheme="always")
    trainer = trainers.BpeTrainer(vocab_size=200, special_tokens=["<unk>"], show_progress=False)
    made.train_from_iterator(TEXT, trainer)
    return made


def word_piece() -> Tokenizer:
    """As BERT has it: small letters, no accents, pieces inside words begin with ##."""
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=["[UNK]"], show_progress=False)
    made.train_from_iterator(TEXT, trainer)
    return made


KINDS = {
    "byte_level": byte_level,
    "byte_level_trimmed": byte_level_trimmed,
    "bytes_only": bytes_only,
    "metaspace": metaspace,
    "word_piece": word_piece,
}


def save(folder: Path, made: Tokenizer) -> Path:
    """A folder as users have them."""
    folder.mkdir(parents=True, exist_ok=True)
    made.save(str(folder / "tokenizer.json"))
    return folder
