"""No payload signs anybody in that the tenant's key did not sign, whatever is in it."""

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from imagechat.model import sso
from imagechat.model.errors import Refusal
from imagechat.model.tenant import Jwt, JwtAlgorithm
from making import refused_with
from signing import TenantServer, sso_of, user_data

NOW = 1_700_000_000_000
KEY, OTHER_KEY = "ick_of-this-tenant-0123456789abcdef", "ick_of-another-tenant-0123456789abcd"
KEYS = [("k1", KEY)]
SERVER = TenantServer("demo", KEY)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=5,
)
users = st.fixed_dictionaries(
    {
        "id": st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=12),
        "email": st.text(max_size=12),
        "username": st.text(max_size=12),
    },
    optional={"isAdmin": st.booleans(), "isModerator": st.booleans(), "groupIds": st.lists(st.text(max_size=5))},
)
times = st.integers(NOW - sso.MOST_AGE_MS, NOW + sso.SKEW_MS)


def signs_in(fields: dict[str, Any], now: int = NOW) -> sso.SignedIn | None:
    """Return who is signed in, or None; only refusals are raised."""
    try:
        return sso.verify_signed(sso.read_fields(json.dumps(fields)), KEYS, now)
    except Refusal:
        return None


@given(users, times)
def test_what_the_key_signed_signs_in_that_user_and_no_other(user: dict[str, Any], at: int) -> None:
    assume(not user["id"].startswith(sso.ANONYMOUS_PREFIX))
    found = signs_in(sso_of(KEY, json.dumps(user).encode(), at))
    assert found is not None
    assert (found.person.id, found.at, found.key_id) == (user["id"], at, "k1")
    assert found.person.role == (
        "admin" if user.get("isAdmin") else "moderator" if user.get("isModerator") else "member"
    )
    groups = user.get("groupIds")
    assert found.person.groups == (None if groups is None else tuple(sorted(set(groups))))


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=60), users, times)
def test_AUTH1_no_other_key_signs_anybody_in(key: str, user: dict[str, Any], at: int) -> None:
    assume(key != KEY)
    assert signs_in(sso_of(key, json.dumps(user).encode(), at)) is None


@given(st.data(), users, times)
def test_AUTH1_no_altered_character_signs_anybody_in(data: st.DataObject, user: dict[str, Any], at: int) -> None:
    fields = sso_of(KEY, json.dumps(user).encode(), at)
    name = data.draw(st.sampled_from(["userDataJSONBase64", "verificationHash"]))
    text = fields[name]
    place = data.draw(st.integers(0, len(text) - 1))
    cut = data.draw(st.booleans())
    fields[name] = text[:place] + ("" if cut else data.draw(st.characters(codec="utf-8"))) + text[place + 1 :]
    assume(fields[name].lower() != text.lower() if name == "verificationHash" else fields[name] != text)
    assert signs_in(fields) is None


@given(users, users, times, times)
def test_AUTH1_no_mixture_of_two_payloads_signs_anybody_in(
    one: dict[str, Any], other: dict[str, Any], at: int, then: int
) -> None:
    first, second = (sso_of(KEY, json.dumps(user).encode(), when) for user, when in ((one, at), (other, then)))
    for name in ("userDataJSONBase64", "verificationHash", "timestamp"):
        mixed = first | {name: second[name]}
        if mixed not in (first, second):
            assert signs_in(mixed) is None


@given(st.dictionaries(st.sampled_from(["userDataJSONBase64", "verificationHash", "timestamp"]) | st.text(), values))
def test_AUTH1_nothing_made_up_signs_anybody_in(fields: dict[str, Any]) -> None:
    assert signs_in(fields) is None


@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()), times)
def test_a_signature_over_anything_is_a_user_or_a_refusal(content: bytes, at: int) -> None:
    found = signs_in(sso_of(KEY, content, at))
    assert found is None or isinstance(json.loads(content), dict)


@given(st.integers())
def test_AUTH1_a_payload_counts_in_its_two_days_only(age: int) -> None:
    found = signs_in(SERVER.fields("ann", at=NOW - age))
    assert (found is not None) is (-sso.SKEW_MS <= age <= sso.MOST_AGE_MS)


def test_the_key_that_vouched_is_named_among_several() -> None:
    for number, key in enumerate((KEY, OTHER_KEY)):
        fields = sso.read_fields(json.dumps(sso_of(key, json.dumps(user_data("ann")).encode(), NOW)))
        assert sso.verify_signed(fields, [("0", KEY), ("1", OTHER_KEY)], NOW).key_id == str(number)
        assert refused_with(sso.verify_signed, fields, [], NOW) == "unauthorized"


token_parts = st.sampled_from(
    ["", "e30", "eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJhbm4ifQ", "AA", "="]
)


@given(
    st.sampled_from(list(JwtAlgorithm)),
    st.text(max_size=60) | st.tuples(token_parts, token_parts, token_parts).map(".".join),
)
def test_AUTH1_no_token_made_up_signs_anybody_in(algorithm: JwtAlgorithm, token: str) -> None:
    sets: list[dict[str, object]] = [{}, {"keys": []}, {"keys": [{"kty": "oct", "k": "AAAA"}]}, {"keys": "none"}]
    for jwks in sets:
        chosen = Jwt(algorithm=algorithm, jwks=jwks)
        assert refused_with(sso.verify_jwt, token, "demo", chosen, KEYS) == "unauthorized"
