from collections.abc import Callable

import pytest
from itsdangerous.encoding import base64_decode, base64_encode

from imagechat.model.principal import Principal, Role
from imagechat.model.tokens import Tokens
from making import ANN, MODERATOR, TENANT, person, refused_with

NOW = 1_700_000_000_000
LATER = NOW + 1000


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("a key")


@pytest.mark.parametrize("who", [ANN, MODERATOR, person("ü", name="Ünï", avatar="https://a/b", role=Role.MEMBER)])
def test_a_token_brings_back_who_it_was_made_for(tokens: Tokens, who: Principal) -> None:
    assert tokens.read_session(tokens.session(who), TENANT) == who
    ticket = tokens.read_ticket(tokens.ticket(who, LATER), TENANT, NOW)
    assert (ticket.principal, ticket.expires_at) == (who, LATER)


def test_a_token_is_fit_for_a_url_and_for_a_header(tokens: Tokens) -> None:
    for token in (tokens.session(ANN), tokens.ticket(ANN, LATER)):
        assert token.isascii()
        assert not set(token) & set("/+=%&?# ;,\"'")


def readers(tokens: Tokens) -> list[tuple[str, Callable[[str], object]]]:
    return [
        (tokens.session(ANN), lambda token: tokens.read_session(token, TENANT)),
        (tokens.ticket(ANN, LATER), lambda token: tokens.read_ticket(token, TENANT, NOW)),
    ]


def test_AUTH1_a_token_that_was_altered_anywhere_is_refused(tokens: Tokens) -> None:
    for token, read in readers(tokens):
        for at in range(len(token)):
            # the last character of a base64 text has bits that mean nothing; another letter may be the same signature
            other = "A" if token[at] not in "ABCD" else "z"
            altered = token[:at] + other + token[at + 1 :]
            assert refused_with(read, altered) == "unauthorized", at


def test_AUTH1_a_token_that_was_cut_or_lengthened_is_refused(tokens: Tokens) -> None:
    for token, read in readers(tokens):
        for length in range(len(token)):
            assert refused_with(read, token[:length]) == "unauthorized"
        for wrong in (token + "A", token + ".", "." + token, f" {token}", token * 2, token + "\n"):
            assert refused_with(read, wrong) == "unauthorized"


@pytest.mark.parametrize("rubbish", ["", ".", "..", "ü", "\ud800", "\x00", "null", "e30.e30", "A" * 100_000], ids=repr)
def test_AUTH1_rubbish_is_no_token(tokens: Tokens, rubbish: str) -> None:
    for _, read in readers(tokens):
        assert refused_with(read, rubbish) == "unauthorized"


def test_AUTH1_a_promoted_token_is_refused(tokens: Tokens) -> None:
    content, _, signature = tokens.session(ANN).partition(".")
    promoted = base64_encode(base64_decode(content).replace(b"}", b',"role":"admin"}')).decode()
    assert refused_with(lambda: tokens.read_session(f"{promoted}.{signature}", TENANT)) == "unauthorized"


def test_AUTH1_a_session_is_no_ticket_and_a_ticket_is_no_session(tokens: Tokens) -> None:
    session, ticket = tokens.session(ANN), tokens.ticket(ANN, LATER)
    assert refused_with(lambda: tokens.read_session(ticket, TENANT)) == "unauthorized"
    assert refused_with(lambda: tokens.read_ticket(session, TENANT, NOW)) == "unauthorized"


def test_AUTH1_a_token_is_good_for_its_tenant_only(tokens: Tokens) -> None:
    assert refused_with(lambda: tokens.read_session(tokens.session(ANN), "elsewhere")) == "unauthorized"
    assert refused_with(lambda: tokens.read_ticket(tokens.ticket(ANN, LATER), "elsewhere", NOW)) == "unauthorized"


def test_AUTH1_a_token_of_another_server_is_refused(tokens: Tokens) -> None:
    other = Tokens("another key")
    assert refused_with(lambda: tokens.read_session(other.session(ANN), TENANT)) == "unauthorized"
    assert refused_with(lambda: tokens.read_ticket(other.ticket(ANN, LATER), TENANT, NOW)) == "unauthorized"


def test_AUTH2_a_ticket_ends_at_its_time(tokens: Tokens) -> None:
    ticket = tokens.ticket(ANN, LATER)
    tokens.read_ticket(ticket, TENANT, LATER - 1)
    for now in (LATER, LATER + 1):
        assert refused_with(tokens.read_ticket, ticket, TENANT, now) == "unauthorized"


def test_what_is_remembered_is_not_mixed_up(tokens: Tokens) -> None:
    everybody = [person(f"user-{number}") for number in range(100)]
    sessions = [tokens.session(who) for who in everybody]
    for _ in range(2):
        assert [tokens.read_session(session, TENANT) for session in sessions] == everybody


def test_what_is_refused_is_not_remembered(tokens: Tokens) -> None:
    for number in range(3):
        for _, read_whole in readers(tokens):
            assert refused_with(read_whole, f"{number}" * 10_000) == "unauthorized"
    assert tokens._read_session.cache_info().currsize == 0
    assert tokens._read_ticket.cache_info().currsize == 0
