"""Landlock: the worker can read the standard library, NumPy and shared libraries, and touch nothing else.

Constants and structures are those of `linux/landlock.h`. The version of the ABI is asked of the system call itself,
because the securityfs file that would name it is often not mounted.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable, Iterator, Sequence
from errno import E2BIG, EINVAL, ENOSYS
from pathlib import Path
from typing import Final

from .kernel import syscall

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1

READ_FILE: Final = 1 << 2
READ_DIR: Final = 1 << 3

# ABI: (rights over files, rights over the network, scopes) that it brought in.
_RIGHTS: Final = {
    1: ((1 << 13) - 1, 0, 0),
    2: (1 << 13, 0, 0),
    3: (1 << 14, 0, 0),
    4: (0, 0b11, 0),
    5: (1 << 15, 0, 0),
    6: (0, 0, 0b11),
}
_ATTRIBUTE_BYTES: Final = {1: 8, 2: 8, 3: 8, 4: 16, 5: 16, 6: 24}

Rule = tuple[str, int]
"""A path and the rights beneath it."""


def abi() -> int:
    """Ask the kernel for its version of Landlock; 0 when it has none or has it turned off."""
    try:
        return syscall("landlock", _CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    except OSError:
        return 0


def _create(version: int) -> int:
    rights = [0, 0, 0]
    for introduced, added in _RIGHTS.items():
        if introduced <= version:
            rights = [have | more for have, more in zip(rights, added, strict=True)]
    attribute = struct.pack("=QQQ", *rights)
    size = _ATTRIBUTE_BYTES[version]
    return syscall("landlock_create_ruleset", _CREATE_RULESET, attribute, ctypes.c_size_t(size), ctypes.c_uint(0))


def ruleset(rules: Iterable[Rule]) -> tuple[int, int]:
    """Make a ruleset that denies everything but `rules`.

    Returns its descriptor and the ABI in use, which is the newest that both this module and the kernel know. Raises
    OSError when there is no Landlock.
    """
    version = min(abi(), max(_RIGHTS))
    while True:
        if version < 1:
            raise OSError(ENOSYS, "this kernel has no Landlock")
        try:
            descriptor = _create(version)
            break
        except OSError as error:
            if error.errno not in (EINVAL, E2BIG):
                raise
            version -= 1
    for path, rights in rules:
        _add(descriptor, path, rights)
    return descriptor, version


def _add(descriptor: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= ~READ_DIR
        attribute = struct.pack("=Qi", rights, opened)
        syscall("landlock_add_rule", _ADD_RULE, descriptor, _PATH_BENEATH, attribute, ctypes.c_uint(0))
    finally:
        os.close(opened)


def restrict(descriptor: int) -> None:
    """Put this process under the ruleset for good; needs no_new_privs. Raises OSError."""
    syscall("landlock_restrict_self", _RESTRICT_SELF, ctypes.c_int(descriptor), ctypes.c_uint(0))


_SYSTEM_LIBRARIES: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_OTHER_PACKAGES: Final = frozenset({"site-packages", "dist-packages"})


def library_rules(standard: Sequence[str], packages: Sequence[str]) -> Iterator[Rule]:
    """Rules to read the standard library, each of `packages` and the shared libraries in use, all given as folders.

    The standard library's own folder may be listed, because the import system does, but site-packages inside of it may
    not be read: that is where an instructor's other packages are.
    """
    for folder in standard:
        yield folder, READ_DIR
        for path in sorted(Path(folder).iterdir()):
            if path.name not in _OTHER_PACKAGES:
                yield str(path), READ_FILE | READ_DIR
    for folder in packages:
        yield folder, READ_FILE | READ_DIR
    for library in sorted(_mapped_libraries()):
        folder = str(Path(library).parent)
        holds_packages = any(path.startswith(folder + os.sep) for path in (*standard, *packages))
        if folder.startswith(_SYSTEM_LIBRARIES) and not holds_packages:
            yield folder, READ_FILE | READ_DIR
        else:
            yield library, READ_FILE


def _mapped_libraries() -> set[str]:
    lines = os.fsdecode(Path("/proc/self/maps").read_bytes()).splitlines()
    paths = {line.split(maxsplit=5)[5] for line in lines if "/" in line}
    return {path for path in paths if path.startswith("/") and ".so" in Path(path).name}
