# bootstrap.py, line by line, without what is for its readers: see scripts/bootstrap.py



""









from __future__ import annotations


_found = {name: value for name, value in globals().items() if name != "annotations"}

import os
import sys
from _frozen_importlib import BuiltinImporter, FrozenImporter
from _frozen_importlib_external import PathFinder
from _thread import get_ident








_KEPT = {}


def _given_places():
 ""



 try:
  here = os.path.join(os.path.realpath(os.getcwd()), "")
 except OSError:
  return set()
 given = set()
 for path in os.environ.get("PYTHONPATH", "").split(os.pathsep):
  folder = os.path.join(os.path.realpath(path), "")
  if os.path.isabs(path) and not here.startswith(folder) and not folder.startswith(here):
   given.add(path)
 return given


_GIVEN = _given_places()

_PYTHONS = {
 *("lib-dynload", "DLLs"),
 *(
  f"python{sys.version_info[0]}.{sys.version_info[1]}",
  f"python{sys.version_info[0]}{sys.version_info[1]}.zip",
 ),
}
_INSTALLED = {"site-packages", "dist-packages"}


def _is_within(file, places):
 return any(file.startswith(os.path.join(place, "")) for place in places)


class _Apart:
 ""





 def __init__(self, *names):
  ""
  self._names = {name.partition(".")[0] for name in names}
  self._thread = get_ident()
  paths = [path for path in sys.path if os.path.isabs(path)]
  pythons = [path for path in paths if os.path.basename(path) in _PYTHONS]
  self._pythons = [os.path.dirname(os.__file__), *pythons]
  self._given = [path for path in paths if path in _GIVEN]
  installed = [p for p in paths if p in _GIVEN or os.path.basename(p) in _INSTALLED]
  self._path = [*self._pythons, *installed]
  self._hidden = {}
  self._loaded = set()

 def __enter__(self):
  standard = getattr(sys, "stdlib_module_names", None)
  for name, module in list(sys.modules.items()):
   top = name.partition(".")[0]
   is_named = standard is None or top in standard or top in self._names
   if is_named and self._is_students(top, getattr(module, "__spec__", None)):
    self._hidden[name] = sys.modules.pop(name)
  sys.meta_path.insert(0, self)

 def _is_students(self, top, spec):
  ""



  file = getattr(spec, "origin", None)
  if not (isinstance(file, str) and os.path.isabs(file)):
   return False
  if _is_within(file, self._pythons):
   return False
  if _is_within(file, self._given):
   return PathFinder.find_spec(top, self._pythons) is not None
  return not _is_within(file, self._path)

 def find_spec(self, name, path = None, target = None):
  ""
  if path is not None or get_ident() != self._thread:
   return None
  spec = BuiltinImporter.find_spec(name) or FrozenImporter.find_spec(name)
  if spec is None:
   spec = PathFinder.find_spec(name, self._path)
   self._loaded.add(name)
  if spec is None:
   raise ModuleNotFoundError(f"No module named {name!r}", name=name)
  return spec

 def __exit__(self, *_):

  sys.meta_path = [each for each in sys.meta_path if each is not self]
  taken = {*self._hidden, *filter(self._is_shadowed, self._loaded)}
  for name in list(sys.modules):
   if name.partition(".")[0] in taken:
    del sys.modules[name]
  sys.modules.update(self._hidden)

 def _is_shadowed(self, name):
  ""
  return self._is_students(name, PathFinder.find_spec(name))


def _module(name):
 ""



 if name not in _KEPT:
  with _Apart(name):
   __import__(name)
   _KEPT[name] = sys.modules[name]
 return _KEPT[name]



with _Apart():
 import atexit
 import binascii
 import builtins
 import decimal
 import functools
 import hashlib
 import importlib
 import inspect
 import itertools
 import json
 import math
 import numbers
 import random
 import re
 import stat
 import string
 import struct
 import tempfile
 import threading
 import time
 import traceback
 import types
 import unicodedata
 import uuid
 import warnings
 import zlib
 from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
 from contextlib import suppress
 from contextvars import ContextVar, Token
 from datetime import datetime, timezone
 from queue import Empty, SimpleQueue
 from typing import Any, NamedTuple, Protocol, TypeVar, cast, overload




__version__ = "0.1.0"
_VERSION = 2
_TARGET = "ipynb_telemetry"
_STATE = "_ipynb_telemetry"
_MAX_LABEL = 200

_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_WHITE += "\u2028\u2029\u202f\u205f\u3000\ufeff"
_IN_BROWSER = sys.platform == "emscripten"


class _Reporter(Protocol):
 ""





 pid: int

 @property
 def student(self): ...

 def capture(self, event, properties): ...

 def hand_over(self, page):
  ""

 def end(self): ...


class _State:
 ""





 def __init__(self):
  self.comms = {}
  self.student = None
  self.notebook = None
  self.reporter = None
  self.deliveries = []
  self.destination = None
  self.certificate = None
  self.is_set_up = False
  self.ends = False
  self.looks = False
  self.called = None
  self.handshakes = {}
  self.behind = []
  self.lost = {}
  self.left = {}
  self.guard = threading.RLock()
  self.tick = 0
  self.loop = None
  self.look = None
  self.watches = False
  self.count = 0
  self.tells = False
  self.failed = set()
  self.asked = set()
  self.warned = set()
  self.failures = []
  self.sources_off = set()
  self.page_rules = None
  self.persons = {}
  self.codes = []
  self.salt = ""
  self.answers = []
  self.course_rules = None
  self.judging = ContextVar("judging", default=False)
  self.finder = None
  self.given = {}
  self.watches_forks = False
  self.forks = None


def _state():
 ""
 shared = vars(sys.modules.setdefault(_STATE, types.ModuleType(_STATE)))
 state = _State()
 for name, value in vars(state).items():
  shared.setdefault(name, value)
 state.__dict__ = shared
 return state


def _shell():
 ""
 ipython = sys.modules.get("IPython")
 return ipython.get_ipython() if ipython else None





_TICKS = 4096


def _uuid7():
 ""



 state = _state()
 with state.guard:

  state.tick = max(state.tick + 1, time.time_ns() * _TICKS // 1_000_000)
  stamp, rest = divmod(state.tick, _TICKS)
 chance = int.from_bytes(os.urandom(8), "big") & ~(0x3 << 62)
 return str(uuid.UUID(int=stamp << 80 | 0x7 << 76 | rest << 64 | 0x2 << 62 | chance))








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
 "recording_paused",
 "recording_resumed",
 "consent_given",
 "consent_declined",
 "consent_withdrawn",
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
 "active_ms",
 "simulated",
 "redacted",
 "distinct_id",
 "token",
}





_LOOKED_AT = 200
_REMEMBERED = 128
_PIECE = 4

_SORTS = bytes(
 ord("A" if 65 <= code <= 90 else "a" if 97 <= code <= 122 else "0" if 48 <= code <= 57 else " ")
 for code in range(256)
)

_BEGINNINGS = (b"aA", b"a0", b"A0", b"0a", b"0A")


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_random(text):
 ""
 sorts = _sorts(text)
 return _random_part(sorts) >= 8 and _distinct(text) >= 6 and not _is_sequence(text)


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_very_random(text):
 ""
 if len(text) < 20:
  return False
 sorts = _sorts(text)
 return (
  sorts.count(b"A") > 1
  and sorts.count(b"a") > 1
  and sorts.count(b"0") > 1
  and _distinct(text) >= 12
  and _random_part(sorts) * 2 > len(text)
  and not _is_sequence(text)
 )


def _sorts(text):
 return text[:_LOOKED_AT].encode("ascii", "replace").translate(_SORTS)


def _random_part(sorts):
 ""
 return sum(len(part) for part in sorts.split() if not _is_word(part))


def _is_word(part):
 pieces = 1
 for beginning in _BEGINNINGS:
  pieces += part.count(beginning)
 if pieces == 1 or pieces * _PIECE <= len(part):
  return True

 return pieces == 2 and 0 < len(part) - len(part.rstrip(b"0")) <= 4


def _is_sequence(text):
 looked = text[:_LOOKED_AT]
 return "01234567" in looked or "abcdefgh" in looked.lower()


def _distinct(text):
 ""
 looked = text[:_LOOKED_AT]
 return len(set(looked) if looked.isascii() else {ord(sign) & 127 for sign in looked})







_MOST_PLACES = 1_500


class _Extent:
 ""

 def __init__(self, text):
  self.end = len(text)
  self._left = 0

 def begin(self):
  ""
  self._left = _MOST_PLACES

 def has(self, place):
  ""
  if self._left <= 0:
   self.end = min(self.end, place)
  self._left -= 1
  return place < self.end





_ALPHABETS = """aA-Za-z0-9
bA-Za-z0-9_-
cA-Za-z0-9_.-
dA-Za-z0-9.
e0-9a-f
f0-9A-Fa-f
gA-Z0-9
hA-Z0-9-
iA-Z2-7
jA-Za-z0-9+/=_-
ka-z0-9
l0-9
m0-9a-f-
na-z0-9$
oA-Za-z0-9/
pA-Za-z0-9_/-
qA-Za-z0-9@/-
rA-Za-z0-9%
sA-Za-z0-9_.~-
tA-Za-z0-9_
uA-Za-z0-9_.+/=%-"""
_MARKS = """\
i16 AKIA ASIA ABIA ACCA
j100-200 ABSK
j60-4000 bedrock-api-key-
a36# ghp_ gho_ ghu_ ghs_ npm_
a36-76# ghr_
b82 github_pat_
c20-300 glpat-
e40 glptt- pul- shippo_live_ shippo_test_ squ_ sqp_ sqa_ bkua_ e2b_ sk_live_
c20-64 gldt- glrt- glrtr- glcbt- glft- glimt- glsoat-
c50-64 glagent-
e64 gloas- dop_v1_ doo_v1_ dor_v1_ sntryu_ sk-or-v1- s-s4t2ud- u-s4t2ud- dtn_
e64 signkey-prod- crsr_
b20-22 GR1348941
b35 AIza
b28 GOCSPX-
c30-2000 ya29.
b40-200! 1//0
b40-120 AQ.Ab
b40-200 sk-proj- sk-svcacct- sk-admin- sk-None-
a20-128! sk-
a40 sess- lin_api_
b40-160 sk-ant-
a30-40 hf_
a34 api_org_
b20-120! xoxb- xoxp- xoxa- xoxr- xoxs- xoxc-
u20-400! xoxd-
b20-200! xoxe-
c20-300! xoxe.
b20-160! xapp-
o30-70 hooks.slack.com/services/
o30-100 hooks.slack.com/workflows/ hooks.slack.com/triggers/
a16-247 sk_live_ sk_test_ rk_live_ rk_test_
j24-80 whsec_
e32 SK key- dose ls__ p8e- tcr_ tcw_ fc- PLAK sk-
c60-72 SG.
l1-2<e32 -us
b22! md-
b50-1000 pypi-AgEI pypi-AgEN
e48 rubygems_ sk_
a32! cio
k43 oy2
b27-36 dckr_pat_ dckr_oat_
b36-70 HRKU-
b150-180 v1.0-
f32 shpat_ shpca_ shppa_ shpss_ shptka_ KGAT_
b22 sq0atp-
b43 sq0csp- CFPAT- duffel_live_ duffel_test_ fo1_ sha256~
b56-60 EAAA
n40-60 access_token$production$ access_token$sandbox$
m32-34 dapi
g27 NRAK-
e19 NRJS-
b32 NRII- NRIQ-
b41 glsa_
j32-400 glc_
j60-400 eyJrIjoi sntrys_
m59 PMAK-
g26 PMAT-
a40-64 lin_oauth_ pplx-
a40-50 ntn_ AKLT phx_
a43! secret_
d79-82.1 pat
b40-60 figd_ figu_ vercel_blob_rw_ dbtc_ dbtu_
c60-400 sk.eyJ pk.eyJ tk.eyJ
a37-40 r8_
a48-56 gsk_
a70-90 xai-
a22-32! fw_
b60-80 pcsk_ nvapi-
b40-50 lsv2_pt_ lsv2_sk_ tgp_v1_ polar_oat_ polar_pat_
m36 sk-lf- pat-na1- pat-na2- pat-eu1- access-sandbox- access-production-
m36 access-development- sdk- api- xaat- xapt- waka_
b24-80 sk-helicone-
b30-60 tvly-
b60-100 wandb_v1_
f40 sbp_
b31-40 sb_secret_
c32-64 pscale_tkn_ pscale_pw_ pscale_oauth_
b24-300 hvs. hvb. hvr.
b60-70<a14 .atlasv1.
a40-44 dp.pt. dp.ct. dp.sa. dp.scim. dp.audit.
c40-80 dp.st.
j200-1200 ops_eyJ
h32-40! A3-
g58 AGE-SECRET-KEY-1
j150-250 ATATT3 ATCTT3
a24-32 ATBB
b60-1400 sl.u.
b100-1400 sl.
p80-100 discord.com/api/webhooks/ discordapp.com/api/webhooks/
c56-74.2 MT Mj Mz ND NT Nj Nz OD OT
b32-33<l8-10 :AA
a80-400 EAA
b80-300 IGQV
r60-120 AAAAAAAAAAAAAAAAAAAAA
u20-60 WPL_AP1. WPL_AP0.
a16-26 LTAI
a32-36 AKID
p50-90 bce-v3/ALTAK-
s30-36<s3 8Q~ 7Q~
a4<a76 AZDO
a20-30<a52 JQQJ99
a4-60<a52 ACAAAE
j6-8<j76 +ASt ACDb
j6-8<j33 +AEh +ASb
a6-8<j42 +ACR
k60 CLOJARS_
c80-100 dt0c01. dt0s01.
a54 EZAK EZTK
b32-50 FLWSECK-
b12-50 FLWSECK_TEST-
b64 fio-u-
b40! live_
a60-80 AKCp
a50-70 cmVmdGtuOj
e31 live_pub_ test_pub_
a60-70 nyk_v0_
a36 pnu_ pnb_
k70-80 rdme_
b48 tk-us-
b81-90 xkeysib- xsmtpsib-
b40-64 sgp_
c44-70 tfp_
a24-64 vcp_
b35-40 AQVN
c100-400 t1.
b20-40! YCA
a36-40 nfp_ apify_api_
j60-1200 fm2_
a24-40 rnd_
k60-70 napi_
a12-24! npg_
b40-44 mdb_sa_sk_
b60-70 CCIPAT_ CCIPRJ_
k58-64 hcaik_ hcaic_ hcxik_
b24-36! re_
a14 rzp_live_ rzp_test_
k26-30 sk_sbox_
b40-50! pa-
b50-70 jina_
k44-52 csk-
a20-40 esecret_ unkey_
g38-60 rpa_
e64-72 ATTA
t38-44! pk_
b30-70 tskey-auth- tskey-api- tskey-client-
c60-120.2 st.
c60-80.2 pat. sat.
b18-22 AVNS_
b28! BSA
a38-42 m0-
a46-52 llx-
a20-28 tr_dev_ tr_prod_
e32-64 signkey-test-
j36-52 secret-test- secret-live-
b50-60 pdl_live_apikey_ pdl_sdbx_apikey_
b30-80! mercury_production_
a0<b35 _mmk
a20-24 lip_
b70-90 dnkey-
g25-32! API-
a40-60 sk_live_
b32-60 testsk_
a16-24 sm_aat_ sm_pat_
c40-50.1 hawk.
b60-120 sk-ws-
b22-44! /with/key/
q80-240 .webhook.office.com/webhookb2/
c40-8000.2 eyJ
c40-8000.1 eyJ
c40-8000.4 eyJ"""





_FORM = re.compile(r"(.)(\d+)(?:-(\d+))?(!?)(?:\.(\d))?(#?)(?:<(.)(\d+)(?:-(\d+))?)?")
_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_LEAST_RUN = 16


class _Mark:
 ""

 def __init__(self, mark, form):
  of, least, greatest, weak, dots, checksum, before, least_before, greatest_before = (
   form.groups()
  )
  self.mark = mark
  self.of = of
  self.least = int(least)
  self.greatest = int(greatest or least)
  self.is_weak = bool(weak)
  self.dots = dots and int(dots)
  self.has_checksum = bool(checksum)
  self.before = before
  self.least_before = int(least_before or 0)
  self.greatest_before = int(greatest_before or least_before or 0)


class _MarkTable:
 ""

 def __init__(self):
  self.first = {}
  self.within = []
  for line in _MARKS.split("\n"):
   form, *marks = line.split(" ")
   read = _FORM.fullmatch(form)
   for mark in marks if read else ():
    each = _Mark(mark, read)
    if each.before:
     self.within.append(each)
    else:
     self.first.setdefault(mark[:2], []).append(each)
  signs = {line[0]: line[1:] for line in _ALPHABETS.split("\n")}
  self.stretch = {of: re.compile(f"[{inside}]*") for of, inside in signs.items()}
  self.signs = {
   of: "".join(re.findall(f"[{inside}]", "".join(map(chr, range(128)))))
   for of, inside in signs.items()
  }

  self.amid = {
   each.mark: re.compile(
    f"{re.escape(each.mark)}(?<=[{signs[each.before]}]{{{each.least_before}}}"
                f"{re.escape(each.mark)})(?=[{signs[each.of]}]{{{each.least}}})"
   )
   for each in self.within
   if each.before
  }

  firsts = sorted({pair[0] for pair in self.first})
  self.begins = re.compile("|".join(self._behind_first(first, signs) for first in firsts))

 def _behind_first(self, first, signs):
  ""
  seconds = []
  for pair, marks in self.first.items():
   if pair[0] == first:
    rests = [
     f"{re.escape(each.mark[2:])}{_behind_mark(each, signs[each.of])}"
     for each in marks
    ]
    seconds.append(f"{re.escape(pair[1])}(?:{'|'.join(rests)})")
  begin = re.escape(first)
  if first in _ALNUM:
   begin += f"(?:(?<![A-Za-z0-9]{first})|(?<=\\\\[nrt]{first})|(?<=%[0-9A-F]{{2}}{first}))"
  return f"{begin}(?:{'|'.join(seconds)})"


def _behind_mark(each, signs):
 ""
 if each.greatest > _LEAST_RUN + 24 or each.has_checksum:
  return f"[{signs}]{{{min(each.least, _LEAST_RUN)}}}"
 return f"[{signs}]{{{each.least},{each.greatest}}}(?![{signs}])"


_tables = []


def _mark_table():
 if not _tables:
  _tables.append(_MarkTable())
 return _tables[0]





_BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKED = 36
_BEHIND = 64
_RUN = (string.ascii_letters + string.digits + "_-").encode()

_LONG_RUN = _RUN + b"+/=.~:"
_LEAST_LONG_RUN = 36
_LIKE_MARKED = re.compile(
 r"[a-z][a-z0-9]{1,11}[_-](?:[a-z0-9]{1,10}[_-]){0,3}([A-Za-z0-9]{20,128})"
)
_ID = re.compile(
 r"(?:toolu|msg|chatcmpl|cmpl|call|run|step|asst|thread|resp|req|file|batch|gen|evt|event|img"
    r"|image|fig|cell|node|id|sha[0-9]*|job|task|build|user|org|proj|cus|sub|price|prod|in|ch|pi"
    r"|vs|ft)[_-]"
)

_SMALL = (string.ascii_lowercase + "_-").encode()
_IS_RUN = bytes(120 if each in _RUN else 32 for each in range(256))
_IS_LONG_RUN = bytes(120 if each in _LONG_RUN else 32 for each in range(256))
_ESCAPED = re.compile(r"\\[nrt]|%[0-9A-F]{2}")


def _find_marked(text, extent):
 ""
 table = _mark_table()
 spans = []
 end_of = _stretch_ends(table, text)
 after = 0
 shape = text.encode("ascii", "replace")
 runs = _find_runs(shape.translate(_IS_RUN), _LEAST_RUN)
 near = itertools.takewhile(lambda run: run[0] < extent.end, runs)
 for window in _windows(run for run in near if shape[slice(*run)].translate(None, _SMALL)):
  last = window[-1][1] + _BEHIND
  begin = table.begins.search(text, max(after, window[0][0] - _BEHIND), last)
  for first, stop in window:
   first = max(first, after)
   if stop - first < _LEAST_RUN:
    continue
   at = first
   while begin and begin.start() < stop and extent.has(begin.start()):
    start = begin.start()
    end = _marked_end(table, text, start, end_of)
    if end:
     spans.append((start, end))
    at = max(start + 1, end)
    begin = table.begins.search(text, at, last)
   at = max(at, stop)
   if at <= stop and _is_like_marked(text, first, text[first:stop], extent):
    spans.append((first, stop))
   if stop > extent.end:
    return spans
   after = at
 if b"x" * _LEAST_LONG_RUN in shape.translate(_IS_LONG_RUN):
  for each in table.within:
   spans += _find_within(table, text, each, end_of, extent)
 return spans


def _windows(runs):
 ""
 window = []
 for run in runs:
  if window and run[0] - _BEHIND > window[-1][1]:
   yield window
   window = []
  window.append(run)
 if window:
  yield window


def _find_runs(shape, least):
 ""
 wanted = b"x" * least
 at = shape.find(wanted)
 while at >= 0:
  end = shape.find(b" ", at)
  end = len(shape) if end < 0 else end
  yield at, end
  at = shape.find(wanted, end)


def _stretch_ends(table, text):
 ""
 known = {}

 def end_of(of, at):
  start, end = known.get(of, (0, -1))
  if not start <= at <= end:
   match = table.stretch[of].match(text, at)
   end = match.end() if match else at
   known[of] = (at, end)
  return end

 return end_of


def _marked_end(table, text, at, end_of):
 ""
 if text[at] in _ALNUM and text[at - 1 : at] and text[at - 1] in _ALNUM:
  before = text[max(0, at - 3) : at]
  if not (_ESCAPED.fullmatch(before) or _ESCAPED.fullmatch(before[1:])):
   return 0
 ends = [
  _end_behind(text, at, each, end_of)
  for each in table.first[text[at : at + 2]]
  if text.startswith(each.mark, at)
 ]
 return max(ends, default=0)


