"""JSON Web Tokens of a tenant's own as SSO: the tenant pins the algorithm, the audience is the tenant."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from operating import Operator
from signing import TenantServer
from visiting import Visiting, Visitor

DAY = 86_400
RSA, OTHER_RSA = (generate_private_key(65537, 2048) for _ in range(2))
ED, OTHER_ED = (Ed25519PrivateKey.generate() for _ in range(2))


def published(key: Any, kid: str) -> dict[str, Any]:
    """Return a public key as a JWK."""
    kinds: Any = jwt.algorithms.OKPAlgorithm if isinstance(key, Ed25519PrivateKey) else jwt.algorithms.RSAAlgorithm
    found: dict[str, Any] = kinds.to_jwk(key.public_key(), as_dict=True)
    return found | {"kid": kid}


@dataclass
class Issuer:
    """Issues tokens of a tenant, as it should or otherwise."""

    server: TenantServer
    key: Any
    algorithm: str
    headers: dict[str, str] = field(default_factory=dict)

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(time.time())
        return {"sub": "ann", "aud": self.server.tenant_id, "exp": now + 60, "iat": now, "email": "a@b"} | more

    def token(self, *, key: Any = None, algorithm: str | None = None, kid: str | None = None, **more: Any) -> str:
        claims = {name: value for name, value in self.claims(**more).items() if value is not ...}
        headers = self.headers if kid is None else {"kid": kid}
        return jwt.encode(claims, key or self.key, algorithm or self.algorithm, headers=headers)


@pytest.fixture(scope="module")
def issuers(operator: Operator) -> dict[str, Issuer]:
    """One tenant for each algorithm; each publishes keys of both kinds."""
    jwks = {"keys": [published(RSA, "rsa"), published(OTHER_RSA, "other-rsa"), published(ED, "ed")]}
    settings = {
        name: {"algorithm": name, "jwks": {} if name == "HS256" else jwks} for name in ("HS256", "RS256", "EdDSA")
    }
    servers = {name: operator.tenant(f"jwt-{name}", jwt=chosen) for name, chosen in settings.items()}
    return {
        "HS256": Issuer(servers["HS256"], servers["HS256"].api_key, "HS256"),
        "RS256": Issuer(servers["RS256"], RSA, "RS256", {"kid": "rsa"}),
        "EdDSA": Issuer(servers["EdDSA"], ED, "EdDSA", {"kid": "ed"}),
    }


@pytest.fixture(params=["HS256", "RS256", "EdDSA"])
def issuer(request: pytest.FixtureRequest, issuers: dict[str, Issuer]) -> Issuer:
    return issuers[request.param]


def enter(visiting: Visiting, issuer: Issuer, token: str) -> tuple[Visitor, dict[str, Any]]:
    who = visiting.somebody()
    return who, who.call("GET", issuer.server.chats, params={"urlId": "p", "sso": token})


def refused(visiting: Visiting, issuer: Issuer, token: str) -> bool:
    code = visiting.somebody().refused("GET", issuer.server.chats, params={"urlId": "p", "sso": token})
    return code in {"unauthorized", "invalid-body"}


def unsigned(claims: dict[str, Any], header: dict[str, Any]) -> str:
    """Return the part of a token that is signed, made by hand."""
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))


def by_hand(claims: dict[str, Any], header: dict[str, Any], secret: bytes) -> str:
    """Return a token with an HMAC, which the library would not make with a public key."""
    text = unsigned(claims, header)
    mac = hmac.digest(secret, text.encode(), "sha256")
    return f"{text}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def test_a_token_signs_a_user_in_with_name_role_and_groups(visiting: Visiting, issuer: Issuer) -> None:
    token = issuer.token(sub="tom", name="Tom", isModerator=True, groupIds=["red"], avatar="https://a/b.png")
    who, answer = enter(visiting, issuer, token)
    user = answer["user"]
    assert (user["id"], user["displayName"], user["groupIds"]) == ("tom", "Tom", ["red"])
    assert (user["authorized"], answer["isSiteAdmin"], user["avatarSrc"]) == (True, True, "https://a/b.png")
    assert who.call("GET", issuer.server.chats, params={"urlId": "p"})["user"]["id"] == "tom"


def test_the_tenant_may_be_one_audience_of_several(visiting: Visiting, issuer: Issuer) -> None:
    enter(visiting, issuer, issuer.token(aud=["elsewhere", issuer.server.tenant_id]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "elsewhere"},
        {"aud": ["elsewhere"]},
        {"aud": ...},
        {"aud": ""},
        {"exp": ...},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"nbf": 2**40},
        {"iat": 2**40},
        {"iat": ...},
        {"iat": "now"},
        {"iat": "1"},
        {"iat": True},
        {"iat": float("inf")},
        {"iat": float("-inf")},
        {"iat": -1},
        {"iat": -(10**30), "sub": "somebody new"},
        {"sub": ...},
        {"sub": ""},
        {"sub": "anon-ann"},
        {"sub": "a\0b"},
        {"isAdmin": "true"},
        {"groupIds": "red"},
        {"email": 1},
        {"name": ["Ann"]},
    ],
    ids=str,
)
def test_AUTH1_a_token_whose_claims_are_not_right_signs_nobody_in(
    visiting: Visiting, issuer: Issuer, wrong: dict[str, Any]
) -> None:
    assert refused(visiting, issuer, issuer.token(**wrong))


def test_AUTH1_a_token_without_a_signature_signs_nobody_in(visiting: Visiting, issuer: Issuer) -> None:
    for algorithm in ("none", "None", "NONE", issuer.algorithm):
        assert refused(visiting, issuer, unsigned(issuer.claims(), {"alg": algorithm, "typ": "JWT"}) + ".")


def test_AUTH1_a_token_that_was_altered_signs_nobody_in(visiting: Visiting, issuer: Issuer) -> None:
    head, claims, signature = issuer.token().split(".")
    boss = unsigned(issuer.claims(isAdmin=True), {}).split(".")[1]
    for token in (
        f"{head}.{boss}.{signature}",
        f"{head}.{claims}.{signature[:-4]}",
        f"{head}.{claims}.{signature[:5]}{'A' if signature[5] != 'A' else 'B'}{signature[6:]}",
        f"{head}.{claims}.",
        f".{claims}.{signature}",
        f"{head}..{signature}",
        "a.b.c",
        "..",
        "\u00e4.\u00e4.\u00e4",
        f"{head[::-1]}.{claims}.{signature}",
    ):
        assert refused(visiting, issuer, token), token


def test_AUTH1_the_public_key_as_an_hmac_secret_signs_nobody_in(visiting: Visiting, issuers: dict[str, Issuer]) -> None:
    for name, key in (("RS256", RSA), ("EdDSA", ED)):
        issuer: Issuer = issuers[name]
        public: Any = key.public_key()
        for written in (
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            json.dumps(published(key, issuer.headers["kid"])).encode(),
        ):
            for algorithm in ("HS256", issuer.algorithm):
                header = {"alg": algorithm, "typ": "JWT"} | issuer.headers
                assert refused(visiting, issuer, by_hand(issuer.claims(), header, written))


def test_AUTH1_only_the_tenants_algorithm_is_taken(visiting: Visiting, issuers: dict[str, Issuer]) -> None:
    keys = {"HS256": (issuers["HS256"].key, None), "RS256": (RSA, "rsa"), "EdDSA": (ED, "ed")}
    for chosen, issuer in issuers.items():
        for algorithm, (key, kid) in keys.items():
            token = issuer.token(key=key, algorithm=algorithm, kid=kid)
            if algorithm == chosen:
                enter(visiting, issuer, token)
            else:
                assert refused(visiting, issuer, token), (chosen, algorithm)


def test_AUTH1_a_key_counts_under_its_own_kid_only(visiting: Visiting, issuers: dict[str, Issuer]) -> None:
    rsa, ed = issuers["RS256"], issuers["EdDSA"]
    enter(visiting, rsa, rsa.token(key=OTHER_RSA, kid="other-rsa"))
    enter(visiting, rsa, jwt.encode(rsa.claims(), OTHER_RSA, "RS256"))  # without a kid, whichever fits
    for kid in ("other-rsa", "ed", "unknown", "../../secret-key", ""):
        assert refused(visiting, rsa, rsa.token(kid=kid)), kid
    assert refused(visiting, ed, ed.token(key=OTHER_ED, kid="ed"))
    header = {"alg": "RS256", "kid": 1}
    assert refused(visiting, rsa, unsigned(rsa.claims(), header) + ".c2lnbmF0dXJl")


def test_AUTH1_a_token_of_another_tenants_key_signs_nobody_in(
    visiting: Visiting, operator: Operator, issuers: dict[str, Issuer]
) -> None:
    other = operator.tenant("jwt-other", jwt={"algorithm": "HS256"})
    mine = issuers["HS256"]
    assert refused(visiting, mine, mine.token(key=other.api_key))
    assert refused(visiting, Issuer(other, mine.key, "HS256"), mine.token())


def test_AUTH1_a_tenant_that_has_not_set_it_takes_no_token(visiting: Visiting, operator: Operator) -> None:
    server = operator.tenant("no-jwt")
    issuer = Issuer(server, server.api_key, "HS256")
    assert refused(visiting, issuer, issuer.token())


def test_the_issuer_counts_where_the_tenant_has_set_one(visiting: Visiting, operator: Operator) -> None:
    server = operator.tenant("issued", jwt={"algorithm": "HS256", "issuer": "https://id.example"})
    issuer = Issuer(server, server.api_key, "HS256")
    enter(visiting, issuer, issuer.token(iss="https://id.example"))
    assert refused(visiting, issuer, issuer.token(iss="https://evil.example"))
    assert refused(visiting, issuer, issuer.token())


def test_AUTH2_an_older_token_that_is_sent_again_brings_no_role_back(visiting: Visiting, issuer: Issuer) -> None:
    now = int(time.time())
    before = issuer.token(sub="demoted", isAdmin=True, iat=now - DAY, exp=now + DAY)
    assert enter(visiting, issuer, before)[1]["isSiteAdmin"]
    assert not enter(visiting, issuer, issuer.token(sub="demoted"))[1]["isSiteAdmin"]
    assert not enter(visiting, issuer, before)[1]["isSiteAdmin"]


def test_AUTH2_an_older_token_of_a_clock_that_is_ahead_brings_no_role_back(visiting: Visiting, issuer: Issuer) -> None:
    now = int(time.time())
    before = issuer.token(sub="ahead", isAdmin=True, iat=now + 40, exp=now + DAY)
    assert enter(visiting, issuer, before)[1]["isSiteAdmin"]
    assert not enter(visiting, issuer, issuer.token(sub="ahead", iat=now + 41))[1]["isSiteAdmin"]
    assert not enter(visiting, issuer, before)[1]["isSiteAdmin"]


def test_AUTH2_a_session_that_a_token_vouched_for_ends_with_the_key(visiting: Visiting, operator: Operator) -> None:
    server = operator.tenant("jwt-rotating", jwt={"algorithm": "HS256"})
    issuer = Issuer(server, server.api_key, "HS256")
    who, _ = enter(visiting, issuer, issuer.token())
    operator.rotate("jwt-rotating")
    operator.heeded()
    assert who.refused("GET", server.chats, params={"urlId": "p"}) == "unauthorized"
    assert refused(visiting, issuer, issuer.token())


def test_AUTH1_a_session_of_a_tenant_that_was_deleted_is_none_of_another_by_its_name(
    visiting: Visiting, operator: Operator
) -> None:
    jwt_settings = {"algorithm": "RS256", "jwks": {"keys": [published(RSA, "rsa")]}}
    issuer = Issuer(operator.tenant("reborn", jwt=jwt_settings), RSA, "RS256")
    who, _ = enter(visiting, issuer, issuer.token(isAdmin=True))
    visiting.node.run("tenant", "disable", "reborn")
    visiting.node.run("tenant", "delete", "reborn", "--yes")
    server = operator.tenant("reborn", pictures="admins")
    operator.heeded()
    assert who.refused("GET", server.chats, params={"urlId": "p"}) == "unauthorized"
