"""The measurement equation as text, read without ever being executed.

A small grammar (numbers, names, ``+ - * / ^``, brackets, a fixed list of functions) is read by recursive
descent into a tree; what is not in the grammar is refused with its position. There is no way from the text
to the interpreter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

LONGEST = 2000  # characters
DEEPEST = 50  # levels of brackets, signs and powers
MOST_PARTS = 500  # operations, numbers and names
FUNCTIONS = {
    "sqrt": 1, "exp": 1, "log": 1, "ln": 1, "log10": 1, "sin": 1, "cos": 1, "tan": 1, "asin": 1, "acos": 1,
    "atan": 1, "sinh": 1, "cosh": 1, "tanh": 1, "abs": 1, "atan2": 2, "hypot": 2,
}  # fmt: skip
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
CONSTANTS = {"pi": math.pi, "π": math.pi}
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/^(),×·÷−]))"
)
SPELLINGS = {"**": "^", "×": "*", "·": "*", "÷": "/", "−": "-"}


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number, as a binary number and with every digit that was written."""

    value: float
    digits: Decimal = field(default=Decimal(0), compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """An input."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``+ - * / ^`` with two sides, ``neg`` with one, or a function with its arguments."""

    operator: str
    sides: tuple[Node, ...]


Node = Number | Name | Operation


@dataclass(frozen=True, slots=True)
class Equation:
    """A measurement equation: the right side as a tree, with the names it uses in order of appearance."""

    text: str
    root: Node
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def read_equation(text: str, field: str = "equation") -> Equation:
    """Read the right side of a measurement equation, such as ``"V / I * cos(phi)"``.

    Raises:
        CaseFault: too long, too deep, too many parts, or not in the grammar; the position counts from 1.
    """
    if len(text) > LONGEST:
        raise CaseFault(
            field, "equation_too_long", tell("测量模型过长，最多 {longest} 个字符。", longest=LONGEST)
        )
    reader = _Reader(tuple(_tokens(text, field)), field)
    root = reader.read()
    return Equation(text, root, tuple(dict.fromkeys(_names(root))))


def is_name(text: str) -> bool:
    """Return whether the text can name an input: an identifier that is no function and no constant."""
    return re.fullmatch(r"[^\W\d]\w*", text) is not None and text not in FUNCTIONS and text not in CONSTANTS


def _tokens(text: str, field: str) -> Iterator[_Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise CaseFault(
                field, "equation_character",
                tell("第 {place} 个字符“{sign}”不能用在测量模型里；"
                "只可用数字、名称、+ - * / ^、括号和函数。", place=start + 1, sign=text[start]),
                position=start + 1,
            )  # fmt: skip
        kind = str(match.lastgroup)
        yield _Token(kind, SPELLINGS.get(match[kind], match[kind]), match.start(kind) + 1)
        position = match.end()
    yield _Token("end", "", len(text) + 1)


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Operation):
        for side in node.sides:
            yield from _names(side)


class _Reader:
    """Recursive descent, one method for each level of precedence."""

    def __init__(self, tokens: tuple[_Token, ...], field: str) -> None:
        self.tokens = tokens
        self.field = field
        self.next = 0
        self.depth = 0
        self.parts = 0

    def read(self) -> Node:
        root = self._sum()
        if self._token.kind != "end":
            self._refuse(tell("此处不应有“{text}”", text=self._token.text))
        return root

    def _sum(self) -> Node:
        node = self._product()
        while self._token.text in {"+", "-"}:
            node = self._operation(self._take(), (node, self._product()))
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._token.text in {"*", "/"}:
            node = self._operation(self._take(), (node, self._signed()))
        return node

    def _signed(self) -> Node:
        self._descend()
        if self._token.text == "-":
            self._take()
            node = self._operation("neg", (self._signed(),))
        elif self._token.text == "+":
            self._take()
            node = self._signed()
        else:
            node = self._power()
        self.depth -= 1
        return node

    def _power(self) -> Node:
        base = self._atom()
        if self._token.text != "^":
            return base
        return self._operation(self._take(), (base, self._signed()))

    def _atom(self) -> Node:
        token = self._token
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name":
            return self._named(token)
        if token.text != "(":
            self._refuse(
                tell("此处应为数字、名称或括号") if token.kind != "end" else tell("测量模型没有写完")
            )
        self._take()
        node = self._sum()
        self._expect(")")
        return node

    def _number(self, token: _Token) -> Node:
        value = float(token.text)
        if math.isinf(value):
            self._refuse(tell("数字“{text}”过大", text=token.text[:20]))
        self._take()
        return self._count(Number(value, Decimal(token.text)))

    def _named(self, token: _Token) -> Node:
        self._take()
        if self._token.text == "(":
            return self._call(token)
        if token.text in CONSTANTS:
            return self._count(Number(CONSTANTS[token.text], PI))
        return self._count(Name(token.text))

    def _call(self, token: _Token) -> Node:
        if token.text not in FUNCTIONS:
            self._refuse(
                tell("没有函数“{text}”，可用：{functions}", text=token.text[:20], functions=[*FUNCTIONS]),
                token,
            )
        self._take()
        arguments = [self._sum()]
        while self._token.text == ",":
            self._take()
            arguments.append(self._sum())
        self._expect(")")
        if len(arguments) != FUNCTIONS[token.text]:
            self._refuse(
                tell("函数“{text}”须有 {count} 个参数", text=token.text, count=FUNCTIONS[token.text]), token
            )
        return self._operation("log" if token.text == "ln" else token.text, tuple(arguments))

    def _operation(self, operator: str, sides: tuple[Node, ...]) -> Node:
        return self._count(Operation(operator, sides))

    def _count(self, node: Node) -> Node:
        self.parts += 1
        if self.parts > MOST_PARTS:
            self._refuse(tell("测量模型过于复杂，最多 {most_parts} 个部分", most_parts=MOST_PARTS))
        return node

    def _descend(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse(tell("嵌套过深，最多 {deepest} 层", deepest=DEEPEST))

    @property
    def _token(self) -> _Token:
        return self.tokens[self.next]

    def _take(self) -> str:
        token = self._token
        self.next += 1
        return token.text

    def _expect(self, text: str) -> None:
        if self._token.text != text:
            self._refuse(tell("此处应为“{text}”", text=text))
        self._take()

    def _refuse(self, why: str, token: _Token | None = None) -> NoReturn:
        position = (token or self._token).position
        raise CaseFault(
            self.field,
            "equation_syntax",
            tell("第 {position} 个字符：{why}。", position=position, why=why),
            position=position,
        )
