"""The line on the board, as students type and copy it."""

from __future__ import annotations

import pytest

from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.settings.joinstring import (
    JoinString,
    JoinStringError,
    read_join_string,
    write_join_string,
)

HOST = "https://192.168.1.20:8443"
KEY = "tcw_Kd4vUVXR-5gUJ3pR_jmPZ8"
FINGERPRINT = "0123456789abcdef" * 4
LINE = f"{HOST}#cs1.{KEY}.{FINGERPRINT}"
JOINING = JoinString("cs1", Destination(HOST, KEY, FINGERPRINT))
# As `openssl x509 -fingerprint -sha256` prints it.
COLONS = ":".join(FINGERPRINT[i : i + 2] for i in range(0, 64, 2)).upper()


@pytest.mark.parametrize(
    "joining",
    [
        JOINING,
        JoinString("CS-1_b", Destination("https://collector.school.example", KEY)),
        JoinString("cs1", Destination("https://[fe80::1]:8443", KEY, FINGERPRINT)),
        JoinString("cs1", Destination("https://school.example/a.b/cs1", KEY, FINGERPRINT)),
        JoinString("cs1", Destination("http://127.0.0.1:8765", KEY)),
    ],
)
def test_what_is_written_is_read_again(joining: JoinString) -> None:
    assert read_join_string(write_join_string(joining)) == joining


def test_the_line_has_the_form_that_students_are_shown() -> None:
    assert write_join_string(JOINING) == LINE
    ordinary = JoinString("cs1", Destination(HOST, KEY))
    assert write_join_string(ordinary) == f"{HOST}#cs1.{KEY}"


@pytest.mark.parametrize(
    "text",
    [
        f" {LINE}\r\n",
        f'"{LINE}"',
        f"\u201c{LINE}\u201d",
        f"<{LINE}>",
        LINE.replace("https://", "HTTPS://").replace(":8443", ":8443/"),
        LINE.replace(FINGERPRINT, COLONS),
        LINE.replace(FINGERPRINT, FINGERPRINT.upper()),
        LINE.replace(FINGERPRINT, COLONS.replace(":", " ")),
        f"\ufeff{LINE}\u00a0",
    ],
)
def test_a_line_is_read_as_people_copy_it(text: str) -> None:
    assert read_join_string(text) == JOINING


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no line that joins a class"),
        ("#", "no line that joins a class"),
        (f"#cs1.{KEY}", "no line that joins a class"),
        ("x" * 100_000, "no line that joins a class"),
        (f"{LINE}{'0' * 4_000}", "no line that joins a class"),
        (HOST, "ends before its #"),
        (f"{HOST}#", "the name of the class must follow"),
        (f"{HOST}#.{KEY}", "the name of the class must follow"),
        (f"{HOST}#a b.{KEY}", "the name of the class must follow"),
        (f"{HOST}#kl\u00e4sse.{KEY}", "the name of the class must follow"),
        (f"{HOST}#{'c' * 41}.{KEY}", "the name of the class must follow"),
        (f"{HOST}#cs1", "a key must follow, tcw_"),
        (f"{HOST}#cs1.", "a key must follow, tcw_"),
        (f"{HOST}#cs1.phc_0123456789abcdef", "a key must follow, tcw_"),
        (f"{HOST}#cs1.TCW_x", "a key must follow, tcw_"),
        (f"{HOST}#cs1.tcr_hidden0123456789", "holds the instructor's key"),
        (f"{HOST}#cs1.tcw_", "The key in the line is damaged"),
        (f"{HOST}#cs1.tcw_{'k' * 61}", "The key in the line is damaged"),
        (f"{HOST}#cs1.tcw_k$y", "The key in the line is damaged"),
        (f"{HOST}#cs1.{KEY}.{FINGERPRINT[:-1]}", "The last part of the line"),
        (f"{HOST}#cs1.{KEY}.{FINGERPRINT}0", "The last part of the line"),
        (f"{HOST}#cs1.{KEY}.{FINGERPRINT[:40]}", "The last part of the line"),
        (f"{HOST}#cs1.{KEY}.{FINGERPRINT[:-1]}g", "The last part of the line"),
        (f"{HOST}#cs1.{KEY}.{FINGERPRINT[:-1]}\u0661", "The last part of the line"),
        (f"{HOST}#cs1.{KEY}.{FINGERPRINT}.more", "The last part of the line"),
        (f"http://127.0.0.1:8765#cs1.{KEY}.{FINGERPRINT}", "The last part of the line"),
        (f"http://192.168.1.20:8443#cs1.{KEY}", "must begin with https://"),
        (f"192.168.1.20:8443#cs1.{KEY}", "must begin with https://"),
        (f"https://ann:secret@192.168.1.20#cs1.{KEY}", "no user name and no password"),
        (f"https://192.168.1.20:84430#cs1.{KEY}", "port must be from 1 to 65535"),
        (f"https://192.168.1.20?x=1#cs1.{KEY}", "must hold no query"),
        (f"https://192.168.1.256#cs1.{KEY}", "name of a server must follow"),
    ],
)
def test_a_line_that_leads_nowhere_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(JoinStringError) as refusal:
        read_join_string(text)
    told = str(refusal.value)
    assert words in told
    assert "nstructor" in told
    # The words are shown where others look on.
    for secret in (KEY, "hidden", "secret", FINGERPRINT[:40]):
        assert secret not in told


@pytest.mark.parametrize(
    "joining",
    [
        JoinString("cs 1", Destination(HOST, KEY)),
        JoinString("cs1", Destination(HOST, "phc_0123456789abcdef")),
        JoinString("cs1", Destination(HOST, KEY, "0" * 63)),
        JoinString("cs1", Destination(f"{HOST}/", KEY)),
        JoinString("cs1", Destination(f"{HOST}#x", KEY)),
        JoinString("cs1", Destination(HOST, KEY, FINGERPRINT.upper())),
    ],
)
def test_no_line_is_written_that_reads_otherwise(joining: JoinString) -> None:
    with pytest.raises(JoinStringError):
        write_join_string(joining)
