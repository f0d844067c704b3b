"""Takes out of a student's cells what a browser would run.

Formgrader and nbgrader's feedback put Markdown, raw cells and outputs into their pages as they are, in the session of
whoever grades. So no HTML of a student's is kept: a `<` that could begin a tag gets a space after it, addresses that
are programs lose their colon's meaning, and of outputs and attachments only text and true pixel images remain.
"""

import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from .cells import Json, text

LONGEST_SOURCE = 200_000
LONGEST_OUTPUT = 20_000
LARGEST_IMAGE = 1_000_000
MOST_OUTPUTS = 20

_UNSEEN = {
    code: None
    for code in range(0x10000)
    if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and chr(code) not in "\n\t"
}
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_REFERENCE = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,8}|Tab|NewLine|colon|lpar|rpar|sol|bsol|nbsp|period);?")
_SCHEMES = "|".join(r"\W*".join(scheme) for scheme in ("javascript", "vbscript", "livescript", "mocha"))
_PROGRAM = re.compile(rf"((?:{_SCHEMES})\s*)(\\?:)", re.IGNORECASE)
_DATA = re.compile(r"(data\s*)(\\?:)(?!image/(?:png|jpeg|gif);base64,)(?=\s*[a-z]+/)", re.IGNORECASE)
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_IMAGES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def plain(source: object, limit: int = LONGEST_SOURCE) -> str:
    """Return text without escape sequences, control and bidirectional characters, and no longer than `limit`."""
    kept = _ESCAPES.sub("", text(source)[: 2 * limit]).translate(_UNSEEN)
    return kept if len(kept) <= limit else kept[:limit] + "\n… (cut here)"


def safe_markdown(source: object) -> str:
    """Return Markdown that shows the same and of which nothing can run."""
    decoded = _REFERENCE.sub(_decoded, plain(source)).translate(_UNSEEN)
    spaced = _TAG.sub("< ", decoded)
    return _DATA.sub(r"\1 \2 ", _PROGRAM.sub(r"\1 \2 ", spaced))


def safe_outputs(outputs: object) -> list[Json]:
    """Return what is kept of a cell's outputs: printed text, plain results, tracebacks as text, and pixel images."""
    if not isinstance(outputs, list):
        return []
    return [safe for output in outputs[:MOST_OUTPUTS] if isinstance(output, dict) for safe in _output(output)]


def safe_attachments(attachments: object) -> Json:
    """Return a Markdown cell's attachments that are pixel images."""
    if not isinstance(attachments, dict):
        return {}
    kept = {
        name: _images(bundle)
        for name, bundle in attachments.items()
        if re.fullmatch(r"[\w. -]{1,100}", name) and isinstance(bundle, dict)
    }
    return {name: bundle for name, bundle in kept.items() if bundle}


def _decoded(match: re.Match[str]) -> str:
    """Decode a character reference, so that no letter of a tag or an address hides in one."""
    character = html.unescape(match[0])
    return character if len(character) == 1 and (character.isprintable() or character == " ") else ""


def _output(output: Json) -> Iterator[Json]:
    kind = output.get("output_type")
    if kind == "stream":
        yield _stream(plain(output.get("text"), LONGEST_OUTPUT))
    elif kind == "error":
        lines = output.get("traceback")
        traceback = "\n".join(map(text, lines)) if isinstance(lines, list) else text(output.get("evalue"))
        yield _stream(plain(traceback, LONGEST_OUTPUT))
    elif kind in ("display_data", "execute_result"):
        data = output.get("data")
        bundle = data if isinstance(data, dict) else {}
        kept: Json = _images(bundle)
        if "text/plain" in bundle:
            kept["text/plain"] = plain(bundle["text/plain"], LONGEST_OUTPUT)
        if kept:
            yield {"output_type": "display_data", "metadata": {}, "data": kept}


def _stream(said: str) -> Json:
    return {"output_type": "stream", "name": "stdout", "text": said}


def _images(bundle: dict[Any, Any]) -> Json:
    return {kind: image for kind in _IMAGES if (image := _image(kind, bundle.get(kind))) is not None}


def _image(kind: str, encoded: object) -> str | None:
    """Return an image anew from its bytes, if that is what it is."""
    try:
        data = binascii.a2b_base64("".join(text(encoded).split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return None
    if len(data) > LARGEST_IMAGE or not data.startswith(_IMAGES[kind]):
        return None
    return binascii.b2a_base64(data, newline=False).decode()
