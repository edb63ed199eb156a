"""Compiled files in the user's cache folder: written whole or not at all, and loaded only if undamaged.

A compiled file is code. So nothing is loaded from a folder or file that is a link, belongs to another account or can
be written by others; the hash in a file protects from damage, not from malice. A file that cannot be used is made anew.
"""

import os
import stat
import tempfile
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent.parent
_MARK = b"summitry compiled model\n"
_MOST_KEPT = 40  # files; those unused for longest go


def folder() -> Path:
    """Where compiled files are kept."""
    return Path(platformdirs.user_cache_dir("summitry", appauthor=False))


def kept(key: str) -> bytes | None:
    """What was kept under a key; None where there is nothing that can be trusted."""
    path = _path(key)
    try:
        if not (_ours(path.parent, stat.S_ISDIR) and _ours(path, stat.S_ISREG)):
            return None
        content = path.read_bytes()
    except OSError:
        return None
    with suppress(OSError):
        os.utime(path)  # what is used stays
    start = len(_MARK)
    digest, data = content[start : start + 32], content[start + 32 :]
    return data if content.startswith(_MARK) and digest == sha256(key.encode() + data).digest() else None


def keep(key: str, data: bytes) -> None:
    """Keep data under a key if the folder allows it: written under another name first, so nobody reads half a file."""
    path, temporary = _path(key), None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(path.parent, stat.S_ISDIR):
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix="part-", delete=False) as file:
            temporary = file.name
            file.write(_MARK + sha256(key.encode() + data).digest() + data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _let_go_of_old(path.parent)
    except OSError:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)


@lru_cache(maxsize=4)
def hash_of_program(*patterns: str) -> str:
    """Hash of the files of the program that match; sixteen hexadecimal digits."""
    digest = blake2b(digest_size=8)
    for pattern in patterns:
        for path in sorted(_PACKAGE.glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _path(key: str) -> Path:
    return folder() / f"{key}.compiled"


def _ours(path: Path, kind: object) -> bool:
    """Whether this is a file or folder itself, not a link, of this account, which nobody else can write."""
    found = path.lstat()
    if not kind(found.st_mode):  # type: ignore[operator]
        return False
    if not hasattr(os, "getuid"):
        return True  # Windows: the folder is within the account's own
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _let_go_of_old(folder: Path) -> None:
    """Remove the files that were used longest ago, and unfinished ones that a stopped process left."""
    files = sorted(folder.glob("*.compiled"), key=lambda path: path.lstat().st_mtime, reverse=True)
    parts = sorted(folder.glob("part-*"), key=lambda path: path.lstat().st_mtime, reverse=True)
    for path in [*files[_MOST_KEPT:], *parts[4:]]:
        with suppress(OSError):
            path.unlink()