def _is_like_marked(text, at, word, extent):
 ""
 match = _LIKE_MARKED.fullmatch(word)
 return (
  match is not None
  and extent.has(at)
  and _is_very_random(match[1])
  and not _ID.match(word)
  and (at == 0 or text[at - 1] not in "+/.%=")
  and text[at + len(word) : at + len(word) + 1] not in ("+", "/", "=")
 )


def _end_behind(text, mark_at, each, end_of):
 ""
 at = mark_at + len(each.mark)
 end = end_of(each.of, at)
 if end - at > each.greatest:

  whole = text[at : at + _CHECKED]
  return at + _CHECKED if each.has_checksum and _is_checked(whole) else 0
 while end - at > each.least and text[end - 1] in ".-/":
  end -= 1
 if end - at < each.least or (end < len(text) and (text[end] in _ALNUM or text[end] == "_")):
  return 0
 body = text[at:end]
 is_one = (
  (each.greatest < 8 or _distinct(body) >= 6)
  and (not each.is_weak or _is_random(body))
  and (each.dots is None or body.count(".") == each.dots)
 )
 return end if is_one else 0


def _find_within(
 table, text, each, end_of, extent
):
 ""
 for match in table.amid[each.mark].finditer(text):
  at = match.start()
  if not extent.has(at):
   return
  before = text[max(0, at - each.greatest_before - 1) : at]
  length = len(before) - len(before.rstrip(table.signs[each.before or ""]))
  end = _end_behind(text, at, each, end_of) if length <= each.greatest_before else 0
  if end:
   yield at - length, end


def _is_checked(whole):
 ""
 rest = zlib.crc32(whole[:-6].encode("utf-8", "replace"))
 digits = ""
 for _ in range(6):
  rest, digit = divmod(rest, 62)
  digits = _BASE_62[digit] + digits
 return whole.endswith(digits)





_LEAST_QUOTED = 24
_QUOTED_WORD = re.compile("[A-Za-z0-9_+/-]{24,88}={0,2}")

_ORDINARY = re.compile(
 r"(?:iVBOR|/9j/|R0lGOD|1[A-Za-z0-9_-]{32}$|1[A-Za-z0-9_-]{43}$|sha[0-9]+-|[A-Za-z0-9_+/]{43}=$"
    r"|[A-Za-z0-9_+/]{86}==$|(?:.{60}|.{64}|.{72}|.{76})$)"
)


def _find_quoted(text, extent):
 ""
 shape = text.encode("ascii", "replace").translate(_IS_LONG_RUN)
 for start, end in _find_runs(shape, _LEAST_QUOTED):
  if not start or text[start - 1] not in "\"'`" or text[start - 1] != text[end : end + 1]:
   continue
  if not extent.has(start):
   return
  word = text[start:end]
  if (
   _QUOTED_WORD.fullmatch(word)
   and _is_very_random(word)
   and not (_ORDINARY.match(word) or _ID.match(word) or _is_encoded_text(word))
  ):
   yield start, end


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_encoded_text(word):
 ""
 if len(word) % 4 or not re.fullmatch("[A-Za-z0-9+/]*={0,2}", word):
  return False
 return re.fullmatch(rb"[\t\n\r -~]*", binascii.a2b_base64(word)) is not None










_BARE_SIGN = r"[^\s\"'`,;<>(){}[\]&|\\]"
_REST_OF_NAME = "(?=([a-z0-9_-]{0,40}))"
_VALUE_BEHIND = (
 rf"{_REST_OF_NAME}\1"
    r"(?:(?:\\{0,2}[\"'`])?[ \t]{0,3}[\])]?[ \t]{0,8}"
    r"(?:(?::[ \t]?[a-z_][a-z0-9_.[\]| ]{0,30}=|[=!]==?|=>|:=|<-|[:=,(])[ \t\n]{0,8}"
    r"(?:[a-z_][a-z0-9_.]{0,30}\([ \t]{0,4})?[a-z]{0,2}\\{0,2}"
    r"(?:\"(?:\"\")?[^\s\"]{LEAST}|'(?:'')?[^\s']{LEAST}|`[^\s`]{LEAST})"
    r"|[:=][ \t\n]{0,8}BARE{LEAST})"
    r"|(?=((?:[ \t][a-z]{1,12}){0,3}:?[ \t]{1,3}[\"'`]?))\2TOLD)"
)


def _value_behind(least, told):
 pattern = _VALUE_BEHIND.replace("TOLD", told).replace("LEAST", str(least))
 return pattern.replace("BARE", _BARE_SIGN)


_OF_PASSWORD = _value_behind(4, rf"{_BARE_SIGN[:-1]}0-9]{{0,300}}[0-9]")
_OF_OTHERS = _value_behind(8, "BARE{20}")
_AUTHORIZES = rf"{_REST_OF_NAME}(?:[a-z0-9_-]{{0,40}}orization|[ \t]{{0,3}}=?[ \t]{{0,3}}\()"
_BEARS = rf"{_REST_OF_NAME}[ \t]{{1,3}}\S{{8}}"
_BEHIND_ROOTS = {
 **dict.fromkeys(("pass", "pwd", "token"), _OF_PASSWORD),
 **dict.fromkeys(("secret", "key", "credential", "appid"), _OF_OTHERS),
 **{"auth": _AUTHORIZES, "login": _AUTHORIZES, "bearer": _BEARS},
}


@functools.lru_cache(maxsize=16)
def _plausible(root):
 ""
 return re.compile(root + _BEHIND_ROOTS[root])






_OPENING_SIGNS = tuple("<{$%[(*.,)]\u2026\u2039:=\\")
_STANDING_IN = re.compile("[{}<>\u2039\u203a]|passw|passphrase|your[-_ ]|example|:$")
_PLACEHOLDER = re.compile(
 "none|null|true|false|string|str|text|secret|token|required|optional|hidden|username|user"
    "|changeme|default|empty|unknown|invalid|yes|no|test"
)


def _stands_in(word):
 ""
 low = word.lower()
 return (
  word.startswith(_OPENING_SIGNS)
  or word.startswith("#{")
  or _PLACEHOLDER.fullmatch(low) is not None
  or not low.strip("x.*_-")
  or _STANDING_IN.search(low) is not None
 )


@functools.lru_cache(maxsize=_REMEMBERED)
def _fits(word, kind):
 ""
 if kind == "password":
  is_one = len(word) >= 4 and _distinct(word) > 2
 else:
  is_one = _is_random(word) if kind == "token" else _is_very_random(word)
 return is_one and not (
  word.startswith(("~", "/")) or "://" in word or [word] != word.split() or _stands_in(word)
 )


def _is_mixed(word):
 ""
 return len(word) >= 6 and bool(re.search("[A-Za-z]", word) and re.search("[0-9]", word))





_VARIABLE_SIGNS = re.compile("[A-Z0-9_]+")
_NAME_SIGNS = f"{string.ascii_letters}{string.digits}_-"
_CAMEL = re.compile("([a-z0-9])([A-Z])")
_BETWEEN = re.compile(
 r"(\\{0,2}[\"'`])?[ \t]{0,3}[\])]?[ \t]{0,8}"
    r"(:[ \t]?[A-Za-z_][A-Za-z0-9_.[\]| ]{0,30}=(?!=)|[=!]==?|=>|:=|<-|[:=]|,|\()[ \t\n]{0,8}"
)
_OPENING = re.compile(
 r"([A-Za-z_][A-Za-z0-9_.]{0,30}\([ \t]{0,4})?[A-Za-z]{0,2}\\{0,2}(?:\"\"\"|'''|[\"'`])"
)
_WORDS = re.compile(r"(?:[ \t][A-Za-z]{1,12}){0,3}:?[ \t]{1,3}[\"'`]?")
_BARE = re.compile(r"[^\s\"'`,;<>(){}[\]&|\\]+")
_QUOTED = {sign: re.compile(rf"[^{sign}\n\r]{{1,300}}") for sign in "\"'`"}
_SCHEME = re.compile(
 "(?:(?:Bearer|Basic|Token|token|bearer|basic|ApiKey|Digest|Key|Bot|OAuth|SSWS|GenieKey)"
    r"[ \t]{1,3})?"
)
_CREDENTIALS = re.compile(r"[^\s\"'`,}\\]{1,2000}")
_BLANK = re.compile("[ \t]{1,3}")
_PAIR = re.compile(
 r"[ \t]{0,3}=?[ \t]{0,3}\([ \t]{0,4}(?:[\"'][^\"'\n]{0,100}[\"']|[A-Za-z_][A-Za-z0-9_.]{0,60})"
    r"[ \t]{0,4},[ \t]{0,4}([\"'])"
)
_LOGIN = re.compile("login|auth|(?:http_)?(?:basic|digest)_auth")
_PASSWORD = re.compile(
 "(?:^|_)(?:pass|password|passwd|passwort|passphrase|passcode|pwd|pw)[0-9]{0,3}"
    "(?:_confirm|_confirmation)?$|(?:password|passwd|passphrase|passwort|pwd)[0-9]{0,3}$"
    "|(?:db|my|root|admin|user|smtp|ftp|ssh)pass$"
)
_NAMED_SECRET = re.compile(
 "secret(?!s$|ar)|token(?!i[zs]|s$)|credential|appid|(?:^|_)sig$|(?:api|secret|private|access"
    "|auth|account|shared|subscription|encryption|signing|licen[cs]e|service|client|master|storage"
    "|admin|app|application|consumer|developer|webhook|deploy|session|security|bot|server|write"
    "|read|ingest|project|instrumentation)_?keys?[0-9]{0,3}(?:_|$)"
)
_NAMED_KEY = re.compile("(?:^|_)key[0-9]{0,3}(?:_id)?$|[a-z]key$")
_OF_JUPYTER = re.compile("(?:jupyter|jupyterhub|jpy)_(?:api_)?token")
_SPACED_KEY = re.compile("(?:api|secret|access|auth|license|account|subscription) $", re.IGNORECASE)
_LOGIN_CALLS = ("login", "lient", "configure", "authenticate", "init", "Api", "API")
_VARIABLE = re.compile(
 "(?![A-Z0-9_]*(?:CACHE|PRIMARY|FOREIGN|SORT|HASH|PARTITION|DATA|OBJECT|DICT|LOOKUP|COMMIT|MD5"
    "|SHA))[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_KEY"
)
_NAME_ONLY = re.compile("[A-Za-z_][A-Za-z0-9_.]*")
_SENTENCE_END = re.compile("[.:!?]+$")
_LONGEST = 300


class _NamedSecrets:
 ""

 def __init__(self, text, extent):
  self.text = text
  self._extent = extent
  self._endless = 0

 def find(self):
  ""
  spans = []
  low = self.text.replace("\u0130", "I").lower()
  for root in _BEHIND_ROOTS:
   self._endless = 0
   at = low.find(root)
   if at < 0:
    continue
   given = _plausible(root).search(low, at)
   while given and self._extent.has(given.start()):
    span = self._value_of(given.start(), given.end(1), root)
    if span:
     spans.append(span)
    given = _plausible(root).search(low, max(given.end(1), self._endless))
  return spans

 def _value_of(self, root_at, end, root):
  before = self.text[max(0, root_at - 40) : root_at]
  start = root_at - len(before) + len(before.rstrip(_NAME_SIGNS))
  written = self.text[start:end]
  name = _plain_name(written)
  if root == "bearer":
   return self._after_bearer(end) if name == root else None
  if start >= 2 and self.text.startswith("::", start - 2):
   return None
  if _LOGIN.fullmatch(name):
   return self._second(end)
  kind = _kind_of(name, written, root)
  if kind in ("key", "other key"):
   kind = _kind_behind(self.text[max(0, start - 40) : start], kind)
  return self._value(start, end, kind) if kind else None

 def _value(self, start, end, kind):
  between = _BETWEEN.match(self.text, end)
  if not between:
   return self._told(start, end, kind)
  closing, sign = between.groups()
  opening = _OPENING.match(self.text, between.end())
  if opening and (sign != "," or closing):
   return self._quoted(opening, kind, start, sign, not closing)
  if sign in (":", "="):
   if kind == "authorization":
    return self._authorization(between.end())
   is_tight = between.end() == end + 1 and sign == "="
   is_variable = bool(_VARIABLE_SIGNS.fullmatch(self.text, start, end))
   return self._bare(between.end(), kind, is_tight, is_variable)
  return None

 def _quoted(
  self, opening, kind, name_at, sign, is_open
 ):
  mark = opening[0][-1]
  start = opening.end()
  inside = _QUOTED[mark].match(self.text, start)
  if not inside or self.text[inside.end() : inside.end() + 1] != mark:
   return None
  if is_open and name_at and self.text[name_at - 1] == mark:
   return None
  word = inside[0].rstrip("\\")
  end = start + len(word)
  if kind == "authorization":
   return self._authorization(start, end)
  is_password = kind == "password"
  fitting = "token" if is_password and (opening[1] or sign == "(") else kind
  is_listed = sign == "," and is_password and not _is_mixed(word)
  return (start, end) if not is_listed and _fits(word, fitting) else None

 def _bare(
  self, at, kind, is_tight, is_variable
 ):
  found = self._match_bare(at)
  if not found or self.text[found.end() : found.end() + 1] in ("(", "["):
   return None
  word = _SENTENCE_END.sub("", found[0])
  is_name = bool(_NAME_ONLY.fullmatch(word))
  if word[:1] in ("~", ".", "/", "\\") or "://" in word:
   is_one = False
  elif kind == "password" and is_tight:
   is_one = _is_mixed(word) if is_name and not is_variable else _fits(word, kind)
  elif kind == "password":
   is_one = _is_mixed(word) and not is_name and _fits(word, kind)
  else:
   least = 16 if is_name and not is_tight else 8 if is_tight else 12
   is_one = _fits(word, kind) and len(word) >= least
  return (at, at + len(word)) if is_one else None

 def _told(self, start, end, kind):
  words = _WORDS.match(self.text, end)
  found = self._match_bare(words.end()) if words else None
  if not found:
   return None
  word = _SENTENCE_END.sub("", found[0])
  if kind == "password":
   is_one = (
    _is_mixed(word)
    and not _NAME_ONLY.fullmatch(word)
    and "=" not in word
    and end - start > 4
    and _fits(word, kind)
   )
  else:
   is_one = kind == "token" and len(word) >= 20 and _fits(word, kind)
  return (found.start(), found.start() + len(word)) if is_one else None

 def _authorization(self, at, last = None):
  scheme = _SCHEME.match(self.text, at)
  start = scheme.end() if scheme else at
  end = last
  if end is None:
   found = _CREDENTIALS.match(self.text, start)
   end = found.end() if found else start
  word = self.text[start:end]
  is_one = (
   (len(word) >= 3 if start > at else _is_mixed(word))
   and not _stands_in(word)
   and not re.search(r"[()\s]", word)
  )
  if not is_one and end - start > _LONGEST:
   self._endless = end
  return (start, end) if is_one else None

 def _after_bearer(self, end):
  blank = _BLANK.match(self.text, end)
  found = self._match_bare(blank.end()) if blank else None
  return found.span() if found and _is_random(found[0]) else None

 def _second(self, end):
  pair = _PAIR.match(self.text, end)
  inside = _QUOTED[pair[1]].match(self.text, pair.end()) if pair else None
  if not pair or not inside or self.text[inside.end() : inside.end() + 1] != pair[1]:
   return None
  return inside.span() if _fits(inside[0], "password") else None

 def _match_bare(self, at):
  found = _BARE.match(self.text, at)
  if found and found.end() - at > _LONGEST:
   self._endless = found.end()
   return None
  return found


@functools.lru_cache(maxsize=_REMEMBERED)
def _plain_name(written):
 return _CAMEL.sub(r"\1_\2", written).lower().replace("-", "_")


@functools.lru_cache(maxsize=_REMEMBERED)
def _kind_of(name, written, root):
 ""
 if root == "auth":
  return "authorization" if name.endswith("authorization") else ""
 if root in ("pass", "pwd"):
  return "password" if _PASSWORD.search(name) else ""
 if _OF_JUPYTER.fullmatch(name):
  return "password"
 if "public" in name:
  return ""
 if _NAMED_SECRET.search(name):
  return "token"
 if root != "key":
  return ""
 if not _NAMED_KEY.search(name):
  return "other key"
 return "token" if _VARIABLE.fullmatch(written) else "key"


def _kind_behind(before, kind):
 ""
 if before.endswith(" ") and _SPACED_KEY.search(before):
  return "token"
 if kind == "other key":
  return ""
 outer, call, inner = before.rpartition("(")
 is_in_call = call and outer.endswith(_LOGIN_CALLS) and not (")" in inner or "\n" in inner)
 return "token" if is_in_call or before.endswith(("?", "&")) else kind








_SECRET = "\u2039secret\u203a"
_MAX_LEARNED = 100
_MAX_CODE = 10_000

_IN_ADDRESS = {
 "://": re.compile(r"://[^\s:@/?#'\"<>]{0,100}:([^\s/'\"<>]{1,200})@"),
 "-u": re.compile(
  r"-(?:u|-user)(?:(?<=[ \t]-u)|(?<=[ \t]--user))[ \t=]{1,2}"
        r"[\"']?[A-Za-z0-9_.@+-]{1,60}:([^\s\"'@]{4,100})"
 ),
 "sig=": re.compile(r"[?&]sig=([A-Za-z0-9%+/]{43,90}(?:=|%3[dD]))"),
}
_STANDS_IN = re.compile(
 r"(?:[0-9]+$|[{<$%*\[\u2026\u2039]|pass|pw$|pwd$|secret$|x+$|\.+$)", re.IGNORECASE
)
_FOLDERS = ("PWD", "OLDPWD")
_BEGIN = "-----BEGIN "
_PRIVATE = re.compile(
 r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\"']?[ \t]*(?:\r?\n|\\[nr])"
    r"(?:\s|\\[nr]|[\"'+])*[A-Za-z0-9+/]{4}"
)
_OWN = re.compile(
 r"(?<!\S)([^\s\[\]{}\\]{2,60})\[((?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_.~+/=])+-?)\]"
    r"\{([0-9]{1,3})(?:,([0-9]{1,3}))?\}(?!\S)"
)


class _SecretRules:
 ""

 def __init__(self):
  self.own = []
  self.is_off = False
  self.learned = {}
  self.telling = {}
  self.read = ""


_secret_rules = _SecretRules()


def _set_secret_rules(patterns, keeps):
 ""
 _secret_rules.own = [_own_pattern(*parts) for parts in _OWN.findall(patterns)]
 _secret_rules.is_off = keeps


def _own_pattern(mark, signs, least, greatest):
 ""
 try:
  return re.compile(f"{re.escape(mark)}[{signs}]{{{least},{greatest or least}}}")
 except re.error:
  return re.compile(re.escape(mark) + "[!-~]{1,200}")


def _forget_secrets():
 ""
 _secret_rules.learned.clear()
 _secret_rules.read = ""
 for asked in (_fits, _is_random, _is_very_random, _is_encoded_text):
  asked.cache_clear()


def _learn_from(code):
 ""
 if code != _secret_rules.read:
  _secret_rules.read = code
  _without_secrets(code[: 2 * _MAX_CODE])


def _without_known(value):
 ""
 if _secret_rules.is_off:
  return value
 return _without_values(value, [*_secret_rules.learned, *_environment_secrets()])


def _without_values(value, known):
 if isinstance(value, dict):
  return {
   _without_values(name, known): _without_values(each, known)
   for name, each in value.items()
  }
 if isinstance(value, list):
  return [_without_values(each, known) for each in value]
 if not isinstance(value, str):
  return value
 extent = _Extent(value)
 return _cut_out(value, _find_known(value, known, extent), extent)


def _without_secrets(text):
 ""
 if _secret_rules.is_off:
  return text
 extent = _Extent(text)
 found = _find_secrets(text, extent)
 _learn([text[start:end] for start, end in sorted(found)])
 known = {**_secret_rules.learned, **dict.fromkeys(_environment_secrets())}
 return _cut_out(text, found + _find_known(text, known, extent), extent)


def _cut_out(text, spans, extent):
 if extent.end < len(text):
  spans = [*spans, (extent.end, len(text))]
 pieces = []
 done = 0
 for start, end in sorted(spans):
  if start >= done:
   pieces += [text[done:start], _SECRET]
  done = max(done, end)
 return "".join([*pieces, text[done:]])


def _count_secrets(value):
 ""
 if isinstance(value, str):
  return value.count(_SECRET)
 if isinstance(value, dict):
  return sum(_count_secrets(name) + _count_secrets(each) for name, each in value.items())
 return sum(map(_count_secrets, value)) if isinstance(value, list) else 0


def _find_secrets(text, extent):
 ""
 extent.begin()
 spans = _NamedSecrets(text, extent).find()
 spans += _find_private_keys(text)
 extent.begin()
 spans += _find_quoted(text, extent)
 extent.begin()
 spans += _find_marked(text, extent)
 extent.begin()
 for literal, pattern in _IN_ADDRESS.items():
  if literal in text:
   found = itertools.takewhile(lambda m: extent.has(m.start()), pattern.finditer(text))
   spans += [match.span(1) for match in found if not _STANDS_IN.match(match[1])]
 for pattern in _secret_rules.own:
  extent.begin()
  found = itertools.takewhile(lambda m: extent.has(m.start()), pattern.finditer(text))
  spans += [match.span() for match in found]
 return spans


def _find_private_keys(text):
 spans = []
 at = text.find(_BEGIN)
 while at >= 0:
  end = at + len(_BEGIN)
  if _PRIVATE.match(text[end : end + 120]):
   last = text.find("-----END ", end)
   close = -1 if last < 0 else text.find("-----", last + 9)
   end = len(text) if close < 0 else close + 5
   spans.append((at, end))
  at = text.find(_BEGIN, end)
 return spans


