# bootstrap.py, line by line, without what is for its readers: see scripts/bootstrap.py



""









from __future__ import annotations


_found = {name: value for name, value in globals().items() if name != "annotations"}

import atexit
import contextvars
import decimal
import functools
import importlib
import inspect
import ipaddress
import json
import logging
import math
import numbers
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types
import unicodedata
import uuid
import warnings
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime, timezone
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, overload




__version__ = "0.1.0"
_VERSION = 1
_TARGET = "ipynb_telemetry"
_MAX_LABEL = 200

_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_WHITE += "\u2028\u2029\u202f\u205f\u3000\ufeff"
_IN_BROWSER = sys.platform == "emscripten"


def _state():
    ""
    state = sys.modules.setdefault("_ipynb_telemetry", types.ModuleType("_ipynb_telemetry"))
    fresh = {"comms": {}, "warned": set(), "student": None, "notebook": None}
    fresh.update(reporter=None, deliveries=[], is_set_up=False, ends=False)
    fresh.update(called=None, destination=None, looks=False)
    fresh.update(handshakes={}, failed=set(), asked=set())
    for name, value in fresh.items():
        vars(state).setdefault(name, value)
    return state


def _shell():
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None








_BUILT_IN = {
    "cell_executed",
    "test_passed",
    "test_failed",
    "solution_peek",
    "solution_closed",
    "blur",
    "focus",
    "paste",
    "session_ended",
    "session_started",
    "events_dropped",
    "cell_marked",
}
_BY_CODE = {
    "test_passed",
    "test_failed",
    "cell_marked",
}
_RESERVED = {
    "uuid",
    "event_type",
    "student_id",
    "notebook",
    "timestamp",
    "session_id",
    "seq",
    "distinct_id",
    "token",
}





_MAX_TEXT = 10_000
_MAX_JSON = 22_000

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|\Z)|"
    r"\x1b(?:\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~]?)"
)

_LETTER = r"\w\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0900-\u109f\u1ab0-\u1aff"
_LETTER += r"\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
_PART, _SPACED = rf"[{_LETTER}.@+~%$-]+", r"[^\\/:*?\"'<>|\r\n]{1,100}"
_PATH = re.compile(
    r"(^|[\s\"'`(=<\[{,:;|>])(?:"
    rf"((?:file://)?(?:~[\w.-]*)?/(?:{_PART}/{{1,2}})+)({_PART})|"
    rf"([A-Za-z]:[\\/]{{1,2}}(?:{_SPACED}[\\/]{{1,2}})+)({_SPACED}(?=[\"'])|{_PART})|"
    rf"(\\\\{_PART}\\(?:{_PART}\\)+)({_PART}))",
    re.MULTILINE,
)
_WORD, _ROOT = r"[^\s/\\:*?\"'<>|,;]{1,100}", r"(?:home|Users|root|mnt|tmp|srv)"
_ROOTED = re.compile(
    rf"(^|[^{_LETTER}./:]|:(?!//(?!/))|(?:^|\s)-[A-Za-z]|file://[\w.-]{{1,64}}(?=/))"
    rf"((?:file://|[A-Za-z]:)?/{{1,4}}{_ROOT}/{{1,2}}"
    rf"(?:{_WORD}(?: (?=[{_LETTER}(&-]){_WORD}){{0,4}}/{{1,2}})*)"
    rf"({_SPACED}(?=[\"'\u201d\u2019])|{_PART})",
    re.MULTILINE,
)
_ROOT_IN = re.compile(f"/{_ROOT}/")
_HOMES = re.compile(r"(?:file://|[A-Z]:)?[\\/]+(?:home|users)[\\/]+", re.IGNORECASE)
_TOKEN = re.compile(r"([?&#](?:token|access_token|_xsrf)=)[^&\s\"'<>]+", re.IGNORECASE)
_NAMED_TOKEN = re.compile(
    r"((?:TOKEN|SECRET|PASSWORD|API_KEY)\w{0,40}['\"]?\s{0,4}[:=]\s{0,4}['\"]?|"
    r"Authorization['\"]?\s{0,4}[:=]\s{0,4}['\"]?(?:[A-Za-z]{1,20} )?)[^\s'\",}]+"
)

_SECRETS = ("JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN")


def _without_tokens(text):
    ""
    for secret in map(os.environ.get, _SECRETS):
        if secret and len(secret) >= 8:
            text = text.replace(secret, "\u2026")
    return _TOKEN.sub("\\1\u2026", text).encode("utf-8", "replace").decode()


def _clean(text):
    ""
    plain = _NAMED_TOKEN.sub("\\1\u2026", _without_tokens(_ANSI.sub("", text)))
    if _ROOT_IN.search(plain):
        plain = _ROOTED.sub(_without_folder, plain)
    return _PATH.sub(_without_folder, plain)


def _without_folder(match):
    folder, last = (group for group in match.groups()[1:] if group is not None)
    return match[1] + ("\u2026" if _HOMES.fullmatch(folder) else f"\u2026/{last}")


def _clean_json(value):
    ""
    if isinstance(value, dict):
        return {_clean(key): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_json(item) for item in value]
    return _clean(value) if isinstance(value, str) else value


def _cut(
    text, limit = _MAX_TEXT, clean = _clean
):
    ""



    whole = clean(text[: 2 * limit])
    kept = _fit(whole[:limit])
    return kept, len(text) > 2 * limit or len(whole) > len(kept)


def _label(value):
    return repr(value[:_MAX_LABEL]) if isinstance(value, str) else f"of type {type(value).__name__}"


def _text(text, limit = _MAX_TEXT):
    ""
    return _fit(_ANSI.sub("", text[: 4 * limit])[:limit].encode("utf-8", "replace").decode())


def _fit(text):
    ""
    units = len(json.dumps(text, ensure_ascii=False).encode("utf-16-le")) // 2
    return text if units <= _MAX_JSON else text[: _MAX_JSON // 6]





_MAX_BYTES = 65_536


def _plain(value, budget, depth = 0):
    ""
    budget[0] -= 1
    if budget[0] < 0 or depth > 20:
        raise ValueError("too large, or it contains itself")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, numbers.Integral):
        whole = int(value)
        return whole if abs(whole) < 2**53 else str(whole)
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return float(value) if math.isfinite(value) else None
    for convert in ("__fspath__", "isoformat", "tolist"):
        if hasattr(value, convert) and getattr(value, "nbytes", 0) <= _MAX_BYTES:
            return _plain(getattr(value, convert)(), budget, depth + 1)
    if isinstance(value, Mapping):
        keys = [str(_plain(key, budget, depth + 1)) for key in value]
        return dict(zip(keys, _plain(list(value.values()), budget, depth)))
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (bytes, bytearray)):
        items = [_plain(item, budget, depth + 1) for item in value]
        return sorted(items, key=repr) if isinstance(value, Set) else items
    raise TypeError(f"{type(value).__name__} does not fit into JSON")






def _traceback(error):
    ""
    lines = ["Traceback (most recent call last):"]
    with suppress(Exception):
        tb = traceback.walk_tb(error.__traceback__)
        frames = [pair for pair in tb if not pair[0].f_locals.get("__tracebackhide__")]
        cell_name = getattr(getattr(_shell(), "compile", None), "format_code_name", lambda _: None)
        for frame in traceback.StackSummary.extract(iter(frames[-20:])):
            place = cell_name(frame.filename) or ("File", os.path.basename(frame.filename))
            lines += [f"  {' '.join(place)}, line {frame.lineno}, in {frame.name}"]
            lines += [f"    {(frame.line or '')[:_MAX_LABEL]}"]
    return "\n".join([*lines, f"{type(error).__name__}: {_message(error)}"])


def _message(error):
    with suppress(Exception):
        return str(error)
    return "<no message>"


def _error(name, value, lines):
    lines = "\n".join(lines) if isinstance(lines, (list, tuple)) else str(lines)
    error = {"value": _cut(str(value))[0], "traceback": _cut(lines)[0]}
    return {"name": _cut(str(name), _MAX_LABEL)[0], **error}






def _parent():
    ""
    with suppress(Exception):
        shell = _shell()
        holders = (shell, getattr(shell, "kernel", None))
        holder = next((each for each in holders if hasattr(each, "get_parent")), None)
        parent = holder.get_parent() if holder else shell.parent_header
        if parent["header"]["msg_type"] == "execute_request":
            return parent
    return {}


def _caller():
    ""
    return _parent().get("header", {}).get("session")


def _is_counted(parent = None, bare = False):
    ""
    content = (parent or _parent()).get("content", {"store_history": bare})
    return content.get("store_history", True) and not content.get("silent")


def _ms_since(moment):
    return (datetime.now(timezone.utc) - moment).total_seconds() * 1000


def _iso(seconds = None):
    ""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _app():
    ""
    if "google.colab" in sys.modules:
        return "colab", os.environ.get("COLAB_RELEASE_TAG", "")
    names, env = _shell().user_ns, os.environ
    cell = str(_parent().get("metadata", {}).get("cellId", ""))
    started = "VSCODE_PID" in env and "JPY_SESSION_NAME" not in env
    if cell.startswith("vscode-") or "__vsc_ipynb_file__" in names or started:
        return "vscode", ""
    return "kernel", getattr(sys.modules.get("IPython"), "__version__", "")


def _kernel_name():
    with suppress(Exception):
        from ipykernel.connect import get_connection_file

        with open(get_connection_file(), encoding="utf-8") as file:
            return json.load(file)["kernel_name"] or "python3"
    return "xpython" if "xpython" in sys.modules else "python3"






