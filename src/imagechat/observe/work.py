"""What a node was asked for and what it committed, in plain numbers; metrics read them."""

from collections import Counter

from imagechat.http.answered import Answered
from imagechat.model.errors import Refusal
from imagechat.model.held import Held
from imagechat.model.histogram import Histogram
from imagechat.store.group_commit import GroupDone
from imagechat.store.write_events import Committed

COMMANDS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Work:
    """Everything is since the node's start."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.requests: Counter[tuple[str, str, int]] = Counter()
        """By method, route and the status' first digit."""
        self.request_seconds: dict[str, Histogram] = {}
        """By route."""
        self.refusals: Counter[str] = Counter()
        """By code, faults included."""
        self.commands: Counter[str] = Counter()
        """By what became of them: `committed`, `again` (answered before), `held`, `refused`, `failed`."""
        self.group_commands = Histogram(COMMANDS)
        self.group_seconds = Histogram(SECONDS)

    def answered(self, answered: Answered) -> None:
        """Add a request."""
        self.requests[answered.method, answered.route, answered.status // 100] += 1
        seconds = self.request_seconds.get(answered.route)
        if seconds is None:
            seconds = self.request_seconds[answered.route] = Histogram(SECONDS)
        seconds.add(answered.seconds)
        if answered.code is not None:
            self.refusals[answered.code] += 1

    def done(self, done: GroupDone) -> None:
        """Add a group of commands."""
        self.group_commands.add(done.count)
        self.group_seconds.add(done.seconds)
        for outcome in done.outcomes:
            if isinstance(outcome, Committed):
                self.commands["again" if outcome.again else "committed"] += 1
            else:
                kinds = {Held: "held", Refusal: "refused"}
                self.commands[kinds.get(type(outcome), "failed")] += 1
