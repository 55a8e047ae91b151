"""Frequent messages of R in other languages, recognised by a few of their words.

A message that a pattern matches whole is taken for the one in English. R translates far more than
these, and another version of R perhaps in other words: what no pattern matches keeps its own words,
and is another error in each language.
"""

from __future__ import annotations

import re
from functools import cache

# As `errormessage` leaves them: quoted text is '…', a number <n>. Languages: German; French,
# Spanish, Italian and Portuguese, several in a pattern where their words are alike; Polish;
# Russian; Japanese; Korean; Chinese.
PATTERNS: dict[str, tuple[str, ...]] = {
    "object '…' not found": (
        r"Objekt '…' nicht gef\w+",
        r"ob\w+ '…' (?:introu|no enc|não enc)\w+",
        r"ogg\w+ '…' non tro\w+",
        r"nie znalez\w+ obiekt\w '…'",
        r"объект '…' не най\w+",
        r"オブジェクト '…' がありま\w+",
        r"객체 '…'를 찾[\w ]+",
        r"找不到对象'…'",
    ),
    "could not find function '…'": (
        r"konnte Funk\w+ '…' nicht find\w+",
        r"impos\w+ de trouver la fonc\w+ '…'",
        r"n[oã]o? [\w ]+ encontrar l?a fun\w+ '…'",
        r"non trovo la funz\w+ '…'",
        r"nie [\w ]+ znale\w+ funk\w+ '…'",
        r"не могу найти функц\w+ '…'",
        r"関数 '…' を見つける\w+",
        r"함수 '…'를 찾[\w ]+",
        r"没有'…'这个函数",
    ),
    "non-numeric argument to binary operator": (
        r"nicht-numer\w+ Arg\w+ für bin\w+ Op\w+",
        r"arg\w+ n\w+[ -]num\w+ [\w ]+ op\w+ bin\w+",
        r"arg\w+ nielicz\w+ [\w ]+ dwuarg\w+",
        r"нечисл\w+ аргум\w+ для бинар\w+ опер\w+",
        r"二項演算子の引数が数値で\w+",
        r"이항연산자에 수치가 아닌 \w+",
        r"二进列运算符\w+非数值参数",
    ),
    "non-numeric argument to mathematical function": (
        r"Nicht-numer\w+ Arg\w+ für math\w+ Fun\w+",
        r"arg\w+ n\w+[ -]num\w+ p\w+ un[ae] f\w+ mat\w+",
        r"arg\w+ nielicz\w+ [\w ]+ funk\w+ mat\w+",
        r"нечисл\w+ аргум\w+ для матем\w+ функц\w+",
        r"数学関数に数値でない引数\w+",
        r"수학함수에 숫자가 아닌 [\w ]+",
        r"数学函数\w+非数值参数",
    ),
    "subscript out of bounds": (
        r"Indiz\w+ außerhalb der Gren\w+",
        r"indice hors lim\w+",
        r"(?:sub)?índice f\w+ de (?:los )?l[ií]m\w+",
        r"subscript fuori lim\w+",
        r"indeks jest poza gran\w+",
        r"подгруппа выходит за пред\w+",
        r"添え字が\w+範囲外\w+",
        r"첨자의 [\w ]+ 범위[\w ]+",
        r"下标出界",
    ),
    "argument '…' is missing, with no default": (
        r"Argument '…' fehlt",
        r"(?:l'|el )?arg\w+ '…' (?:est manq|está aus|ass|aus)\w+, [\w ]+",
        r"brakuje argum\w+ '…', [\w ]+",
        r"аргум\w+ '…' пропущ\w+, [\w ]+",
        r"引数 '…' がありま\w+、省略\w+",
        r"[\w ]+ 인수 '…'가 누락[\w ]+",
        r"缺少参数'…',\w+",
    ),
    "unused argument": (
        r"unbenutzte\w* Arg\w+",
        r"arg\w+ (?:inutilis|non utilizz)\w+",
        r"nieużyw\w+ arg\w+",
        r"неиспольз\w+ аргум\w+",
        r"使われていない引数",
        r"사용되지 않은 인자\w*",
        r"参数没有用",
    ),
    "missing value where TRUE/FALSE needed": (
        r"Fehl\w+ Wert, wo TRUE/FALSE n\w+ ist",
        r"val\w+ (?:manq|aus|manc)\w+ [\w ]+ TRUE ?/ ?FALSE(?: [\w ]+)?",
        r"brakuje wart\w+ tam, gdzie \w+ jest TRUE/FALSE",
        r"пропущ\w+ значен\w+, . нужно TRUE/FALSE",
        r"TRUE/FALSE が必要\w+欠損値\w+",
        r"TRUE/FALSE가 필요한 [\w ]+",
        r"需要TRUE/FALSE值\w+缺少值",
    ),
    "argument is of length zero": (
        r"Argument hat Länge <n>",
        r"(?:l')?arg\w+ (?:est de|ha|tiene|tem) \w+ (?:nulle|zero|cero)",
        r"arg\w+ jest dług\w+ zero",
        r"аргум\w+ нулевой дл\w+",
        r"引数の長さが <n> \w+",
        r"인자의 길이가 0\w+",
        r"参数长度为零",
    ),
    "there is no package called '…'": (
        r"es gibt kein Paket \w+ '…'",
        r"aucun package \w+ '…' [\w' ]+",
        r"non c'è alcun pacch\w+ \w+ '…'",
        r"nie ma pakietu o \w+ '…'",
        r"нет пакета под \w+ '…'",
        r"'…' という名前のパッケージ\w+",
        r"'…'이라고 [\w ]+ 패키지[\w ]+",
        r"不存在叫'…'\w+包",
    ),
    "cannot open the connection": (
        r"kann Verb\w+ nicht öff\w+",
        r"imposs\w+ d'ouvrir la conn\w+",
        r"n[oã]o? [\w ]+ abrir l?a con\w+",
        r"non è poss\w+ aprire la conn\w+",
        r"nie można otw\w+ połącz\w+",
        r"не могу открыть соед\w+",
        r"コネクションを開く\w+",
        r"커넥션을 열[\w ]+",
        r"无法打开链结",
    ),
    "undefined column selected": (
        r"nicht def\w+ Spalten gew\w+",
        r"col\w+ (?:non dé|inde)f\w+ s[ée]lec\w+",
        r"selez\w+ col\w+ non def\w+",
        r"nie wybrano kolumn",
        r"выбраны не опред\w+ кол\w+",
        r"未定義の列が選\w+",
        r"정의하지 않은 열\w+ [\w ]+",
        r"选择了未定义的列",
    ),
    "attempt to apply non-function": (
        r"Versuch eine Nicht-Fun\w+ \w+",
        r"tenta\w+ d'appl\w+ [\w' ]+ pas une fonc\w+",
        r"tenta\w+ d[ei] app?lica\w+ u[nm]a n\w+-fun\w+",
        r"próba zastos\w+ nie-fun\w+",
        r"попытка прим\w+ не-функц\w+",
        r"関数でないものを適用\w+",
        r"함수가 아닌것에 적용[\w ]+",
        r"不适用于非函数",
    ),
    "object of type '…' is not subsettable": (
        r"Objekt des Typs '…' ist nicht indiz\w+",
        r"o\w+ d[ei] t[yi]p[eo] '…' n\w+ (?:indi|es sub|sudd|poss)[\w ]+",
        r"obiekt typu '…' nie jest ustaw\w+",
        r"объект типа '…' не дел\w+ на под\w+",
        r"'…' 型のオブジェクトは部分\w+",
        r"객체의 타입 '…'는 부분[\w ]+",
        r"类别为'…'的对象不可以\w+",
    ),
    "unexpected end of input": (
        r"unerw\w+ Ende der Ein\w+",
        r"fin\w* (?:d'entrée|input) inat\w+",
        r"nieocz\w+ koniec wejś\w+",
        r"неожид\w+ конец ввод\w",
        r"想定外の入力の終端\w+",
        r"예상하지 못한 입력의 끝\W[\w ]+\W\w+\.",
    ),
    "unexpected symbol": (
        r"unerw\w+ Symbol",
        r"s[yi]mbol[eo] inat\w+",
        r"nieocz\w+ symbol",
        r"неожид\w+ сим\w+",
        r"想定外のシンボル\w+",
        r"예상하지 못한 기호\W\w+\W\w+\.",
    ),
}
"""Patterns of other languages by the English message."""


def in_english(message: str) -> str:
    """Give the English of a folded message of R, else the message as it is."""
    if message in PATTERNS:
        return message
    for english, pattern in _compiled():
        if pattern.fullmatch(message):
            return english
    return message


@cache
def _compiled() -> list[tuple[str, re.Pattern[str]]]:
    return [(english, re.compile("|".join(group))) for english, group in PATTERNS.items()]