def _find_known(text, known, extent):
 ""
 spans = []
 extent.begin()
 for value in known:
  at = text.find(value, 0, extent.end + len(value))
  while at >= 0 and extent.has(at):
   end = at + len(value)

   is_within = text[at - 1 : at + 1].isalnum() or text[end - 1 : end + 1].isalnum()
   if not is_within or not (_is_in_word(text, at) or _is_in_word(text, end)):
    spans.append((at, end))
   at = text.find(value, end, extent.end + len(value))
 return spans


def _is_in_word(text, at):
 beside = text[max(0, at - 1) : at + 1]
 return len(beside) == 2 and beside.isalnum() and beside.isascii()


def _environment_secrets():
 ""
 telling = _secret_rules.telling
 for name in os.environ:
  if name not in telling:
   low = name.lower()
   is_telling = _PASSWORD.search(low) or _NAMED_SECRET.search(low)
   telling[name] = name not in _FOLDERS and bool(is_telling)
 named = [os.environ.get(name, "") for name, tells in telling.items() if tells]
 return list(filter(_is_learnable, named))


def _is_learnable(value):
 return (
  6 <= len(value) <= 300
  and re.search("[A-Za-z]", value) is not None
  and re.search(r"[^A-Za-z\s_]", value) is not None
  and _distinct(value) >= 5
  and (len(value) < 40 or _is_random(value))
 )


def _learn(values):
 ""
 new = {}
 for value in reversed(values):
  if len(new) < _MAX_LEARNED and value not in new and _is_learnable(value):
   new[value] = None
 learned = _secret_rules.learned
 for value in reversed(new):
  learned.pop(value, None)
  learned[value] = None
 while len(learned) > _MAX_LEARNED:
  del learned[next(iter(learned))]





_MAX_TEXT = 10_000
_MAX_JSON = 22_000

_ANSI = re.compile(
 r"(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|\Z)|"
    r"\x1b(?:\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~]?)"
)

_LETTER = r"\w\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0900-\u109f\u1ab0-\u1aff"
_LETTER += r"\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
_PART = rf"[{_LETTER}.@+~%$-]+"
_SPACED = r"[^\\/:*?\"'<>|\r\n]{1,100}"
_PATH = re.compile(
 r"(^|[\s\"'`(=<\[{,:;|>])(?:"
    rf"((?:file://)?(?:~[\w.-]*)?/(?:{_PART}/{{1,2}})+)({_PART})|"
    rf"([A-Za-z]:[\\/]{{1,2}}(?:{_SPACED}[\\/]{{1,2}})+)({_SPACED}(?=[\"'])|{_PART})|"
    rf"(\\\\{_PART}\\(?:{_PART}\\)+)({_PART}))",
 re.MULTILINE,
)
_WORD = r"[^\s/\\:*?\"'<>|,;]{1,100}"
_ROOT = r"(?:home|Users|root|mnt|tmp|srv)"
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

_SECRETS = ("JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN")


def _without_tokens(text):
 ""
 for secret in map(os.environ.get, _SECRETS):
  if secret and len(secret) >= 8:
   text = text.replace(secret, "\u2026")
 plain = _TOKEN.sub("\\1\u2026", text).encode("utf-8", "replace").decode()
 return _without_secrets(plain)


def _clean(text):
 ""
 plain = _without_tokens(_ANSI.sub("", text))
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
 ""
 return repr(value[:_MAX_LABEL]) if isinstance(value, str) else f"of type {type(value).__name__}"


def _text(text, limit = _MAX_TEXT):
 ""
 return _fit(_ANSI.sub("", text[: 4 * limit])[:limit].encode("utf-8", "replace").decode())


def _fit(text):
 ""
 units = len(json.dumps(text, ensure_ascii=False).encode("utf-16-le")) // 2
 return text if units <= _MAX_JSON else text[: _MAX_JSON // 6]






def _open_comms():
 ""

 comms = tuple(_state().comms.values())
 return [entry for entry in comms if entry["pid"] == os.getpid() and not entry.get("left")]


def _say(comm, told):
 ""
 if _IN_BROWSER:
  told = importlib.import_module("js").JSON.parse(json.dumps(told))
 comm.send(told)


def _student_names():
 ""
 student = _state().student or {}
 return {"STUDENT_NAME": student.get("name"), "STUDENT_ID": student.get("id")}


def _publish(names):
 ""




 shell = _shell()
 if shell:
  given = _state().given
  own = shell.user_ns
  free = [n for n in names if n not in own or n not in given or own[n] is given[n]]

  shell.push({name: names[name] for name in free}, interactive=False)
  given.update(names)
  vars(builtins).update(names)


def _withdraw():
 ""
 found = vars(builtins)
 for name, value in _state().given.items():
  if name in found and found[name] is value:
   del found[name]









_MOST_TOLD = 100
_LEAST_TOLD = 8
_FILTER_BITS = 16
_PAGE_SALT = re.compile("[0-9a-f]{32}")
_DIGEST = re.compile("[0-9a-f]{64}")
_UNSIGNED = 0xFFFFFFFF


def _describe(value, salt):
 ""
 encoded = value.encode("utf-16-le", "surrogatepass")
 units = struct.unpack(f"<{len(encoded) // 2}H", encoded)
 base = int(salt[:8], 16) | 1
 rolled = 0
 for unit in units[-_LEAST_TOLD:]:
  rolled = (rolled * base + unit) & _UNSIGNED
 return {
  "length": len(units),
  "filter": ((rolled ^ rolled >> 16) * 0x9E3779B1 & _UNSIGNED) >> (32 - _FILTER_BITS),
  "digest": hashlib.sha256(bytes.fromhex(salt) + encoded).hexdigest(),
 }


def _take_salt(page, salt):
 ""
 if isinstance(salt, str) and _PAGE_SALT.fullmatch(salt) and salt != page.get("salt"):
  page.update(salt=salt, known=set())


def _take_known(page, digests):
 ""
 if "salt" in page and isinstance(digests, list):
  told = [each for each in digests[:_MOST_TOLD] if isinstance(each, str)]
  page["known"].update(filter(_DIGEST.fullmatch, told))


def _tell_values(page):
 ""
 if not (page["tracked"] and page.get("salt")) or _secret_rules.is_off:
  return
 told = [_describe(value, page["salt"]) for value in _environment_secrets()[-_MOST_TOLD:]]
 new = [each for each in told if each["digest"] not in page["known"]]
 new = [each for each in new if each["length"] >= _LEAST_TOLD]
 if new:
  _say(page["comm"], {"values": new})
 _tell_behind_runs()


def _tell_behind_runs():
 ""
 state = _state()
 if not state.tells:
  state.tells = True
  _shell().events.register("post_run_cell", _tell_pages)


def _tell_pages(*_):
 ""
 for page in _open_comms():
  with suppress(Exception):
   _tell_values(page)








_MODES = ("informed", "required", "opt-in")
_OPEN = {
 "captureCode": True,
 "captureOutput": True,
 "maxCharacters": _MAX_TEXT,
 "off": (),
 "sourcesOff": (),
 "secretPatterns": "",
 "keepSecrets": None,
 "consent": _MODES[0],
 "isPaused": False,
 "isDeclined": False,
 "isUnanswered": False,
 "isOff": False,
 "isPseudonym": False,
 "names": None,
 "destination": "",
}
_CLOSED = {
 **_OPEN,
 **{"captureCode": False, "captureOutput": False, "isOff": True, "isPseudonym": True},
}
_HELD = ("isPaused", "isDeclined", "isUnanswered", "isOff", "isPseudonym")
_BY_NAME = ("prompt", "jupyter-user")
_QUOTES = {"cell_marked": ("code_preview",)}
_WITHDRAWN = "consent_withdrawn"


def _read_rules(told):
 ""
 if not isinstance(told, dict):
  return _CLOSED
 rules = dict(_OPEN)
 for name in ("captureCode", "captureOutput"):
  rules[name] = told.get(name, True) is True
 for name in ("isPaused", "isDeclined", "isUnanswered"):
  rules[name] = told.get(name, False) is not False
 limit = told.get("maxCharacters", _MAX_TEXT)
 rules["maxCharacters"] = limit if type(limit) is int and 0 <= limit <= 100_000 else 0
 for name, of in (("events", "off"), ("testSources", "sourcesOff")):
  switches = told.get(name, {})
  if not isinstance(switches, dict):
   return _CLOSED
  rules[of] = tuple(each for each, is_on in switches.items() if is_on is not True)
 patterns = told.get("secretPatterns", "")
 if not isinstance(patterns, str):
  rules.update(captureCode=False, captureOutput=False)
  patterns = ""
 rules["secretPatterns"] = patterns
 if "keepSecrets" in told:
  rules["keepSecrets"] = told["keepSecrets"] is True
 if told.get("names") is not None:
  rules["names"] = "any" if told["names"] == "any" else "english"
 mode = told.get("consent", _MODES[0])
 place = told.get("destination", "")
 rules["destination"] = place if isinstance(place, str) else ""
 rules["consent"] = mode if mode in _MODES else _MODES[-1]
 rules["isPseudonym"] = told.get("identity", _BY_NAME[0]) not in _BY_NAME
 return rules


def _stricter(one, other):
 ""
 said = [each["keepSecrets"] for each in (one, other) if each["keepSecrets"] is not None]
 return {
  **{name: one[name] and other[name] for name in ("captureCode", "captureOutput")},
  **{name: one[name] or other[name] for name in _HELD},
  **{name: (*one[name], *other[name]) for name in ("off", "sourcesOff")},
  "maxCharacters": min(one["maxCharacters"], other["maxCharacters"]),
  "secretPatterns": f"{one['secretPatterns']} {other['secretPatterns']}".strip(),
  "keepSecrets": all(said) if said else None,
  "names": other["names"] or one["names"],
  "destination": other["destination"] or one["destination"],
  "consent": max(one["consent"], other["consent"], key=_MODES.index),
 }


def _rules():
 ""
 state = _state()
 told = [page["rules"] for page in _open_comms() if page.get("rules")]
 rules = state.course_rules or _OPEN
 for each in told or filter(None, [state.page_rules]):
  rules = _stricter(rules, each)
 return rules


def _follow_rules():
 ""
 rules = _rules()
 _set_secret_rules(rules["secretPatterns"], rules["keepSecrets"] is True)


def _is_permitted(event, rules):
 ""
 is_held = rules["isPaused"] or rules["isDeclined"] or rules["isOff"]
 return event not in rules["off"] and (not is_held or event == _WITHDRAWN)


def _permitted(event, properties, rules):
 ""
 if event not in _BUILT_IN:
  return properties
 shows_code = rules["captureCode"]
 shows_output = rules["captureOutput"]
 limit = rules["maxCharacters"]
 told = dict(properties)
 error = told.get("error")
 if isinstance(error, dict):
  if not shows_code and isinstance(told.get("output"), str):
   told["output"] = _without_traceback(told["output"], error)
  value, traceback = (str(error.get(name, ""))[:limit] for name in ("value", "traceback"))
  told["error"] = {
   "name": error.get("name", ""),
   "value": value if shows_output else "",
   "traceback": traceback if shows_output and shows_code else "",
  }
 hidden = set() if shows_code else {"code", *_QUOTES.get(event, ())}
 hidden |= set() if shows_output else {"output"}
 told = {name: each for name, each in told.items() if name not in hidden}
 is_cut = bool(told.get("truncated"))
 for name in {"code", "output"} & told.keys():
  is_cut = is_cut or len(told[name]) > limit
  told[name] = told[name][:limit]
 if "truncated" in told:
  told["truncated"] = is_cut and (shows_code or shows_output)
 return told


def _without_traceback(output, error):
 ""
 words = f"{error.get('name', '')}: {error.get('value', '')}"
 before, found, after = output.partition(str(error.get("traceback", "")) or "\0")

 return f"{before}{words}{after}" if found else words





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
  if len(set(keys)) < len(keys):
   raise ValueError("two of its keys are the same as text")
  return dict(zip(keys, _plain(list(value.values()), budget, depth)))
 if isinstance(value, (Sequence, Set)) and not isinstance(value, (bytes, bytearray)):
  items = [_plain(item, budget, depth + 1) for item in value]
  return sorted(items, key=repr) if isinstance(value, Set) else items
 raise TypeError(f"{type(value).__name__} does not fit into JSON")





_MAX_FAILURES = 100


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
 ""
 with suppress(Exception):
  return str(error)
 return "<no message>"


def _keep_failure(name, value):
 ""
 failures = _state().failures
 failures.append((name, _text(value)))
 del failures[:-_MAX_FAILURES]


def _is_of_test(error):
 ""



 if isinstance(error, BaseException):
  return (type(error).__name__, _text(_message(error))) in _state().failures
 return bool(error) and (str(error[0]), _text(str(error[1]))) in _state().failures


def _error(name, value, lines):
 ""
 trace = "\n".join(lines) if isinstance(lines, (list, tuple)) else str(lines)
 return {
  "name": _cut(str(name), _MAX_LABEL)[0],
  "value": _cut(str(value))[0],
  "traceback": _cut(trace)[0],
 }






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
 session = _parent().get("header", {}).get("session")
 return session


def _is_counted(parent = None, bare = False):
 ""



 content = (_parent() if parent is None else parent).get("content", {"store_history": bare})
 return bool(content.get("store_history", True) and not content.get("silent"))


def _ms_since(moment):
 ""
 passed = (datetime.now(timezone.utc) - moment).total_seconds()
 return passed * 1000


def _iso(seconds = None):
 ""
 moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
 return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _app():
 ""
 if "google.colab" in sys.modules:
  return "colab", os.environ.get("COLAB_RELEASE_TAG", "")
 cell = str(_parent().get("metadata", {}).get("cellId", ""))
 started = "VSCODE_PID" in os.environ and "JPY_SESSION_NAME" not in os.environ
 if cell.startswith("vscode-") or "__vsc_ipynb_file__" in _shell().user_ns or started:
  return "vscode", ""
 return "kernel", getattr(sys.modules.get("IPython"), "__version__", "")


def _kernel_name():
 ""
 with suppress(Exception):
  path = _module("ipykernel.connect").get_connection_file()
  with open(path, encoding="utf-8") as file:
   return str(json.load(file)["kernel_name"] or "python3")
 return "xpython" if "xpython" in sys.modules else "python3"





_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ipynb-telemetry")


def _cell_of(request, code):
 ""



 told = request.get("metadata") or {}

 cell_id = told.get("cellId") or (told.get("colab") or {}).get("cell_id") or ""
 named = str(cell_id).rpartition("#")[2][:_MAX_LABEL]
 if named or code is None:
  return named or None
 source = code.strip().encode("utf-8", "replace").decode()
 return f"source-{uuid.uuid5(_NAMESPACE, source).hex[:12]}"


def _calling_cell():
 ""




 with suppress(Exception):
  forks = _state().forks
  if (forks is None or forks.pid == os.getpid()) and _is_called_by_cell():

   runs = getattr(_state().reporter, "runs", None)
   request = _parent()
   heard = getattr(runs, "cell", None)
   return heard or _cell_of(request, request.get("content", {}).get("code"))
 return None


def _is_called_by_cell():
 ""
 module = "IPython.core.interactiveshell"
 frame = sys._getframe(1)
 while frame is not None:
  if frame.f_code.co_name == "run_code" and frame.f_globals.get("__name__") == module:
   return True
  frame = frame.f_back
 return False






def _refuse_id(notebook_id):
 ""
 if not isinstance(notebook_id, str) or not notebook_id.strip(_WHITE):
  return "must not be empty"
 if len(notebook_id) > _MAX_LABEL:
  return f"must have at most {_MAX_LABEL} characters"
 if re.search(r"[\x00-\x1f\x7f/\\]", notebook_id):
  return "must not contain slashes or control characters"

 return "must be valid text" if re.search(r"[\ud800-\udfff]", notebook_id) else None










_CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_LENGTH = 12
_CODE_PRIME = 1021
_CODE_GAPS = re.compile(f"[{_WHITE}\u2010-\u2015\u2212-]+")
_CODE_ALIKE = str.maketrans("oil", "011")


def _bare_code(text):
 ""
 bare = _CODE_GAPS.sub("", text)

 return bare.lower().translate(_CODE_ALIKE) if re.fullmatch("[0-9A-Za-z]*", bare) else bare


def _checks_out(bare):
 ""
 remainder = 0
 for character in bare:
  remainder = (remainder * 32 + _CODE_LETTERS.index(character)) % _CODE_PRIME
 return remainder == 1


def _refuse_code(text):
 ""
 bare = _bare_code(text)
 if not bare:
  return "The code is missing"
 if not set(bare) <= set(_CODE_LETTERS):
  return "A code has digits and English letters, and no U"
 if len(bare) != _CODE_LENGTH:
  return f"A code has {_CODE_LENGTH} characters"
 return None if _checks_out(bare) else "A character of the code is wrong"


def _is_code(text):
 ""
 return _refuse_code(text) is None and text == _spell_code(_bare_code(text))


def _spell_code(bare):
 ""
 return "-".join(re.findall(".{4}", bare))


def _read_code(text):
 ""
 problem = _refuse_code(text)
 if problem:
  raise ValueError(problem)
 return _spell_code(_bare_code(text))





_MAX_NAME = 60

_LIKE_CODE = re.compile("(?=.*[0-9])[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){2}")


def _fold_name(name):
 ""
 return re.sub(f"[{_WHITE}]+", " ", name.strip(_WHITE)).upper()


def _refuse_name(name):
 ""
 folded = _fold_name(name)
 if not folded:
  return "Both names are required"

 if not re.fullmatch(f"[A-Za-z{_WHITE}-]*", name):
  return "English letters only"
 if len(re.sub("[ -]", "", folded)) < 2:
  return "At least two letters"
 return f"At most {_MAX_NAME} characters" if len(folded) > _MAX_NAME else None


def _student(first, last):
 ""
 names = [_fold_name(name) for name in (first, last)]
 return {"id": "_".join(names), "name": "-".join(names)}


def _read_student(text, is_coded = False):
 ""



 text = text.strip(_WHITE) if isinstance(text, str) else ""
 if is_coded or _is_like_code(text):
  return _coded_student(text)
 ways = (re.split(mark, text) for mark in ("_", f"[{_WHITE}]+", "-"))
 parts = next((parts for parts in ways if len(parts) > 1), [text])

 is_either = "_" not in text and "-" in text and len(text.split()) > 1 and text.isupper()
 if len(parts) > 2 or is_either:
  raise ValueError('student_name: put _ between first and last name, as in "MARY ANN_LEE"')
 problem = _refuse_name(parts[0]) or _refuse_name(parts[1] if len(parts) == 2 else "")
 if problem:
  raise ValueError(f'student_name: {problem}. Give first and last name, as in "Ann Lee"')
 return _student(*parts)


def _is_like_code(text):
 ""
 bare = text.strip(_WHITE) if isinstance(text, str) else ""
 return _is_code(bare.lower()) or _LIKE_CODE.fullmatch(bare) is not None


def _coded_student(text):
 ""
 problem = _refuse_code(text)
 if problem:
  raise ValueError(f"student_name: {problem}. Give the code that you were handed")
 code = _read_code(text)
 return {"id": code, "name": code}


def _ask_student(notice, is_coded = False):
 ""



 if is_coded:
  return _ask(notice, "code", "your code", ("Code: ",), _refuse_code, _coded_student)
 return _ask(notice, "name", "Ann Lee", ("First name: ", "Last name: "), _refuse_name, _student)


def _ask(
 notice,
 noun,
 example,
 prompts,
 refuse,
 make,
):
 ""
 nobody = ValueError(
  f"nobody can be asked for a {noun} here. Give it: "
        f'setup_telemetry("\u2026", skip_name_prompt=True, student_name="{example}")'
 )
 if not _parent().get("content", {}).get("allow_stdin", True):
  raise nobody
 print(f"{notice}\nType cancel instead of a {noun}, and nothing is recorded.")
 for _ in range(3):
  given = []
  for prompt in prompts:
   try:
    given.append(input(prompt))
   except (EOFError, NotImplementedError):
    raise nobody from None
   if given[-1].strip().lower() == "cancel":
    return None
   problem = refuse(given[-1])
   if problem:
    print(problem)
    break
  else:
   return make(*given)
 raise ValueError(
  f"nothing is tracked, since no {noun} was given that will do: {problem}. Run this cell"
        " again"
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


_CLOUD_PAGE = re.compile(
 r"https://(?:(us|eu)(?:-assets)?(?:\.i)?|app)\.posthog\.com\.?(?::443)?(?:[/?#].*)?",
 re.IGNORECASE | re.DOTALL,
)
_PROJECT_PAGE = re.compile(
 r"(https?://[^?#]*?)/project/[0-9]+(?:[/?#].*)?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_NO_REGION = re.compile(
 r"https://(?:www\.)?posthog\.com\.?(?:[:/?#].*)?", re.IGNORECASE | re.DOTALL
)
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]+){3}|\[::1\]")

_KEY = re.compile(
 r"(?:phc|tcw)_[\w-]+|(?![Pp][Hh][Cc])(?=.*[0-9])(?=.*[A-Za-z])[\w-]{14,64}", re.ASCII
)
_CLASS_KEY = "tcw_"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def _read_host(text):
 ""








 address = _ADDRESS.fullmatch(_meant(text.strip(_WHITE)))
 if address is None:
  raise ValueError("it must begin with https://")
 scheme, authority, path, rest = address.groups()
 scheme = scheme.lower()
 if "@" in authority:
  raise ValueError("after https:// it must hold no user name and no password")
 if rest:
  raise ValueError("it must hold no query, neither ? nor #, as in https://eu.i.posthog.com")
 server = _SERVER_AND_PORT.fullmatch(authority)
 if server is None:
  raise _malformed()
 name, port = server.groups()
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


