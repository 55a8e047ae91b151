"""The collector of a hub: which address is one, and who gets the server's token."""

import pytest

from ipynb_telemetry.settings.destination import HUB_KEY, Destination, DestinationError, read_key
from ipynb_telemetry.settings.hubcollector import (
    TOKEN_VARIABLE,
    VARIABLE,
    AddressError,
    read_hub_collector,
    token_for,
)

ADDRESS = "http://proxy-public/services/telemetry-cs1"
COLLECTOR = Destination(ADDRESS, HUB_KEY)
ENVIRON = {VARIABLE: f" {ADDRESS}/ ", TOKEN_VARIABLE: "token-of-the-server"}


@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_hub_may_give_none(text: str | None) -> None:
    assert read_hub_collector({} if text is None else {VARIABLE: text}) is None


def test_an_address_is_read_without_white_space_and_a_final_slash() -> None:
    assert read_hub_collector(ENVIRON) == COLLECTOR
    assert read_hub_collector({VARIABLE: "https://[::1]:8443/hub/x//"}) == Destination(
        "https://[::1]:8443/hub/x", HUB_KEY
    )


@pytest.mark.parametrize(
    "text",
    [
        "services/telemetry",
        "//hub/services",
        "ftp://hub/services",
        "http:///services",
        "http://[::1/services",
        "http://hub:port/services",
        "http://hub:0/services",
        "http://ann:secret@hub/services",
        "http://hub/services?token=secret",
        "http://hub/services#secret",
        "http://hub/ser vices",
        "http://hub/serv\r\nices",
        "http://h\u00fcb/services",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(AddressError) as refusal:
        read_hub_collector({VARIABLE: text})
    assert "secret" not in str(refusal.value)
    assert token_for(Destination(text, HUB_KEY), {**ENVIRON, VARIABLE: text}) is None


def test_only_the_collector_of_this_hub_gets_the_token() -> None:
    assert token_for(COLLECTOR, ENVIRON) == "token-of-the-server"
    assert token_for(COLLECTOR._replace(host="https://evil.example"), ENVIRON) is None
    assert token_for(COLLECTOR._replace(api_key="phc_key"), ENVIRON) is None
    assert token_for(COLLECTOR, {**ENVIRON, VARIABLE: ""}) is None
    assert token_for(COLLECTOR, {**ENVIRON, VARIABLE: "https://other.example"}) is None
    assert token_for(COLLECTOR, {**ENVIRON, TOKEN_VARIABLE: ""}) is None


def test_no_setting_can_ask_for_the_token() -> None:
    with pytest.raises(DestinationError):
        read_key(HUB_KEY)
