"""Whose address counts, one case at a time; tests/properties has what holds for all."""

import pytest

from imagechat.model.addresses import HOPS, UNKNOWN, Proxies, caller_address, is_loopback, is_secure, network_of

PROXIES = Proxies.parse("127.0.0.1, 10.0.0.0/8,2001:db8:1::/48")
PROXY = "10.0.0.1"
CALLER = "198.51.100.7"


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", False),
        ("10.255.0.1", True),
        ("::ffff:10.0.0.1", True),
        ("2001:db8:1:2::3", True),
        ("2001:db8:2::3", False),
        ("", False),
        ("10.0.0.1:80", False),
        ("localhost", False),
    ],
)
def test_AUTH1_a_proxy_is_trusted_by_its_address(address: str, *, trusted: bool) -> None:
    assert PROXIES.trusts(address) is trusted
    assert not Proxies().trusts(address)


@pytest.mark.parametrize("text", ["", " "])
def test_no_text_is_no_proxy(text: str) -> None:
    assert Proxies.parse(text) == Proxies()


@pytest.mark.parametrize(
    "text",
    [
        "proxy",
        "10.0.0.1,",
        ",",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0.0-10.0.0.9",
        "10.0.0.1 10.0.0.2",
        "0.0.0.0/0",
        "::/0",
        "::ffff:10.0.0.0/104",
        "*",
    ],
)
def test_AUTH1_what_names_no_proxy_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+ \w+") as refused:
        Proxies.parse(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "caller"),
    [
        ([], PROXY),
        ([""], PROXY),
        ([CALLER], CALLER),
        (["203.0.113.9, " + CALLER], CALLER),
        (["203.0.113.9", CALLER], CALLER),
        ([CALLER + ", 10.0.0.2", "127.0.0.1"], CALLER),
        (["10.0.0.3,10.0.0.2"], "10.0.0.3"),
        (["2001:DB8::7"], "2001:db8::7"),
        (["::ffff:" + CALLER], CALLER),
        ([f"{CALLER}, nonsense, 10.0.0.2"], "10.0.0.2"),
        ([CALLER + ":4711"], PROXY),
        (["[2001:db8::7]"], PROXY),
        (["fe80::1%eth0"], PROXY),
        (["unknown"], PROXY),
        ([CALLER + ", "], PROXY),
        (["1" * 60_000], PROXY),
        ([CALLER + ",127.0.0.1" * 10_000], "127.0.0.1"),
        ([f"{CALLER}, {'10.0.0.2, ' * (HOPS - 2)}10.0.0.2"], CALLER),
    ],
)
def test_AUTH1_the_caller_is_the_last_one_that_is_no_proxy(lines: list[str], caller: str) -> None:
    assert caller_address(PROXY, lines, PROXIES) == caller


@pytest.mark.parametrize(
    ("over_tls", "told", "secure"),
    [
        (False, "", False),
        (True, "", True),
        (False, "https", True),
        (False, "WSS", True),
        (True, "http", False),
        (True, "ws", False),
        (False, "http, https", True),
        (False, "https,http", False),
        (True, "gopher", True),
        (False, "gopher", False),
        (False, "https,", False),
    ],
)
def test_AUTH1_only_a_trusted_proxy_tells_what_came_encrypted(told: str, *, over_tls: bool, secure: bool) -> None:
    assert is_secure(PROXY, over_tls, told, PROXIES) is secure
    assert is_secure(CALLER, over_tls, told, PROXIES) is over_tls


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (CALLER, CALLER),
        ("::ffff:198.51.100.7", CALLER),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNKNOWN),
        ("198.51.100.7:80", UNKNOWN),
        ("somebody", UNKNOWN),
    ],
)
def test_AUTH1_an_address_or_a_64_counts_as_one_caller(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("LocalHost", True),
        ("0.0.0.0", False),  # noqa: S104 -- its point
        ("::", False),
        ("192.168.1.2", False),
        ("chat.example.org", False),
    ],
)
def test_loopback_is_what_others_do_not_reach(host: str, *, only_here: bool) -> None:
    assert is_loopback(host) is only_here
