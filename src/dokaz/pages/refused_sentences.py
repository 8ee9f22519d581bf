"""Which sentences a refusal may say: found in the source itself, so that each is written once and translated whole.

A deliberate error is composed in English, far below the pages. Here its sentence is read back from the source as a text
with named holes: ``f"{number} is {state}"`` is ``"{number} is {state}"``. ``tools/translations.py`` puts every one of
them into the catalogue, and ``refusals`` finds the sentence again by the text that an error bears.

The context of a sentence is the class that composes it, or ``refusal`` where the text is given by whoever raises it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

GIVEN = "refusal"
SOURCE = Path(__file__).resolve().parent.parent
ERRORS = SOURCE / "errors.py"

# Only what a page can show needs Ukrainian. What is left out here reads in English wherever it may surface.
LEFT_OUT_CLASSES = {
    "TrustError": "engine-internal: the bytes of ledger and vault; an administrator's matter, shown by `dokaz check`",
    "KinshipError": "engine-internal: question files of `dokaz kinship`, and what a programmer handed the engine",
    "SimulationRefused": "the command `dokaz simulate` alone",
    "NoPassphrase": "the command line alone: a page asks for the passphrase itself",
    "SignInRefused": "the command `dokaz user` alone",
    "NoStore": "said before there is anything to serve pages from",
    "StoreExists": "the command `dokaz init` alone",
    "DatabaseNotEmpty": "the command `dokaz rebuild` alone",
    "CannotRebuild": "the command `dokaz rebuild` alone",
    "DirectWriteRefused": "a fault of the program: no form can cause it",
    "UnknownAct": "the command `dokaz sign` alone",
}
# Of those, what a form meets all the same: the passphrase of one's key, a disk that is full, a file that is gone.
MET_ON_FORMS = {"DiskFull", "WrongPassphrase", "FileMissing"}
LEFT_OUT_PLACES = {
    "cli": "commands speak English",
    "exchange/programs/case_writer.py": "question files of `dokaz kinship`",
    "exchange/programs/assembly.py": "question files of `dokaz kinship`",
    "exchange/programs/case_markers.py": "question files of `dokaz kinship`",
    "exchange/programs/case_reader.py": "question files of `dokaz kinship`",
    "exchange/programs/codis.py": "`dokaz kinship convert`",
    "exchange/programs/conversion.py": "`dokaz kinship convert`",
    "exchange/programs/familias.py": "`dokaz kinship convert`",
    "exchange/programs/familias_cases.py": "`dokaz kinship convert`",
    "exchange/programs/familias_victims.py": "`dokaz kinship convert`",
    "exchange/programs/genotype_tables.py": "question files of `dokaz kinship`",
    "exchange/programs/haplotypes.py": "`dokaz kinship lineage`",
    "exchange/programs/strider.py": "`dokaz kinship convert`",
    "exchange/programs/typed_pedigrees.py": "`dokaz kinship convert`",
    "exchange/reading/xml_elements.py": "`dokaz kinship convert`",
    "kinship": "engine-internal",
    "ledger": "engine-internal",
    "simulate": "the command `dokaz simulate` alone",
    "vault": "engine-internal",
    "site/database.py": "said when the server starts, not on a page",
}

# What the parameters are called whose arguments are read by a person; file names, numbers and values are not among them.
_SAID = {"what", "problem", "next_step", "needed", "state", "why", "statement", "allowed"}
# Exceptions below the errors of `dokaz.errors` that carry a problem and a next step to whoever names file and line.
_CARRIERS = {"ValueError", "UnreadDate", "UnreadElement"}
# Functions that say one of their arguments: why a field is needed; a line of evidence, filed as it is.
_PLACED = {"require_fields": 1, "_line": 2}
_NO_NAMES = {"join", "len", "str", "sorted", "for", "in", "if", "or", "and"}
_HOLE = re.compile(r"\{\w+\}")
_LETTER = re.compile(r"[^\W\d_]")


def sentences() -> Iterator[tuple[str, str, Path]]:
    """Every sentence: its context, its text with named holes, and the file that says it."""
    errors = ast.parse(ERRORS.read_text(encoding="utf-8"))
    for context, text in _of_classes(errors):
        yield context, text, ERRORS
    parameters = _parameters(errors)
    met = {name: names for name, names in parameters.items() if name in MET_ON_FORMS}
    trees = {path: (ast.parse(path.read_text(encoding="utf-8")), whole) for path, whole in _places()}
    # Functions that give back an error are read as the error itself.
    refusing = {name: names for tree, whole in trees.values() if whole for name, names in _refusing(tree, parameters)}
    for path, (tree, whole) in trees.items():
        seen: set[str] = set()
        for text in _given(tree, parameters | refusing if whole else met):
            if text not in seen and _says_something(text):
                seen.add(text)
                yield GIVEN, text, path


def _places() -> Iterator[tuple[Path, bool]]:
    """Every module, and whether all that it refuses is needed."""
    for path in sorted(SOURCE.rglob("*.py")):
        relative = path.relative_to(SOURCE)
        if "migrations" not in relative.parts and path != ERRORS:
            yield path, not {relative.parts[0], relative.as_posix()} & set(LEFT_OUT_PLACES)


def left_out(errors: ast.Module) -> set[str]:
    """The classes that need no translation: those named above and all that derive from them."""
    out = set(LEFT_OUT_CLASSES)
    for node in errors.body:
        if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id in out for base in node.bases):
            out.add(node.name)
    return out - MET_ON_FORMS


def _of_classes(errors: ast.Module) -> Iterator[tuple[str, str]]:
    """What the errors themselves compose in ``__init__``."""
    skipped = left_out(errors)
    for node in errors.body:
        if not isinstance(node, ast.ClassDef) or node.name in skipped:
            continue
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__":
                for value in [*call.args, *(k.value for k in call.keywords)]:
                    for text in _texts(value, {}):
                        if _HOLE.sub("", text).strip():
                            yield node.name, text


def _parameters(errors: ast.Module) -> dict[str, list[str]]:
    """The parameters of every error that is not left out, in their order, without ``self``."""
    found: dict[str, list[str]] = {}
    for node in errors.body:
        if isinstance(node, ast.ClassDef):
            own = [f for f in node.body if isinstance(f, ast.FunctionDef) and f.name == "__init__"]
            inherited = next((found[b.id] for b in node.bases if isinstance(b, ast.Name) and b.id in found), [])
            if own or inherited:
                found[node.name] = [a.arg for a in own[0].args.args[1:]] if own else inherited
    skipped = left_out(errors)
    return {name: names for name, names in found.items() if name not in skipped}


def _refusing(tree: ast.Module, errors: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id in errors:
            yield node.name, [a.arg for a in node.args.args if a.arg != "self"]
        elif isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id in errors for b in node.bases):
            yield node.name, ["what"]


def _given(tree: ast.Module, parameters: dict[str, list[str]]) -> Iterator[str]:
    """What is handed to an error, to a function that makes one, or to an exception that carries it there."""
    bound = _bound(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _CARRIERS and len(node.args) >= 2:
            for value in node.args:
                yield from _texts(value, bound)
        elif name in _PLACED and len(node.args) > _PLACED[name]:
            yield from _texts(node.args[_PLACED[name]], bound)
        elif name in parameters:
            for place, value in enumerate(node.args):
                if place < len(parameters[name]) and parameters[name][place] in _SAID:
                    # A vocabulary is values, and stays as it is; only where words describe it are they said.
                    is_vocabulary = parameters[name][place] == "allowed"
                    yield from (text for text in _texts(value, bound) if " " in text or not is_vocabulary)
            for keyword in node.keywords:
                if keyword.arg in _SAID:
                    yield from _texts(keyword.value, bound)


def _bound(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What the names of a module are bound to: ``problem, next_step = "…", "…"`` is said as well."""
    bound: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for each, value in pairs:
                if isinstance(each, ast.Name):
                    bound.setdefault(each.id, []).append(value)
    return bound


