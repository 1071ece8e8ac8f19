"""Who calls when proxies stand between: what a proxy tells is believed if the operator has named that proxy."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

HOPS = 16
"""Proxies between a caller and a node, at most; what a header lists beyond them is not read."""

UNKNOWN = "unknown"
"""The network of whoever has no address."""

_V4_IN_V6 = IPv6Network("::ffff:0:0/96")
_HOST_BITS = 64


@dataclass(frozen=True, slots=True)
class Proxies:
    """The networks of an operator's proxies."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read addresses and networks (CIDR) with commas between them; nothing is none.

        Raises `ValueError` with a sentence.
        """
        return cls(tuple(_network(part.strip()) for part in text.split(","))) if text.strip() else cls()

    def trusts(self, address: str) -> bool:
        """Whether a proxy of these has the address; what is no address is nobody's."""
        if not self.networks:
            return False
        found = _address(address)
        return found is not None and any(found in network for network in self.networks)


def caller_address(peer: str, forwarded_for: Sequence[str], proxies: Proxies) -> str:
    """Return the address of whoever calls: the last one that is not a trusted proxy's, seen from the node.

    `peer` is at the other end of the socket, `forwarded_for` are the lines of `X-Forwarded-For` in order. Whatever
    stands in a header before something that is no address was not written by a proxy that is trusted to write.
    """
    if not proxies.trusts(peer):
        return peer
    caller = peer
    for claimed in reversed(",".join(forwarded_for).rsplit(",", HOPS)):
        found = _address(claimed.strip())
        if found is None:
            break
        caller = str(found)
        if not proxies.trusts(caller):
            break
    return caller


def is_secure(peer: str, over_tls: bool, forwarded_proto: str, proxies: Proxies) -> bool:  # noqa: FBT001 -- no flag
    """Whether the caller's own connection is encrypted: the node's, or the one to the nearest proxy.

    `over_tls` is true of the node's, `forwarded_proto` is `X-Forwarded-Proto`, several lines joined by commas.
    """
    if forwarded_proto and proxies.trusts(peer):
        nearest = forwarded_proto.rpartition(",")[2].strip().lower()
        return nearest in {"https", "wss"} or (over_tls and nearest not in {"http", "ws"})
    return over_tls


@lru_cache(8192)  # most requests come from where others came from just now
def network_of(address: str) -> str:
    """Return what limits and bans count as one caller: an IPv4 address, or the /64 of an IPv6 address.

    A household or a server has a whole /64 and may use each address of it. What is no address is `UNKNOWN`.
    """
    found = _address(address.partition("%")[0])  # a peer on the same link has its interface behind its address
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found) >> _HOST_BITS << _HOST_BITS, _HOST_BITS)))
    return UNKNOWN if found is None else str(found)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a node that listens on `host`."""
    found = _address(host)
    return host.lower() == "localhost" if found is None else found.is_loopback


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return None if found.scope_id is not None else found.ipv4_mapped or found  # a scope may be any text
    return found


def _network(text: str) -> IPv4Network | IPv6Network:
    network = ip_network(text)
    if isinstance(network, IPv6Network) and network.overlaps(_V4_IN_V6):
        msg = f"{text} holds IPv4 addresses: write them as such, as in 10.0.0.0/8"
        raise ValueError(msg)
    if network.prefixlen == 0:
        msg = f"{text} is everybody, and anybody could claim any address: name your proxies"
        raise ValueError(msg)
    return network
