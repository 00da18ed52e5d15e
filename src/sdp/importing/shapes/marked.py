"""Answers that stand behind a marker, such as ``####``: what is before it is the way to them."""

from typing import Any

from sdp.importing.shapes.draft import Draft, Refused, Shape


class Marked(Shape):
    """Another shape whose answers are cut at a marker.

    Args:
        inner: That shape.
        marker: The last one in an answer counts.
    """

    def __init__(self, inner: Shape, marker: str) -> None:
        self.name = inner.name
        self.mapping = inner.mapping | {"answer": f"{inner.mapping['answer']}, behind the last '{marker}'"}
        self._inner, self._marker = inner, marker

    def drafts(self, fields: dict[str, Any], line: int) -> list[Draft | Refused]:
        """Cuts every answer."""
        return [draft if isinstance(draft, Refused) else self._cut(draft) for draft in self._inner.drafts(fields, line)]

    def _cut(self, draft: Draft) -> Draft | Refused:
        before, marker, answer = draft.answer.rpartition(self._marker)
        if not marker:
            return Refused(f"no '{self._marker}' in the answer", draft.prompt, draft.answer)
        if not answer.strip():
            return Refused("no answer", draft.prompt, draft.answer)
        parts = [part for part in (draft.reasoning, before.strip()) if part]
        return draft._replace(answer=answer.strip(), reasoning="\n".join(parts) or None)
