import msgspec
import pytest

from imagechat.http.limiter import Limiter
from imagechat.model.errors import RATE_LIMITED, Refusal
from imagechat.model.principal import Principal
from imagechat.model.quotas import Kind, Quotas, charges
from imagechat.model.rate_limits import Buckets, Limit
from making import ANN, BEN, MODERATOR, STRANGER

HERE, THERE = "one network's digest", "another's"


def counts(kind: Kind, quotas: Quotas | None = None, *, moderates: bool = False) -> list[int]:
    found = charges(kind, quotas or Quotas(), MODERATOR if moderates else ANN)
    assert all(limit.seconds == 60 for _, limit in found)
    return [limit.count for _, limit in found]


def test_a_session_an_address_and_a_tenant_have_each_their_limit() -> None:
    assert counts(Kind.COMMENT) == [5, 150, 3_000]
    assert counts(Kind.MARKER) == [30, 900, 3_000]
    assert counts(Kind.CHANGE) == [30, 900, 6_000]
    assert counts(Kind.READ) == [120, 3_600, 60_000]


def test_moderators_read_and_change_ten_times_as_much_and_write_as_all_do() -> None:
    assert counts(Kind.CHANGE, moderates=True) == [300, 9_000, 60_000]
    assert counts(Kind.READ, moderates=True) == [1_200, 36_000, 600_000]
    assert counts(Kind.COMMENT, moderates=True) == counts(Kind.COMMENT)
    assert counts(Kind.MARKER, moderates=True) == counts(Kind.MARKER)


def test_no_bucket_is_shared_by_kinds_tenants_or_by_a_flood_and_its_moderators() -> None:
    everything = [
        {key for key, _ in charges(kind, Quotas(), who)}
        for kind in Kind
        for who in (ANN, STRANGER, *([MODERATOR] if kind in {Kind.CHANGE, Kind.READ} else []))
    ]
    assert len(set.union(*everything)) == sum(len(keys) for keys in everything)


def test_people_at_one_address_share_its_bucket_and_their_tenants() -> None:
    ann, ben = (charges(Kind.COMMENT, Quotas(), who) for who in (ANN, BEN))
    assert ann[0] != ben[0]
    assert ann[1:] == ben[1:]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (b"{}", [5, 150, 3_000]),
        (b'{"comments_per_session":10}', [10, 300, 3_000]),
        (b'{"comments_per_session":null}', [3_000]),
        (b'{"sessions_per_address":null}', [5, 3_000]),
        (b'{"sessions_per_address":1,"comments_per_tenant":null}', [5, 5]),
        (b'{"comments_per_session":null,"comments_per_tenant":null}', []),
    ],
)
def test_a_tenant_sets_what_it_wants_otherwise(settings: bytes, expected: list[int]) -> None:
    assert counts(Kind.COMMENT, msgspec.json.decode(settings, type=Quotas)) == expected


@pytest.mark.parametrize("value", [b"0", b"-1", b"1.5", b'"5"', b"1000000001"])
@pytest.mark.parametrize("name", [name.encode() for name in Quotas.__struct_encode_fields__])
def test_a_limit_that_makes_no_sense_is_refused(name: bytes, value: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"%b":%b}' % (name, value), type=Quotas)


def test_a_limit_of_a_newer_version_is_let_be() -> None:
    assert msgspec.json.decode(b'{"kittens":5}', type=Quotas) == Quotas()


def test_settings_that_are_the_defaults_are_not_written() -> None:
    assert msgspec.json.encode(Quotas()) == b"{}"
    assert msgspec.json.encode(Quotas(reads_per_tenant=None)) == b'{"reads_per_tenant":null}'


# -- saying no


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def at(who: Principal, address: str = HERE) -> Principal:
    return msgspec.structs.replace(who, address=address)


def refusal(limiter: Limiter, kind: Kind = Kind.COMMENT, quotas: Quotas | None = None, address: str = HERE) -> Refusal:
    with pytest.raises(Refusal) as refused:
        limiter.check(kind, at(ANN, address), quotas or Quotas())
    return refused.value


def test_a_refusal_says_in_a_sentence_when_to_try_again() -> None:
    clock = Clock()
    limiter = Limiter(Buckets(clock))
    for _ in range(5):
        limiter.check(Kind.COMMENT, at(ANN), Quotas())
    refused = refusal(limiter)
    assert refused.kind is RATE_LIMITED
    assert refused.message == "You are commenting too fast: try again in 12 seconds."
    assert refused.retry_after == pytest.approx(12)
    clock.now = 11.5
    assert refusal(limiter).message == "You are commenting too fast: try again in 1 second."
    clock.now = 12.0
    limiter.check(Kind.COMMENT, at(ANN), Quotas())


def test_who_is_refused_because_of_others_is_told_so() -> None:
    limiter = Limiter(Buckets(Clock()))
    quotas = Quotas(comments_per_tenant=1)
    limiter.check(Kind.COMMENT, at(BEN, THERE), quotas)
    assert refusal(limiter, quotas=quotas).message == (
        "Too many people are commenting here at once: try again in 60 seconds."
    )
    unlimited = Quotas(comments_per_session=None, comments_per_tenant=1)
    assert refusal(limiter, quotas=unlimited).message.startswith("Too many people")


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_sentence(kind: Kind) -> None:
    limiter = Limiter(Buckets(Clock()))
    quotas = Quotas(comments_per_session=1, markers_per_session=1, changes_per_session=1, reads_per_session=1)
    limiter.check(kind, at(ANN), quotas)
    assert refusal(limiter, kind, quotas).message.endswith(" too fast: try again in 60 seconds.")


def test_people_of_one_network_share_what_it_may_do() -> None:
    limiter = Limiter(Buckets(Clock()))
    quotas = Quotas(comments_per_session=1, sessions_per_address=1)
    limiter.check(Kind.COMMENT, at(BEN), quotas)
    assert "Too many people" in refusal(limiter, quotas=quotas).message
    limiter.check(Kind.COMMENT, at(ANN, THERE), quotas)


def test_without_buckets_nobody_is_limited() -> None:
    limiter = Limiter(None)
    for _ in range(100):
        limiter.check(Kind.COMMENT, at(ANN), Quotas(comments_per_session=1))


def test_the_numbers_are_those_of_a_limit() -> None:
    assert charges(Kind.MARKER, Quotas(), ANN)[0][1] == Limit(30, 60.0)
