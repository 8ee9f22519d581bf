"""What is broken: every small change of a source file that a test should notice.

Left alone are words that people read (arguments of errors, sentences, labels), names by which values are looked up (what is
misspelt there fails at once), annotations, imports, documentation, and empty defaults of parameters.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import dokaz.errors

# Calls whose arguments are words for people, or that only speak to type checkers.
WORDS = {"_", "sentence", "template", "pgettext_lazy", "gettext_lazy", "cast", "TypeVar", "ParamSpec", "dataclass"}
# Deliberate errors: which one is raised is a rule, its arguments are words.
ERRORS = {name for name in vars(dokaz.errors) if name[0].isupper()}
# Arguments that change no rule: words, and how many questions the database is asked.
IDLE = {"help_text", "verbose_name", "related_name", "past", "on_delete", "from"}
# Calls that only save questions to the database.
QUICKER = {"select_related", "prefetch_related"}
DROPPED_CALLS = {"filter", "exclude", "order_by", "strip", "distinct", "reverse"}
SWAPPED_CALLS = {
    "filter": "exclude",
    "exclude": "filter",
    "first": "last",
    "last": "first",
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "add": "discard",
    "union": "intersection",
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitXor: ast.BitOr,
}


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Args:
        path: The file, from the top of the repository.
        line: Where it is changed.
        statement: Line of the statement that holds it; 0 for what runs once, when the module is imported.
        following: Line of the statement that comes next unless this one refuses or returns; 0 where the function ends.
        where: The function or class.
        before, after: The changed piece of code, in one line each.
        nth: Which of several alike in that function.
        node, variant: How ``mutated`` finds it again.
    """

    path: str
    line: int
    statement: int
    following: int
    where: str
    before: str
    after: str
    nth: int
    node: int
    variant: int

    @property
    def key(self) -> str:
        """What it is called whatever line it moves to."""
        return f"{self.path}::{self.where}: {self.before} → {self.after}" + (f" #{self.nth}" if self.nth else "")


def mutants_of(root: Path, path: str) -> list[Mutant]:
    """Every mutant of a file."""
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    found: list[Mutant] = []
    alike: Counter[str] = Counter()
    for number, place in enumerate(_places(tree)):
        for variant, after in enumerate(variants(place)):
            shown_before, shown_after = _shown(place.node), _shown(after)
            draft = Mutant(
                path,
                place.line,
                place.statement,
                place.following,
                place.where,
                shown_before,
                shown_after,
                0,
                number,
                variant,
            )
            nth = alike[draft.key]
            found.append(replace(draft, nth=nth))
            alike[draft.key] += 1
    return found


def mutated(root: Path, mutant: Mutant) -> ast.Module:
    """The file with that one change."""
    tree = ast.parse((root / mutant.path).read_text(encoding="utf-8"))
    place = list(_places(tree))[mutant.node]
    after = variants(place)[mutant.variant]
    ast.copy_location(after, place.node)
    if isinstance(place.holder, list):
        place.holder[int(place.at)] = after
    else:
        setattr(place.holder, str(place.at), after)
    return ast.fix_missing_locations(tree)


# --- where ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A node, what holds it, and where in the program it is."""

    node: ast.AST
    parent: ast.AST
    holder: ast.AST | list[ast.AST]
    at: int | str
    where: str
    statement: int
    following: int
    line: int
    siblings: dict[str, list[str]]


def _places(tree: ast.Module) -> Iterator[Place]:
    """Every node that may be changed, in the order of the source."""
    yield from _below(tree, where="", statement=0, following=0, siblings=_members(tree))


