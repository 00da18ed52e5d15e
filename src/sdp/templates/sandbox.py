"""What a phrasing may do: a small, bounded part of Jinja, because phrasings also come from strangers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

import jinja2
from jinja2 import meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sdp.errors import TemplateError, near
from sdp.templates.plain import MAX_TEXT, Segments

MAX_STEPS: Final = 10_000
"""Loop steps while one prompt is rendered, all loops together."""
MAX_LOOPS: Final = 10
"""Loops in one phrasing: Jinja needs seconds to compile a hundred nested ones."""

FILTERS: Final = (
    "capitalize", "first", "int", "last", "length", "lower", "string", "title", "trim", "upper",
)  # fmt: skip
"""Filters whose result is never much longer than what they are given."""

LOOP: Final = ("first", "index", "index0", "last", "length", "revindex", "revindex0")
"""What a phrasing may ask of its loop."""

# No assignment, call, `*`, `**` or `%`: each can double a string per line, or ask for a gigabyte in ten characters.
_NODES: Final[tuple[type[nodes.Node], ...]] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Filter, nodes.Keyword, nodes.Test,
    nodes.If, nodes.CondExpr, nodes.For, nodes.Tuple, nodes.List, nodes.Getitem, nodes.Slice, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg, nodes.Pos,
)  # fmt: skip

_STEPS = "_steps"
_FAULTS = (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What text that nobody has vetted may raise while it is parsed, compiled or rendered."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A phrasing's syntax tree, already found harmless."""

    tree: nodes.Template
    fields: Mapping[str, int]
    """Field name to the line that names it first, counted from 1 within the phrasing."""

    @property
    def segments(self) -> Segments | None:
        """Text and fields in order, as (text or name, is a field); None where there is more than that."""
        found: list[tuple[str, bool]] = []
        for output in self.tree.body:
            for node in output.nodes if isinstance(output, nodes.Output) else [output]:
                if isinstance(node, nodes.TemplateData):
                    found.append((node.data, False))
                elif isinstance(node, nodes.Const) and isinstance(node.value, str):
                    found.append((node.value, False))
                elif isinstance(node, nodes.Name):
                    found.append((node.name, True))
                else:
                    return None
        return tuple(_merged(found))


def parse(text: str, file: str, line: int = 1) -> Parsed:
    """Reads one phrasing and refuses what it may not do.

    Args:
        text: The phrasing.
        file: Where it stands, for errors.
        line: The line its text begins on.

    Returns:
        Its tree and fields.

    Raises:
        TemplateError: Syntax, or a part of Jinja that phrasings may not use.
    """
    if len(text) > MAX_TEXT:
        raise TemplateError(f"a phrasing has {len(text)} characters, {MAX_TEXT} at most", where=f"{file}:{line}")
    if not text:
        raise TemplateError("the phrasing is empty", where=f"{file}:{line}")
    try:
        text.encode()
        tree = _environment().parse(text)
        for node in tree.find_all(nodes.Node):
            fault = _fault(node)
            if fault is not None:
                what, hint = fault
                raise TemplateError(what, where=f"{file}:{line + node.lineno - 1}", hint=hint)
        if len(list(tree.find_all(nodes.For))) > MAX_LOOPS:
            raise TemplateError(f"a phrasing has more than {MAX_LOOPS} loops", where=f"{file}:{line}")
        free = meta.find_undeclared_variables(tree)
    except _FAULTS as e:
        here = e.lineno if isinstance(e, jinja2.TemplateSyntaxError) else 1
        raise TemplateError(f"not a valid template: {e}", where=f"{file}:{line + here - 1}") from e
    fields: dict[str, int] = {}
    for node in sorted(tree.find_all(nodes.Name), key=lambda node: (node.lineno, node.name)):
        if node.name in free:
            fields.setdefault(node.name, node.lineno)
    return Parsed(tree, fields)


def renderer(parsed: Parsed, where: str) -> Callable[[Mapping[str, str]], str]:
    """Compiles a phrasing to a function of one row's fields.

    Args:
        parsed: From `parse`; its tree is used up.
        where: Its file and line.

    Returns:
        A function from field values to the prompt; it raises TemplateError.
    """
    environment = _environment()
    try:
        template = jinja2.Template.from_code(
            environment, environment.compile(_with_counted_loops(parsed.tree)), environment.globals
        )
    except (*_FAULTS, SyntaxError, MemoryError) as e:  # what CPython says to nesting that is too deep
        raise TemplateError(f"not a valid template: {e}", where=where) from e

    def render(values: Mapping[str, str]) -> str:
        try:
            return _bounded(template.generate({**values, _STEPS: _Steps()}))
        except _FAULTS as e:
            raise TemplateError(f"template cannot be rendered: {e}", where=where) from e

    return render


class _Steps:
    """Loop steps that are left to one prompt."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def take(self, items: Iterable[object]) -> list[object]:
        taken = list(islice(items, self.left + 1))
        self.left -= len(taken)
        if self.left < 0:
            raise SecurityError(f"its loops take more than {MAX_STEPS} steps")
        return taken


@jinja2.pass_context
def _counted(context: Context, items: Iterable[object]) -> list[object]:
    steps: _Steps = context[_STEPS]
    return steps.take(items)


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which text has no attributes: a printed method would show an address, another one in every run."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        del value
        return isinstance(obj, LoopContext) and attr in LOOP


@cache
def _environment() -> _Environment:
    environment = _Environment(
        undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=False, newline_sequence="\n"
    )
    environment.globals = {}
    environment.filters = {name: environment.filters[name] for name in FILTERS} | {_STEPS: _counted}
    return environment


def _fault(node: nodes.Node) -> tuple[str, str | None] | None:
    """Says what is wrong with one node, and what to do."""
    if isinstance(node, nodes.Call):
        return "a phrasing may not call anything", f"filters are: {', '.join(FILTERS)}"
    if isinstance(node, nodes.Getattr):
        fine = isinstance(node.node, nodes.Name) and node.node.name == "loop" and node.attr in LOOP
        return None if fine else (f"a phrasing may not use attributes: '.{node.attr}'", "a field is text: {{ word }}")
    if isinstance(node, nodes.Name) and (node.name.startswith("_") or node.name == "self"):
        return f"a phrasing may not use the name '{node.name}'", None
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        node.value.encode()  # half of a surrogate pair, "\\ud800": no file or column can hold it
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"template uses an unknown filter '{node.name}'", near(node.name, FILTERS)
    if not isinstance(node, _NODES):
        kind = type(node).__name__.lower()
        return f"a phrasing may not use '{kind}'", "phrasings are made of text, {{ field }}, filters, if and for"
    return None


def _with_counted_loops(tree: nodes.Template) -> nodes.Template:
    """Sends what every loop runs over through the counter; changes the tree."""
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = nodes.Filter(loop.iter, _STEPS, [], [], None, None, lineno=loop.lineno)
    tree.set_environment(_environment())
    return tree


def _bounded(pieces: Iterator[str]) -> str:
    kept: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MAX_TEXT:
            raise SecurityError(f"it gives more than {MAX_TEXT} characters")
        kept.append(piece)
    return "".join(kept)


def _merged(segments: list[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Joins neighbouring text, so that equal prompts have equal segments."""
    text = ""
    for value, is_field in segments:
        if is_field:
            if text:
                yield text, False
            yield value, True
            text = ""
        else:
            text += value
    if text:
        yield text, False
