# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Pages find values of the kernel's environment, and are not told them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ipynb_telemetry.kernel import toldvalues

from ..support.samples import read_samples
from .frontend import JOHN, FrontEnd

# `toldvalues.spec.ts` gives the same to the page.
SAMPLES = read_samples("told_values")
SALT = SAMPLES["salt"]
OTHER_SALT = "f" * 32
VALUE = "zz91k4m8q2w7x5"
FACTS = {"version": 1, "notebook": "D1", "student": JOHN, "salt": SALT}
PUT = "import os; os.environ['WEATHER_API_KEY'] = 'zz91k4' + 'm8q2w7x5'"


@pytest.fixture(autouse=True)
def variables(page: FrontEnd) -> Iterator[None]:
    """An environment of the kernel in which nothing is called a secret."""
    page.run(
        "import os\nkept_environment = dict(os.environ)\nos.environ.clear()\n"
        "os.environ['PATH'] = kept_environment['PATH']",
        silent=True,
    )
    yield
    page.run("os.environ.update(kept_environment)", silent=True)


def digest(value: str, salt: str = SALT) -> str:
    described: str = toldvalues._describe(value, salt)["digest"]
    return described


def digests(messages: list[dict[str, Any]]) -> list[str]:
    """Of all values that messages tell."""
    return [each["digest"] for message in messages for each in message.get("values", [])]


@pytest.mark.parametrize("sample", SAMPLES["values"], ids=lambda sample: sample["value"][:20])
def test_a_value_is_described_as_the_page_looks_for_it(sample: dict[str, Any]) -> None:
    assert toldvalues._describe(sample["value"], SALT) == sample["told"]


def test_a_page_is_told_of_values_once_it_tells_of_a_student(page: FrontEnd) -> None:
    page.run(PUT)
    assert page.tell({**FACTS, "student": None}) == []
    told = page.tell(FACTS)
    assert [message["values"] for message in told] == [[toldvalues._describe(VALUE, SALT)]]
    assert VALUE not in json.dumps(told)
    page.close()
    data = {**FACTS, "student": JOHN}
    opened = page.request(
        "comm_open", {"comm_id": "page", "target_name": "ipynb_telemetry", "data": data}
    )
    assert digests(opened) == [digest(VALUE)]
    assert {"ready": True, "version": 2, "comm": "page"} in opened


def test_a_value_that_a_run_puts_there_is_told_before_the_kernel_is_idle(page: FrontEnd) -> None:
    assert page.tell(FACTS) == []
    assert digests(page.run("1 + 1")) == []
    assert digests(page.run(PUT)) == [digest(VALUE)]
    assert digests(page.run("os.environ['DB_PASSWORD'] = 'gr33n-apples'; 1/0")) == [
        digest(VALUE),
        digest("gr33n-apples"),
    ]


def test_values_are_told_until_the_page_knows_them(page: FrontEnd) -> None:
    page.tell(FACTS)
    page.run(PUT)
    assert digests(page.run("1")) == [digest(VALUE)]
    no_digests: list[Any] = [None, digest(VALUE), [[]], [7], ["zz"], {}]
    for malformed in no_digests:
        page.tell({"known": malformed})
    assert digests(page.run("1")) == [digest(VALUE)]
    page.tell({"known": [digest(VALUE)]})
    assert page.run("1") == []
    # With another salt the page is another one.
    assert digests(page.tell({**FACTS, "salt": OTHER_SALT})) == [digest(VALUE, OTHER_SALT)]


def test_each_page_is_told_with_its_own_salt_whoever_asked_for_the_run(
    page: FrontEnd, second_page: FrontEnd
) -> None:
    page.tell(FACTS)
    second_page.open(comm_id="second")
    second_page.tell({**FACTS, "salt": OTHER_SALT}, "second")
    told = {message["comm"]: message["values"][0]["digest"] for message in page.run(PUT)}
    assert told == {"page": digest(VALUE), "second": digest(VALUE, OTHER_SALT)}
    second_page.close("second")


@pytest.mark.parametrize("salt", [None, 7, "", "0" * 30, "0" * 34, "G" * 32, ["0" * 32]])
def test_a_page_without_a_salt_is_told_of_none(page: FrontEnd, salt: Any) -> None:
    page.tell({**FACTS, "salt": salt})
    assert page.run(PUT) == []
    assert page.value("STUDENT_ID") == "JOHN_DOE"


def test_short_values_ordinary_ones_and_those_of_other_names_are_not_told(page: FrontEnd) -> None:
    page.tell(FACTS)
    code = "os.environ.update(A_TOKEN='gr33n-a', B_TOKEN='sunshine', COURSE='zz91k4m8q2w7x5')"
    assert page.run(code) == []


def test_the_folders_of_a_shell_are_not_told(page: FrontEnd) -> None:
    page.tell(FACTS)
    assert page.run("os.environ.update(PWD='/srv/c0urse', OLDPWD='/srv/c0urse/week1')") == []


def test_nothing_is_told_where_secrets_stay(page: FrontEnd) -> None:
    page.tell({**FACTS, "settings": {"keepSecrets": True}})
    assert page.run(PUT) == []
    page.tell({**FACTS, "settings": {}})


def test_no_more_than_the_last_hundred_are_told(page: FrontEnd) -> None:
    page.tell(FACTS)
    page.run("os.environ.update({f'TOKEN_{n}': f'gr33n-apples-{n}' for n in range(150)})")
    told = digests(page.run("1"))
    assert len(told) == 100
    assert told[-1] == digest("gr33n-apples-149")
