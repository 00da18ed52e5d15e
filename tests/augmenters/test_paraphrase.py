"""Templates hold the question once, in every language."""

from random import Random

import pytest

from sdp.api import AugmentOptions
from sdp.augmenters.paraphrase import PROMPT, TEMPLATES, Paraphrase


@pytest.mark.parametrize("language", TEMPLATES)
def test_the_question_stands_in_it_as_it_is(language):
    made = {Paraphrase(AugmentOptions(language)).augment("What is {{ x }}?", (), Random(seed)) for seed in range(200)}
    assert made == {template.replace(PROMPT, "What is {{ x }}?") for template in TEMPLATES[language]}
    assert all(template.count(PROMPT) == 1 for template in TEMPLATES[language])


def test_no_templates_no_paraphrase():
    assert Paraphrase(AugmentOptions("ja")).augment("何?", (), Random(0)) is None
