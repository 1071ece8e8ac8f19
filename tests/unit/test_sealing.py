"""Keys at rest: what a stolen database gives away."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.model.sealing import Seal, digest_of, new_api_key

KEY = "a server's key, as long as one has to be"


def test_a_sealed_key_opens_under_the_same_servers_key_and_the_same_name() -> None:
    api_key = new_api_key()
    sealed = Seal(KEY).close(api_key, "first")
    assert Seal(KEY).open(sealed, "first") == api_key
    assert api_key not in sealed


@pytest.mark.parametrize(("server", "name"), [("another server's key", "first"), (KEY, "second")])
def test_AUTH1_a_sealed_key_opens_for_nobody_else(server: str, name: str) -> None:
    sealed = Seal(KEY).close("key", "first")
    with pytest.raises(ValueError, match="rotate it"):
        Seal(server).open(sealed, name)


@given(st.integers(0, 40), st.integers(1, 255))
def test_AUTH1_a_sealed_key_that_was_altered_opens_for_nobody(place: int, by: int) -> None:
    sealed = bytearray(urlsafe_b64decode(Seal(KEY).close("key", "first")))
    sealed[place % len(sealed)] ^= by
    with pytest.raises(ValueError, match="rotate it"):
        Seal(KEY).open(urlsafe_b64encode(sealed).decode(), "first")


def test_the_same_key_is_sealed_differently_each_time() -> None:
    assert Seal(KEY).close("key", "first") != Seal(KEY).close("key", "first")


def test_a_key_has_chance_in_it_and_is_compared_by_a_digest() -> None:
    keys = {new_api_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith("ick_") and len(key) >= 40 for key in keys)
    assert len({digest_of(key) for key in keys}) == 100
    assert digest_of("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"


def test_an_address_is_a_digest_that_two_tenants_and_two_servers_cannot_compare() -> None:
    found = {Seal(server).address(tenant, "192.0.2.1") for server in (KEY, "other") for tenant in ("acme", "blog")}
    assert len(found) == 4
    assert Seal(KEY).address("acme", "192.0.2.1") == Seal(KEY).address("acme", "192.0.2.1")
    assert all("192" not in address and len(address) == 16 for address in found)