def _meant(text):
 ""
 if _NO_REGION.fullmatch(text):
  raise ValueError(
   "take that of your region, https://us.i.posthog.com or https://eu.i.posthog.com"
  )
 cloud = _CLOUD_PAGE.fullmatch(text)
 if cloud:
  return f"https://{(cloud[1] or 'us').lower()}.i.posthog.com"
 page = _PROJECT_PAGE.fullmatch(text)
 return page[1] if page else text


def _read_ipv6(text):

 ipaddress = _module("ipaddress")

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
 if len(name) > 253:
  raise _malformed()
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
 if re.match("ph[xsar]_|tcr_", key):
  raise ValueError(
   f"one with {key[:4]} is personal and secret. Revoke it,"
            " and use the project key, phc_\u2026"
  )
 if not re.fullmatch(r"[\w-]+", key, re.ASCII):
  raise ValueError("it holds characters no project key has")
 if len(key) > 64:
  raise ValueError("it is longer than 64 characters")
 if re.match("phc_your", key, re.IGNORECASE):
  raise ValueError("it is the example of the docs. Copy your project's own")
 if not _KEY.fullmatch(key):
  raise ValueError("a project key begins with phc_. Copy it from your project's settings")
 return key


def _read_fingerprint(text, host):
 ""






 digits = re.sub(f"[:{_WHITE}]", "", text).lower()
 if digits and not re.fullmatch("[0-9a-f]{64}", digits):
  raise ValueError("its fingerprint must be SHA-256, 64 digits of 0-9 and a-f")
 if digits and not host.startswith("https:"):
  raise ValueError("a host with http:// shows none")
 return digits






_VALUE = r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|\[[^][]*\]|true|false|[0-9]{1,9}'
_LINE = re.compile(rf"\s*(?:([\w-]+)\s*=\s*({_VALUE})\s*)?(?:#.*)?")
_TABLE = re.compile(r"\s*\[([\w-]+)\]\s*(?:#.*)?")


def _read_toml(text, tables = ()):
 ""
 for reader in ("tomllib", "tomli"):
  with suppress(ImportError):
   return dict(_module(reader).loads(text))
 found = {}
 into = found
 for number, line in enumerate(text.splitlines(), 1):
  table = _TABLE.fullmatch(line)
  if table or line.lstrip().startswith("["):

   into = found.setdefault(table[1], {}) if table and table[1] in tables else None
  elif into is not None:
   match = _LINE.fullmatch(line)
   if not match:
    raise ValueError(f'line {number} is not of the form host = "https://\u2026"')
   if match[1]:
    into[match[1]] = _read_value(match[2])
 return found


def _read_value(written):
 if written[0] in "'[":
  return written.strip("'")
 return json.loads(written)





_COURSE_FILE = "ipynb-telemetry.toml"
_COURSE_TABLES = ("events", "notice")

_COURSE_SETTINGS = {
 "capture_code": "captureCode",
 "capture_output": "captureOutput",
 "max_characters": "maxCharacters",
 "events": "events",
 "secret_patterns": "secretPatterns",
 "keep_secrets": "keepSecrets",
 "consent": "consent",
 "names": "names",
 "identity": "identity",
}
_COURSE_OTHERS = {
 "host",
 "api_key",
 "privacy_notice",
 "notice",
 "course",
 "test_sources_off",
 "certificate",
}


def _read_course():
 ""
 state = _state()
 course = {}
 problem = ""
 try:
  path, problem = _find_course()
  if path:
   with open(path, encoding="utf-8-sig") as file:
    course = _read_toml(file.read(), _COURSE_TABLES)
   misspelt = _misspelt(course)
   state.course_rules = _course_rules(course, path, misspelt)
   if misspelt:
    problem += f"{_COURSE_FILE} has no setting {', '.join(misspelt)[:_MAX_LABEL]}. "
  else:
   state.course_rules = None
 except Exception as error:

  state.course_rules = _CLOSED
  problem = f"{_COURSE_FILE} cannot be read: {_message(error)[:_MAX_LABEL]}."
 _follow_rules()
 return course, problem.strip()


def _find_course():
 ""



 problem = ""
 for folder in _course_folders():
  for above in _with_those_above(os.path.abspath(folder)):
   path = os.path.join(above, _COURSE_FILE)
   if os.path.isfile(path):
    if _is_trusted(path):
     return path, ""
    problem = f"{path} does not count, since others may write it or own it. "
 return "", problem


def _course_folders():
 ""
 names = _shell().user_ns
 paths = (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
 folders = [os.path.dirname(path) for path in paths if path and os.path.isabs(path)]
 return [*folders, *(names.get("_dh") or [])[:1], os.getcwd()]


def _with_those_above(folder):
 ""
 tops = [os.path.expanduser("~"), os.environ.get("JUPYTER_SERVER_ROOT") or "~"]
 beyond = {above for top in tops if os.path.isabs(top) for above in _all_above(top)}
 return [each for each in (folder, *_all_above(folder)) if each == folder or each not in beyond]


def _all_above(folder):
 above = os.path.dirname(os.path.abspath(folder))
 return [] if above == folder else [above, *_all_above(above)]


def _is_trusted(path):
 ""
 if not hasattr(os, "getuid"):
  return True
 real = os.path.realpath(path)
 places = {real, os.path.dirname(real), os.path.dirname(path)}
 return all(_is_ours(os.stat(place)) for place in places)


def _is_ours(found):
 others = stat.S_IWOTH | (0 if _is_alone_in(found.st_gid) else stat.S_IWGRP)
 return found.st_uid in (0, os.getuid()) and not found.st_mode & others


def _is_alone_in(group):
 ""
 with suppress(Exception):
  account = _module("pwd").getpwuid(os.getuid())
  found = _module("grp").getgrgid(group)
  is_own = group == account.pw_gid and found.gr_name == account.pw_name
  return is_own and not {*found.gr_mem} - {account.pw_name}
 return False


def _misspelt(course):
 return [name for name in course if name not in _COURSE_SETTINGS and name not in _COURSE_OTHERS]


def _course_rules(course, path, misspelt):
 told = {_COURSE_SETTINGS[name]: course[name] for name in course if name in _COURSE_SETTINGS}

 for name in _closed_by(misspelt):
  told[_COURSE_SETTINGS[name]] = None
 if told.get("keepSecrets") is True and not _is_administrators(path):
  del told["keepSecrets"]
 return _read_rules(told)


def _is_administrators(path):
 ""



 if not hasattr(os, "getuid") or os.getuid() == 0:
  return False
 return os.stat(os.path.realpath(path)).st_uid == 0


def _closed_by(misspelt):
 ""
 plain = {name.replace("_", ""): name for name in _COURSE_SETTINGS}
 closed = set()
 for name in misspelt:
  written = name.replace("_", "").replace("-", "").lower()
  closed |= {plain[each] for each in _module("difflib").get_close_matches(written, plain)}
 return closed





_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT


def _folder(makes = True):
 ""
 try:
  above = _module("jupyter_core.paths").jupyter_data_dir()
 except ImportError:
  above = os.environ.get("JUPYTER_DATA_DIR") or os.path.expanduser("~/.local/share/jupyter")
 folder = os.path.join(above, "ipynb-telemetry")
 if makes:
  os.makedirs(folder, mode=0o700, exist_ok=True)
  if not os.access(folder, os.W_OK):
   raise PermissionError(f"{folder} cannot be written to")
 return folder


def _read_kept(name):
 ""
 with open(os.path.join(_folder(makes=False), name), encoding="ascii") as file:
  return file.read(64).strip()


def _keep_text(name, text):
 ""
 path = os.path.join(_folder(), name)
 if not os.path.exists(path):

  new = f"{path}-{uuid.uuid4().hex}"
  file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
  try:
   os.write(file, text.encode("ascii"))
  finally:
   os.close(file)
  os.replace(new, path)









_SALT = "salt"
_FINGERPRINT = re.compile("[0-9a-f]{16}")


def _course_name(course):
 ""
 name = course.get("course")
 if isinstance(name, str) and 0 < len(name) <= _MAX_LABEL and name.isprintable():
  return name
 folder = os.path.realpath(_course_folders()[0])
 return _salted(_fingerprint("course", folder))


def _salted(fingerprint):
 ""
 return _fingerprint("course", _salt(), fingerprint)


def _salted_before(course):
 ""
 return _salted(course) if _FINGERPRINT.fullmatch(course) else course


def _salt():
 ""
 state = _state()
 state.salt = state.salt or uuid.uuid4().hex
 with suppress(OSError, ValueError):
  state.salt = _read_kept(_SALT) or state.salt
 return state.salt


def _keep_salt():
 ""
 with suppress(OSError):
  _keep_text(_SALT, _salt())


def _fingerprint(*texts):
 return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]









_CODES = "codes.jsonl"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE = re.compile(f"[{_ALPHABET}]{{16}}")
_VERIFIER = re.compile("[0-9a-f]{64}")


def _make_code():
 ""
 return "".join(_ALPHABET[byte & 31] for byte in os.urandom(16))


def _hash_for(purpose, code):
 return hashlib.sha256(f"ipynb-telemetry {purpose} {code}".encode()).hexdigest()


def _known(student):
 ""
 found = [each for each in _all_known() if each.get("distinct_id") == student]
 return found[-1] if found else {}


def _all_known():
 ""
 found = []
 with suppress(OSError), open(os.path.join(_folder(makes=False), _CODES), "rb") as file:
  for line in file:
   with suppress(ValueError, RecursionError):
    read = json.loads(line)
    if isinstance(read, dict) and (
     _CODE.fullmatch(str(read.get("code", "")))
     or _VERIFIER.fullmatch(str(read.get("verifier", "")))
    ):
     found.append(read)
 return found + _state().codes


def _keep_code(student, **known):
 ""
 kept = {"distinct_id": student, **known}
 try:
  file = os.open(os.path.join(_folder(), _CODES), _APPEND, 0o600)
  try:
   os.write(file, (json.dumps(kept) + "\n").encode())
  finally:
   os.close(file)
 except OSError:
  _state().codes.append(kept)


def _keep_made(student):
 ""
 state = _state()
 made = [each for each in state.codes if each["distinct_id"] == student and "name" in each]
 if made:
  state.codes = [each for each in state.codes if each not in made]
  _keep_code(student, code=made[-1]["code"], name=made[-1]["name"])


def _meet(student):
 ""
 told = _state().persons.get(student)
 known = _known(student)
 if told and known.get("verifier") != told:
  _keep_code(student, verifier=told)
 elif not told and not known:
  _keep_code(student, code=_make_code())


def _verifier_for(student):
 ""
 known = _known(student)
 return str(known.get("verifier", "")) or (known and _hash_for("person", known["code"])) or ""


def _code_words(student, is_at_class):
 ""
 known = _known(student) if student else {}
 if not student or not known:
  return "there is no code yet: nothing is recorded for a class's collector"
 if "code" not in known:
  return "your page has your code: Your records, See everything"
 code = "-".join(re.findall("....", known["code"]))
 words = f"your code is {code}. Keep it to yourself: whoever has it can see and erase your "
 words += "records at your class's collector. In a page of the course, enter it under Your "
 words += "records, See everything, I work on another device, too"
 return words if is_at_class else f"{words}. Your records of now are not there"








_MAX_ANY_NAME = 100
_MAX_NAME_LABEL = 40
_NEUTRAL_LABEL = "STUDENT"

_JOINING = "'\u2019\u2018\u02bb\u02bc\u05f3\u05f4\u00b7\u30fb\u200c\u200d.\u2010-"

_INSTEAD = {
 **{"\u00df": "ss", "\u00e6": "ae", "\u0153": "oe", "\u00f8": "o", "\u0142": "l"},
 **{"\u0111": "d", "\u00f0": "d", "\u00fe": "th", "\u0131": "i"},
}
_GIVE_NAME = 'Give the name as it is written, as in "Zo\u00eb Li"'


def _tidy_name(name):
 ""
 return re.sub(f"[{_WHITE}]+", " ", unicodedata.normalize("NFC", name).strip(_WHITE))


def _refuse_any_name(text):
 ""
 name = _tidy_name(text)
 kinds = {unicodedata.category(letter)[0] for letter in name if letter not in _JOINING + _WHITE}
 if not name:
  return "A name is required"
 if "L" not in kinds or not kinds <= {"L", "M"}:
  return "Letters only, of whatever script"
 is_long = len(name.encode("utf-16-le", "replace")) > 2 * _MAX_ANY_NAME
 return f"At most {_MAX_ANY_NAME} characters" if is_long else None


def _name_label(name):
 ""
 letters = unicodedata.normalize("NFKD", _tidy_name(name))
 plain = (
  _INSTEAD.get(letter.lower(), letter)
  for letter in letters
  if unicodedata.category(letter)[0] != "M" and letter not in "'\u2019\u02bc."
 )
 words = re.findall("[A-Z]+(?:-[A-Z]+)*", "".join(plain).upper())
 return "_".join(words)[:_MAX_NAME_LABEL].rstrip("_-") or _NEUTRAL_LABEL