def _refuse_id(notebook_id):
    ""
    if not isinstance(notebook_id, str) or not notebook_id.strip(_WHITE):
        return "must not be empty"
    if len(notebook_id) > _MAX_LABEL:
        return f"must have at most {_MAX_LABEL} characters"
    if re.search(r"[\x00-\x1f\x7f/\\]", notebook_id):
        return "must not contain slashes or control characters"

    return "must be valid text" if re.search(r"[\ud800-\udfff]", notebook_id) else None





_MAX_NAME = 60


def _fold_name(name):
    ""
    return re.sub(f"[{_WHITE}]+", " ", name.strip(_WHITE)).upper()


def _refuse_name(name):
    folded = _fold_name(name)
    if not folded:
        return "Both names are required"

    if not re.fullmatch(f"[A-Za-z{_WHITE}-]*", name):
        return "English letters only"
    if len(re.sub("[ -]", "", folded)) < 2:
        return "At least two letters"
    return f"At most {_MAX_NAME} characters" if len(folded) > _MAX_NAME else None


def _student(first, last):
    names = [_fold_name(name) for name in (first, last)]
    return {"id": "_".join(names), "name": "-".join(names)}


def _read_student(text):
    ""
    text = text.strip(_WHITE) if isinstance(text, str) else ""
    ways = (re.split(mark, text) for mark in ("_", f"[{_WHITE}]+", "-"))
    parts = next((parts for parts in ways if len(parts) > 1), [text])

    is_either = "_" not in text and "-" in text and len(text.split()) > 1 and text.isupper()
    if len(parts) > 2 or is_either:
        raise ValueError('student_name: put _ between first and last name, as in "MARY ANN_LEE"')
    problem = _refuse_name(parts[0]) or _refuse_name(parts[1] if len(parts) == 2 else "")
    if problem:
        raise ValueError(f'student_name: {problem}. Give first and last name, as in "Ann Lee"')
    return _student(*parts)


def _ask_student(notice):
    ""



    nobody = ValueError(
        "nobody can be asked for a name here. Give it: "
        'setup_telemetry("\u2026", skip_name_prompt=True, student_name="Ann Lee")'
    )
    if not _parent().get("content", {}).get("allow_stdin", True):
        raise nobody
    print(f"{notice}\nType cancel instead of a name, and nothing is recorded.")
    for _ in range(3):
        names = []
        for prompt in ("First name: ", "Last name: "):
            try:
                names.append(input(prompt))
            except (EOFError, NotImplementedError):
                raise nobody from None
            if names[-1].strip().lower() == "cancel":
                return None
            problem = _refuse_name(names[-1])
            if problem:
                print(problem)
                break
        else:
            return _student(*names)
    raise ValueError(
        f"nothing is tracked, since no name was given that will do: {problem}. Run this cell again"
    )





_HOST = "https://us.i.posthog.com"

_ADDRESS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)
_SERVER_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:]+\]|[^:[]+)(?::(.*))?", re.DOTALL)
_ADDRESS_PATH = re.compile(r"(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*", re.ASCII)
_DOT_PARTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|\Z)", re.IGNORECASE)


