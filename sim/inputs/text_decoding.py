"""Turns a file, bytes or a string into text that is safe to give to a YAML parser.

Only regular files are opened, at most a mebibyte is read, and the text is UTF-8 without control characters.
"""

import errno
import os
import re
import stat
from io import BufferedReader
from pathlib import Path

from sim.errors import Fault, InputError, Place

MOST_BYTES = 1_048_576

_FILE = "file"
_UTF8 = "save the file as UTF-8 text"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# YAML 1.1 ends lines at U+0085, U+2028 and U+2029, editors do not: line numbers would differ from the screen's.
_REFUSED = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NAMES = {
    "\0": "NUL",
    "\x85": "next-line character",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\ufeff": "U+FEFF, a byte order mark",
}


def read_text(path: Path, name: str) -> str:
    """The checked text of a regular file of at most 1 MiB. Raises InputError, naming the file `name`."""
    nowhere = Place(name, 0, 0)
    try:
        _check_regular(path.stat(), nowhere)
        with open_regular(path) as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError([Fault(nowhere, _FILE, reason.lower(), "give a file that can be read")]) from None
    return check_text(data, name)


def open_regular(path: Path) -> BufferedReader:
    """An ordinary file, open to be read. Raises OSError, at once, for pipes, sockets, devices and folders."""
    _refuse_irregular(path.stat())  # before opening, since opening a device can have effects
    # Not blocking: if the file has become a pipe meanwhile, opening it must not wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        _refuse_irregular(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def _refuse_irregular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "no ordinary file")


def _check_regular(status: os.stat_result, place: Place) -> None:
    """Raises InputError for folders, pipes, devices and files of more than 1 MiB."""
    if stat.S_ISDIR(status.st_mode):
        raise InputError([Fault(place, _FILE, "a folder", "give a file")])
    if not stat.S_ISREG(status.st_mode):
        raise InputError([Fault(place, _FILE, "a pipe, socket or device", "give an ordinary file")])
    if status.st_size > MOST_BYTES:
        raise _too_big(f"{status.st_size:,} bytes", place)


def check_text(source: str | bytes, name: str) -> str:
    """The text with line feeds as the only line ends, without a byte order mark.

    Raises InputError for more than 1 MiB, for other encodings than UTF-8 and for control characters.
    """
    if len(source) > MOST_BYTES:
        raise _too_big(f"more than {MOST_BYTES:,} bytes", Place(name, 1, 1))
    if isinstance(source, bytes):
        source = _decode(source, name)
    elif len(source.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise _too_big(f"more than {MOST_BYTES:,} bytes", Place(name, 1, 1))
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    odd = _REFUSED.search(text)
    if odd:
        what = _NAMES.get(odd[0]) or f"control character U+{ord(odd[0]):04X}"
        place = _place(text[: odd.start()], name)
        raise InputError([Fault(place, _FILE, what, "delete this invisible character")])
    return text


_LOOK_ALIKES = {  # what each is, and what to write in its place; nothing for those that nobody needs
    "\u00a0": ("a no-break space", "a space"), "\u00ad": ("a soft hyphen", ""), "\u200b": ("a zero-width space", ""),
    "\u2060": ("a word joiner", ""), "\u2007": ("a figure space", "a space"),
    "\u202f": ("a narrow no-break space", "a space"), "\u3000": ("an ideographic space", "a space"),
    "\u201c": ("a curly quotation mark", '"'), "\u201d": ("a curly quotation mark", '"'),
    "\u201e": ("a low quotation mark", '"'), "\u2018": ("a curly quotation mark", "'"),
    "\u2019": ("a curly quotation mark", "'"), "\u2013": ("an en dash", "-"), "\u2014": ("an em dash", "-"),
    "\u2212": ("a minus sign", "-"), "\uff1a": ("a full-width colon", ":"), "\uff0c": ("a full-width comma", ","),
}  # fmt: skip
_LOOK_ALIKE = re.compile(f"[{''.join(_LOOK_ALIKES)}]")


def look_alike(text: str) -> tuple[int, str] | None:
    """The position of the first invisible or look-alike character of a text, and what to do about it.

    >>> look_alike("both\\u200b")
    (4, 'delete U+200B, a zero-width space')
    """
    found = _LOOK_ALIKE.search(text)
    if found is None:
        return None
    name, instead = _LOOK_ALIKES[found[0]]
    what = f"U+{ord(found[0]):04X}, {name}"
    return found.start(), f"write {instead} in place of {what}" if instead else f"delete {what}"


def escaped(quoted: str) -> str:
    """Quoted text with escapes in the place of the characters that are refused."""
    return _REFUSED.sub(lambda odd: f"\\u{ord(odd[0]):04x}", quoted)


def _decode(data: bytes, name: str) -> str:
    """UTF-8 bytes as text."""
    if data.startswith(_UTF16_MARKS) or b"\0" in data[:4]:
        raise InputError([Fault(Place(name, 1, 1), _FILE, "UTF-16 or binary", _UTF8)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        byte = f"byte 0x{data[error.start]:02x}"
        raise InputError([Fault(_place(before, name), _FILE, byte, _UTF8)]) from None


def _place(before: str, name: str) -> Place:
    """The place right after the text `before`."""
    line = before.count("\n") + 1
    return Place(name, line, len(before) - before.rfind("\n"))


def _too_big(size: str, place: Place) -> InputError:
    return InputError([Fault(place, _FILE, size, f"at most {MOST_BYTES:,} bytes (1 MiB)")])
