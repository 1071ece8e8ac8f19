"""Buses of several nodes in one process, for what nodes tell each other; the test may lose what is said."""

from imagechat.bus.base import Hearer, Told
from imagechat.bus.memory import MemoryBus
from imagechat.model.ids import RoomId


class Air:
    """What carries from node to node."""

    def __init__(self) -> None:
        self.nodes: list[NodeBus] = []
        self.loses = False
        self.said: list[Told] = []

    def node(self) -> "NodeBus":
        made = NodeBus(self, f"node-{len(self.nodes)}")
        self.nodes.append(made)
        return made


class NodeBus(MemoryBus):
    """One node's bus; only what nodes tell each other is carried."""

    def __init__(self, air: Air, name: str) -> None:
        super().__init__(alone=False)
        self.name = name
        self._air = air
        self._hearers: dict[str, Hearer] = {}

    def hear_with(self, topic: str, hearer: Hearer) -> None:
        self._hearers[topic] = hearer

    def tell(self, topic: str, data: bytes, room_id: RoomId | None = None) -> None:
        told = Told(self.name, data, room_id)
        self._air.said.append(told)
        for other in self._air.nodes:
            if other is not self and topic in other._hearers and not self._air.loses:
                other._hearers[topic](told)