def _texts(value: ast.expr, bound: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The texts that an expression may be, with holes for what is only known later."""
    if isinstance(value, ast.IfExp):
        yield from _texts(value.body, bound)
        yield from _texts(value.orelse, bound)
    elif isinstance(value, ast.BoolOp):
        for each in value.values:
            yield from _texts(each, bound)
    elif isinstance(value, ast.List | ast.Tuple):
        for each in value.elts:
            yield from _texts(each, bound)
    elif isinstance(value, ast.Name):
        for each in bound.get(value.id, ()):
            if not isinstance(each, ast.Name):
                yield from _texts(each, {})
    elif isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp):
        text = _text(value, [])
        if text is not None:
            yield text


def _text(value: ast.expr, taken: list[str]) -> str | None:
    if isinstance(value, ast.Constant):
        return value.value if isinstance(value.value, str) else None
    if isinstance(value, ast.JoinedStr):
        return "".join(_text(part, taken) or "" for part in value.values)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        parts = [_text(side, taken) for side in (value.left, value.right)]
        return "".join(_hole(side, taken) if part is None else part
                       for side, part in zip((value.left, value.right), parts, strict=True))  # fmt: skip
    if isinstance(value, ast.FormattedValue):
        return _hole(value.value, taken)
    return None


def _hole(value: ast.expr, taken: list[str]) -> str:
    """A hole named by the last name that the expression speaks of; a second one of that name is numbered."""
    names = re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'|\"[^\"]*\"", "", ast.unparse(value)))
    names = [name.strip("_").lower() for name in names if name not in _NO_NAMES]
    name = names[-1] if names and names[-1] else "value"
    taken.append(name)
    count = taken.count(name)
    return f"{{{name}{count if count > 1 else ''}}}"


def _says_something(text: str) -> bool:
    """It has words of its own: not a bare value, and not only a frame around what another sentence says."""
    return len(_LETTER.findall(_HOLE.sub("", text))) >= 3
