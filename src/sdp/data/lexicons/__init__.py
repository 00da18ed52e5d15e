"""One file per kind of words: frequency lists, Faker locales, pseudo-words, files, tokenizer vocabularies."""