def _code_suffix(code):
 ""
 bits = int(_hash_for("suffix", code)[:8], 16)
 return "".join(_ALPHABET[bits // 32**place % 32] for place in range(6))


def _own_student(text):
 ""
 name = _tidy_name(text)
 for each in reversed(_all_known()):
  if each.get("name") == name and "code" in each:
   return _shown_student(str(each["distinct_id"]), name)
 code = _make_code()
 made = {"distinct_id": f"{_name_label(name)}-{_code_suffix(code)}", "code": code, "name": name}
 _state().codes.append(made)
 return _shown_student(made["distinct_id"], name)


def _shown_student(student, name):
 ""
 return {"id": student, "name": name, "shown": name}


def _read_any_student(text):
 ""
 problem = _refuse_any_name(text) if isinstance(text, str) else "A name is required"
 if problem:
  raise ValueError(f"student_name: {problem}. {_GIVE_NAME}")
 return _own_student(text)


def _ask_any_student(notice):
 ""
 return _ask(notice, "name", "Zo\u00eb Li", ("Your name: ",), _refuse_any_name, _own_student)





_USE = "Your instructor uses it to help you."
_STAYS = "Your records stay in a file where this kernel runs."
_STAYING = "this computer"
_MADE_BY_KERNEL = (
 *("cell_executed", "test_passed", "test_failed", "cell_marked", "blur", "focus"),
 *("session_started", "session_ended", "events_dropped"),
)

_PARTS_OF_NOTICE = {
 "responsible": "Responsible: {}",
 "contact": "Questions go to: {}",
 "purpose": "Purpose: {}",
 "kept": "Kept: {}",
 "rights": "Your rights: {}",
 "link": "More: {}",
}


def _captured(rules):
 ""
 events = [name for name in _MADE_BY_KERNEL if name not in rules["off"]]
 if _app()[0] != "colab":
  events = [name for name in events if name not in ("blur", "focus")]
 if "cell_executed" not in events:
  return sorted(events)
 code = ["code"] * rules["captureCode"]
 return sorted([*events, *code, *["output"] * rules["captureOutput"]])


def _in_kinds(captured):
 ""
 kinds = []
 if "cell_executed" in captured:
  texts = " and ".join(each for each in ("code", "output") if each in captured)
  with_texts = f" with their {texts}" if texts else ", without code and output"
  kinds.append(f"which cells you run{with_texts}")
 if {"test_passed", "test_failed"} & set(captured):
  kinds.append("test results")
 if {"blur", "focus"} & set(captured):
  kinds.append("when you leave and return")
 return ", and ".join(kinds) or "when you begin and end"


def _notice_words(
 course, rules, place, key
):
 ""
 receiver = "your class's collector" if (key or "").startswith(_CLASS_KEY) else "PostHog"
 where = f"Your records are sent to {receiver} at {place}." if key else _STAYS
 kinds = _in_kinds(_captured(rules))
 own = course.get("privacy_notice")
 made = f"Your course records what you do in this notebook: {kinds}. {_USE}"
 lines = [f"{own if own and isinstance(own, str) else made} {where}"]
 if rules["isPseudonym"]:
  lines.append("You go by the code that you were handed, and your name is not recorded.")
 told = course.get("notice")
 parts = told if isinstance(told, dict) else {}
 for name, words in _PARTS_OF_NOTICE.items():
  if parts.get(name) and isinstance(parts[name], str):
   lines.append(words.format(parts[name]))
 if rules["consent"] == "required":
  policy = parts.get("policy")
  lines.append(
   f"Your course requires it. {policy if isinstance(policy, str) else ''}".strip()
  )
 return "\n".join(lines)


def _consent_facts(
 course, rules, place, key
):
 ""
 words = _notice_words(course, rules, place, key)
 return {
  "notice_hash": hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(),
  "destination": _host_of(place) if key else _STAYING,
  "captured": _captured(rules),
  "mode": rules["consent"],
  "course": _course_name(course),
 }


def _host_of(place):
 return place.partition("://")[2].partition("/")[0]






class _Destination(NamedTuple):
 ""




 host: str
 key: Any
 fingerprint: str
 problem: str


def _destination(
 host, api_key, certificate, course, problem
):
 ""
 key = api_key or os.environ.get("IPYNB_TELEMETRY_API_KEY") or course.get("api_key")
 fingerprint = certificate or _certificate(host, course)
 host = host or os.environ.get("IPYNB_TELEMETRY_HOST")

 if not key or (problem and not course and not host):
  return _Destination("", None, "", problem)
 try:
  what = "host"
  place = _read_host(_text_of(host or course.get("host") or _HOST))
  what = "key"
  key_read = _read_key(_text_of(key))
  what = "certificate"
  pinned = _read_fingerprint(_text_of(fingerprint), place)
  return _Destination(place, key_read, pinned, problem)
 except ValueError as error:
  whose = "Class collector's" if _text_of(key).startswith(_CLASS_KEY) else "PostHog"
  told = f"{problem} {whose} {what} refused: {error}.".strip()
  return _Destination("", None, "", told)


def _certificate(host, course):
 ""



 named = "" if host else os.environ.get("IPYNB_TELEMETRY_CERTIFICATE") or ""
 if not (named or host or os.environ.get("IPYNB_TELEMETRY_HOST")):
  named = course.get("certificate") or ""
 return named


def _text_of(value):
 ""
 return value if isinstance(value, str) else "\0"






def _overwritten(text, at, added):
 ""



 if at == len(text) and not re.search("[\b\r]", added):
  return text + added, at + len(added)
 shown = list(text)
 line = text.rfind("\n") + 1
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


class _Piece:
 ""

 def __init__(self, text, stream = "", end = "", display_id = None):
  self.stream = stream
  self.at = 0
  self.end = end
  self.display_id = display_id
  self.take(text)

 def take(self, text, is_all = True):
  ""
  self.text = text[: 2 * _MAX_TEXT]
  self.is_cut = len(text) > 2 * _MAX_TEXT or not is_all


class _Outputs:
 ""

 def __init__(self):
  self._pieces = []
  self._is_to_be_cleared = False
  self._is_cut = False

 def add(self, kind, content):
  ""
  if kind == "clear_output" and content.get("wait"):
   self._is_to_be_cleared = True
   return
  if self._is_to_be_cleared or kind == "clear_output":
   self._clear()
  if kind == "stream":
   self._add_stream(content["name"], content["text"])
  elif kind == "error":
   lines = "\n".join(content.get("traceback") or [])
   piece = _Piece(lines or f"{content.get('ename')}: {content.get('evalue')}")
   self._put(piece, is_error=True)
  elif "data" in content:
   self._add_display(content, is_update=kind == "update_display_data")

 def _clear(self):
  self._pieces = []
  self._is_to_be_cleared = False
  self._is_cut = False

 def _add_display(self, content, is_update):
  text = content["data"].get("text/plain", "")
  names = [name for name in content["data"] if name != "text/plain"]
  end = "".join(f"[{_clean(name)[:_MAX_LABEL]}]" for name in names) + "\n"
  display_id = (content.get("transient") or {}).get("display_id")
  piece = _Piece(text if isinstance(text, str) else "", end=end, display_id=display_id)
  for shown in self._pieces:
   if display_id and shown.display_id == display_id:
    shown.text = piece.text
    shown.is_cut = piece.is_cut
    shown.end = end
  if not is_update:
   self._put(piece)

 def _add_stream(self, name, text):
  if not (self._pieces and self._pieces[-1].stream == name):
   self._put(_Piece("", stream=name))
  last = self._pieces[-1]
  if self._is_cut or last.is_cut:
   return

  beginning = text[: 10 * _MAX_TEXT]
  whole, last.at = _overwritten(last.text, last.at, beginning)
  last.take(whole, is_all=len(text) == len(beginning))

 def _put(self, piece, is_error = False):
  ""
  self._is_cut = self._is_cut or len(self._pieces) >= 1_000
  if not self._is_cut:
   self._pieces.append(piece)
  elif is_error:
   self._pieces[1_000:] = [piece]

 def read(self):
  ""
  text = ""
  is_cut = self._is_cut
  for piece in self._pieces:
   kept, is_piece_cut = _cut(piece.text, _MAX_TEXT - len(text))
   text += kept + piece.end
   if is_piece_cut or piece.is_cut or len(text) > _MAX_TEXT:
    is_cut = True
    break
  kept = _fit(text[:_MAX_TEXT])
  return kept, is_cut or len(kept) < len(text)


class _Tee:
 ""

 def __init__(self, stream, name, outputs):
  self._stream = stream
  self._name = name
  self._outputs = outputs

 def write(self, text):
  written = self._stream.write(text)
  with suppress(Exception):
   self._outputs.add("stream", {"name": self._name, "text": text})
  return written

 def __getattr__(self, name):
  return getattr(self._stream, name)






class _Ears:
 ""

 def __init__(self):
  self._listening = []

 def listen(self, holder, name, hear):
  ""
  found = getattr(holder, name)

  def both(*args, **kwargs):
   result = found(*args, **kwargs)
   with suppress(Exception):
    hear(*args, **kwargs)
   return result

  setattr(holder, name, both)
  self._listening.append((holder, name, found, both))

 def close(self):
  ""
  for holder, name, found, both in self._listening:
   if vars(holder).get(name) is both:
    setattr(holder, name, found)
    if getattr(found, "__func__", None) is getattr(type(holder), name, 0):
     delattr(holder, name)
  self._listening.clear()







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
   output = importlib.import_module("google.colab.output")
   output.register_callback(_TARGET, turn)
   importlib.import_module("IPython.display").display(_FRAME, raw=True)






class _Run:
 ""

 def __init__(self, parent, code):
  header = parent.get("header", {})
  self.msg_id = header.get("msg_id")
  self.date = header.get("date")
  self.page = header.get("session")
  self.code = parent.get("content", {}).get("code") if code is None else code
  self._parent = parent
  self.outputs = _Outputs()
  self.queued_ms = 0.0
  self.attempt = 1
  self.execution_count = None
  self.error = None
  self.is_aborted = False
  self.is_of_test = False
  self.started = time.perf_counter()
  self.ended = 0.0

 @property
 def cell(self):
  ""
  return str(_cell_of(self._parent, self.code or ""))

 @property
 def uuid(self):
  ""
  return self.msg_id and str(uuid.uuid5(_NAMESPACE, f"cell_executed:{self.msg_id}"))

 def properties(self):
  ""
  if isinstance(self.error, BaseException):
   self.error = _in_words(self.error)
  output, is_output_cut = self.outputs.read()
  code, is_code_cut = _cut(self.code or "", clean=_without_tokens)
  status = "aborted" if self.is_aborted else "ok" if self.error is None else "error"
  described = {
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
  return {**described, "error_of": "test"} if self.is_of_test else described


def _in_words(error):
 ""
 return type(error).__name__, _message(error), _traceback(error)





_SHOWN = {
 *("stream", "display_data", "update_display_data", "execute_result", "error", "clear_output"),
}


class _Runs:
 ""






 def __init__(
  self, report, claim
 ):
  ""
  self._report = report
  self._claim = claim
  self._shell = _shell()
  self._session = getattr(getattr(self._shell, "kernel", None), "session", None)
  self._pid = os.getpid()
  self._is_on = False
  self._ears = _Ears()
  self._run = None
  self._depth = 0
  self.lag = math.inf
  self.attempts = {}

 @property
 def cell(self):
  ""
  run = self._run
  return None if run is None else run.cell

 @property
 def code(self):
  ""
  run = self._run
  return "" if run is None else run.code or ""

 @property
 def took(self):
  ""
  run = self._run
  return 0.0 if run is None else max(0.0, time.perf_counter() - run.started)

 def start(self):
  ""
  if not self._is_on:
   self._is_on = True
   self._shell.events.register("pre_run_cell", self._before)
   self._shell.events.register("post_run_cell", self._after)
   if self._session is not None:
    self._ears.listen(self._session, "send", self._on_sent)
   self._listen_to_xeus()
  if self._run is None and _is_counted(bare=self._session is None):
   self._open(_parent(), None)

 def stop(self):
  ""
  self._run = None
  self._is_on = False
  self._untee()
  for event, hook in (("pre_run_cell", self._before), ("post_run_cell", self._after)):
   with suppress(Exception):
    self._shell.events.unregister(event, hook)
  self._ears.close()

 def _listen_to_xeus(self):
  ""
  pub = self._shell.display_pub

  def add(kind, **content):
   if self._run is not None:
    self._run.outputs.add(kind, content)

  def display(data, _, transient, is_update):
   kind = "update_display_data" if is_update else "display_data"
   add(kind, data=data, transient=transient)

  def result(_, data, __):
   add("execute_result", data=data)

  def clear(wait):
   add("clear_output", wait=wait)

  def error(_, __, traceback):
   add("error", traceback=traceback)

  if hasattr(pub, "publish_display_data"):
   self._ears.listen(pub, "publish_display_data", display)
   self._ears.listen(pub, "clear_output", clear)
   self._ears.listen(self._shell.displayhook, "publish_execution_result", result)
   self._ears.listen(self._shell, "_showtraceback", error)

 def _open(self, parent, code):
  _state().failures.clear()
  self._run = self._asked(parent, code)
  self._depth = 0
  if self._session is None:
   for name in ("stdout", "stderr"):
    setattr(sys, name, _Tee(getattr(sys, name), name, self._run.outputs))

 def _asked(self, parent, code):
  ""
  run = _Run(parent, code)
  with suppress(Exception):

   lag = _ms_since(run.date)
   self.lag = min(self.lag, lag)
   run.queued_ms = lag - self.lag
  return run

 def _before(self, *told):
  with suppress(Exception):
   parent = _parent()
   header = parent.get("header", {})
   if self._run and self._run.msg_id == header.get("msg_id"):
    self._depth += 1
    return
   self._run = None
   if not self._claim(header):
    return
   code = getattr(told[0], "raw_cell", None) if told else None
   is_kept = getattr(told[0], "store_history", True) if told else True

   if is_kept and _is_counted(parent, bare=True) and (code is None or code.strip()):
    self._open(parent, code)

 def _after(self, *told):
  with suppress(Exception):
   run = self._run
   if run is None or self._depth:
    self._depth = max(0, self._depth - 1)
    return
   result = told[0] if told else None
   run.ended = time.perf_counter()
   if run.code is None:
    run.code = getattr(getattr(result, "info", None), "raw_cell", None)
   run.execution_count = getattr(result, "execution_count", None)
   unstarted = getattr(result, "error_before_exec", None)
   run.error = unstarted or getattr(result, "error_in_exec", None)
   if self._session is None:
    self._untee()
    self._finish(run)

 def _untee(self):
  for name in ("stdout", "stderr"):
   stream = getattr(sys, name)
   if isinstance(stream, _Tee):
    setattr(sys, name, stream._stream)

 def _on_sent(
  self,
  _,
  message,
  content = None,
  parent = None,
  *__,
  metadata = None,
  **___,
 ):
  ""
  kind = message
  if kind == "execute_reply" and content["status"] == "aborted":
   self._on_aborted(parent)
   return
  if not isinstance(message, str):
   kind = message["header"]["msg_type"]
   content = message["content"]
   parent = message["parent_header"]
  header = (parent or {}).get("header", parent or {})
  run = self._run
  if run is None or header.get("msg_id") != run.msg_id or os.getpid() != self._pid:
   return
  if kind == "execute_reply":
   self._on_reply(run, content, metadata)
  elif kind in _SHOWN and content.get("data") != _FRAME:
   run.outputs.add(kind, content)

 def _on_aborted(self, parent):
  ""
  is_here = self._is_on and os.getpid() == self._pid
  if is_here and _is_counted(parent) and self._claim(parent["header"]):
   run = self._asked(parent, None)
   run.is_aborted = True
   run.ended = run.started
   if (run.code or "").strip():
    self._finish(run)

 def _on_reply(self, run, content, metadata):
  with suppress(Exception):
   begun = time.perf_counter() - _ms_since(metadata["started"]) / 1000
   run.started = min(run.started, begun)
  run.execution_count = content.get("execution_count", run.execution_count)
  if content["status"] != "ok":
   run.error = (content.get("ename"), content.get("evalue"), content.get("traceback"))
  self._finish(run)

 def _finish(self, run):
  self._run = None
  run.ended = run.ended or time.perf_counter()
  run.is_of_test = _is_of_test(run.error)
  run.attempt = self.attempts.get(run.cell, 0) + 1
  self.attempts[run.cell] = run.attempt
  self._report(run)








_LONGEST_ASKED_S = 3600
_QUOTA_PAUSE_S = 60


class _Answer(NamedTuple):
 ""











 status: int | None
 reason: str
 retry_after: str | None = None
 body: bytes = b""
 date: str | None = None
 is_late: bool = False


class _Meaning(NamedTuple):
 ""









 kind: str
 reason: str = ""
 after_s: float = 0
 is_slow: bool = False


def _judge(answer, now):
 ""
 if answer.status == 204:
  return _Meaning("accepted")
 if answer.status is not None and 200 <= answer.status < 300:
  return _judge_success(answer)
 if answer.status in (401, 403):
  return _Meaning("unauthorized", answer.reason)
 if answer.status == 413:
  return _Meaning("too_large", answer.reason)
 if answer.status in (400, 422):
  return _Meaning("rejected", answer.reason)

 after_s = _asked_pause(answer.retry_after, now)
 return _Meaning("retry", answer.reason, after_s, answer.is_late)


def _judge_success(answer):
 document = _parse(answer.body)
 told = document if isinstance(document, dict) else {}
 limited = told.get("quota_limited")
 if isinstance(limited, list) and "events" in limited:

  return _Meaning("retry", "the project is over its quota", _QUOTA_PAUSE_S)
 if "status" not in told:

  return _Meaning("retry", "the answer is not PostHog's")
 return _Meaning("accepted")


def _parse(text):
 try:
  return json.loads(text)
 except (ValueError, RecursionError):
  return None


def _asked_pause(header, now):
 text = (header or "").strip()
 pause_s = 0.0
 if text.isascii() and text.isdecimal():
  pause_s = float(text)
 elif text:
  with suppress(ValueError, OverflowError, TypeError):
   pause_s = _module("email.utils").parsedate_to_datetime(text).timestamp() - now
 return min(max(pause_s, 0.0), _LONGEST_ASKED_S)








_MAX_BATCH_COUNT = 200
_FIRST_PAUSE_S = 1
_LONGEST_S = 120
_REFUSALS_AT_ONCE = 5


class _Pace(NamedTuple):
 ""









 max_count: int = _MAX_BATCH_COUNT
 failures: int = 0
 not_before: float = 0
 problem: str | None = None


class _Outcome(NamedTuple):
 ""







 pace: _Pace
 state: str = "waiting"
 reason: str | None = None


def _settle(
 pace, count, is_cut, verdict, now, chance
):
 ""









 if verdict.kind == "accepted":
  return _Outcome(_Pace(min(pace.max_count * 2, _MAX_BATCH_COUNT)), "delivered")
 if verdict.kind in ("too_large", "rejected"):
  if count > 1:
   return _Outcome(_Pace(count // 2))
  if is_cut:
   return _Outcome(_Pace(pace.max_count, pace.failures))
  return _set_aside(pace, verdict, now, chance)
 if verdict.kind == "unauthorized":
  not_before = now + _LONGEST_S
  return _Outcome(pace._replace(not_before=not_before, problem=verdict.reason))
 failures = pace.failures + 1
 pause_s = max(verdict.after_s, _back_off(failures, chance))
 max_count = max(1, count // 2) if verdict.is_slow else pace.max_count
 return _Outcome(_Pace(max_count, failures, now + pause_s, verdict.reason))


def _set_aside(pace, verdict, now, chance):
 ""
 failures = pace.failures + 1
 refused = _Pace(pace.max_count, failures)
 if failures >= _REFUSALS_AT_ONCE:
  not_before = now + _back_off(failures - _REFUSALS_AT_ONCE + 1, chance)
  refused = refused._replace(not_before=not_before, problem=verdict.reason)
 return _Outcome(refused, "set_aside", verdict.reason)


def _back_off(failures, chance):
 ""




 growing = _FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10)
 return min(growing, _LONGEST_S) * (0.5 + chance / 2)





_TIMEOUT_S = 60.0
_MAX_ANSWER_BYTES = 64 * 1024
_OPENERS = {}
_LATE = _Answer(None, "timed out", is_late=True)
_UNTRUSTED = "the certificate is not trusted"
_NOT_PINNED = "another certificate is shown than the one in the settings"

_FOR_POSTS = (
 *("gzip", "http.client", "urllib.request", "email.utils", "http"),
 *("email.parser", "encodings.idna", "encodings.punycode", "calendar", "socket", "ssl"),
 "hashlib",
)


def _load_for_posts():
 ""
 for name in _FOR_POSTS:
  with suppress(ImportError):
   _module(name)


class _PinError(OSError):
 ""


class _Watch:
 ""

 def __init__(self, seconds, fingerprint = ""):
  self.seconds = seconds
  self.fingerprint = fingerprint
  self.is_over = False
  self._connections = []
  self._sockets = []
  self._timer = threading.Timer(seconds, self._end)
  self._timer.name = "ipynb-telemetry"
  self._timer.daemon = True

 def __enter__(self):

  with suppress(RuntimeError):
   self._timer.start()
  return self

 def __exit__(self, *_):
  self._timer.cancel()

 def _end(self):
  ""
  self.is_over = True
  socket = _module("socket")
  for each in [*(connection.sock for connection in self._connections), *self._sockets]:
   with suppress(Exception):

    socket.socket.shutdown(each, socket.SHUT_RDWR)

 def connection(self, kind):
  ""

  def make(*args, **kwargs):
   made = kind(*args, **kwargs)
   connect = made.connect

   def watched():
    connect()
    self._sockets.append(made.sock)
    if self.fingerprint:
     self._check(made.sock)

   made.connect = watched
   self._connections.append(made)
   return made

  return make

 def _check(self, socket):
  ""
  shown = hasattr(socket, "getpeercert") and socket.getpeercert(binary_form=True)
  if _module("hashlib").sha256(shown or b"").hexdigest() != self.fingerprint:
   raise _PinError


def _opener(is_secure, is_pinned):
 ""






 request = _module("urllib.request")
 proxies = request.getproxies() if is_secure else {}
 place = (is_secure, is_pinned, *sorted(proxies.items()))
 opener = _OPENERS.get(place)
 if opener is None:
  opener = request.OpenerDirector()
  opener.add_handler(request.ProxyHandler(proxies))
  for handler in _handlers(is_secure, is_pinned):
   opener.add_handler(handler)
  _OPENERS.clear()
  _OPENERS[place] = opener
 return opener


def _handlers(is_secure, is_pinned):
 ""
 client = _module("http.client")
 request = _module("urllib.request")

 def as_it_is(_, __, response):
  return response

 def plain(handler, asked):
  return handler.do_open(asked.watch.connection(client.HTTPConnection), asked)

 def secure(handler, asked):
  kind = asked.watch.connection(client.HTTPSConnection)
  return handler.do_open(kind, asked, context=context)

 processor = {"http_response": as_it_is, "https_response": as_it_is}
 handlers = [type("_AsItIs", (request.HTTPErrorProcessor,), processor)()]
 handlers.append(request.UnknownHandler())
 handlers.append(type("_Plain", (request.HTTPHandler,), {"http_open": plain})())
 if is_secure:
  ssl = _module("ssl")
  context = ssl.create_default_context()
  if is_pinned:
   context.check_hostname = False
   context.verify_mode = ssl.CERT_NONE
  kind = type("_Secure", (request.HTTPSHandler,), {"https_open": secure})
  handlers.append(kind(context=context))
 return handlers


def _request(address, body, headers):
 ""
 own = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
 own["User-Agent"] = "ipynb-telemetry"
 given = {name: value for name, value in headers.items() if value}
 packed = _module("gzip").compress(body)
 return _module("urllib.request").Request(address, packed, {**own, **given})


def _post(
 host,
 body,
 timeout_s = None,
 fingerprint = "",
 headers = None,
 path = "batch/",
):
 ""













 asked = _request(f"{host}/{path}", body, headers or {})
 watch = _Watch(timeout_s or _TIMEOUT_S, fingerprint)
 asked.watch = watch
 try:
  opener = _opener(host.startswith("https:"), bool(fingerprint))
  with watch, opener.open(asked, timeout=watch.seconds) as response:
   status = response.status
   told = response.read(_MAX_ANSWER_BYTES)
   asked_pause = response.headers.get("Retry-After")
   date = response.headers.get("Date")
  if watch.is_over:
   return _LATE
  return _Answer(status, _words_for(status), asked_pause, told, date)
 except (OSError, ImportError, _module("http.client").HTTPException, ValueError) as error:
  cause = getattr(error, "reason", error)
  is_late = watch.is_over or isinstance(cause, TimeoutError)
  return _LATE if is_late else _Answer(None, _why(cause))


def _words_for(status):
 ""
 try:
  return f"{status} {_module('http').HTTPStatus(status).phrase}"
 except ValueError:
  return str(status)


def _why(cause):
 ""
 if isinstance(cause, _module("http.client").RemoteDisconnected):
  return "the connection was closed without an answer"
 if isinstance(cause, _PinError):
  return _NOT_PINNED
 if type(cause).__name__ == "SSLCertVerificationError":
  return _UNTRUSTED
 if isinstance(cause, OSError) and type(cause).__name__.startswith("SSL"):
  return "no secure connection can be made"
 if isinstance(cause, OSError) and cause.errno is not None:
  return f"[Errno {cause.errno}] {cause.strerror}"

 return "the host or a proxy before it cannot be spoken to"





_CLAIMS = "ipynb-telemetry/me/sessions"
_PER_CLAIM = 500
_NO_ROUTE = (404, 405)


class _Claims:
 ""

 def __init__(self):
  self.left = {}
  self.not_before = 0.0
  self._failures = 0
  self._done = set()

 @property
 def is_due(self):
  ""
  return bool(self.left) and self.not_before <= time.monotonic()

 def tell(self, host, key, fingerprint, events):
  ""
  was_left = bool(self.left)
  if self._note(key, events) or self.is_due:
   self._claim(host, key, fingerprint)
  return was_left or bool(self.left)

 def _note(self, key, events):
  ""
  if not key.startswith(_CLASS_KEY):
   return False
  told = len(self._done)
  for event in events:
   session = str(event["properties"].get("session_id", ""))
   if session not in self._done:
    self._done.add(session)
    verifier = _verifier_for(event["distinct_id"])
    if verifier:
     self.left[session] = verifier
  return len(self._done) > told

 def _claim(self, host, key, fingerprint):
  ""
  for verifier in set(self.left.values()):
   sessions = [each for each, of in self.left.items() if of == verifier][:_PER_CLAIM]
   pause_s = self._pause_after(host, key, fingerprint, verifier, sessions)
   if pause_s:
    self.not_before = time.monotonic() + pause_s
    return
   for session in sessions:
    self.left.pop(session, None)
  self.not_before = 0.0

 def _pause_after(
  self, host, key, fingerprint, verifier, sessions
 ):
  ""
  body = json.dumps({"verifier": verifier, "sessions": sessions}).encode()
  headers = {"Authorization": f"Bearer {key}"}
  after_s = 0.0
  with suppress(Exception):
   answer = _post(host, body, fingerprint=fingerprint, headers=headers, path=_CLAIMS)
   verdict = _judge(answer, time.time())
   if verdict.kind != "retry" or answer.status in _NO_ROUTE:
    self._failures = 0
    return 0.0
   after_s = verdict.after_s
  self._failures += 1
  return max(after_s, _back_off(self._failures, random.random()))






def _lock(file):
 ""
 try:
  fcntl = _module("fcntl")
  fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
 except ImportError:
  msvcrt = _module("msvcrt")
  os.lseek(file, 1 << 30, os.SEEK_SET)
  msvcrt.locking(file, msvcrt.LK_NBLCK, 1)





_NEEDED = {"uuid", "distinct_id", "timestamp", "properties"}
_MAX_BATCH_TEXT = 1_000_000
_MAX_WAITING = 10_000


class _Spool:
 ""






 def __init__(
  self, path, host, key, fingerprint = "", file = -1
 ):
  self.path = path
  self.host = host
  self.key = key
  self.fingerprint = fingerprint
  self.waiting = {}
  self._named = set()
  self.claims = _Claims()
  self.pace = _Pace()
  self.is_refused = False
  self._asked_until = 0.0
  self._file = file
  self._guard = threading.Lock()

 @classmethod
 def create(cls, host, key, fingerprint = ""):
  ""
  spool = cls("", host, key, fingerprint)
  with suppress(OSError):
   path = os.path.join(_folder(), f"spool-{uuid.uuid4().hex}.jsonl")

   new = path if os.name == "nt" else path + ".new"
   spool._file = os.open(new, _APPEND, 0o600)
   try:
    _lock(spool._file)
    spool._write_destination()
    if new != path:
     os.rename(new, path)
    spool.path = path
   except OSError:
    os.close(spool._file)
    spool._file = -1
    os.unlink(new)
  return spool

 @classmethod
 def adopt(cls, path, host, key, fingerprint = ""):
  ""



  file = os.open(path, os.O_RDWR | os.O_APPEND)
  try:
   _lock(file)
   with open(path, encoding="utf-8", errors="replace", newline="\n") as reader:
    lines = reader.read().split("\n")
  except BaseException:
   os.close(file)
   raise
  spool = cls(path, host, key, fingerprint, file)
  for line in lines:
   with suppress(Exception):
    spool._read(line, host, key, fingerprint)
  os.write(file, b"\n")
  return spool

 def _read(self, line, host, key, fingerprint):
  read = json.loads(line)
  if "api_key" in read:
   self.host = read["host"]
   self.key = read["api_key"]
   self.fingerprint = read.get("certificate", "")
   left = read.get("unclaimed", {}).items()
   self.claims.left = {str(session): str(verifier) for session, verifier in left}
  elif read.get("unauthorized"):
   self.host = host
   self.key = key
   self.fingerprint = fingerprint
  for done in read.get("done", ()):
   self.waiting.pop(done, None)
   self._named.discard(done)
  if "event" in read and read.keys() >= _NEEDED and read["properties"] is not None:
   self._keep(read, line)

 def add(self, events):
  ""
  with self._guard:
   for event in events:
    self._keep(event, json.dumps(event, ensure_ascii=False))
   self._write(*(self.waiting[event["uuid"]] for event in events))
   surplus = len(self.waiting) - _MAX_WAITING
   oldest = list(self.waiting)[: surplus + _MAX_WAITING // 100] if surplus > 0 else []
   lost = [self.waiting[each] for each in oldest]
  self.done(oldest)
  return lost

 def claim(self, host, key, fingerprint, events):
  ""
  if self.claims.tell(host, key, fingerprint, events):
   with self._guard:
    self._write_destination()

 @property
 def is_empty(self):
  ""
  return not self.waiting and not self.claims.left

 def _keep(self, event, line):
  self.waiting[event["uuid"]] = line
  if not _is_code(str(event.get("distinct_id", ""))):
   self._named.add(event["uuid"])

 @property
 def may_leave(self):
  ""
  return len(self.waiting) > len(self._held())

 def _held(self):
  ""
  return self._named if self._named and _rules()["isPseudonym"] else set()

 def batch(self):
  ""
  batch = []
  size = 0
  held = self._held()
  with self._guard:
   lines = [line for each, line in self.waiting.items() if each not in held]
   for line in lines[: self.pace.max_count]:
    size += len(line)
    if batch and size > _MAX_BATCH_TEXT:
     break
    batch.append(json.loads(line))
  return batch

 def done(self, uuids):
  ""
  with self._guard:
   for each in uuids:
    self.waiting.pop(each, None)
    self._named.discard(each)
   if uuids:
    self._write({"done": uuids})
   if not self.waiting and self._file >= 0:
    with suppress(OSError):
     os.ftruncate(self._file, 0)
    self._write_destination()

 def drop(self, student):
  ""
  with self._guard:
   waiting = list(self.waiting.items())
  theirs = [each for each, line in waiting if json.loads(line)["distinct_id"] == student]
  self.done(theirs)
  return len(theirs)

 @property
 def is_due(self):
  ""
  return self.may_leave and self.pace.not_before <= time.monotonic()

 def settle(self, count, verdict, chance):
  ""
  now = time.monotonic()

  outcome = _settle(self.pace, count, False, verdict, now, chance)
  self.pace = outcome.pace
  self._asked_until = now + verdict.after_s if verdict.after_s else 0.0
  if verdict.kind == "unauthorized":
   self.refuse()
  return outcome.state, outcome.reason

 def refuse(self):
  ""
  if not self.is_refused:
   self.is_refused = True
   with self._guard:
    self._write({"unauthorized": True})

 def hurry(self):
  ""
  if not self.is_refused:
   self.claims.not_before = 0.0
   not_before = min(self.pace.not_before, self._asked_until)
   self.pace = self.pace._replace(not_before=not_before)

 def correct(self, host = "", key = "", fingerprint = ""):
  ""
  with self._guard:
   self.host = host or self.host
   self.key = key or self.key
   self.fingerprint = fingerprint if host else self.fingerprint
   self.is_refused = False
   self.pace = self.pace._replace(not_before=0.0)
   self._write_destination()

 def close(self):
  ""
  with self._guard, suppress(OSError):
   file = self._file
   self._file = -1
   if file >= 0:
    os.close(file)
    if self.is_empty:
     os.unlink(self.path)

 def _write_destination(self):
  told = {"host": self.host, "api_key": self.key}
  if self.fingerprint:
   told["certificate"] = self.fingerprint
  if self.claims.left:
   told["unclaimed"] = self.claims.left
  self._write(told)

 def _write(self, *lines):
  text = "".join(
   (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
  )
  if self._file >= 0:
   with suppress(OSError):
    os.write(self._file, text.encode("utf-8", "replace"))





_SPOOL = re.compile(r"spool-\w+\.jsonl")


def _adopt(host, key, fingerprint = ""):
 ""
 spools = []
 with suppress(OSError):
  folder = _folder(makes=False)
  for name in os.listdir(folder):
   path = os.path.join(folder, name)
   with suppress(OSError):
    if _SPOOL.fullmatch(name):
     spool = _Spool.adopt(path, host, key, fingerprint)
     if spool.is_empty:
      spool.close()
     else:
      spools.append(spool)
    elif name.endswith(".new") and time.time() - os.path.getmtime(path) > 3600:
     os.unlink(path)
 return spools









_YES = "yes"
_NO = "no"
_TAKEN_BACK = "withdrawn"
_MAX_ANSWERS = 500
_ANSWER_TEXTS = ("distinct_id", "answer", "notice_hash", "destination", "mode", "course", "time")


def _kept_answers():
 ""
 found = []
 with suppress(OSError), open(_answers_path(makes=False), "rb") as file:
  for line in file.readlines()[-_MAX_ANSWERS:]:
   with suppress(ValueError, RecursionError):
    read = json.loads(line)
    if _is_answer(read):
     if read.pop("is_salted", False) is not True:
      read["course"] = _salted_before(read["course"])
     found.append(read)
 return found


def _answers_path(makes = True):
 return os.path.join(_folder(makes), "consent.jsonl")


def _is_answer(read):
 if not isinstance(read, dict) or not isinstance(read.get("captured"), list):
  return False
 return all(isinstance(read.get(name), str) for name in _ANSWER_TEXTS)


def _remember(student, facts, answer, is_kept = True):
 ""
 given = {**facts, "distinct_id": student, "answer": answer, "time": _iso()}
 _state().answers.append(given)
 _keep_made(student)
 if is_kept:
  _keep_answers([given])
 else:
  _keep_salt()


def _keep_answers(answers):
 ""
 _keep_salt()

 lines = "".join(json.dumps({**each, "is_salted": True}) + "\n" for each in answers)
 with suppress(OSError):
  file = os.open(_answers_path(), _APPEND, 0o600)
  try:
   os.write(file, lines.encode())
  finally:
   os.close(file)


def _answer_to(student, facts):
 ""



 given_so_far = [*_kept_answers(), *_state().answers]
 given_so_far.sort(key=lambda each: str(each["time"]))
 for given in reversed(given_so_far):
  if given["course"] != facts["course"] or given["destination"] != facts["destination"]:
   continue
  if student is not None and given["distinct_id"] not in ("", student):
   continue
  if given["answer"] == _TAKEN_BACK:
   return _TAKEN_BACK
  is_same = given["notice_hash"] == facts["notice_hash"] and given["mode"] == facts["mode"]
  if is_same and (given["answer"] == _NO or set(facts["captured"]) <= set(given["captured"])):
   return str(given["answer"])
  return None
 return None


def _is_answered_here(student, facts):
 ""
 given = [each for each in _state().answers if each["distinct_id"] == student]
 return any(all(each[name] == facts[name] for name in facts) for each in given)


def _agreed_before(student, facts):
 ""
 for given in reversed(_kept_answers()):
  is_same = all(given[name] == facts[name] for name in ("course", "destination"))
  if (
   is_same
   and given["distinct_id"]
   and given["distinct_id"] == (student or given["distinct_id"])
  ):
   return str(given["distinct_id"]) if given["answer"] == _YES else None
 return None


def _can_ask():
 ""
 return bool(_parent().get("content", {}).get("allow_stdin", True))


def _ask_yes():
 ""
 for _ in range(3):
  try:
   answer = input("May this be recorded? Type yes or no: ").strip().lower()
  except (EOFError, NotImplementedError):
   return None
  if answer in ("yes", "y"):
   return True
  if answer in ("no", "n", "cancel"):
   return False
 return None





_NOBODY = (
 "nothing is recorded: nobody can be asked here. With the student's agreement, give "
    'consent="yes" in the call, or IPYNB_TELEMETRY_CONSENT=yes in the environment'
)
_AS_CHOSEN = (
 "nothing is recorded, as you chose. To be asked again give "
    'setup_telemetry("\u2026", consent="yes")'
)
_CANCELLED = "nothing is tracked, as you chose. Run this cell again to change that"


def _ask_who(notice):
 ""
 rules = _rules()
 if rules["names"] == "any" and not rules["isPseudonym"]:
  return _ask_any_student(notice)
 return _ask_student(notice, rules["isPseudonym"])


def _is_agreed(student, facts):
 ""
 known = _answer_to(student["id"], facts)
 is_arranged = os.environ.get("IPYNB_TELEMETRY_CONSENT") == _YES
 return known == _YES or (is_arranged and known is None)


class _Agreed(NamedTuple):
 ""

 student: dict[str, str] | None
 is_new: bool = False
 is_refused: bool = False
 words: str = ""


class _Question:
 ""

 def __init__(self, facts, notice, wish):
  ""
  if wish not in (None, _YES, _NO):
   raise ValueError('consent has to be "yes" or "no", or left out: then somebody is asked')
  self._facts = facts
  self._notice = notice
  self._wish = wish
  self._is_arranged = os.environ.get("IPYNB_TELEMETRY_CONSENT") == _YES
  self._is_opt_in = facts["mode"] == "opt-in"

 def put(self, student):
  ""



  who = student["id"] if student else None
  known = _answer_to(who, self._facts)
  if self._wish == _NO:
   return _Agreed(None, words="nothing is recorded, as the call says")
  if student and known == _YES and (_can_ask() or _is_answered_here(who, self._facts)):
   return _Agreed(student)
  is_final = known == _NO or (known == _TAKEN_BACK and (self._is_opt_in or not _can_ask()))
  if is_final and self._wish != _YES:
   return _Agreed(None, words=_AS_CHOSEN)
  if _can_ask() and not (student and self._is_arranged):
   return self._ask_known(student) if student else self._ask_unknown()
  return self._take(student)

 def _take(self, student):
  ""
  if self._wish != _YES and not self._is_arranged and student:
   return _Agreed(None, words=_NOBODY)
  student = student or _ask_who(self._notice)
  if student is None:
   return _Agreed(None, words=_NOBODY)
  _remember(student["id"], self._facts, _YES, is_kept=False)
  return _Agreed(student, is_new=self._wish == _YES)

 def _ask_known(self, student):
  print(self._notice)
  return self._heard(_ask_yes(), student)

 def _ask_unknown(self):
  notice = self._notice
  has_agreed = _answer_to(None, self._facts) == _YES
  if self._is_opt_in and not has_agreed:
   print(notice)
   heard = _ask_yes()
   if not heard:
    return self._heard(heard, None)
   notice = "Who is working?"
  student = _ask_who(notice)
  if student is None:
   return _Agreed(None, is_refused=True, words=_CANCELLED)
  if _answer_to(student["id"], self._facts) == _YES:
   return _Agreed(student)

  is_asked = not (self._is_opt_in and has_agreed)
  return self._heard(is_asked or _ask_yes(), student)

 def _heard(self, answer, student):
  if answer and student:
   _remember(student["id"], self._facts, _YES)
   return _Agreed(student, is_new=True)
  if answer is None:
   is_taken = student and (self._wish == _YES or self._is_arranged)
   return self._take(student) if is_taken else _Agreed(None, words=_NOBODY)
  if self._is_opt_in:
   _remember(student["id"] if student else "", self._facts, _NO)
  words = _AS_CHOSEN if self._is_opt_in else _CANCELLED
  return _Agreed(None, is_refused=True, words=words)





_SENDER = re.compile("[0-9a-f]{32}")


def _sender(key):
 ""




 if not key.startswith(_CLASS_KEY):
  return ""
 with suppress(OSError, ValueError):
  _keep_text("sender", uuid.uuid4().hex)
  read = _read_kept("sender")
  return read if _SENDER.fullmatch(read) else ""
 return ""







_ADDED = {"$ip": None, "$geoip_disable": True, "$process_person_profile": True}
_LIBRARY = {"$lib": "ipynb-telemetry", "$lib_version": __version__}


def _body(key, events):
 ""
 batch = [
  {**event, "properties": {**event["properties"], **_LIBRARY, **_ADDED}} for event in events
 ]
 body = {"api_key": key, "sent_at": _iso(), "batch": batch}
 return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")





_ENVELOPE = ("student_id", "notebook", "session_id", "seq", "active_ms")
_WRITTEN_S = 2.0
_GATHER_S = 0.5


class _Delivery:
 ""

 def __init__(self, host, key, fingerprint = ""):
  self.host = host
  self.key = key
  self.fingerprint = fingerprint
  self.path = ""
  self.pid = os.getpid()
  self.notice = ""
  self._told = set()
  self._events = SimpleQueue()
  self._due = threading.Event()
  self._hurry = threading.Event()
  self._spools = []
  threads = [self._write]
  if key is not None:
   _load_for_posts()
   self._spools = [_Spool.create(host, key, fingerprint)]
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
  for spool in self._spools:
   spool.hurry()
  self._hurry.set()
  self._due.set()
  while any(s.is_due or s.claims.is_due for s in self._spools) and time.monotonic() < until:
   time.sleep(0.005)
  for spool in self._spools:
   spool.close()

 def drop(self, student):
  ""
  written = threading.Event()
  self._events.put((written, None))
  written.wait(_WRITTEN_S)
  return sum(spool.drop(student) for spool in self._spools)

 @property
 def is_refused(self):
  ""
  return bool(self._spools) and self._spools[0].is_refused

 def correct(self, host, key, fingerprint = ""):
  ""
  if self.is_refused:
   self.host = host
   self.key = key
   self.fingerprint = fingerprint
  for spool in self._spools:
   if spool.is_refused:
    self._told.clear()
    spool.correct(host, key, fingerprint)
  self._due.set()

 def take(self, spools):
  ""
  self._spools += spools
  self._due.set()

 def _write(self):
  ""
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
     redacted = _count_secrets(made)
     if redacted:
      ready[-1]["properties"]["redacted"] = redacted
   self._store(ready)

 def _store(self, events):
  with suppress(Exception):
   if self._spools:
    self._lose(self._spools[0].add(events) if events else [])
    self._due.set()
   elif events:
    _append(self.path, *events)

 def _lose(self, lines):
  ""
  lost = [json.loads(line) for line in lines]
  for session in {event["properties"]["session_id"] for event in lost}:
   given = [e for e in lost if e["properties"]["session_id"] == session]
   seqs = [event["properties"]["seq"] for event in given]
   told = {"count": len(given), "reason": "storage"}
   told.update(first_seq=min(seqs), last_seq=max(seqs))
   last = given[-1]["properties"]
   envelope = {key: last[key] for key in _ENVELOPE if key in last}
   event = {**given[-1], "event": "events_dropped", "uuid": str(uuid.uuid4())}
   self._spools[0].add([{**event, "properties": {**told, **envelope}}])

 def _send(self):
  ""
  while True:
   spool = next((s for s in self._spools if s.is_due or s.claims.is_due), None)
   if spool is None:
    dues = [s.pace.not_before for s in self._spools if s.may_leave]
    dues += [s.claims.not_before for s in self._spools if s.claims.left]
    pauses = [due - time.monotonic() for due in dues]
    self._due.wait(max(0.0, min(pauses)) if pauses else None)
    self._hurry.wait(_GATHER_S)
    self._due.clear()
    continue
   if spool.is_due:
    self._post(spool)
   else:
    with suppress(Exception):
     spool.claim(spool.host, spool.key, spool.fingerprint, [])
   if spool is not self._spools[0] and spool.is_empty:
    self._spools.remove(spool)
    spool.close()

 def _post(self, spool):
  ""
  host = spool.host
  key = spool.key
  pinned = spool.fingerprint
  batch = spool.batch()
  if not batch:
   return
  try:
   headers = {"Telemetry-Sender": _sender(key)}
   answer = _post(host, _body(key, batch), fingerprint=pinned, headers=headers)
   verdict = _judge(answer, time.time())
  except Exception as error:
   verdict = _Meaning("retry", type(error).__name__)
  is_as_sent = (spool.host, spool.key, spool.fingerprint) == (host, key, pinned)
  if not is_as_sent and verdict.kind != "accepted":
   return
  if verdict.kind == "unauthorized":
   words = verdict.reason.partition(" ")[0]
   self._tell(f"{host} refuses the key ({words}). Events wait here until it is corrected")
  elif verdict.reason == _NOT_PINNED:
   spool.refuse()
   words = "shows another certificate than the one that is trusted here. Nothing was sent"
   self._tell(f"{host} {words}, and events wait here until that is corrected")
  elif verdict.reason == _UNTRUSTED:
   self._tell(f"the certificate of {host} is not trusted here. Events wait until it is")
  elif (
   spool.is_refused and verdict.kind == "accepted"
  ):
   spool.correct()
  if verdict.kind == "accepted":

   with suppress(Exception):
    spool.claim(host, key, pinned, batch)
  state, reason = spool.settle(len(batch), verdict, random.random())
  if state == "set_aside":
   self._set_aside(batch[0], reason or "")
  if state != "waiting":
   spool.done([event["uuid"] for event in batch])

 def _set_aside(self, event, reason):
  ""
  try:
   _append(os.path.join(_folder(), "refused.jsonl"), {**event, "reason": reason})
  except OSError:
   with suppress(Exception):
    if event["event"] != "events_dropped":
     self._lose([json.dumps(event)])

 def _tell(self, notice):
  if notice not in self._told:
   self._told.add(notice)
   self.notice = notice


def _append(path, *events):
 lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
 file = os.open(path, _APPEND, 0o600)
 try:
  os.write(file, lines.encode("utf-8", "replace"))
 finally:
  os.close(file)


def _deliver(host, key, fingerprint = ""):
 ""
 deliveries = _state().deliveries
 wanted = (host, key, fingerprint, os.getpid())
 for delivery in deliveries:
  pinned = getattr(delivery, "fingerprint", "")
  if (delivery.host, delivery.key, pinned, delivery.pid) == wanted:
   return delivery
 deliveries.append(_Delivery(host, key, fingerprint))
 return deliveries[-1]








_MAX_TOLD = 1 << 20
_CHILD_PATIENCE_S = 1.0


class _Forks:
 ""

 def __init__(self, hear):
  ""
  self.pid = os.getpid()
  self._hear = hear
  self._numbers = {}
  self._child = (0, 0)
  socket = _module("socket")
  self._in, self._out = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
  self._out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MAX_TOLD)
  self._out.settimeout(_CHILD_PATIENCE_S)
  threading.Thread(target=self._listen, name="ipynb-telemetry", daemon=True).start()

 def tell(self, told):
  ""
  pid = os.getpid()
  number = self._child[1] + 1 if self._child[0] == pid else 1
  self._child = (pid, number)
  for content in (told, None):
   with suppress(OSError):
    line = json.dumps([pid, number, content], ensure_ascii=False)
    self._out.send(line.encode("utf-8", "replace"))
    return

 def _listen(self):
  while True:
   with suppress(Exception):
    pid, number, told = json.loads(self._in.recv(_MAX_TOLD))
    lost = number - self._numbers.get(pid, 0) - (told is not None)
    self._numbers[pid] = number
    self._hear(told, lost)


def _watch_forks(hear):
 ""
 state = _state()

 def before():
  with suppress(Exception):
   if state.forks is None and (state.comms or state.reporter):
    state.forks = _Forks(hear)

 if not state.watches_forks and hasattr(os, "register_at_fork"):
  state.watches_forks = True
  os.register_at_fork(before=before)









_MAX_UNHEARD = 1_000
_MAX_UNITS = 8_000_000
_AT_ONCE = 100
_LOSS = "events_dropped"
_PAUSE_S = 1.0


def _letter(told, at = None):
 ""

 return {"told": told, "at": time.monotonic() if at is None else at, "size": len(repr(told))}


def _tell_page(page, told, at = None):
 ""




 rules = page.get("rules")
 if rules:
  if not _is_permitted(told["event"], rules):
   return
  told = {**told, "properties": _permitted(told["event"], told["properties"], rules)}
 if not page.get("acknowledges"):
  _say(page["comm"], told)
  return
 with _state().guard:
  page["sent"] += 1
  unheard = page["unheard"]
  after = unheard[-1]["number"] if unheard else page["heard"]
  if not unheard:
   page.update(due=time.monotonic() + _PAUSE_S, tries=0)
  letter = {**_letter(told, at), "number": page["sent"]}
  unheard.append(letter)

  for given_up in () if told["event"] == _LOSS else _bound(unheard):
   page["given_up"] = given_up["number"]
  _say_letter(page, letter, after)
  _look_later(_PAUSE_S)


def _say_letter(page, letter, after):
 ""
 told = {**letter["told"], "number": letter["number"], "after": after}
 told["student"] = page["of"] and page["of"][0]
 if "timestamp" not in told:
  told["age_ms"] = round((time.monotonic() - letter["at"]) * 1000)
 letter["said"] = time.monotonic()
 with suppress(Exception):
  _say(page["comm"], told)


def _bound(letters):
 ""
 count = len(letters)
 units = sum(letter["size"] for letter in letters)
 given_up = []
 for letter in letters:
  if count <= _MAX_UNHEARD and (units <= _MAX_UNITS or count <= 1):
   break
  if letter["told"]["event"] != _LOSS:
   given_up.append(letter)
   units -= letter["size"]
   count -= 1
 for letter in given_up:
  letters.remove(letter)
 return given_up


def _acknowledge(page, number):
 ""
 if type(number) is not int or not page.get("acknowledges"):
  return
 with _state().guard:
  if not page["heard"] <= number <= page["sent"]:
   return
  unheard = page["unheard"]
  unheard[:] = [letter for letter in unheard if letter["number"] > number]
  page.update(heard=number, tries=0, due=time.monotonic() + _PAUSE_S)
  _tell_lost(page, _count_lost(page))
  if unheard and time.monotonic() - unheard[0]["said"] > _PAUSE_S / 2:
   _repeat(page)


def _count_lost(page):
 ""
 counted = max(page["heard"], page["counted"])
 kept = [each for each in page["unheard"] if counted < each["number"] <= page["given_up"]]
 lost = max(0, page["given_up"] - counted - len(kept))
 page["counted"] = max(page["counted"], page["given_up"])
 return lost


def _tell_lost(page, count):
 if count:
  lost = {"event": _LOSS, "properties": {"count": count, "reason": "rate"}}
  _tell_page(page, {**lost, "uuid": _uuid7()})


def _repeat(page):
 ""




 is_gap = page["given_up"] > max(page["heard"], page["counted"])
 after = page["given_up"] if is_gap else page["heard"]
 for letter in page["unheard"][: 1 if is_gap else _AT_ONCE]:
  _say_letter(page, letter, after)
  after = letter["number"]


def _look_later(pause):
 ""
 state = _state()
 if state.loop is not None and not state.watches:
  with suppress(Exception):
   state.loop.call_soon_threadsafe(state.loop.call_later, pause, state.look)
   state.watches = True








_TRIES = 8
_MAX_LEFT = 16


def _greet(page, version, of):
 ""



 with _state().guard:
  if page.get("of") != of:
   _leave_behind(page)
   page["of"] = of
  page["acknowledges"] = type(version) is int and version > 1
  if "unheard" not in page:
   page.update(sent=0, heard=0, given_up=0, counted=0, unheard=[], due=0.0, tries=0)
  if of and page["acknowledges"]:
   _state().left.pop(page["session"], None)
   for other in _open_comms():
    if other is not page and other.get("of") == of and other.get("tries", 0) >= _TRIES:
     _leave_behind(other)
   _give_left(page)


def _part(page):
 ""
 state = _state()
 with state.guard:
  _leave_behind(page)
  if page.get("of") and page["acknowledges"]:
   state.left[page["session"]] = (*page["of"], os.getpid())
   while len(state.left) > _MAX_LEFT:
    state.left.pop(next(iter(state.left)))


def _keep_for_left(session, told):
 ""
 state = _state()
 student, notebook, pid = state.left.get(session, ("", "", 0))
 if pid == os.getpid():
  with state.guard:
   state.behind.append({**_letter(told), "of": (student, notebook)})
   _bound_behind()


def _leave_behind(page):
 of = page.get("of")
 if of:
  state = _state()
  state.lost[of] = state.lost.get(of, 0) + _count_lost(page)
  state.behind += [{**letter, "of": of} for letter in page["unheard"]]
  page["unheard"].clear()
  page["counted"] = page["sent"]
  _bound_behind()


def _bound_behind():
 lost = _state().lost
 for letter in _bound(_state().behind):
  lost[letter["of"]] = lost.get(letter["of"], 0) + 1
 while len(lost) > _MAX_LEFT:
  lost.pop(next(iter(lost)))


def _give_left(page):
 lost, letters = _take_left(page["of"])
 _tell_lost(page, lost)
 for letter in letters:
  _tell_page(page, letter["told"], letter["at"])


def _take_left(of):
 ""
 state = _state()
 with state.guard:
  taken = [letter for letter in state.behind if letter["of"] == of]
  state.behind[:] = [letter for letter in state.behind if letter["of"] != of]
  return state.lost.pop(of, 0), taken


def _throw_away(page):
 ""
 if page.get("of"):
  _leave_behind(page)
  _take_left(page["of"])
  page["of"] = None





_RAREST_S = 300.0


def _take_loop():
 ""
 with suppress(Exception):
  state = _state()
  state.look = _look
  state.loop = importlib.import_module("asyncio").get_running_loop()


def _look():
 ""
 with suppress(Exception):
  state = _state()
  state.watches = False
  count = getattr(_shell(), "execution_count", 0)
  is_quiet = count == state.count
  state.count = count
  waits = [page for page in _open_comms() if page.get("unheard")]
  with state.guard:
   for page in waits if is_quiet else ():
    _look_at(page)
  pauses = [page["due"] - time.monotonic() for page in _open_comms() if page.get("unheard")]
  if pauses:

   _look_later(max(0.1, min(*pauses, _RAREST_S)) if is_quiet else _PAUSE_S)


def _look_at(page):
 ""
 if page["due"] > time.monotonic():
  return
 others = [each for each in _open_comms() if each is not page and each.get("of") == page["of"]]
 heirs = [other for other in others if other["tracked"] and other["acknowledges"]]
 if page["tries"] >= _TRIES and heirs:
  _leave_behind(page)
  _give_left(heirs[-1])
  return
 _repeat(page)
 page["tries"] += 1
 page["due"] = time.monotonic() + min(_RAREST_S, _PAUSE_S * 2.0 ** page["tries"])






def _send(event, properties, **envelope):
 ""




 forks = _state().forks
 if forks is not None and forks.pid != os.getpid():
  forks.tell([event, properties, envelope])
  return

 told = {"event": event, "properties": _without_known(properties), **envelope}
 caller = _caller()
 pages = [page for page in _open_comms() if page["tracked"]]
 is_heard = False
 for page in pages:
  if not page.get("acknowledges"):
   with suppress(Exception):
    _say(page["comm"], told)
    is_heard = is_heard or caller in (None, page["session"])
 asked = [
  page for page in pages if page.get("acknowledges") and caller in (None, page["session"])
 ]
 reporter = _state().reporter
 if is_heard:
  return
 if asked:
  with _state().guard:
   _tell_page(asked[-1], {"uuid": _uuid7(), **told})
 elif reporter and reporter.pid == os.getpid():
  reporter.capture(event, properties)
 elif _is_permitted(event, _rules()):
  permitted = _permitted(event, told["properties"], _rules())
  _keep_for_left(caller, {"uuid": _uuid7(), **told, "properties": permitted})


def _hear_child(told, lost):
 ""
 if lost > 0:
  dropped = {"count": lost, "reason": "rate"}
  kept = {"buffered": True, "uuid": _uuid7(), "timestamp": _iso()}
  _send("events_dropped", dropped, **kept)
 if told is not None:
  event, properties, envelope = told
  _send(event, properties, **envelope)





_TESTS = ("test_passed", "test_failed")
_BURST = 1_000
_PER_SECOND = 50
_LONGEST_PAUSE_S = 60.0


class _Direct:
 ""

 def __init__(self, student, notebook, delivery):
  self.student = student
  self.notebook = notebook
  self.delivery = delivery
  self.pid = os.getpid()
  self.runs = _Runs(self._on_run, self._claim)
  self._id = str(uuid.uuid4())
  self._seq = 0
  self._tests = {}
  self._guard = threading.Lock()
  now = time.monotonic()
  self._room = float(_BURST)
  self._filled = now
  self._dropped = 0
  self._started = now
  self._sign = now
  self._active = 0.0
  self._until = None
  self._is_away = False
  self._turned = time.time()

 def start(self, timestamp = None):
  ""
  app, version = _app()
  started = {"kernel": _kernel_name(), "language": "python", "cell_count": None}
  started.update(app=app, app_version=version, extension_version=__version__)
  if "shown" in self.student:
   started["student_name"] = self.student["shown"]
  self.capture("session_started", started, timestamp=timestamp)
  self.runs.start()

 def take_over(self, kept, lost):
  ""
  for each in kept:
   self.capture(each["event"], each["properties"], each["uuid"], each["timestamp"])
  self._dropped = lost

 def _admit(self):
  ""
  with self._guard:
   now = time.monotonic()
   self._room = min(_BURST, self._room + (now - self._filled) * _PER_SECOND)
   self._filled = now
   if self._room < 1:
    self._dropped += 1
    return False
   self._room -= 1
   return True

 def _tell_dropped(self):
  ""
  with self._guard:
   dropped = self._dropped
   self._dropped = 0
  if dropped:
   self.capture("events_dropped", {"count": dropped, "reason": "rate"})

 def capture(
  self, event, properties, uid = None, timestamp = None
 ):
  ""
  rules = _rules()
  if not _is_permitted(event, rules):
   return
  if rules["isPseudonym"] and not _is_code(self.student["id"]):
   return
  is_from_cell = event not in _BUILT_IN or event in _BY_CODE
  if is_from_cell and uid is None and not self._admit():
   return
  if event in _TESTS:
   attempt = self._tests.get(properties["test"], 0) + 1
   self._tests[properties["test"]] = attempt

   properties = {"cell_id": None, **properties, "attempt": attempt}
  if event != "cell_executed":
   properties = functools.partial(_told, event, properties, self.runs.code)
  properties = functools.partial(_let_out, event, properties, rules)
  with self._guard:
   self._seq += 1
   values = (self.student["id"], self.notebook, self._id, self._seq, self._active_ms())
   envelope = dict(zip(_ENVELOPE, values))
   wire = {"uuid": uid or str(uuid.uuid4()), "event": event}
   wire.update(distinct_id=self.student["id"], timestamp=timestamp or _iso())
   self.delivery.put({**wire, "properties": envelope}, properties)

 def _on_run(self, run):
  self.work(run.ended - run.started)
  self._tell_dropped()
  self.capture("cell_executed", run.properties, run.uuid)
  notice = self.delivery.notice
  if notice:
   self.delivery.notice = ""
   print(f"ipynb-telemetry: {notice}")

 def work(self, took = 0.0):
  ""



  with self._guard:
   self._work(took)

 def _work(self, took):
  now = time.monotonic()
  pause = max(0.0, now - self._sign - took)
  self._active += min(pause, _LONGEST_PAUSE_S) + min(took, now - self._sign)
  self._sign = now

 def _active_ms(self):
  ""
  took = self.runs.took
  if took > 0:
   self._work(took)
  pause = min(time.monotonic() - self._sign, _LONGEST_PAUSE_S)
  return round((self._active + pause) * 1000)

 def turn(self, *told, **_):
  ""
  with suppress(Exception):
   is_away, at = told
   is_turn = isinstance(is_away, bool) and is_away is not self._is_away
   if is_turn and _state().reporter is self and self._admit():

    at = max(self._turned, min((at + self.runs.lag) / 1000, time.time()))
    away_ms = round((at - self._turned) * 1000)
    self._is_away = is_away
    self._turned = at
    left = {"reason": "page_hidden"}
    if is_away:
     self.capture("blur", left, timestamp=_iso(at))
    else:
     self.capture("focus", {**left, "away_ms": away_ms}, timestamp=_iso(at))

 def hand_over(self, page):
  ""
  self._until = page["since"]

 def _claim(self, header):
  ""
  if self._until is None or header["date"] < self._until:
   return True
  self.end()
  return False

 def end(self):
  ""
  self.work(self.runs.took)
  self.runs.stop()
  if _state().reporter is self:
   _state().reporter = None
  self._tell_dropped()
  took = round((time.monotonic() - self._started) * 1000)
  self.capture("session_ended", {"duration_ms": took})

 def withdraw(self, facts):
  ""



  unsent = self.delivery.drop(self.student["id"])
  self.end()
  if facts:
   self.capture("consent_withdrawn", facts)
  return unsent


def _direct(reporter):
 ""
 return cast("_Direct", reporter) if reporter and reporter.student else None


def _let_out(event, properties, rules):
 ""
 return _permitted(event, properties() if callable(properties) else properties, rules)


def _told(event, properties, code):
 ""



 _learn_from(code)
 if event in _TESTS:
  error = properties["error"]
  error = error and _error(error["name"], error["value"], error["traceback"])
  cell = properties["cell_id"]
  texts = {"test": _cut(properties["test"], _MAX_LABEL)[0], "cell_id": cell and _clean(cell)}
  return {**properties, **texts, "error": error}
 return dict(_clean_json(properties))





_MAX_KEPT = 1_000


class _Handover:
 ""





 student = None

 def __init__(self):
  self.pid = os.getpid()
  self.runs = _Runs(self._on_run, self._claim)

  self.pages = {}
  self.waiting = []
  self._lost = 0

 def expect(self, page):
  ""
  self.pages[page] = None
  self.runs.start()

 def _claim(self, header):
  ""
  page = self.pages.get(header["session"])
  if page and not header["date"] < page["since"]:
   self.forget(header["session"])
   return False
  return header["session"] in self.pages

 def _on_run(self, run):
  self._keep(run.page, "cell_executed", run.properties(), run.uuid)

 def capture(self, event, properties):
  ""
  page = _caller()
  if page is None or page in self.pages:
   self._keep(page, event, properties)

 def _keep(self, page, event, properties, uid = None):
  rules = _rules()
  is_early = rules["consent"] == "opt-in" and not self.pages.get(page)
  if is_early or not _is_permitted(event, rules):
   return
  kept = {"event": event, "properties": properties, "uuid": uid or _uuid7()}
  self.waiting.append((page, {**kept, "timestamp": _iso(), "buffered": True}))
  self._lost += len(self.waiting) > _MAX_KEPT
  del self.waiting[:-_MAX_KEPT]
  self._flush()

 def hand_over(self, page):
  ""
  told = page["session"]
  if not self.pages.get(told):
   self.pages[told] = page
   self.waiting = [(of or told, kept) for of, kept in self.waiting]
   self._flush()
   lost = self._lost
   if lost:
    self._lost = 0
    self._keep(told, "events_dropped", {"count": lost, "reason": "rate"})

 def forget(self, page):
  ""
  self.pages.pop(page, None)
  self.waiting = [(of, kept) for of, kept in self.waiting if of != page]
  if not self.pages:
   self.end()

 def _flush(self):
  waiting = self.waiting
  self.waiting = []
  for of, kept in waiting:
   page = self.pages.get(of)
   if page:
    _tell_page(page, kept)
   else:
    self.waiting.append((of, kept))

 def end(self):
  ""
  self.runs.stop()
  if _state().reporter is self:
   _state().reporter = None


def _handover(reporter):
 ""
 return None if reporter is None or reporter.student else cast("_Handover", reporter)






class _Search:
 ""

 def __init__(
  self, host, api_key, certificate, delivery
 ):
  ""
  self._delivery = delivery
  self.of_call = (host, api_key)
  self.certificate = certificate
  self._is_given = any(each is not None for each in (host, api_key, certificate))
  self._is_needed = delivery is None or self._is_given or delivery.is_refused
  self.place = ""
  self.key = None
  self.fingerprint = ""
  self.course, self.problem = _read_course()
  if self._is_needed:
   problem = self.problem

   off = re.findall(r"\w+", str(self.course.get("test_sources_off", "")))
   _state().sources_off = set(off)
   self.place, self.key, self.fingerprint, self.problem = _destination(
    host, api_key, certificate, self.course, problem
   )

 @property
 def _is_kept(self):
  ""
  is_named = self.key or (self._is_given and not self.problem)
  return bool(self._delivery) and not (self._is_needed and is_named)

 def told(self):
  ""
  old = self._delivery if self._is_kept else None
  place, key = (old.host, old.key) if old else (self.place, self.key)
  told = (self.course, _rules(), place, key)
  return _consent_facts(*told), _notice_words(*told)

 def deliver(self):
  ""
  old = self._delivery
  if old and self._is_kept:
   return old
  if old and self.key and old.is_refused:
   old.correct(*_pinned(self.place, self.key, self.fingerprint))
  return _deliver(self.place, self.key, self.fingerprint)


def _pinned(host, key, fingerprint):
 ""
 return (host, key, fingerprint) if fingerprint else (host, key)





_LAST_S = 2.0


def _track(
 notebook,
 host,
 api_key,
 skip_name_prompt = False,
 student_name = None,
 certificate = None,
 consent = None,
):
 ""
 state = _state()
 direct = _direct(state.reporter)
 search = _Search(host, api_key, certificate, direct.delivery if direct else None)
 held = _held_back()
 if not held:
  facts, notice = search.told()
  student = _known_student(direct, skip_name_prompt, student_name)
  agreed = _Question(facts, notice, consent).put(student)
  if agreed.student:
   return _report(agreed.student, notebook, search, facts if agreed.is_new else None)
  if agreed.is_refused:
   _tell_refusal(student, notebook, search, facts)
  held = agreed.words
 if direct:
  direct.end()
 state.destination = None
 _forget_caller()
 return f"{search.problem} {held}".strip()


def _track_left(
 notebook, host, api_key, student, certificate
):
 ""
 search = _Search(host, api_key, certificate, None)
 held = _held_back()
 rules = _rules()
 if not held and rules["isPseudonym"] and not _is_code(student["id"]):
  held = "nothing is recorded under a name. Run setup_telemetry again, and give your code"
 if not held:
  facts, _ = search.told()
  is_of_page = facts["destination"] in (_STAYING, rules["destination"])
  if (is_of_page and not rules["isUnanswered"]) or _is_agreed(student, facts):
   return _report(student, notebook, search, None)
  held = f"nothing is recorded: nobody has agreed to what {facts['destination']} gets. "
  held += "Run setup_telemetry again"
 return f"{search.problem} {held}".strip()


def _known_student(
 direct, skip_name_prompt, student_name
):
 ""
 rules = _rules()
 is_coded = rules["isPseudonym"]
 takes_any = rules["names"] == "any" and not is_coded
 if student_name is not None and takes_any and not _is_like_code(student_name):
  return _read_any_student(student_name)
 if student_name is not None:
  return _read_student(student_name, is_coded)
 if direct and (not is_coded or _is_code(direct.student["id"])):
  return direct.student
 if skip_name_prompt:
  example = "your code" if is_coded else "Ann Lee"
  raise ValueError(
   f"skip_name_prompt needs a {'code' if is_coded else 'name'}, as in"
            f' student_name="{example}"'
  )
 return None


def _report(
 student, notebook, search, given
):
 ""
 state = _state()
 direct = _direct(state.reporter)
 state.destination = search.of_call
 state.certificate = search.certificate
 try:
  delivery = search.deliver()
 except Exception as error:
  return f"nothing is tracked, since events cannot be kept: {_message(error)}"
 if delivery.key:
  pinned = getattr(delivery, "fingerprint", "")
  delivery.take(_adopt(delivery.host, delivery.key, pinned))
 is_at_class = (delivery.key or "").startswith(_CLASS_KEY)
 if is_at_class:
  _meet(student["id"])
 wanted = (student, notebook, delivery)
 if direct is None or (direct.student, direct.notebook, direct.delivery) != wanted:
  direct = _begin(*wanted)
 if given:
  direct.capture("consent_given", given)
 _watch_tab(direct.turn)
 line = f"on for {student['name']} in {notebook}, "
 line += f"events go to {delivery.host}" if delivery.key else f"events stay in {delivery.path}"
 if is_at_class and "code" in _known(student["id"]):
  line += ". telemetry_code() tells how to see and erase your records there"
 return f"{search.problem} {line}".strip()


def _tell_refusal(
 student, notebook, search, facts
):
 ""
 with suppress(Exception):
  who = _agreed_before(student["id"] if student else None, facts)
  if who:
   _Direct({"id": who, "name": who}, notebook, search.deliver()).capture(
    "consent_declined", facts
   )
   _ends()


def _held_back():
 ""
 rules = _rules()
 if rules["isDeclined"]:
  return "nothing is recorded, as was chosen in the page"
 if rules["isOff"]:
  return "nothing is recorded until the settings can be read"
 return "nothing is recorded, since a pause was taken in the page" if rules["isPaused"] else ""


def _begin(student, notebook, delivery):
 ""
 state = _state()
 handover = _handover(state.reporter)
 if state.reporter:
  state.reporter.end()
 state.reporter = None
 state.student = student
 state.notebook = notebook
 direct = _Direct(student, notebook, delivery)
 if handover:
  kept = [each for of, each in handover.waiting if of in (None, _caller())]
  if kept:
   direct.runs.attempts = handover.runs.attempts
  direct.start(kept[0]["timestamp"] if kept else None)
  direct.take_over(kept, handover._lost)
 else:
  direct.start()
 state.reporter = direct
 _ends()
 _publish(_student_names())
 return direct


def _forget_caller():
 ""
 handover = _handover(_state().reporter)
 if handover:
  handover.forget(_caller())


def _send_left(host, api_key, certificate):
 ""
 place, key, pinned, _ = _destination(host, api_key, certificate, *_read_course())
 if not key:
  return
 for delivery in _state().deliveries:
  if delivery.pid == os.getpid():
   delivery.correct(*_pinned(place, key, pinned))
 left = _adopt(place, key, pinned)
 if left:
  _ends()
  _deliver(place, key, pinned).take(left)


def _switch_off():
 ""
 state = _state()
 state.destination = None
 direct = _direct(state.reporter)
 if direct:
  direct.end()


def _ends():
 ""
 state = _state()
 if not state.ends:
  state.ends = True
  atexit.register(_at_exit)


def _at_exit():
 ""
 state = _state()
 until = time.monotonic() + _LAST_S
 with suppress(Exception):
  direct = _direct(state.reporter)
  if direct and direct.pid == os.getpid():
   direct.end()
 for delivery in state.deliveries:
  with suppress(Exception):
   if delivery.pid == os.getpid():
    delivery.finish(until)





_PATIENCE_S = 2.0


class _Handshake:
 ""

 def __init__(self, notebook):
  self._notebook = notebook
  self._page = ""

  self._comm_id = uuid.uuid4().hex
  self._answer = ""
  self._heard = threading.Event()

 def ask(self):
  ""




  parent = _parent()
  if not parent.get("content", {}).get("allow_stdin") or _app()[0] != "kernel":
   return None
  comm = None
  try:
   self._page = parent["header"]["session"]
   if _IN_BROWSER:
    self._ask_without_waiting()
    return "later"
   comm = self._ask_and_wait()
   if self._answer == "here":
    comm.send({"accept": True})
    self._expect(comm)
    return "here"
  except Exception:
   self._answer = ""
  with suppress(Exception):
   if comm is not None and self._answer != "closed":
    comm.close()
  return "off" if self._answer == "off" else None

 def _expect(self, comm):
  ""
  state = _state()
  state.handshakes[self._page] = comm
  comm.on_close(self._on_close)
  if self._page not in {entry["session"] for entry in _open_comms()}:
   if state.reporter is None:
    state.reporter = _Handover()
   handover = _handover(state.reporter)
   if handover:
    handover.expect(self._page)

 def _on_close(self, _):
  state = _state()
  state.failed.add(self._page)
  handover = _handover(state.reporter)
  if _IN_BROWSER and handover:
   handover.forget(self._page)

 def _ask_without_waiting(self):
  ""

  def hear(message):
   answer = message["content"]["data"].get("answer")
   if answer == "here":
    comm.send({"accept": True})
   elif answer == "off":
    _switch_off()
    self._on_close(message)
    comm.close()

  comm = _create_comm(data=self._question())
  comm.on_msg(hear)
  self._expect(comm)

 def _ask_and_wait(self):
  ""
  kernel = _shell().kernel
  stream = getattr(kernel, "shell_stream", None) or kernel.shell_streams[0]
  is_threaded = getattr(kernel, "shell_channel_thread", None) is not None
  receive = stream._recv_callback
  until = time.monotonic() + _PATIENCE_S

  def look(message, *args):
   with suppress(Exception):
    self._hear(kernel.session, message)
   return receive(message, *args)

  stream._recv_callback = look
  try:
   comm = _create_comm(data=self._question(), comm_id=self._comm_id)
   while not self._heard.is_set() and time.monotonic() < until:
    if not is_threaded:
     stream.flush()
    self._heard.wait(0.01)
  finally:
   if stream._recv_callback is look:
    stream._recv_callback = receive
  return comm

 def _question(self):
  return {"version": _VERSION, "notebook": self._notebook}

 def _hear(self, session, message):
  ""
  frames = [getattr(frame, "bytes", frame) for frame in message]
  _, frames = session.feed_identities(frames)

  if session.auth is not None and session.sign(frames[1:5]) != frames[0]:
   return
  header = session.unpack(frames[1])
  content = session.unpack(frames[4])
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
  made = _module("comm").create_comm(target_name=_TARGET, **opening)
  if type(made).__name__ != "DummyComm":
   return made

 return _module("ipykernel.comm").Comm(target_name=_TARGET, **opening)





_MAX_COMMS = 16


def _on_open(comm, message):
 ""
 comms = _state().comms
 while len(comms) >= _MAX_COMMS:
  with suppress(Exception):
   gone = comms.pop(next(iter(comms)))
   _part(gone)
   gone["comm"].close()
 page = {"comm": comm, "pid": os.getpid(), "session": message["header"]["session"]}
 comms[comm.comm_id] = {**page, "tracked": False}
 _take_loop()
 _listen(comm)
 _on_message(comm.comm_id, message)
 with suppress(Exception):
  comm.send({"ready": True, "version": _VERSION})


def _listen(comm):
 ""
 comm.on_msg(functools.partial(_on_message, comm.comm_id))
 comm.on_close(functools.partial(_on_gone, comm.comm_id))


def _on_gone(comm_id, message):
 ""
 with suppress(Exception):
  state = _state()
  page = state.comms[comm_id]
  _part(page)
  page.update(tracked=False, left=True)
  if message["header"]["msg_type"] == "comm_close":
   state.comms.pop(comm_id)
  handover = _handover(state.reporter)
  if handover:
   handover.forget(page["session"])
  if state.destination and state.student and not state.looks:
   state.looks = True
   _shell().events.register("pre_run_cell", _look_for_page)


def _look_for_page(*_):
 ""



 with suppress(Exception):
  state = _state()
  page = _caller()
  pages = _open_comms()
  is_known = page in state.asked or page in {entry["session"] for entry in pages}
  if state.reporter or is_known or not _is_counted():
   return
  if not (state.destination and state.student and state.notebook):
   return
  state.asked.add(page)
  answer = _Handshake(state.notebook).ask()
  if answer is None:
   state.failed.add(page)
  if answer is None and not pages and not _IN_BROWSER:
   host, key = state.destination
   left = (state.student["id"], state.notebook)
   line = _track_left(state.notebook, host, key, state.student, state.certificate)
   _report_left(left)
   print(f"ipynb-telemetry: the page has gone, {line}")


def _report_left(of):
 ""
 direct = _direct(_state().reporter)
 if direct:
  lost, letters = _take_left(of)
  for letter in letters:
   event, properties, uid = (letter["told"][k] for k in ("event", "properties", "uuid"))
   at = time.time() - (time.monotonic() - letter["at"])
   direct.capture(event, properties, uid, _iso(at))
  if lost:
   direct.capture("events_dropped", {"count": lost, "reason": "rate"})


def _on_message(comm_id, message):
 ""
 with suppress(Exception):
  state = _state()
  page = state.comms[comm_id]
  told = message["content"]["data"]
  _acknowledge(page, told.get("ack"))
  _take_known(page, told.get("known"))
  _take_salt(page, told.get("salt"))
  _take_rules(page, told)
  if told.get("left") is True:
   _on_gone(comm_id, message)
   return
  if told.get("off") is True:

   page["tracked"] = False
   _throw_away(page)
   _switch_off()
   if not state.reporter and not any(each["tracked"] for each in _open_comms()):
    _withdraw()
   return
  student = _read_told(told["student"])
  if student and page.get("rules", {}).get("isPseudonym"):
   student["name"] = student["id"]
  if _refuse_id(told["notebook"]):
   return
  _take_person(student, told)
  page.update(tracked=student is not None, left=False, since=message["header"]["date"])
  with suppress(Exception):
   _tell_values(page)
  _greet(page, told.get("version"), (student["id"], told["notebook"]) if student else None)
  if student is None and _direct(state.reporter):
   return
  state.notebook = told["notebook"]
  state.student = student
  _publish(_student_names())
  if student is not None and state.reporter:
   state.reporter.hand_over(page)


def _take_person(student, told):
 ""
 person = told.get("settings", {}).get("person")
 if student and isinstance(person, str) and _VERIFIER.fullmatch(person):
  _state().persons[student["id"]] = person


def _take_rules(page, told):
 ""
 if "settings" not in told:
  return
 state = _state()
 page["rules"] = state.page_rules = _read_rules(told["settings"])
 _follow_rules()
 handover = _handover(state.reporter)
 if handover and told.get("student") is None and page["rules"]["consent"] == "opt-in":
  handover.forget(page["session"])
 if page["rules"]["isDeclined"]:
  _switch_off()


def _read_told(student):
 ""
 if student is None:
  return None
 read = {"id": student["id"], "name": student["name"]}
 for text in read.values():

  if not (
   isinstance(text, str)
   and 0 < len(text) <= _MAX_LABEL
   and text.replace("\u200c", "").replace("\u200d", "").isprintable()
  ):
   raise ValueError("no name")
 return read


def _register():
 ""
 with suppress(Exception):
  _module("comm").get_comm_manager().register_target(_TARGET, _on_open)
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
 ""
 kinds = kind.__mro__ if kind else ()
 names = {f"{str(each.__module__).partition('.')[0]}.{each.__name__}" for each in kinds}
 return _NO_VERDICT.isdisjoint(names)


class _Verdict:
 ""

 def __init__(self, name):
  self.name = name
  self.is_due = True
  self._started = time.perf_counter()

 def __enter__(self):
  return self

 def __exit__(self, kind, error, _):
  duration_ms = (time.perf_counter() - self._started) * 1000
  if not (self.is_due and _is_verdict(kind)):
   return
  line = f"TEST PASSED: {self.name}"
  details = None
  if error is not None:
   name = type(error).__name__
   value = _message(error)
   line = f"TEST FAILED: {self.name} - {value or name}"
   details = {"name": name, "value": value, "traceback": _traceback(error)}
  with suppress(Exception):
   print(line)
  with suppress(Exception):
   texts = details and {key: _text(text) for key, text in details.items()}
   test = {"test": _text(self.name), "cell_id": _calling_cell()}
   test.update(duration_ms=duration_ms, error=texts)
   if error is not None:
    _keep_failure(type(error).__name__, _message(error))
   _send("test_failed" if details else "test_passed", test)
   state = _state()
   if not (state.is_set_up or _open_comms()):
    state.is_set_up = True
    print("ipynb-telemetry: nothing is tracked, setup_telemetry was not called")


def _tracked(name, func):
 ""
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
   verdict.is_due = not inspect.iscoroutine(result)
  return result if verdict.is_due else follow(result)

 @functools.wraps(func)
 async def run_async(*args, **kwargs):
  __tracebackhide__ = True
  return await run(*args, **kwargs)

 judged = run_async if inspect.iscoroutinefunction(func) else run
 judged.__tracked_test__ = True
 return judged





_RUNNERS = {"_pytest", "pluggy", "doctest"}


class _Trial:
 ""

 def __init__(self, source):
  self.source = source
  self.test = ""
  self.passed = None
  self.error = None
  self._is_due = False
  self._token = None
  self._started = 0.0

 def __enter__(self):
  with suppress(Exception):
   judging = _state().judging
   self._is_due = not judging.get()
   self._token = judging.set(True)
  self._started = time.perf_counter()
  return self

 def __exit__(self, kind, *_):
  duration_ms = (time.perf_counter() - self._started) * 1000
  with suppress(Exception):
   if self._token:
    _state().judging.reset(self._token)
   if _is_verdict(kind):
    self.tell(self.test, self.passed, duration_ms, self.error)

 def tell(self, test, passed, duration_ms, error):
  ""
  off = {*_state().sources_off, *_rules()["sourcesOff"]}
  if self._is_due and test and passed is not None and self.source not in off:
   texts = error and {key: _text(str(text)) for key, text in error.items()}
   result = {"test": _text(test), "cell_id": _calling_cell()}
   result.update(duration_ms=duration_ms, error=texts)
   if error and not passed:
    _keep_failure(str(error["name"]), str(error["value"]))
   _send("test_passed" if passed else "test_failed", result, source=self.source)


def _details(error):
 ""
 if type(error).__name__ == "MultipleDoctestFailures":
  error = error.failures[0]
 if type(error).__name__ == "DocTestFailure":
  return _difference(error.example, error.got)
 if type(error).__name__ == "UnexpectedException":
  error = error.exc_info[1]
 whole = error.__traceback__
 own = whole
 while own and str(own.tb_frame.f_globals.get("__name__")).split(".")[0] in _RUNNERS:
  own = own.tb_next
 try:
  error.__traceback__ = own or whole
  traceback = _traceback(error)
 finally:
  error.__traceback__ = whole
 return {"name": type(error).__name__, "value": _message(error), "traceback": traceback}


def _difference(example, got):
 ""
 value = f"expected {example.want.strip() or 'nothing'}, got {got.strip() or 'nothing'}"
 return {"name": "DocTestFailure", "value": value, "traceback": f">>> {example.source}{value}"}









def _watch_doctest(run):
 ""

 def judged(runner, test, *args, **kwargs):
  __tracebackhide__ = True
  caller = sys._getframe(1)
  heard = []
  with _Trial("doctest") as trial:

   def hear(report, *call):
    __tracebackhide__ = True
    with suppress(Exception):
     if trial.passed is None:
      example, got = call[-2:]
      trial.passed = False
      is_text = isinstance(got, str)
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
 ""

 def judged(grader, question, *args, **kwargs):
  __tracebackhide__ = True
  if args in ((), (None,)) and kwargs.get("global_env") is None:

   args = (sys._getframe(1).f_globals,)
   kwargs = {}
  with _Trial("otter") as trial:
   result = check.__get__(grader, type(grader))(question, *args, **kwargs)
   with suppress(Exception):
    trial.test = str(question)
    trial.passed = bool(result.passed_all)
    failed = [case.test_case for case in result.test_case_results if not case.passed]
    named = [": ".join(filter(None, (c.name, c.failure_message))) for c in failed]
    error = {"name": "TestCaseFailed", "value": "; ".join(named)}
    trial.error = {**error, "traceback": result.summary()} if failed else None
   return result

 return judged


def _watch_pytest(main):
 ""

 def judged(*args, **kwargs):
  __tracebackhide__ = True
  with _Trial("pytest") as trial:
   with suppress(Exception):
    call = inspect.signature(main).bind(*args, **kwargs)
    given = call.arguments.get("plugins") or ()
    call.arguments["plugins"] = [*given, _PytestPlugin(trial)]
    args = call.args
    kwargs = call.kwargs
   return main(*args, **kwargs)

 return judged


class _PytestPlugin:
 ""

 def __init__(self, trial):
  self._trial = trial
  self._forget()

 def _forget(self):
  ""
  self._reports = {}
  self._raised = {}
  self._is_tracked = False

 def pytest_runtest_makereport(self, item, call):
  self._raised[call.when] = call.excinfo and call.excinfo.value
  self._is_tracked = hasattr(getattr(item, "obj", None), "__tracked_test__")

 def pytest_runtest_logreport(self, report):
  if report.outcome == "failed" or report.when not in self._reports:
   self._reports[report.when] = report

 def pytest_runtest_logfinish(self, nodeid):
  with suppress(Exception):
   called = self._reports.get("call")
   failed = next((r for r in self._reports.values() if r.outcome == "failed"), None)
   judged = failed or (called if called and called.outcome == "passed" else None)
   if judged and not (called and self._is_tracked):
    file, _, test = nodeid.partition("::")
    module = re.escape(os.path.splitext(os.path.basename(file))[0])
    raised = self._raised.get(failed.when) if failed else None
    error = _details(raised) if raised else None
    if failed and not raised:
     error = {"name": "Failed", "value": failed.longreprtext, "traceback": ""}
    duration_ms = (called or judged).duration * 1000
    self._trial.tell(re.sub(rf"^{module}\.", "", test), not failed, duration_ms, error)
  self._forget()


class _TestFinder:
 ""

 def find_spec(self, name, path = None, target = None):
  with suppress(Exception):
   others = (
    [each for each in sys.meta_path if each is not self] if name in _WATCHED else []
   )
   found = (finder.find_spec(name, path, target) for finder in others)
   spec = next(filter(None, found), None)
   if spec is None or isinstance(spec.loader, type):
    return spec
   loader = spec.loader
   load = loader.exec_module

   def exec_module(module):
    __tracebackhide__ = True
    with suppress(Exception):
     del loader.exec_module
    load(module)
    _watch(name)

   loader.exec_module = exec_module
   return spec
  return None



_WATCHED = {
 "doctest": ("DocTestRunner", "run", _watch_doctest),
 "otter.check.notebook": ("Notebook", "check", _watch_otter),
 "pytest": ("", "main", _watch_pytest),
}


def _watch(module):
 ""
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
 state = _state()
 if state.finder is None:
  state.finder = _TestFinder()
  sys.meta_path.insert(0, state.finder)
 for module in _WATCHED.keys() & sys.modules.keys():
  _watch(module)





_FACTS = ("notice_hash", "destination", "captured", "mode", "course")


def _withdraw_consent():
 ""
 state = _state()
 answers = _last_answers([*_kept_answers(), *state.answers])
 given = [each for each in answers if each["answer"] == _YES]
 taken = [{**each, "answer": _TAKEN_BACK, "time": _iso()} for each in given]
 state.answers += taken
 if taken:
  _keep_answers(taken)
 state.destination = None
 direct = _direct(state.reporter)
 if direct:
  unsent = direct.withdraw(_facts_of(direct.student["id"], taken))
  left = f"{unsent} events that were not sent yet are deleted" if direct.delivery.key else ""
  left = left or f"events so far are in {direct.delivery.path}, which you may delete"
  return f"consent is withdrawn, nothing more is recorded; {left}"
 if any(page["tracked"] for page in _open_comms()):
  return "the page records here: stop it there, by Student Telemetry in the right sidebar"
 return "consent is withdrawn, nothing is recorded" if taken else "nothing is recorded here"


def _last_answers(answers):
 ""
 last = {}
 for each in sorted(answers, key=lambda each: str(each["time"])):
  last[(each["distinct_id"], each["course"], each["destination"])] = each
 return list(last.values())


def _facts_of(student, answers):
 ""
 with suppress(IndexError):
  last = [each for each in answers if each["distinct_id"] == student][-1]
  return {name: last[name] for name in _FACTS}
 return None






def _set_up(
 notebook,
 host,
 api_key,
 skip_name_prompt,
 student_name,
 certificate = None,
 consent = None,
):
 ""
 state = _state()
 before = state.destination, state.certificate
 state.destination = (host, api_key)
 state.certificate = certificate
 pages = _open_comms()
 page = _caller()
 is_known = page is None or page in {entry["session"] for entry in pages}
 answer = _ask_caller(notebook, bool(pages), is_known)
 if answer or pages or _IN_BROWSER or not _shell():
  line = _told_by_page(notebook, answer, bool(pages), is_known)
 else:

  state.destination, state.certificate = before if _direct(state.reporter) else (None, None)
  line = _track(notebook, host, api_key, skip_name_prompt, student_name, certificate, consent)
 if answer == "off":
  _switch_off()
 with suppress(Exception):
  if answer or pages:
   _send_left(host, api_key, certificate)
 return line


def _ask_caller(notebook, has_pages, is_known):
 ""
 state = _state()
 page = _caller()

 is_asked = is_known and (not has_pages or notebook in (state.notebook, state.called))
 is_silent = state.reporter is not None and page in state.failed
 if not _shell() or is_asked or is_silent:
  return None
 if is_known:
  state.called = notebook
 answer = _Handshake(notebook).ask()
 if answer is None:
  state.failed.add(page)
 return answer


def _told_by_page(notebook, answer, has_pages, is_known):
 ""
 student = _state().student
 if answer == "here" and is_known:
  return f"the page goes on under {notebook}, unless its flag says other"
 if answer == "here":
  return "the Jupyter page tracks this notebook as its settings say, once a name is given"
 if answer == "off":
  return "the notebook says that it is not to be tracked, and it is not"
 if has_pages and student:
  return f"on for {student['name']} in {_state().notebook}, as the settings say"
 if has_pages:
  return "nothing is tracked until a name is given in the front end"
 if _IN_BROWSER:
  line = "the Jupyter page tracks this notebook as its settings say, once a name is given. "
  line += "A page without ipynb-telemetry does not, nor can a kernel in the browser by itself"
  return line
 return "no telemetry front end is here, nothing is tracked"





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
    are converted, NaN becomes null. Other values are left out with one warning, and so is an
    event with a wrong name or more than 64 KiB of properties. A name of a property has up to 200
    characters; of two that are the same as text, such as 3 and "3", the first stays. Never raises.
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
     name = _property_name(key, plain)
     plain[name] = _plain(value, [10_000])
    except Exception as error:
     _warn(f"event {event!r} goes without property {_label(key)}: {_message(error)}")
   reserved = [key for key in plain if key in _RESERVED or key.startswith("$")]
   if reserved:
    _warn(f"event {event!r} dropped: the property {reserved[0]!r} is reserved")
   elif len(json.dumps(plain, ensure_ascii=False).encode()) <= _MAX_BYTES:
    _send(event, plain)
   else:
    _warn(f"event {event!r} dropped: its properties are over 64 KiB")


def _property_name(key, others):
 ""
 name = str(_plain(key, [1]))
 if len(name.encode("utf-16-le")) > 2 * _MAX_LABEL:
  raise ValueError(f"its name has over {_MAX_LABEL} characters")
 if name in others:
  raise ValueError(f"another one is named {name!r} too, as text")
 return name


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
 certificate = None,
 consent = None,
):
 """Track this notebook under `notebook_id`, and say in one line how. Call it in its first cell.

    With our front end its settings and its name prompt decide, and the other arguments change
    nothing. Without one the kernel itself reports: it asks for the name, or takes `student_name`
    ("Ann Lee", "ANN-LEE" or "ANN_LEE", or a student's code); `skip_name_prompt` says that nobody is
    to be asked. `host` and `api_key` are those of a PostHog project; left out they come from
    IPYNB_TELEMETRY_HOST and IPYNB_TELEMETRY_API_KEY, then from `host` and `api_key` in an
    `ipynb-telemetry.toml` beside or above the notebook. With no key events are written to a file
    here and nothing is sent.
    `certificate` is the SHA-256 fingerprint of the only certificate that is trusted, for a class
    collector that made its own; left out it comes with the host from IPYNB_TELEMETRY_CERTIFICATE or
    that file.

    Nothing is recorded before the student has read what is recorded and agreed: by typing a name,
    or by an answer where the name is given. The answer is remembered for this account. Where nobody
    can be asked, as in papermill, `consent="yes"` says that the student agrees; without it nothing
    is recorded. `telemetry_withdraw()` takes consent back.

    Call it again as often as you like; another id or student ends the session and starts one.
    ValueError, in words for the student: an id or a name that will not do, or nobody to ask.
    """
 refusal = _refuse_id(notebook_id)
 if refusal:
  raise ValueError(
   f'setup_telemetry needs a notebook id, as in setup_telemetry("D1_Tools"): it {refusal}'
  )
 _connect()
 _state().is_set_up = True
 line = _set_up(notebook_id, host, api_key, skip_name_prompt, student_name, certificate, consent)
 with suppress(Exception):
  print(f"ipynb-telemetry: {line}")


def telemetry_withdraw():
 """Take consent back: nothing more is recorded, and what waits to be sent is deleted.

    What was sent before, your instructor can erase. Never raises.
    """
 with suppress(Exception):
  print(f"ipynb-telemetry: {_withdraw_consent()}")


def telemetry_code():
 """Tell the code by which you see and erase what your class's collector has of you.

    Never raises.
    """
 with suppress(Exception):
  direct = _direct(_state().reporter)
  student = direct.student["id"] if direct else (_state().student or {}).get("id")
  is_at_class = direct is not None and (direct.delivery.key or "").startswith(_CLASS_KEY)
  print(f"ipynb-telemetry: {_code_words(student, is_at_class)}")


def _names():
 ""
 lesson = (tracked_test, _cell, _telemetry_capture, setup_telemetry)
 rights = (telemetry_withdraw, telemetry_code)
 api = (*lesson, *rights)
 return {**_student_names(), **{function.__name__: function for function in api}}


def _connect():
 ""
 _register()
 with suppress(Exception):
  _watch_tests()
 with suppress(Exception):
  _watch_forks(_hear_child)
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
  kept._i00 = kept._i
  kept._i = kept._ii
  kept._ii = kept._iii


def _install():
 ""
 with suppress(Exception):
  _take_back()
 _connect()


def __getattr__(name):
 ""
 if name.startswith("STUDENT_") and name in _names():
  return _names()[name]
 raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _leave(names, found):
 ""



 for name in ("_home", *globals()):
  names.pop(name, None)
  if name in found:
   names[name] = found[name]
 given = _names()
 names.update(given)
 if _shell():
  _state().given.update(given)
 _install()


if __name__ == "__main__":


 _home = {"__name__": "ipynb_telemetry.bootstrap"}
 exec(sys._getframe().f_code, _home)
 _home["_leave"](globals(), _found) if "_leave" in _home else _install()
