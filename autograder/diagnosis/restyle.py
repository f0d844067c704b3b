"""Writes Python code in another style: the same program by another hand, to see whether it is still recognised."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REDUCTIONS = frozenset({"sum", "mean", "max", "min", "std", "var", "prod", "argmax"})
_FUNCTIONS = ast.FunctionDef | ast.Lambda


def renamed(code: str) -> str:
    """Other names for local variables, factors the other way round, `@` as a function, conditions turned around."""
    tree = ast.parse(code)
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        _rename_locals(function)
    return ast.unparse(ast.fix_missing_locations(_Turned().visit(tree)))


def rewritten(code: str) -> str:
    """Methods as functions, quotients as products, differences as sums, squares as products, results by name."""
    return ast.unparse(ast.fix_missing_locations(_Rewritten().visit(ast.parse(code))))


def _rename_locals(function: ast.FunctionDef) -> None:
    """Give what a function assigns other names, unless an inner function or a declaration has a say in it."""
    inner = [node for node in ast.walk(function) if isinstance(node, _FUNCTIONS) and node is not function]
    kept = {argument.arg for node in (function, *inner) for argument in _arguments(node)}
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            kept.update(node.names)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            kept.add(node.name)
    for node in inner:
        kept.update(name.id for name in ast.walk(node) if isinstance(name, ast.Name))
    stored = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in kept
    ]
    names = {name: f"my_{name.strip('_').lower()}_{number}" for number, name in enumerate(dict.fromkeys(stored))}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in names:
            node.id = names[node.id]


def _arguments(node: ast.FunctionDef | ast.Lambda) -> Iterator[ast.arg]:
    arguments = node.args
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None)


def _numpy(name: str, *args: ast.expr, keywords: list[ast.keyword] | None = None) -> ast.Call:
    function = ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())
    return ast.Call(function, list(args), keywords or [])


class _Careful(ast.NodeTransformer):
    """Leaves special methods as they are: what an operator means is being defined there."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Pass over special methods, and over those that may be given anything but arrays."""
        return node if node.name.startswith("__") else self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Pass over classes that define operators."""
        operators = {"__add__", "__mul__", "__sub__", "__truediv__", "__pow__"}
        if any(isinstance(part, ast.FunctionDef) and part.name in operators for part in node.body):
            return node
        return self.generic_visit(node)


class _Turned(_Careful):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult) and not isinstance(node.left, ast.List | ast.Tuple):
            return ast.BinOp(node.right, node.op, node.left)
        if isinstance(node.op, ast.MatMult):
            return _numpy("matmul", node.left, node.right)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if node.orelse and not (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
            return ast.If(ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        return ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body)


class _Rewritten(_Careful):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        method = node.func
        if isinstance(method, ast.Attribute) and method.attr in _REDUCTIONS and not _is_module(method.value):
            return _numpy(method.attr, method.value, *node.args, keywords=node.keywords)
        if isinstance(method, ast.Attribute) and method.attr == "where" and len(node.args) == 3:  # noqa: PLR2004
            condition, yes, no = node.args
            return _numpy("where", _numpy("logical_not", condition), no, yes)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        one = ast.Constant(1.0)
        if isinstance(node.op, ast.Div) and not isinstance(node.left, ast.Constant):
            return ast.BinOp(node.left, ast.Mult(), ast.BinOp(one, ast.Div(), node.right))
        if isinstance(node.op, ast.Sub):
            return ast.BinOp(ast.UnaryOp(ast.USub(), node.right), ast.Add(), node.left)
        plain = isinstance(node.left, ast.Name | ast.Attribute)
        if isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant) and node.right.value == 2 and plain:  # noqa: PLR2004
            return ast.BinOp(node.left, ast.Mult(), node.left)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if node.value is None or isinstance(node.value, ast.Name | ast.Constant):
            return node
        return [
            ast.Assign([ast.Name("the_result", ast.Store())], node.value),
            ast.Return(ast.Name("the_result", ast.Load())),
        ]


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"np", "math", "numpy", "random"}
