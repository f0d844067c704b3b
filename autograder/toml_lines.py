"""Finds the line of every key in a text that is known to be TOML, since `tomllib` does not tell."""

import re
import tomllib
from typing import Any

Key = tuple[str | int, ...]


class Lines:
    """Finds the line of every key in a text that is known to be TOML, since `tomllib` does not tell."""

    _TOKEN = re.compile(
        r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'|'
        r"#[^\n]*|[\[\]{},=\n]|[^\s\[\]{},=#\"']+",
        re.DOTALL,
    )

    def __init__(self, text: str) -> None:
        self.found: dict[Key, int] = {}
        self._text = text + "\n"
        self._tokens = [match for match in self._TOKEN.finditer(self._text) if not match[0].startswith("#")]
        self._at = 0
        table: Key = ()
        while self._at < len(self._tokens):
            if self._next() == "\n":
                self._at += 1
            elif self._next() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> str:
        return self._tokens[self._at][0]

    def _until(self, ends: str) -> str:
        """Pass the tokens before the first of `ends` and return their text."""
        begin = self._at
        while self._next() not in ends:
            self._at += 1
        return self._text[self._tokens[begin].start() : self._tokens[self._at - 1].end()]

    def _line(self, token: int) -> int:
        return self._text.count("\n", 0, self._tokens[token].start()) + 1

    def _mark(self, key: Key, token: int) -> Key:
        self.found[key] = self._line(token)
        return key

    def _header(self) -> Key:
        begin = self._at
        text = self._until("\n")
        key = _key_parts(text.strip("[] \t"))
        if text.startswith("[["):
            key = (*key, sum(other[:-1] == key and isinstance(other[-1], int) for other in self.found))
        for length in range(1, len(key)):
            self.found.setdefault(key[:length], self._line(begin))
        return self._mark(key, begin)

    def _pair(self, table: Key) -> None:
        begin = self._at
        key = self._mark((*table, *_key_parts(self._until("="))), begin)
        self._at += 1
        self._value(key)

    def _value(self, key: Key) -> None:
        opening, index = self._next(), 0
        if opening not in "[{":
            self._until(",]}\n")
            return
        self._at += 1
        while self._next() not in "]}":
            if self._next() in ",\n":
                index += self._next() == ","
                self._at += 1
            elif opening == "{":
                self._pair(key)
            else:
                self._value(self._mark((*key, index), self._at))
        self._at += 1


def _key_parts(text: str) -> Key:
    """Return the parts of a key such as `late.extensions."Ada L."`, read by the TOML parser itself."""
    value: Any = tomllib.loads(f"{text} = 0")
    parts = []
    while isinstance(value, dict):
        ((part, value),) = value.items()
        parts.append(part)
    return tuple(parts)