def _members(tree: ast.Module) -> dict[str, list[str]]:
    """Which members of each enumeration the file names: ``{"State": ["LIFTED", "RECEIVED"]}``."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr.isupper():
            members = found.setdefault(node.value.id, [])
            if node.attr not in members:
                members.append(node.attr)
    return found


def _below(
    node: ast.AST, *, where: str, statement: int, following: int, siblings: dict[str, list[str]]
) -> Iterator[Place]:
    for name, value in ast.iter_fields(node):
        if _left_alone(node, name):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(name, value)]:
            if not isinstance(child, ast.AST) or _is_idle(child):
                continue
            inner, line, comes_next = where, statement, following
            is_body = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and name == "body"
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{where}.{child.name}" if where else child.name
            if isinstance(child, ast.stmt) and (is_body or statement):
                line = child.lineno
                block = value[int(at) + 1 :]
                comes_next = block[0].lineno if block else 0 if is_body else following
            holder = value if isinstance(value, list) else node
            shown = getattr(child, "lineno", line)
            yield Place(child, node, holder, at, where, line, comes_next, shown, siblings)
            yield from _below(child, where=inner, statement=line, following=comes_next, siblings=siblings)


def _left_alone(node: ast.AST, name: str) -> bool:
    if name in ("annotation", "returns", "ctx", "type_comment", "ops", "op"):
        return True
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.FormattedValue | ast.Import | ast.ImportFrom | ast.Global):
        return True
    if isinstance(node, ast.Call) and (_called(node) in WORDS or _called(node) in ERRORS):
        return True
    if isinstance(node, ast.keyword) and node.arg in IDLE:
        return True
    if isinstance(node, ast.ExceptHandler) and name == "type":
        return True
    return isinstance(node, ast.ClassDef) and name in ("bases", "keywords", "decorator_list")


def _is_idle(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.ClassDef) and node.name == "Meta":
        return True
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _shown(node: ast.AST) -> str:
    if hasattr(node, "without"):
        return f"without {_shown(node.without)}"
    if isinstance(node, ast.Pass):
        return "nothing"
    if isinstance(node, ast.If | ast.While):
        return f"{type(node).__name__.lower()} {ast.unparse(node.test)}"
    if isinstance(node, ast.For):
        return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 160 else f"{text[:157]}…"


# --- what ----------------------------------------------------------------------------------------------------------------


def variants(place: Place) -> list[ast.AST]:
    """What a node may become."""
    node = place.node
    if isinstance(node, ast.stmt):
        return _statements(node, place)
    if isinstance(node, ast.expr):
        return list(_expressions(node, place))
    if isinstance(node, ast.comprehension):
        return [_with(node, ifs=[])] if node.ifs else []
    return []


def _with(node: ast.AST, **fields: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _without(node: ast.AST, left_out: ast.AST, **fields: object) -> ast.AST:
    return _with(node, without=left_out, **fields)


def _statements(node: ast.stmt, place: Place) -> list[ast.AST]:
    if isinstance(node, ast.If | ast.While):
        never = _with(node, test=ast.Constant(False))
        return [never] if isinstance(node, ast.While) else [never, _with(node, test=ast.Constant(True))]
    if isinstance(node, ast.For):
        return [_with(node, iter=ast.Tuple([], ast.Load()))]
    if isinstance(node, ast.Continue):
        return [ast.Break()]
    if isinstance(node, ast.Break):
        return [ast.Continue()]
    # What alone is done under a condition is tried with the condition.
    alone = isinstance(place.parent, ast.If) and len(place.parent.body) == 1 and node is place.parent.body[0]
    if isinstance(node, ast.Raise):
        return [] if alone else [ast.Pass()]
    if isinstance(node, ast.Return):
        given = node.value
        is_plain = given is None or isinstance(given, ast.Constant)
        return [] if alone or is_plain else [ast.Return(ast.Constant(None))]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return [] if alone else [ast.Pass()]
    if isinstance(node, ast.AugAssign):
        return [] if alone else [ast.Pass()]
    if isinstance(node, ast.Assign) and place.statement:
        target = node.targets[0]
        kept = isinstance(target, ast.Attribute | ast.Subscript)
        kept = kept or (isinstance(target, ast.Tuple) and all(isinstance(t, ast.Attribute) for t in target.elts))
        return [ast.Pass()] if kept and not alone else []
    return []


def _expressions(node: ast.expr, place: Place) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)]:
                yield _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for at in range(len(node.values)):
            left = [*node.values[:at], *node.values[at + 1 :]]
            yield left[0] if len(left) == 1 else _without(node, node.values[at], values=left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.BinOp):
        if type(node.op) in OPERATORS and place.statement:
            yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Constant):
        yield from _constants(node, place)
    elif isinstance(node, ast.Set | ast.List | ast.Tuple):
        if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) and not isinstance(place.parent, ast.Subscript):
            elements = node.elts if len(node.elts) > 1 or isinstance(node, ast.Set) else []
            for at in range(len(elements)):
                left = [*elements[:at], *elements[at + 1 :]]
                if left:
                    yield _without(node, elements[at], elts=left)
                else:
                    yield ast.Call(ast.Name("set", ast.Load()), [], [])
    elif isinstance(node, ast.Dict):
        for at in range(len(node.keys)):
            yield _without(
                node,
                node.keys[at] or node.values[at],
                keys=[*node.keys[:at], *node.keys[at + 1 :]],
                values=[*node.values[:at], *node.values[at + 1 :]],
            )
    elif isinstance(node, ast.Attribute):
        yield from _members_instead(node, place)
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _members_instead(node: ast.Attribute, place: Place) -> Iterator[ast.AST]:
    """Another member of the same enumeration, of those that the file names."""
    members = place.siblings.get(node.value.id, []) if isinstance(node.value, ast.Name) else []
    if len(members) > 1 and node.attr in members:
        yield _with(node, attr=members[(members.index(node.attr) + 1) % len(members)])


def _constants(node: ast.Constant, place: Place) -> Iterator[ast.AST]:
    value, parent = node.value, place.parent
    is_default = isinstance(parent, ast.arguments)
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
    elif isinstance(value, str) and not (is_default and not value):
        if isinstance(parent, ast.Call):
            if _called(parent) == "order_by":
                yield ast.Constant(value[1:] if value.startswith("-") else f"-{value}")
        elif not isinstance(parent, ast.Subscript) and not (isinstance(parent, ast.Dict) and node in parent.keys):
            yield ast.Constant(f"{value}x" if value else "x")
    elif isinstance(value, bytes):
        yield ast.Constant(value + b"x")


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = _called(node)
    if name in WORDS | QUICKER | ERRORS or name in ("isinstance", "super", "field", "getattr", "setattr"):
        return
    if name in SWAPPED_CALLS:
        other = SWAPPED_CALLS[name]
        func = _with(node.func, attr=other) if isinstance(node.func, ast.Attribute) else ast.Name(other, ast.Load())
        yield _with(node, func=func)
    if isinstance(node.func, ast.Attribute) and name in DROPPED_CALLS:
        yield node.func.value
        if len(node.keywords) + len(node.args) == 1:
            return
    for at, given in enumerate(node.keywords):
        if given.arg is not None and given.arg not in IDLE:
            yield _without(node, given, keywords=[*node.keywords[:at], *node.keywords[at + 1 :]])
