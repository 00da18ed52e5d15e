"""The question inside other words: templates that say the same whatever is asked."""

from collections.abc import Sequence
from random import Random
from typing import Final

from sdp.contract.augmenter import Augmenter

PROMPT: Final = "{{ prompt }}"
TEMPLATES: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "Question: {{ prompt }}", "Please answer: {{ prompt }}", "{{ prompt }}\nAnswer:",
        "Here is a task: {{ prompt }}", "I have a question. {{ prompt }}", "{{ prompt }} Thank you.",
        "Can you help me with this? {{ prompt }}",
        "Q: {{ prompt }}\nA:", "Solve this: {{ prompt }}", "{{ prompt }}\nGive the answer.",
    ),
    "de": (
        "Frage: {{ prompt }}", "Bitte beantworte: {{ prompt }}", "{{ prompt }}\nAntwort:",
        "Hier ist eine Aufgabe: {{ prompt }}", "Ich habe eine Frage. {{ prompt }}", "{{ prompt }} Danke.",
        "Kannst du mir dabei helfen? {{ prompt }}",
    ),
    "fr": (
        "Question : {{ prompt }}", "Réponds, s’il te plaît : {{ prompt }}", "{{ prompt }}\nRéponse :",
        "Voici un exercice : {{ prompt }}", "J’ai une question. {{ prompt }}", "{{ prompt }} Merci.",
    ),
    "es": (
        "Pregunta: {{ prompt }}", "Responde, por favor: {{ prompt }}", "{{ prompt }}\nRespuesta:",
        "Aquí hay una tarea: {{ prompt }}", "Tengo una pregunta. {{ prompt }}", "{{ prompt }} Gracias.",
    ),
}  # fmt: skip
"""By language; what stands around a question must not depend on it."""


class Paraphrase(Augmenter):
    """Puts a question into one of some templates of its language."""

    name = "paraphrase"

    def augment(self, prompt: str, kept: Sequence[str], rng: Random) -> str | None:
        """Chooses a template; None where there are none in this language."""
        del kept  # the question stays as it is
        templates = TEMPLATES.get(self.options.language)
        return rng.choice(templates).replace(PROMPT, prompt) if templates else None
