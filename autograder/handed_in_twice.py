"""Puts a module and a notebook of one submission together: the notebook fills in what the module leaves unwritten."""

import ast
import warnings

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def filled_in(module: bytes, notebook: bytes) -> bytes:
    """The module, with the notebook's definitions of what it leaves as `raise NotImplementedError` behind it.

    What the module has written stands, whatever the notebook says. Gives the module as it is where there is nothing to
    take or one of the two is not Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of a student's odd escapes on the grader's own stderr.
            own, other = ast.parse(module), ast.parse(notebook)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return module
    unwritten = {node.name for node in own.body if isinstance(node, _DEFINITIONS) and _is_stub(node)}
    written = {name for node in own.body for name in _names(node)} - unwritten
    offered = {node.name for node in other.body if isinstance(node, _DEFINITIONS)}
    if not unwritten & offered:
        return module
    taken = [node for node in other.body if not set(_names(node)) & written]
    return module.rstrip() + b"\n\n\n" + "\n\n\n".join(ast.unparse(node) for node in taken).encode() + b"\n"


def _names(node: ast.stmt) -> list[str]:
    """The names that a statement at the top level defines; an import defines none that matter here."""
    if isinstance(node, _DEFINITIONS):
        return [node.name]
    return [child.id for child in ast.walk(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)]


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether a definition is as it was released: nothing but a docstring and `raise NotImplementedError`."""
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, _DEFINITIONS)]
        return bool(methods) and all(map(_is_stub, methods))
    body = [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
