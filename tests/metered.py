"""What nodes have written down of what was used, read beside them."""

from contextlib import closing
from functools import partial

from imagechat.model.usage import Tally
from imagechat.opening import open_beside_node
from imagechat.store.read_usage import read_days, read_pictures_usage
from running import TENANT, RunningNode

EVER = 0, 4_000_000


def written(node: RunningNode, tenant_id: str = TENANT) -> Tally:
    """Return all that a tenant has used, on any day and any node."""
    with closing(open_beside_node(node.settings)) as database:
        days = database.read(partial(read_days, first=EVER[0], last=EVER[1], tenant_id=tenant_id))
    found = Tally()
    for used in days:
        found.add(used.tally)
    return found


def days_written(node: RunningNode) -> dict[int, Tally]:
    """Return what was used on each day."""
    with closing(open_beside_node(node.settings)) as database:
        days = database.read(partial(read_days, first=EVER[0], last=EVER[1], tenant_id=TENANT))
    return {used.day: used.tally for used in days}


def written_of_pictures(node: RunningNode) -> dict[str, Tally]:
    """Return what the pictures used, by name."""
    reading = partial(read_pictures_usage, first=EVER[0], last=EVER[1], tenant_id=TENANT, limit=1_000)
    with closing(open_beside_node(node.settings)) as database:
        return {used.url_id: used.tally for used in database.read(reading)}
