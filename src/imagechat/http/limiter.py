"""Says no to whoever does too much: 429, with the seconds to wait."""

from math import ceil

from imagechat.model.errors import RATE_LIMITED, Refusal
from imagechat.model.principal import Principal
from imagechat.model.quotas import Kind, Quotas, charges
from imagechat.model.rate_limits import Buckets

_DOING = {
    Kind.COMMENT: "commenting",
    Kind.MARKER: "placing markers",
    Kind.CHANGE: "changing things",
    Kind.READ: "loading pages",
}


class Limiter:
    """The limits of one node's REST API."""

    def __init__(self, buckets: Buckets | None) -> None:
        """Count in `buckets`; without them nothing is limited."""
        self._buckets = buckets

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
        seconds = ceil(wait)
        unit = "second" if seconds == 1 else "seconds"
        raise Refusal(RATE_LIMITED, f"{who}: try again in {seconds} {unit}.", retry_after=wait)