_HOST_LETTERS = (
    "\u00e0-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    "\u01a1\u01b0\u0219\u021b\u0390\u03ac-\u03c1\u03c3-\u03ce"
    "\u0430-\u045f\u0491\u1ea1-\u1ef9\u3005\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u4e00-\u9fa5\uac00-\ud7a3"
)
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]+){3}|\[::1\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def _read_host(text):
    ""







    address = _ADDRESS.fullmatch(text.strip(_WHITE))
    if address is None:
        raise ValueError("it must begin with https://")
    scheme, authority, path, rest = address[1].lower(), address[2], address[3], address[4]
    if "@" in authority:
        raise ValueError("after https:// it must hold no user name and no password")
    if rest:
        raise ValueError("it must hold no query, neither ? nor #, as in https://eu.i.posthog.com")
    server = _SERVER_AND_PORT.fullmatch(authority)
    if server is None:
        raise _malformed()
    name, port = server[1], server[2]
    if port is not None and not (re.fullmatch("[0-9]{1,5}", port) and 1 <= int(port) <= 65_535):
        raise ValueError("its port must be from 1 to 65535")
    name = _read_ipv6(name[1:-1]) if name.startswith("[") else _read_server(name)
    if scheme == "http" and not _LOOPBACK.fullmatch(name):
        raise ValueError("it must begin with https://")
    if not _ADDRESS_PATH.fullmatch(path) or _DOT_PARTS.search(path):
        raise ValueError("its path must be plain ASCII, without spaces and \u201c..\u201d")
    is_implied = port is None or int(port) == _DEFAULT_PORTS[scheme]
    place = name if is_implied else f"{name}:{int(port or 0)}"
    return f"{scheme}://{place}{path.rstrip('/')}"


def _read_ipv6(text):
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise _malformed() from None
    if address.ipv4_mapped is not None:
        raise _malformed()
    return f"[{address.compressed}]"


def _read_server(text):
    ""
    name = unicodedata.normalize("NFC", text.lower())
    name = name[:-1] if name.endswith(".") else name
    if re.search(r"[\x00-\x7f]", re.sub("[a-z0-9._-]", "", name)):
        raise _malformed()
    if re.search(f"[^\\x00-\\x7f{_HOST_LETTERS}]", name):
        raise ValueError("write the name of its server as punycode, xn--\u2026")
    labels = [_encode_label(label) for label in name.split(".")]
    name = ".".join(labels)
    is_number = re.fullmatch("[0-9]+|0x[0-9a-f]*", labels[-1])
    if not all(1 <= len(label) <= 63 for label in labels) or len(name) > 253:
        raise _malformed()
    if is_number and not _is_ipv4(name):
        raise _malformed()
    return name


def _encode_label(label):
    ""
    if not label.isascii():
        if label.startswith("xn--"):
            raise _malformed()
        return f"xn--{label.encode('punycode').decode()}"
    if label.startswith("xn--"):
        try:
            text = label[4:].encode().decode("punycode")
            is_same = text.encode("punycode").decode() == label[4:]
            text.encode()
        except UnicodeError:
            raise _malformed() from None
        is_small = unicodedata.normalize("NFC", text.lower()) == text
        if not is_same or not is_small or text.isascii():
            raise _malformed()
    return label


def _is_ipv4(name):
    parts = name.split(".")
    return len(parts) == 4 and all(
        re.fullmatch("0|[1-9][0-9]{0,2}", part) and int(part) <= 255 for part in parts
    )


def _malformed():
    return ValueError("the name of a server must follow https://")


def _read_key(text):
    ""




    key = text.strip(_WHITE)
    if not key:
        raise ValueError("it is missing, there is nothing but spaces")
    if key.startswith("phx_"):
        raise ValueError(
            "one with phx_ is personal and secret. Revoke it, and use the project key, phc_\u2026"
        )
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ValueError("it holds characters no project key has")
    if len(key) > 64:
        raise ValueError("it is longer than 64 characters")
    return key






def _course_file():
    ""
    names = _shell().user_ns
    paths = (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    folders = [os.path.dirname(path) for path in paths if path and os.path.isabs(path)]
    for folder in [*folders, *(names.get("_dh") or [])[:1], os.getcwd()]:
        folder, above = os.path.abspath(folder), ""
        while folder != above:
            path = os.path.join(folder, "ipynb-telemetry.toml")
            if os.path.isfile(path):
                with open(path, encoding="utf-8-sig") as file:
                    return _read_toml(file.read())
            folder, above = os.path.dirname(folder), folder
    return {}


def _read_toml(text):
    for reader in ("tomllib", "tomli"):
        with suppress(ImportError):
            return importlib.import_module(reader).loads(text)
    found = {}

    value = r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|\[[^][]*\]'
    line = rf"\s*(?:(\w+)\s*=\s*({value})\s*)?(?:#.*)?"
    for number, read in enumerate(text.splitlines(), 1):
        if read.lstrip().startswith("["):
            break
        match = re.fullmatch(line, read)
        if not match:
            raise ValueError(f'line {number} is not of the form host = "https://\u2026"')
        if match[1]:
            found[match[1]] = json.loads(match[2]) if match[2][0] == '"' else match[2].strip("'")
    return found


def _read_course():
    ""
    try:
        return _course_file(), ""
    except Exception as error:
        return {}, f"ipynb-telemetry.toml cannot be read: {_message(error)[:_MAX_LABEL]}."


def _destination(
    host, api_key, course, problem
):
    ""
    env = os.environ
    key = api_key or env.get("IPYNB_TELEMETRY_API_KEY") or course.get("api_key")
    host = host or env.get("IPYNB_TELEMETRY_HOST")
    if not key or (problem and not host):
        return "", None, problem
    try:
        what = "host"
        place = _read_host(_text_of(host or course.get("host") or _HOST))
        what = "key"
        return place, _read_key(_text_of(key)), problem
    except ValueError as error:
        return "", None, f"{problem} PostHog {what} refused: {error}.".strip()


def _text_of(value):
    ""
    return value if isinstance(value, str) else "\0"






def _overwritten(text, at, added):
    ""



    if at == len(text) and not re.search("[\b\r]", added):
        return text + added, at + len(added)
    shown, line = list(text), text.rfind("\n") + 1
    for piece in re.split("([\b\r\n])", added):
        if piece == "\r":
            at = line
        elif piece == "\n":
            shown.append(piece)
            at = line = len(shown)
        elif piece == "\b":
            if at > line:
                del shown[at - 1 : at + 1]
                at -= 1
        else:
            shown[at : at + len(piece)] = piece
            at += len(piece)
    return "".join(shown), at


class _Outputs:
    ""

    def __init__(self):
        self.parts = []
        self.is_to_be_cleared = self.is_cut = False

    def add(self, kind, content):
        if kind == "clear_output" and content.get("wait"):
            self.is_to_be_cleared = True
            return
        if self.is_to_be_cleared or kind == "clear_output":
            self.parts, self.is_to_be_cleared, self.is_cut = [], False, False
        if kind == "stream":
            self._add_stream(content["name"], content["text"])
        elif kind == "error":
            lines = "\n".join(content.get("traceback") or [])
            lines = lines or f"{content.get('ename')}: {content.get('evalue')}"
            part = {"text": lines[: 2 * _MAX_TEXT], "is_cut": len(lines) > 2 * _MAX_TEXT}
            self._put(part, is_error=True)
        elif "data" in content:
            text = content["data"].get("text/plain", "")
            text = text if isinstance(text, str) else ""
            names = [name for name in content["data"] if name != "text/plain"]
            types = "".join(f"[{_clean(name)[:_MAX_LABEL]}]" for name in names)
            part = {"text": text[: 2 * _MAX_TEXT], "is_cut": len(text) > 2 * _MAX_TEXT}
            part.update(end=types + "\n", id=(content.get("transient") or {}).get("display_id"))
            same = [old for old in self.parts if part["id"] and old.get("id") == part["id"]]
            for old in same:
                old.update(part)
            if kind != "update_display_data":
                self._put(part)

    def _add_stream(self, name, text):
        last = self.parts[-1] if self.parts else {}
        if last.get("stream") != name:
            last = {"stream": name, "text": "", "at": 0, "is_cut": False}
            self._put(last)
        if self.is_cut or last["is_cut"]:
            return

        beginning = text[: 10 * _MAX_TEXT]
        whole, last["at"] = _overwritten(last["text"], last["at"], beginning)
        last["is_cut"] = len(whole) > 2 * _MAX_TEXT or len(text) > len(beginning)
        last["text"] = whole[: 2 * _MAX_TEXT]

    def _put(self, part, is_error = False):
        ""
        self.is_cut = self.is_cut or len(self.parts) >= 1_000
        if not self.is_cut:
            self.parts.append(part)
        elif is_error:
            self.parts[1_000:] = [part]

    def read(self):
        ""
        text, is_cut = "", self.is_cut
        for part in self.parts:
            kept, is_part_cut = _cut(part["text"], _MAX_TEXT - len(text))
            text += kept + part.get("end", "")
            if is_part_cut or part["is_cut"] or len(text) > _MAX_TEXT:
                is_cut = True
                break
        kept = _fit(text[:_MAX_TEXT])
        return kept, is_cut or len(kept) < len(text)


class _Tee:
    ""

    def __init__(self, stream, name, outputs):
        self._stream, self._name, self._outputs = stream, name, outputs

    def write(self, text):
        written = self._stream.write(text)
        with suppress(Exception):
            self._outputs.add("stream", {"name": self._name, "text": text})
        return written

    def __getattr__(self, name):
        return getattr(self._stream, name)







_FRAME = {
    "text/html": f"""<script>
document.onvisibilitychange = async () => {{
  try {{
    const {{kernel}} = google.colab
    const told = [document.hidden, Date.now()]
    if (kernel.accessAllowed) await kernel.invokeFunction("{_TARGET}", told, {{}})
  }} catch {{}}
}}
onpagehide = () => {{ document.onvisibilitychange = null }}
</script>""",
    "text/plain": "",
}


def _watch_tab(turn):
    ""
    with suppress(Exception):
        if _app()[0] == "colab":
            from google.colab import output
            from IPython.display import display

            output.register_callback(_TARGET, turn)
            display(_FRAME, raw=True)





_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ipynb-telemetry")


class _Run:
    ""

    def __init__(self, parent, code):
        header, told = parent.get("header", {}), parent.get("metadata") or {}
        self.msg_id, self.date = header.get("msg_id"), header.get("date")
        self.page = header.get("session")
        self.code = parent.get("content", {}).get("code") if code is None else code

        cell_id = told.get("cellId") or (told.get("colab") or {}).get("cell_id") or ""
        self.cell_id = str(cell_id).rpartition("#")[2][:_MAX_LABEL]
        self.outputs, self.queued_ms, self.attempt = _Outputs(), 0.0, 1
        self.execution_count = None
        self.error = None
        self.is_aborted = False
        self.started, self.ended = time.perf_counter(), 0.0

    @property
    def cell(self):
        ""
        source = (self.code or "").strip().encode("utf-8", "replace").decode()
        return self.cell_id or f"source-{uuid.uuid5(_NAMESPACE, source).hex[:12]}"

    @property
    def uuid(self):
        ""
        return self.msg_id and str(uuid.uuid5(_NAMESPACE, f"cell_executed:{self.msg_id}"))

    def properties(self):
        ""
        if isinstance(self.error, BaseException):
            error = self.error
            self.error = type(error).__name__, _message(error), _traceback(error)
        output, is_output_cut = self.outputs.read()
        code, is_code_cut = _cut(self.code or "", clean=_without_tokens)
        status = "aborted" if self.is_aborted else "ok" if self.error is None else "error"
        return {
            "cell_id": _clean(self.cell),
            "cell_index": -1,
            "execution_count": self.execution_count,
            "code": code,
            "output": output,
            "success": status == "ok",
            "status": status,
            "error": self.error and _error(*self.error),
            "duration_ms": round(max(0.0, self.ended - self.started) * 1000, 1),
            "queued_ms": round(self.queued_ms, 1),
            "attempt": self.attempt,
            "truncated": is_output_cut or is_code_cut,
        }





_SHOWN = {"stream", "display_data", "update_display_data", "execute_result", "error"}
_SHOWN |= {"clear_output"}


class _Runs:
    ""






    def __init__(
        self, report, is_ours
    ):
        self._shell, self._report, self._is_ours = _shell(), report, is_ours
        self._pid, self._is_on = os.getpid(), False
        self._session = getattr(getattr(self._shell, "kernel", None), "session", None)
        self._run = None
        self._depth = 0
        self.lag = math.inf
        self.attempts = {}
        self._overheard = []

    def start(self):
        ""
        if not self._is_on:
            self._is_on = True
            self._shell.events.register("pre_run_cell", self._before)
            self._shell.events.register("post_run_cell", self._after)
            if self._session is not None:
                self._overhear(self._session, "send", self._look)
            self._overhear_xeus()
        if self._run is None and _is_counted(bare=self._session is None):
            self._open(None)

    def stop(self):
        self._run, self._is_on = None, False
        self._untee()
        for event, hook in (("pre_run_cell", self._before), ("post_run_cell", self._after)):
            with suppress(Exception):
                self._shell.events.unregister(event, hook)
        for holder, name, found, both in self._overheard:
            if vars(holder).get(name) is both:
                setattr(holder, name, found)
                if getattr(found, "__func__", None) is getattr(type(holder), name, 0):
                    delattr(holder, name)
        self._overheard.clear()

    def _overhear(self, holder, name, listen):
        found = getattr(holder, name)

        def both(*args, **kwargs):
            result = found(*args, **kwargs)
            with suppress(Exception):
                listen(*args, **kwargs)
            return result

        setattr(holder, name, both)
        self._overheard.append((holder, name, found, both))

    def _overhear_xeus(self):
        ""
        shell, pub = self._shell, self._shell.display_pub

        def add(kind, **content):
            self._run.outputs.add(kind, content)

        def display(data, _, transient, is_update):
            kind = "update_display_data" if is_update else "display_data"
            add(kind, data=data, transient=transient)

        def result(_, data, __):
            add("execute_result", data=data)

        if hasattr(pub, "publish_display_data"):
            self._overhear(pub, "publish_display_data", display)
            self._overhear(pub, "clear_output", lambda wait: add("clear_output", wait=wait))
            self._overhear(shell.displayhook, "publish_execution_result", result)
            self._overhear(shell, "_showtraceback", lambda _, __, tb: add("error", traceback=tb))

    def _open(self, code):
        self._run, self._depth = self._asked(_parent(), code), 0
        if self._session is None:
            for name in ("stdout", "stderr"):
                setattr(sys, name, _Tee(getattr(sys, name), name, self._run.outputs))

    def _asked(self, parent, code):
        run = _Run(parent, code)
        with suppress(Exception):

            lag = _ms_since(run.date)
            self.lag = min(self.lag, lag)
            run.queued_ms = lag - self.lag
        return run

    def _before(self, *told):
        with suppress(Exception):
            parent = _parent()
            if self._run and self._run.msg_id == parent.get("header", {}).get("msg_id"):
                self._depth += 1
                return
            self._run = None
            if not self._is_ours(parent.get("header", {})):
                return
            code = getattr(told[0], "raw_cell", None) if told else None
            is_kept = getattr(told[0], "store_history", True) if told else True

            if is_kept and _is_counted(bare=True) and (code is None or code.strip()):
                self._open(code)

    def _after(self, *told):
        with suppress(Exception):
            run, result = self._run, told[0] if told else None
            if run is None or self._depth:
                self._depth = max(0, self._depth - 1)
                return
            run.ended = time.perf_counter()
            info = getattr(result, "info", None)
            run.code = getattr(info, "raw_cell", None) if run.code is None else run.code
            run.execution_count = getattr(result, "execution_count", None)
            run.error = getattr(result, "error_before_exec", None) or getattr(
                result, "error_in_exec", None
            )
            if self._session is None:
                self._untee()
                self._finish(run)

    def _untee(self):
        for name in ("stdout", "stderr"):
            if isinstance(getattr(sys, name), _Tee):
                setattr(sys, name, getattr(sys, name)._stream)

    def _look(
        self,
        _,
        message,
        content = None,
        parent = None,
        *__,
        metadata = None,
        **___,
    ):
        run, kind = self._run, message
        if kind == "execute_reply" and content["status"] == "aborted":

            is_here = self._is_on and os.getpid() == self._pid
            if is_here and _is_counted(parent) and self._is_ours(parent["header"]):
                run = self._asked(parent, None)
                run.is_aborted, run.ended = True, run.started
                if run.code.strip():
                    self._finish(run)
            return
        if not isinstance(message, str):
            kind, content = message["header"]["msg_type"], message["content"]
            parent = message["parent_header"]
        parent = (parent or {}).get("header", parent or {})
        if run is None or parent.get("msg_id") != run.msg_id or os.getpid() != self._pid:
            return
        if kind == "execute_reply":
            with suppress(Exception):
                begun = time.perf_counter() - _ms_since(metadata["started"]) / 1000
                run.started = min(run.started, begun)
            run.execution_count = content.get("execution_count", run.execution_count)
            if content["status"] != "ok":
                run.error = content.get("ename"), content.get("evalue"), content.get("traceback")
            self._finish(run)
        elif kind in _SHOWN and content.get("data") != _FRAME:
            run.outputs.add(kind, content)

    def _finish(self, run):
        self._run = None
        run.ended = run.ended or time.perf_counter()
        run.attempt = self.attempts[run.cell] = self.attempts.get(run.cell, 0) + 1
        self._report(run)





_SPOOL = re.compile(r"spool-\w+\.jsonl")
_NEEDED = {"uuid", "distinct_id", "timestamp", "properties"}
_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT
_MAX_BATCH, _MAX_WAITING = 100, 10_000
_LONGEST_S = 120.0


def _folder(makes = True):
    ""
    try:
        from jupyter_core.paths import jupyter_data_dir

        above = jupyter_data_dir()
    except ImportError:
        above = os.environ.get("JUPYTER_DATA_DIR") or os.path.expanduser("~/.local/share/jupyter")
    folder = os.path.join(above, "ipynb-telemetry")
    if makes:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} cannot be written to")
    return folder


def _lock(file):
    ""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        import msvcrt

        os.lseek(file, 1 << 30, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)


class _Spool:
    ""






    def __init__(self, path, host, key):
        self.path, self.host, self.key = path, host, key
        self.waiting = {}
        self.next_at, self.failures, self.most = 0.0, 0, _MAX_BATCH
        self.is_refused = False
        self._file, self._guard = -1, threading.Lock()

    @classmethod
    def create(cls, host, key):
        ""
        spool = cls("", host, key)
        with suppress(OSError):
            path = os.path.join(_folder(), f"spool-{uuid.uuid4().hex}.jsonl")

            new = path if os.name == "nt" else path + ".new"
            spool._file = os.open(new, _APPEND, 0o600)
            try:
                _lock(spool._file)
                spool._write({"host": host, "api_key": key})
                if new != path:
                    os.rename(new, path)
                spool.path = path
            except OSError:
                os.close(spool._file)
                spool._file = -1
                os.unlink(new)
        return spool

    @classmethod
    def adopt(cls, path, host, key):
        ""



        file = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            _lock(file)
            with open(path, encoding="utf-8", errors="replace", newline="\n") as reader:
                lines = reader.read().split("\n")
        except BaseException:
            os.close(file)
            raise
        spool = cls(path, host, key)
        spool._file = file
        for line in lines:
            with suppress(Exception):
                read = json.loads(line)
                if "api_key" in read:
                    spool.host, spool.key = read["host"], read["api_key"]
                elif read.get("unauthorized"):
                    spool.host, spool.key = host, key
                for done in read.get("done", ()):
                    spool.waiting.pop(done, None)
                if "event" in read and read.keys() >= _NEEDED and read["properties"] is not None:
                    spool.waiting[read["uuid"]] = line
        os.write(file, b"\n")
        return spool

    def add(self, events):
        ""
        with self._guard:
            for event in events:
                self.waiting[event["uuid"]] = json.dumps(event, ensure_ascii=False)
            self._write(*(self.waiting[event["uuid"]] for event in events))
            surplus = len(self.waiting) - _MAX_WAITING
            oldest = list(self.waiting)[: surplus + _MAX_WAITING // 100] if surplus > 0 else []
            lost = [self.waiting[each] for each in oldest]
        self.done(oldest)
        return lost

    def batch(self):
        with self._guard:
            size, batch = 0, []
            for line in list(self.waiting.values())[: self.most]:
                size += len(line)
                if batch and size > 1_000_000:
                    break
                batch.append(json.loads(line))
            return batch

    def done(self, uuids):
        with self._guard:
            for each in uuids:
                self.waiting.pop(each, None)
            if uuids:
                self._write({"done": uuids})
            if not self.waiting and self._file >= 0:
                with suppress(OSError):
                    os.ftruncate(self._file, 0)
                self._write({"host": self.host, "api_key": self.key})

    def refuse(self):
        self.is_refused, self.next_at = True, time.monotonic() + _LONGEST_S
        with self._guard:
            self._write({"unauthorized": True})

    def correct(self, host = "", key = ""):
        with self._guard:
            self.host, self.key = host or self.host, key or self.key
            self.is_refused, self.next_at = False, 0.0
            self._write({"host": self.host, "api_key": self.key})

    def close(self):
        ""
        with self._guard, suppress(OSError):
            file, self._file = self._file, -1
            if file >= 0:
                os.close(file)
                if not self.waiting:
                    os.unlink(self.path)

    def _write(self, *lines):
        text = "".join(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
        )
        if self._file >= 0:
            with suppress(OSError):
                os.write(self._file, text.encode("utf-8", "replace"))


def _adopt(host, key):
    ""
    spools = []
    with suppress(OSError):
        folder = _folder(makes=False)
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            with suppress(OSError):
                if _SPOOL.fullmatch(name):
                    spool = _Spool.adopt(path, host, key)
                    if spool.waiting:
                        spools.append(spool)
                    else:
                        spool.close()
                elif name.endswith(".new") and time.time() - os.path.getmtime(path) > 3600:
                    os.unlink(path)
    return spools






_ADDED = {"$ip": None, "$geoip_disable": True, "$process_person_profile": True}


def _install_posthog():
    ""
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    command += ["--retries", "1", "--timeout", "5", "posthog"]
    with suppress(Exception):
        quiet = subprocess.DEVNULL
        subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=120)
    importlib.invalidate_caches()





_ENVELOPE = ("student_id", "notebook", "session_id", "seq")
_GATHER_S = 0.5


class _Delivery:
    ""

    def __init__(self, host, key, installs):
        self.host, self.key, self.pid = host, key, os.getpid()
        self.installs, self._tried = installs, False
        self.notice = ""
        self._told = set()
        self._events = SimpleQueue()
        self._due, self._hurry = threading.Event(), threading.Event()
        self._client = None
        self._shaped = []
        self._spools = []
        threads = [self._write]
        if key is not None:
            self._spools = [_Spool.create(host, key)]
            threads.append(self._send)
        else:
            try:
                folder = _folder()
            except OSError:
                folder = tempfile.mkdtemp(prefix="ipynb-telemetry-")
            self.path = os.path.join(folder, "events.jsonl")
        for run in threads:
            threading.Thread(target=run, name="ipynb-telemetry", daemon=True).start()
        self._due.set()

    def put(self, event, properties):
        ""
        self._events.put((event, properties))

    def finish(self, until):
        ""
        written = threading.Event()
        self._events.put((written, None))
        written.wait(max(0.0, until - time.monotonic()))
        self._hurry.set()
        self._due.set()
        while self._is_busy() and time.monotonic() < until:
            time.sleep(0.005)
        for spool in self._spools:
            spool.close()

    def _is_busy(self):
        now = time.monotonic()
        return any(spool.waiting and spool.next_at <= now for spool in self._spools)

    @property
    def is_refused(self):
        return bool(self._spools) and self._spools[0].is_refused

    def correct(self, host, key):
        ""
        if self.is_refused:
            self.host, self.key = host, key
        for spool in self._spools:
            if spool.is_refused:
                self._told.clear()
                spool.correct(host, key)
        self._due.set()

    def take(self, spools):
        ""
        self._spools += spools
        self._due.set()

    def _write(self):
        while True:
            taken = [self._events.get()]
            with suppress(Empty):
                while len(taken) < 1_000:
                    taken.append(self._events.get_nowait())
            ready = []
            for event, properties in taken:
                if isinstance(event, threading.Event):
                    self._store(ready)
                    ready = []
                    event.set()
                    continue
                with suppress(Exception):
                    made = properties() if callable(properties) else properties
                    ready.append({**event, "properties": {**made, **event["properties"]}})
            self._store(ready)

    def _store(self, events):
        with suppress(Exception):
            if self._spools:
                self._lose(self._spools[0].add(events) if events else [])
                self._due.set()
            elif events:
                lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
                self._append(self.path, lines)

    def _lose(self, lines):
        ""
        lost = [json.loads(line) for line in lines]
        for session in {event["properties"]["session_id"] for event in lost}:
            given = [e for e in lost if e["properties"]["session_id"] == session]
            seqs = [event["properties"]["seq"] for event in given]
            told = {"count": len(given), "reason": "storage"}
            told.update(first_seq=min(seqs), last_seq=max(seqs))
            envelope = {key: given[-1]["properties"][key] for key in _ENVELOPE}
            event = {**given[-1], "event": "events_dropped", "uuid": str(uuid.uuid4())}
            self._spools[0].add([{**event, "properties": {**told, **envelope}}])

    def _append(self, path, lines):
        file = os.open(path, _APPEND, 0o600)
        try:
            os.write(file, lines.encode("utf-8", "replace"))
        finally:
            os.close(file)

    def _send(self):
        thread = threading.get_ident()

        logging.getLogger("urllib3.connectionpool").addFilter(lambda said: said.thread != thread)
        while True:
            with suppress(Exception):
                try:
                    importlib.import_module("posthog")
                except ImportError:
                    if self.installs and not self._tried:
                        self._tried = True
                        _install_posthog()
            now = time.monotonic()
            spool = next((s for s in self._spools if s.waiting and s.next_at <= now), None)
            if spool is None:
                pauses = [s.next_at - now for s in self._spools if s.waiting]
                self._due.wait(min(pauses) if pauses else None)
                self._hurry.wait(_GATHER_S)
                self._due.clear()
                continue
            key = spool.key
            try:
                self._post(spool)
            except Exception as error:
                if spool.key == key:
                    self._settle(spool, error)
            if spool is not self._spools[0] and not spool.waiting:
                self._spools.remove(spool)
                spool.close()

    def _post(self, spool):
        from posthog.request import batch_post

        batch = [self._shape(event) for event in spool.batch()]
        batch_post(spool.key, spool.host, gzip=True, timeout=10, batch=batch)
        if spool.is_refused:
            spool.correct()
        spool.done([event["uuid"] for event in batch])
        spool.failures, spool.most = 0, min(2 * spool.most, _MAX_BATCH)

    def _settle(self, spool, error):
        ""
        status = getattr(error, "status", None)
        asked = getattr(error, "retry_after", None)
        asked = asked if isinstance(asked, (int, float)) else 0
        if status in (401, 403):
            spool.refuse()
            self._tell(
                f"{spool.host} refuses the key ({status}). Events wait here until it is corrected"
            )
        elif isinstance(status, int) and 400 <= status < 500 and status not in (408, 429):
            batch = spool.batch()
            if len(batch) > 1:
                spool.most = len(batch) // 2
                return
            refused = {**batch[0], "reason": f"{status} {_message(error)[:_MAX_LABEL]}"}
            try:
                path = os.path.join(_folder(), "refused.jsonl")
                self._append(path, json.dumps(refused, ensure_ascii=False) + "\n")
            except OSError:
                with suppress(Exception):
                    if batch[0]["event"] != "events_dropped":
                        self._lose([json.dumps(batch[0])])
            spool.done([batch[0]["uuid"]])
        else:
            if isinstance(error, ImportError):
                self._tell("events wait here until posthog can be imported: pip install posthog")
            spool.failures += 1
            pause = min(_LONGEST_S, 2.0 ** (spool.failures - 1)) * random.uniform(0.5, 1)
            spool.next_at = time.monotonic() + max(min(asked, 3600), pause)

    def _tell(self, notice):
        if notice not in self._told:
            self._told.add(notice)
            self.notice = notice

    def _shape(self, event):
        ""
        self._shaped.clear()
        with suppress(Exception):
            if self._client is None:
                from posthog import Posthog


                options = {"sync_mode": True, "before_send": self._shaped.append}
                self._client = Posthog("ipynb-telemetry", host="http://127.0.0.1:9", **options)
            self._client.capture(
                event=event["event"],
                distinct_id=event["distinct_id"],
                properties=event["properties"],
                timestamp=datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")),
                uuid=event["uuid"],
            )
        from posthog.version import VERSION

        added = {"$lib": "posthog-python", "$lib_version": VERSION}
        added = self._shaped[-1]["properties"] if self._shaped else added
        labels = {name: added[name] for name in ("$lib", "$lib_version") if name in added}
        return {**event, "properties": {**event["properties"], **labels, **_ADDED}}


def _deliver(host, key, installs):
    ""
    same = [d for d in _state().deliveries if (d.host, d.key, d.pid) == (host, key, os.getpid())]
    if not same:
        same = [_Delivery(host, key, installs)]
        _state().deliveries += same
    return same[0]






def _open_comms():

    comms = tuple(_state().comms.values())
    return [entry for entry in comms if entry["pid"] == os.getpid() and not entry.get("left")]


def _say(comm, told):
    if _IN_BROWSER:
        told = importlib.import_module("js").JSON.parse(json.dumps(told))
    comm.send(told)


def _send(event, properties, **envelope):
    ""
    is_heard, caller = False, _caller()
    for entry in _open_comms():
        with suppress(Exception):
            if entry["tracked"]:
                _say(entry["comm"], {"event": event, "properties": properties, **envelope})

                is_heard = is_heard or caller in (None, entry["session"])
    reporter = _state().reporter
    if reporter and not is_heard and reporter.pid == os.getpid():
        reporter.capture(event, properties)


def _student_names():
    ""
    student = _state().student or {}
    return {"STUDENT_NAME": student.get("name"), "STUDENT_ID": student.get("id")}


def _publish(names):
    ""
    if shell := _shell():
        shell.push(dict(names), interactive=False)





_TESTS = ("test_passed", "test_failed")
_BURST, _PER_SECOND = 1_000, 50


def _told(event, properties):
    ""
    if event in _TESTS:
        error = properties["error"]
        error = error and _error(error["name"], error["value"], error["traceback"])
        return {**properties, "test": _cut(properties["test"], _MAX_LABEL)[0], "error": error}
    return _clean_json(properties)


class _Direct:
    ""

    def __init__(self, student, notebook, delivery):
        self.student, self.notebook, self.delivery = student, notebook, delivery
        self.pid, self._id, self._seq = os.getpid(), str(uuid.uuid4()), 0
        self._tests = {}
        self._guard = threading.Lock()
        self._room, self._filled, self._dropped = float(_BURST), time.monotonic(), 0
        self._started = self._sign = time.monotonic()
        self._active = 0.0
        self._until = None
        self._is_away, self._turned = False, time.time()
        self.runs = _Runs(self._on_run, self._is_ours)

    def start(self, timestamp = None):
        app, version = _app()
        started = {"kernel": _kernel_name(), "language": "python", "cell_count": None}
        started.update(app=app, app_version=version, extension_version=__version__)
        self.capture("session_started", started, timestamp=timestamp)
        self.runs.start()

    def _may_pass(self):
        ""
        with self._guard:
            now = time.monotonic()
            self._room = min(_BURST, self._room + (now - self._filled) * _PER_SECOND)
            self._filled = now
            may = self._room >= 1
            self._room -= may
            self._dropped += not may
        return may

    def _tell_dropped(self):
        ""
        with self._guard:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            self.capture("events_dropped", {"count": dropped, "reason": "rate"})

    def capture(
        self, event, properties, uid = None, timestamp = None
    ):
        is_from_cell = event not in _BUILT_IN or event in _BY_CODE
        if is_from_cell and uid is None and not self._may_pass():
            return
        if event in _TESTS:
            name = properties["test"]
            attempt = self._tests[name] = self._tests.get(name, 0) + 1
            properties = {**properties, "attempt": attempt}
        if event != "cell_executed":
            properties = functools.partial(_told, event, properties)
        with self._guard:
            self._seq += 1
            envelope = (self.student["id"], self.notebook, self._id, self._seq)
            wire = {"uuid": uid or str(uuid.uuid4()), "event": event}
            wire.update(distinct_id=self.student["id"], timestamp=timestamp or _iso())
            self.delivery.put({**wire, "properties": dict(zip(_ENVELOPE, envelope))}, properties)

    def _on_run(self, run):
        self._tell_dropped()
        self.work(run.ended - run.started)
        self.capture("cell_executed", run.properties, run.uuid)
        if self.delivery.notice:
            notice, self.delivery.notice = self.delivery.notice, ""
            print(f"ipynb-telemetry: {notice}")

    def work(self, took = 0.0):
        ""
        now = time.monotonic()
        pause = max(0.0, now - self._sign - took)
        self._active += min(pause, 60.0) + min(took, now - self._sign)
        self._sign = now

    def turn(self, *told, **_):
        ""
        with suppress(Exception):
            is_away, at = told
            is_turn = isinstance(is_away, bool) and is_away is not self._is_away
            if is_turn and _state().reporter is self and self._may_pass():

                at = max(self._turned, min((at + self.runs.lag) / 1000, time.time()))
                left = {"reason": "page_hidden"}
                back = {**left, "away_ms": round((at - self._turned) * 1000)}
                self._is_away, self._turned = is_away, at
                event = ("blur", left) if is_away else ("focus", back)
                self.capture(*event, timestamp=_iso(at))

    def hand_over(self, page):
        ""
        self._until = page["since"]

    def _is_ours(self, header):
        if self._until is None or header["date"] < self._until:
            return True
        self.end()
        return False

    def end(self):
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None
        self._tell_dropped()
        self.work()
        took = round((time.monotonic() - self._started) * 1000)
        self.capture(
            "session_ended", {"duration_ms": took, "active_ms": round(self._active * 1000)}
        )


class _Handover:
    ""




    def __init__(self):
        self.pid, self.student = os.getpid(), None
        self.pages = {}
        self.waiting = []
        self._lost = 0
        self.runs = _Runs(self._on_run, self._is_ours)

    def expect(self, page):
        self.pages[page] = None
        self.runs.start()

    def _is_ours(self, header):
        page = self.pages.get(header["session"])
        if page and not header["date"] < page["since"]:
            self.forget(header["session"])
            return False
        return header["session"] in self.pages

    def _on_run(self, run):
        self._keep(run.page, "cell_executed", run.properties(), run.uuid)

    def capture(self, event, properties):
        page = _caller()
        if page is None or page in self.pages:
            self._keep(page, event, properties)

    def _keep(self, page, event, properties, uid = None):
        kept = {"event": event, "properties": properties, "uuid": uid or str(uuid.uuid4())}
        self.waiting.append((page, {**kept, "timestamp": _iso(), "buffered": True}))
        self._lost += len(self.waiting) > 1_000
        del self.waiting[:-1_000]
        self._flush()

    def hand_over(self, page):
        told = page["session"]
        if not self.pages.get(told):
            self.pages[told] = page
            self.waiting = [(of or told, kept) for of, kept in self.waiting]
            self._flush()
            if self._lost:
                lost, self._lost = self._lost, 0
                self._keep(told, "events_dropped", {"count": lost, "reason": "rate"})

    def forget(self, page):
        ""
        self.pages.pop(page, None)
        self.waiting = [(of, kept) for of, kept in self.waiting if of != page]
        if not self.pages:
            self.end()

    def _flush(self):
        waiting, self.waiting = self.waiting, []
        for of, kept in waiting:
            page = self.pages.get(of)
            if page:
                _say(page["comm"], kept)
            else:
                self.waiting.append((of, kept))

    def end(self):
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None





_LAST_S = 2.0
_NOTICE = (
    "Your course records what you do in this notebook: which cells you run with their code and "
    "output, and test results{}. Your instructor uses it to help you."
)
_STAYS = "It stays in a file where this kernel runs."


def _send_left(host, api_key):
    ""
    place, key, _ = _destination(host, api_key, *_read_course())
    if not key:
        return
    for delivery in _state().deliveries:
        if delivery.pid == os.getpid():
            delivery.correct(place, key)
    if left := _adopt(place, key):
        _ends()
        _deliver(place, key, installs=True).take(left)


def _switch_off():
    state = _state()
    state.destination = None
    if state.reporter and state.reporter.student:
        state.reporter.end()


def _ends():
    if not _state().ends:
        _state().ends = True
        atexit.register(_at_exit)


def _track(
    notebook,
    host,
    api_key,
    skip_name_prompt,
    student_name,
    installs = True,
):
    ""
    state = _state()
    old = state.reporter
    delivery, problem, course = old.delivery if old and old.student else None, "", {}
    is_given = host is not None or api_key is not None
    is_sought = delivery is None or is_given or delivery.is_refused
    if is_sought:
        course, problem = _read_course()

        state.sources_off = set(re.findall(r"\w+", str(course.get("test_sources_off", ""))))
        place, key, problem = _destination(host, api_key, course, problem)
    if student_name is not None:
        student = _read_student(student_name)
    elif old and old.student:
        student = old.student
    elif skip_name_prompt:
        raise ValueError('skip_name_prompt needs a name, as in student_name="Ann Lee"')
    else:
        where = f"It is sent to PostHog at {place}." if key else _STAYS
        notice = _NOTICE.format(", and when you leave and return" * (_app()[0] == "colab"))
        student = _ask_student(f"{course.get('privacy_notice') or notice} {where}")
        if student is None:
            if old:
                old.forget(_caller())
            return "nothing is tracked, as you chose. Run this cell again to change that"
    state.destination = host, api_key
    if is_sought:
        try:
            if delivery is None or key or (is_given and not problem):
                if delivery and key and delivery.is_refused:
                    delivery.correct(place, key)
                delivery = _deliver(place, key, installs)
        except Exception as error:
            return f"nothing is tracked, since events cannot be kept: {_message(error)}"
    delivery.installs |= installs
    if delivery.key:
        delivery.take(_adopt(delivery.host, delivery.key))
    if not (
        old and old.student == student and (old.notebook, old.delivery) == (notebook, delivery)
    ):
        if old:
            old.end()
        state.reporter, state.student, state.notebook = None, student, notebook
        direct = _Direct(student, notebook, delivery)
        handed = [kept for of, kept in getattr(old, "waiting", ()) if of in (None, _caller())]
        if handed:
            direct.runs.attempts = old.runs.attempts
        direct.start(handed[0]["timestamp"] if handed else None)
        for kept in handed:
            direct.capture(kept["event"], kept["properties"], kept["uuid"], kept["timestamp"])
        direct._dropped = getattr(old, "_lost", 0)
        state.reporter = direct
        _ends()
        _publish(_student_names())
    _watch_tab(state.reporter.turn)
    line = f"on for {student['name']} in {notebook}, "
    line += f"events go to {delivery.host}" if delivery.key else f"events stay in {delivery.path}"
    return f"{problem} {line}".strip()


def _at_exit():
    ""
    state, until = _state(), time.monotonic() + _LAST_S
    with suppress(Exception):
        if state.reporter and state.reporter.pid == os.getpid() and state.reporter.student:
            state.reporter.end()
    for delivery in state.deliveries:
        with suppress(Exception):
            if delivery.pid == os.getpid():
                delivery.finish(until)





_PATIENCE_S = 2.0


class _Handshake:
    ""

    def __init__(self, notebook):
        self._notebook, self._heard, self._answer = notebook, threading.Event(), ""

        self._comm_id, self._page = uuid.uuid4().hex, None

    def answer(self):
        ""



        parent = _parent()
        if not parent.get("content", {}).get("allow_stdin") or _app()[0] != "kernel":
            return None
        comm = None
        try:
            if _IN_BROWSER:
                self._ask_on(parent["header"]["session"])
                return "later"
            comm = self._ask(parent["header"]["session"])
            if self._answer == "here":
                comm.send({"accept": True})
                self._expect(comm)
                return "here"
        except Exception:
            self._answer = ""
        with suppress(Exception):
            if self._answer != "closed":
                comm.close()
        return "off" if self._answer == "off" else None

    def _expect(self, comm):
        state = _state()
        state.handshakes[self._page] = comm
        comm.on_close(self._on_close)

        if self._page not in {entry["session"] for entry in _open_comms()}:
            state.reporter = state.reporter or _Handover()
            if not state.reporter.student:
                state.reporter.expect(self._page)

    def _on_close(self, _):
        state = _state()
        state.failed.add(self._page)
        if _IN_BROWSER and state.reporter:
            state.reporter.forget(self._page)

    def _ask_on(self, page):
        def hear(message):
            answer = message["content"]["data"].get("answer")
            if answer == "here":
                comm.send({"accept": True})
            elif answer == "off":
                _switch_off()
                self._on_close(message)
                comm.close()

        self._page = page
        comm = _create_comm(data={"version": _VERSION, "notebook": self._notebook})
        comm.on_msg(hear)
        self._expect(comm)

    def _ask(self, page):
        ""
        kernel = _shell().kernel
        stream = getattr(kernel, "shell_stream", None) or kernel.shell_streams[0]
        is_threaded = getattr(kernel, "shell_channel_thread", None) is not None
        receive, self._page, until = stream._recv_callback, page, time.monotonic() + _PATIENCE_S

        def look(message, *args):
            with suppress(Exception):
                self._hear(kernel.session, message)
            return receive(message, *args)

        stream._recv_callback = look
        try:
            told = {"version": _VERSION, "notebook": self._notebook}
            comm = _create_comm(data=told, comm_id=self._comm_id)
            while not self._heard.is_set() and time.monotonic() < until:
                if not is_threaded:
                    stream.flush()
                self._heard.wait(0.01)
        finally:
            if stream._recv_callback is look:
                stream._recv_callback = receive
        return comm

    def _hear(self, session, message):
        frames = [getattr(frame, "bytes", frame) for frame in message]
        _, frames = session.feed_identities(frames)

        if session.auth is not None and session.sign(frames[1:5]) != frames[0]:
            return
        header, content = session.unpack(frames[1]), session.unpack(frames[4])
        if content.get("comm_id") != self._comm_id or header["session"] != self._page:
            return
        if header["msg_type"] == "comm_close":
            self._answer = "closed"
        elif header["msg_type"] == "comm_msg" and content["data"].get("answer") in ("here", "off"):
            self._answer = content["data"]["answer"]
        if self._answer:
            self._heard.set()


def _create_comm(**opening):
    with suppress(ImportError):
        import comm

        made = comm.create_comm(target_name=_TARGET, **opening)
        if type(made).__name__ != "DummyComm":
            return made
    from ipykernel.comm import Comm

    return Comm(target_name=_TARGET, **opening)





_MAX_COMMS = 16


def _on_open(comm, message):
    ""
    comms = _state().comms
    while len(comms) >= _MAX_COMMS:
        with suppress(Exception):
            comms.pop(next(iter(comms)))["comm"].close()
    page = {"comm": comm, "pid": os.getpid(), "session": message["header"]["session"]}
    comms[comm.comm_id] = {**page, "tracked": False}
    _listen(comm)
    _on_message(comm.comm_id, message)
    with suppress(Exception):
        comm.send({"ready": True, "version": _VERSION})


def _listen(comm):
    comm.on_msg(functools.partial(_on_message, comm.comm_id))
    comm.on_close(functools.partial(_on_gone, comm.comm_id))


def _on_gone(comm_id, message):
    ""
    with suppress(Exception):
        state = _state()
        page = state.comms[comm_id]
        page.update(tracked=False, left=True)
        if message["header"]["msg_type"] == "comm_close":
            state.comms.pop(comm_id)
        if state.reporter and not state.reporter.student:
            state.reporter.forget(page["session"])
        if state.destination and state.student and not state.looks:
            state.looks = True
            _shell().events.register("pre_run_cell", _look_for_page)


def _look_for_page(*_):
    ""



    with suppress(Exception):
        state, page, pages = _state(), _caller(), _open_comms()
        is_known = page in state.asked or page in {entry["session"] for entry in pages}
        is_on = state.destination and state.student and _is_counted()
        if state.reporter or is_known or not is_on:
            return
        state.asked.add(page)
        answer = _Handshake(state.notebook).answer()
        if answer is None:
            state.failed.add(page)
        if answer is None and not pages and not _IN_BROWSER:
            student = state.student["id"]
            line = _track(state.notebook, *state.destination, True, student, installs=False)
            print(f"ipynb-telemetry: the page has gone, {line}")


def _on_message(comm_id, message):
    ""
    with suppress(Exception):
        told, state = message["content"]["data"], _state()
        if told.get("left") is True:
            _on_gone(comm_id, message)
            return
        if told.get("off") is True:
            _switch_off()
            return
        notebook, student = told["notebook"], told["student"]
        if student is not None:
            student = {"id": student["id"], "name": student["name"]}
        if _refuse_id(notebook):
            return
        for text in (student or {}).values():
            if not (isinstance(text, str) and 0 < len(text) <= _MAX_LABEL and text.isprintable()):
                return
        page = state.comms[comm_id]
        page.update(tracked=student is not None, left=False, since=message["header"]["date"])
        if student is None and state.reporter and state.reporter.student:
            return
        state.notebook, state.student = notebook, student
        _publish(_student_names())
        if student is not None and state.reporter:
            state.reporter.hand_over(page)


def _register():
    ""
    with suppress(Exception):
        import comm

        comm.get_comm_manager().register_target(_TARGET, _on_open)
    with suppress(Exception):
        _shell().kernel.comm_manager.register_target(_TARGET, _on_open)
    with suppress(Exception):
        for entry in _open_comms():
            _listen(entry["comm"])





_F = TypeVar("_F", bound="Callable[..., Any]")

_NO_VERDICT = {
    *("builtins.KeyboardInterrupt", "builtins.GeneratorExit", "asyncio.CancelledError"),
    *("concurrent.CancelledError", "trio.Cancelled", "unittest.SkipTest"),
    *("builtins.Skipped", "_pytest.Skipped"),
}


def _is_verdict(kind):
    kinds = kind.__mro__ if kind else ()
    names = {f"{str(each.__module__).partition('.')[0]}.{each.__name__}" for each in kinds}
    return _NO_VERDICT.isdisjoint(names)


class _Verdict:
    ""

    def __init__(self, name):
        self.name, self.due, self.started = name, True, time.perf_counter()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        duration_ms = (time.perf_counter() - self.started) * 1000
        if not (self.due and _is_verdict(kind)):
            return
        event, line, details = "test_passed", f"TEST PASSED: {self.name}", None
        if error is not None:
            name, value = type(error).__name__, _message(error)
            event, line = "test_failed", f"TEST FAILED: {self.name} - {value or name}"
            details = {"name": name, "value": value, "traceback": _traceback(error)}
        with suppress(Exception):
            print(line)
        with suppress(Exception):
            error_texts = details and {key: _text(text) for key, text in details.items()}
            test = {"test": _text(self.name), "duration_ms": duration_ms, "error": error_texts}
            _send(event, test)
            state = _state()
            if not (state.is_set_up or _open_comms()):
                state.is_set_up = True
                print("ipynb-telemetry: nothing is tracked, setup_telemetry was not called")


def _tracked(name, func):
    if isinstance(func, (classmethod, staticmethod)):
        return type(func)(_tracked(name, func.__func__))
    if not callable(func) or isinstance(func, type):
        raise TypeError(f"tracked_test wraps a function, not {func!r}")
    if inspect.isgeneratorfunction(func) or inspect.isasyncgenfunction(func):
        raise TypeError(f"tracked_test cannot judge {name!r}: calling a generator runs nothing")

    async def follow(test):
        __tracebackhide__ = True
        with _Verdict(name):
            return await test

    @functools.wraps(func)
    def run(*args, **kwargs):
        __tracebackhide__ = True
        with _Verdict(name) as verdict:
            result = func(*args, **kwargs)
            verdict.due = not inspect.iscoroutine(result)
        return result if verdict.due else follow(result)

    @functools.wraps(func)
    async def run_async(*args, **kwargs):
        __tracebackhide__ = True
        return await run(*args, **kwargs)

    run.__tracked_test__ = run_async.__tracked_test__ = True
    return run_async if inspect.iscoroutinefunction(func) else run













class _Trial:
    ""

    def __init__(self, source):
        self.source, self.due = source, False
        self.test, self.error = "", None
        self.passed = None

    def __enter__(self):
        with suppress(Exception):
            self.due, self.token = not _state().judging.get(), _state().judging.set(True)
        self.started = time.perf_counter()
        return self

    def __exit__(self, kind, *_):
        duration_ms = (time.perf_counter() - self.started) * 1000
        with suppress(Exception):
            _state().judging.reset(self.token)
            if _is_verdict(kind):
                self.tell(self.test, self.passed, duration_ms, self.error)

    def tell(self, test, passed, duration_ms, error):
        if self.due and test and passed is not None and self.source not in _state().sources_off:
            error_texts = error and {key: _text(str(text)) for key, text in error.items()}
            result = {"test": _text(test), "duration_ms": duration_ms, "error": error_texts}
            _send("test_passed" if passed else "test_failed", result, source=self.source)


def _details(error):
    ""
    if type(error).__name__ == "MultipleDoctestFailures":
        error = error.failures[0]
    if type(error).__name__ == "DocTestFailure":
        return _difference(error.example, error.got)
    if type(error).__name__ == "UnexpectedException":
        error = error.exc_info[1]
    whole = own = error.__traceback__
    while own and str(own.tb_frame.f_globals.get("__name__")).split(".")[0] in _RUNNERS:
        own = own.tb_next
    try:
        error.__traceback__ = own or whole
        traceback = _traceback(error)
    finally:
        error.__traceback__ = whole
    return {"name": type(error).__name__, "value": _message(error), "traceback": traceback}


def _difference(example, got):
    value = f"expected {example.want.strip() or 'nothing'}, got {got.strip() or 'nothing'}"
    return {"name": "DocTestFailure", "value": value, "traceback": f">>> {example.source}{value}"}


def _watch_doctest(run):
    def judged(runner, test, *args, **kwargs):
        __tracebackhide__ = True
        caller, heard = sys._getframe(1), []
        with _Trial("doctest") as trial:

            def hear(report, *call):
                __tracebackhide__ = True
                with suppress(Exception):
                    if trial.passed is None:
                        example, got = call[-2:]
                        is_text, trial.passed = isinstance(got, str), False
                        trial.error = _difference(example, got) if is_text else _details(got[1])
                return report(*call)

            with suppress(Exception):
                trial.test = re.sub(r"^__main__\.(?=.)", "", test.name)
                if test.name == "NoName":
                    trial.test = getattr(caller.f_locals.get("f"), "__name__", test.name)
                for name in {"report_failure", "report_unexpected_exception"} - vars(runner).keys():
                    setattr(runner, name, functools.partial(hear, getattr(runner, name)))
                    heard.append(name)
            try:
                result = run(runner, test, *args, **kwargs)
            finally:
                for name in heard:
                    vars(runner).pop(name, None)
            with suppress(Exception):
                if trial.passed is None and result.attempted > getattr(result, "skipped", 0):
                    trial.passed = not result.failed
            return result

    return judged


def _watch_otter(check):
    def judged(grader, question, *args, **kwargs):
        __tracebackhide__ = True
        if args in ((), (None,)) and kwargs.get("global_env") is None:

            args, kwargs = (sys._getframe(1).f_globals,), {}
        with _Trial("otter") as trial:
            result = check.__get__(grader, type(grader))(question, *args, **kwargs)
            with suppress(Exception):
                trial.test, trial.passed = str(question), bool(result.passed_all)
                failed = [case.test_case for case in result.test_case_results if not case.passed]
                named = [": ".join(filter(None, (c.name, c.failure_message))) for c in failed]
                error = {"name": "TestCaseFailed", "value": "; ".join(named)}
                trial.error = {**error, "traceback": result.summary()} if failed else None
            return result

    return judged


def _watch_pytest(main):
    def judged(*args, **kwargs):
        __tracebackhide__ = True
        with _Trial("pytest") as trial:
            with suppress(Exception):
                call = inspect.signature(main).bind(*args, **kwargs)
                given = call.arguments.get("plugins") or ()
                call.arguments["plugins"] = [*given, _PytestPlugin(trial)]
                args, kwargs = call.args, call.kwargs
            return main(*args, **kwargs)

    return judged


class _PytestPlugin:
    ""

    def __init__(self, trial):
        self.trial, self.reports, self.raised, self.is_tracked = trial, {}, {}, False

    def pytest_runtest_makereport(self, item, call):
        self.raised[call.when] = call.excinfo and call.excinfo.value
        self.is_tracked = hasattr(getattr(item, "obj", None), "__tracked_test__")

    def pytest_runtest_logreport(self, report):
        if report.outcome == "failed" or report.when not in self.reports:
            self.reports[report.when] = report

    def pytest_runtest_logfinish(self, nodeid):
        with suppress(Exception):
            called = self.reports.get("call")
            failed = next((r for r in self.reports.values() if r.outcome == "failed"), None)
            judged = failed or (called if called and called.outcome == "passed" else None)
            if judged and not (called and self.is_tracked):
                file, _, test = nodeid.partition("::")
                module = re.escape(os.path.splitext(os.path.basename(file))[0])
                raised, error = failed and self.raised.get(failed.when), None
                if failed:
                    error = {"name": "Failed", "value": failed.longreprtext, "traceback": ""}
                    error = _details(raised) if raised else error
                duration_ms = (called or judged).duration * 1000
                self.trial.tell(re.sub(rf"^{module}\.", "", test), not failed, duration_ms, error)
        self.__init__(self.trial)


class _TestFinder:
    ""

    def find_spec(self, name, path = None, target = None):
        with suppress(Exception):
            others = [f for f in sys.meta_path if f is not self] if name in _WATCHED else []
            spec = next(filter(None, (f.find_spec(name, path, target) for f in others)), None)
            if spec is None or isinstance(spec.loader, type):
                return spec
            load = spec.loader.exec_module

            def exec_module(module):
                __tracebackhide__ = True
                with suppress(Exception):
                    del spec.loader.exec_module
                load(module)
                _watch(name)

            spec.loader.exec_module = exec_module
            return spec
        return None


_RUNNERS = {"_pytest", "pluggy", "doctest"}

_WATCHED = {
    "doctest": ("DocTestRunner", "run", _watch_doctest),
    "otter.check.notebook": ("Notebook", "check", _watch_otter),
    "pytest": ("", "main", _watch_pytest),
}


def _watch(module):
    with suppress(Exception):
        owner, name, follow = _WATCHED[module]
        place = getattr(sys.modules[module], owner) if owner else sys.modules[module]
        found = vars(place)[name]
        if not hasattr(found, "__is_watched__"):
            judged = functools.wraps(found)(follow(found))
            judged.__is_watched__ = True
            setattr(place, name, judged)


def _watch_tests():
    ""
    state = vars(_state())
    state.setdefault("sources_off", set())
    state.setdefault("judging", contextvars.ContextVar("judging", default=False))
    if not state.setdefault("finder", None):
        state["finder"] = _TestFinder()
        sys.meta_path.insert(0, state["finder"])
    for module in _WATCHED.keys() & sys.modules.keys():
        _watch(module)





_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@overload
def tracked_test(name): ...
@overload
def tracked_test(name): ...
def tracked_test(name):
    """Report what a test function does, each time it is called.

    Prints `TEST PASSED: name` or `TEST FAILED: name - message`; returns what the function
    returns and raises what it raises, the very same object. Every exception is a failure,
    `SystemExit` too, save those that are no verdict and are neither printed nor reported: an
    interrupt, a cancelled task, a skipped test.

    Use it as `@tracked_test("name")`, or bare for the function's own name, on functions and
    methods, sync or async; an async test is judged when it has been awaited.
    TypeError: not a name, or on a class or on a generator, whose body a call does not run.
    """
    if isinstance(name, str) and name.strip():
        return functools.partial(_tracked, name)
    if callable(name) or isinstance(name, (classmethod, staticmethod)):
        return _tracked(getattr(name, "__name__", type(name).__name__), name)
    raise TypeError(f'tracked_test needs a name, as in @tracked_test("adds up"), not {name!r}')


def _warn(problem):
    ""
    warned = _state().warned
    if problem not in warned and len(warned) < 20:
        warned.add(problem)
        warnings.warn(f"ipynb-telemetry: {problem}", stacklevel=3)


def _telemetry_capture(event, props = None):
    """Capture an event of your own.

    `event` is a small letter followed by up to 63 small letters, digits or `_`, and not the
    name of a built-in event. `props` becomes JSON: numbers, sets, dates, paths and numpy values
    are converted, NaN becomes null. What cannot be is left out with one warning, and so is an
    event with a wrong name or more than 64 KiB of properties. Never raises.
    """
    with suppress(Exception):
        if not isinstance(event, str) or not _EVENT_NAME.fullmatch(event):
            _warn(f"event {_label(event)} dropped: use up to 64 small letters, digits and _")
        elif event in _BUILT_IN:
            _warn(f"event {event!r} dropped: that name belongs to a built-in event")
        elif props is not None and not isinstance(props, Mapping):
            _warn(f"event {event!r} dropped: its properties are no dict")
        else:
            plain = {}
            for key, value in dict(props or {}).items():
                try:
                    plain[str(_plain(key, [1]))] = _plain(value, [10_000])
                except Exception as error:
                    _warn(f"event {event!r} goes without property {_label(key)}: {_message(error)}")
            reserved = [key for key in plain if key in _RESERVED or key.startswith("$")]
            if reserved:
                _warn(f"event {event!r} dropped: the property {reserved[0]!r} is reserved")
            elif len(json.dumps(plain, ensure_ascii=False).encode()) <= _MAX_BYTES:
                _send(event, plain)
            else:
                _warn(f"event {event!r} dropped: its properties are over 64 KiB")


def _cell(cell_id, code_preview = ""):
    """Mark a cell for the instructor by an id and a preview, up to 200 characters each.

    The run itself is reported without it. Never raises.
    """
    with suppress(Exception):
        if not isinstance(cell_id, (str, int)) or not isinstance(code_preview, str):
            _warn('_cell needs text, as in _cell("exercise-1")')
        else:
            marked = {"cell_id": str(cell_id), "code_preview": code_preview}
            _send("cell_marked", {key: _text(text, _MAX_LABEL) for key, text in marked.items()})


def setup_telemetry(
    notebook_id,
    host = None,
    api_key = None,
    skip_name_prompt = False,
    student_name = None,
):
    """Track this notebook under `notebook_id`, and say in one line how. Call it in its first cell.

    With our front end its settings and its name prompt decide, and the other arguments change
    nothing. Without one the kernel itself reports: it asks for the name, or takes `student_name`
    ("Ann Lee", "ANN-LEE" or "ANN_LEE"); `skip_name_prompt` says that nobody is to be asked. `host`
    and `api_key` are those of a PostHog project; left out they come from IPYNB_TELEMETRY_HOST and
    IPYNB_TELEMETRY_API_KEY, then from `host` and `api_key` in an `ipynb-telemetry.toml` beside or
    above the notebook. With no key events are written to a file here and nothing is sent.

    Call it again as often as you like; another id or student ends the session and starts one.
    ValueError, in words for the student: an id or a name that will not do, or nobody to ask.
    """
    refusal = _refuse_id(notebook_id)
    if refusal:
        raise ValueError(
            f'setup_telemetry needs a notebook id, as in setup_telemetry("D1_Tools"): it {refusal}'
        )
    _connect()
    state = _state()
    before, state.is_set_up, state.destination = state.destination, True, (host, api_key)
    line = "no telemetry front end is here, nothing is tracked"
    page, pages = _caller(), _open_comms()

    is_known = page is None or page in {entry["session"] for entry in pages}
    is_asked = is_known and (not pages or notebook_id in (state.notebook, state.called))
    is_direct = state.reporter and page in state.failed
    answer = None
    if _shell() and not is_asked and not is_direct:
        state.called = notebook_id if is_known else state.called
        answer = _Handshake(notebook_id).answer()
        if answer is None:
            state.failed.add(page)
    if answer == "here" and is_known:
        line = f"the page goes on under {notebook_id}, unless its flag says other"
    elif answer == "here":
        line = "the Jupyter page tracks this notebook as its settings say, once a name is given"
    elif answer == "off":
        line = "the notebook says that it is not to be tracked, and it is not"
        _switch_off()
    elif pages and state.student:
        line = f"on for {state.student['name']} in {state.notebook}, as the settings say"
    elif pages:
        line = "nothing is tracked until a name is given in the front end"
    elif _IN_BROWSER:
        line = "the Jupyter page tracks this notebook as its settings say, once a name is given. "
        line += "A page without ipynb-telemetry does not, nor can a kernel in the browser by itself"
    elif _shell():
        is_on = state.reporter and state.reporter.student
        state.destination = before if is_on else None
        line = _track(notebook_id, host, api_key, skip_name_prompt, student_name)
    with suppress(Exception):
        if answer or pages:
            _send_left(host, api_key)
    with suppress(Exception):
        print(f"ipynb-telemetry: {line}")


def _names():
    ""
    api = (tracked_test, _cell, _telemetry_capture, setup_telemetry)
    return {**_student_names(), **{function.__name__: function for function in api}}


def _connect():
    ""
    _register()
    with suppress(Exception):
        _watch_tests()
    with suppress(Exception):
        _publish(_names())






def _take_back():
    ""
    if _IN_BROWSER and _parent()["content"]["silent"]:
        shell = _shell()
        shell.execution_count -= 1
        kept = shell.history_manager
        kept.input_hist_parsed.pop()
        kept.input_hist_raw.pop()
        kept._i00, kept._i, kept._ii = kept._i, kept._ii, kept._iii


def _install():
    ""
    with suppress(Exception):
        _take_back()
    _connect()


def __getattr__(name):
    if name.startswith("STUDENT_") and name in _names():
        return _names()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _leave(names, found):
    ""
    for name in ("_home", *globals()):
        names.pop(name, None)
        if name in found:
            names[name] = found[name]
    names.update(_names())
    _install()


if __name__ == "__main__":


    _home = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(sys._getframe().f_code, _home)
    _home["_leave"](globals(), _found) if "_leave" in _home else _install()
