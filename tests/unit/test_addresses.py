import pytest

from imagechat.model.addresses import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("/run/proxy.sock", "unknown"),
        ("192.0.2.999", "unknown"),
    ],
)
def test_an_address_is_counted_as_its_subscribers_network(address: str, network: str) -> None:
    assert network_of(address) == network
