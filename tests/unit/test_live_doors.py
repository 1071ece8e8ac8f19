from typing import Any

import pytest

from imagechat.live.doors import DoorLimits, Doors, Visit
from imagechat.model.errors import TOO_MANY, too_many
from imagechat.model.rate_limits import Limit
from making import ANN, BEN, STRANGER

HERE, THERE = "192.0.2.1", "192.0.2.2"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def doors(clock: Clock | None = None, **limits: Any) -> Doors:
    return Doors(clock or Clock(), DoorLimits(**limits))


def inside(doors: Doors, principal: Any = ANN, network: str = HERE) -> Visit:
    visit = Visit(doors)
    assert visit.knock(network) == 0
    assert visit.prove(principal) == 0
    return visit


def test_tickets_that_are_not_good_are_an_addresss_to_pay() -> None:
    clock = Clock()
    at = doors(clock, unproven=Limit(2, 2.0))
    for _ in range(2):
        visit = Visit(at)
        assert visit.knock(HERE) == 0
        visit.leave()
    assert Visit(at).knock(HERE) == pytest.approx(1)
    assert Visit(at).knock(THERE) == 0
    clock.now += 1
    assert Visit(at).knock(HERE) == 0


def test_good_tickets_cost_the_address_nothing_that_bad_ones_do() -> None:
    at = doors(unproven=Limit(1, 60.0))
    for _ in range(10):
        inside(at).leave()


def test_good_tickets_are_their_sessions_to_pay_and_for_all_at_an_address_together() -> None:
    at = doors(proven=Limit(2, 2.0), proven_together=Limit(3, 30.0))
    inside(at).leave()
    inside(at).leave()
    again = Visit(at)
    assert again.knock(HERE) == 0
    assert again.prove(ANN) == pytest.approx(1)
    inside(at, BEN).leave()
    third = Visit(at)
    assert third.knock(HERE) == 0
    assert third.prove(BEN) == pytest.approx(10)
    inside(at, BEN, THERE).leave()


def test_sockets_of_an_address_are_counted_until_they_are_gone() -> None:
    at = doors(sockets_per_address=2, full_seconds=7.0)
    first, _ = inside(at), inside(at, BEN)
    refused = Visit(at)
    assert refused.knock(HERE) == 7
    refused.leave()
    assert Visit(at).knock(HERE) == 7
    inside(at, network=THERE)
    first.leave()
    first.leave()
    inside(at)
    assert Visit(at).knock(HERE) == 7


def test_sockets_of_a_session_are_counted_wherever_it_is_and_in_its_tenant_alone() -> None:
    at = doors(sockets_per_session=1, full_seconds=7.0)
    first = inside(at)
    second = Visit(at)
    assert second.knock(THERE) == 0
    assert second.prove(ANN) == 7
    assert STRANGER.session_id == ANN.session_id
    inside(at, STRANGER)
    first.leave()
    third = Visit(at)
    assert third.knock(THERE) == 0
    assert third.prove(ANN) == 0


def test_whoever_is_gone_leaves_no_count_behind() -> None:
    at = doors(sockets_per_session=2)
    visits = [inside(at, who, network) for who in (ANN, BEN) for network in (HERE, THERE)]
    half = Visit(at)
    half.knock(HERE)
    refused = Visit(at)
    refused.knock(HERE)
    refused.prove(ANN)
    for visit in [*visits, half, refused, Visit(at)]:
        visit.leave()
    assert not at._sockets


def test_what_a_connection_sends_is_limited_in_bytes_and_frames() -> None:
    clock = Clock()
    visit = Visit(doors(clock, size=Limit(100, 10.0), frames=Limit(4, 2.0), full_seconds=7.0))
    assert visit.send(100) == 0
    assert visit.send(10) == pytest.approx(1)
    assert visit.send(101) == 7
    assert [visit.send_frames(0), visit.send_frames(3)] == [0, 0]
    assert visit.send_frames(1) == pytest.approx(0.5)
    clock.now += 1
    assert visit.send(10) == 0
    assert visit.send_frames(2) == 0


def test_a_client_that_pings_is_never_limited() -> None:
    clock = Clock()
    visit = Visit(doors(clock))
    for _ in range(10_000):
        assert visit.send(10) == 0
        assert visit.send_frames(1) == 0
        clock.now += 1


def test_the_seconds_are_the_first_number_in_the_reason() -> None:
    assert too_many(0.2).reason == "too many: resume after 1 s"
    assert too_many(30) == TOO_MANY
