"""Whatever stands in the headers: nobody becomes somebody else by writing there."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from hypothesis import assume, example, given
from hypothesis import strategies as some

from imagechat.model.addresses import Proxies, caller_address, is_secure, network_of

PROXIES = Proxies.parse("10.0.0.0/8, fd00::/8")

addresses = some.ip_addresses().map(str)
own_proxies = some.one_of(some.ip_addresses(network="10.0.0.0/8"), some.ip_addresses(network="fd00::/8")).map(str)
strangers = addresses.filter(lambda address: not PROXIES.trusts(address))
anything = some.one_of(
    addresses, own_proxies, some.text(), some.builds("{}:{}".format, addresses, some.integers()), some.just("[::1]")
)
lines = some.lists(some.lists(anything).map(", ".join))


@given(peer=strangers, claimed=lines, proto=some.text(), over_tls=some.booleans())
def test_AUTH1_nothing_is_believed_of_a_peer_that_is_no_proxy(
    peer: str, claimed: list[str], proto: str, *, over_tls: bool
) -> None:
    assert caller_address(peer, claimed, PROXIES) == peer
    assert is_secure(peer, over_tls, proto, PROXIES) is over_tls


@given(own_proxies, lines, strangers, some.lists(own_proxies, max_size=5), some.data())
@example("10.0.0.1", ["127.0.0.1"], "198.51.100.7", [], None)
def test_AUTH1_what_a_caller_wrote_before_the_proxies_changes_nothing(
    peer: str, spoofed: list[str], caller: str, hops: list[str], data: some.DataObject | None
) -> None:
    """Each proxy appends the address that it sees, to the last line or as one more."""
    written = list(spoofed)
    for seen in [caller, *hops]:
        if written and (data is None or data.draw(some.booleans())):
            written[-1] = f"{written[-1]}, {seen}"
        else:
            written.append(seen)
    found = caller_address(peer, written, PROXIES)
    assert found == caller_address(peer, [caller, *hops], PROXIES)
    assert network_of(found) == network_of(caller)


@given(own_proxies, lines)
def test_AUTH1_whatever_is_written_an_address_comes_of_it(peer: str, claimed: list[str]) -> None:
    found = caller_address(peer, claimed, PROXIES)
    assert ip_address(found) is not None


@given(addresses)
def test_AUTH1_a_network_holds_its_address_and_one_that_is_mapped_is_itself(address: str) -> None:
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        assert network_of(address) == network_of(f"::ffff:{address}") == address
    else:
        assume(found.ipv4_mapped is None)
        network = network_of(address)
        assert network == network_of(str(IPv6Address(int(found) ^ 1)))
        assert network != network_of(str(IPv6Address(int(found) ^ 1 << 64)))


@given(some.text())
def test_AUTH1_text_is_no_network_of_anybody(text: str) -> None:
    assert isinstance(network_of(text), str)
