"""Says no to whoever does too much: 429, with the seconds to wait."""

from math import ceil

from imagechat.model.errors import RATE_LIMITED, Refusal
from imagechat.model.principal import Principal
from imagechat.model.quotas import Kind, Quotas, charges
from imagechat.model.rate_limits import Buckets, Charge, Limit

_DOING = {
    Kind.COMMENT: "commenting",
    Kind.MARKER: "placing markers",
    Kind.CHANGE: "changing things",
    Kind.READ: "loading pages",
}


GUESSES = Limit(60, 60.0)
"""Links and tokens of the operator's, and API keys, that an address may show and that are not good."""


class Limiter:
    """The limits of one node's REST API."""

    def __init__(self, buckets: Buckets | None) -> None:
        """Count in `buckets`; without them nothing is limited."""
        self._buckets = buckets

    def guess(self, network: str) -> None:
        """Let an address show what may open everything, before it is looked up. Raises `Refusal` (`rate-limited`)."""
        wait = 0.0 if self._buckets is None else self._buckets.take([_guesses(network)])
        if wait:
            raise Refusal(RATE_LIMITED, f"Too many wrong keys or sessions: try again {_in(wait)}.", retry_after=wait)

    def was_right(self, network: str) -> None:
        """Count a guess no more, which was none."""
        if self._buckets is not None:
            self._buckets.give_back([_guesses(network)])

    def check(self, kind: Kind, caller: Principal, quotas: Quotas) -> None:
        """Let an operation pass and count it, where the caller, their address and their tenant may do one more.

        Raises `Refusal` (`rate-limited`); what is refused is not counted.
        """
        if self._buckets is None:
            return
        costs = charges(kind, quotas, caller)
        wait = self._buckets.take(costs)
        if not wait:
            return
        own = quotas.of(kind)[0] is not None and self._buckets.wait(costs[:1]) > 0
        who = f"You are {_DOING[kind]} too fast" if own else f"Too many people are {_DOING[kind]} here at once"
        raise Refusal(RATE_LIMITED, f"{who}: try again {_in(wait)}.", retry_after=wait)


def _guesses(network: str) -> Charge:
    return f"guesses {network}", GUESSES


def _in(wait: float) -> str:
    seconds = ceil(wait)
    return f"in {seconds} {'second' if seconds == 1 else 'seconds'}"
