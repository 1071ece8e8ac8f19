"""Signing in with what a tenant's own server vouches for: signed SSO, or a JSON Web Token of its own."""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
import msgspec

from imagechat.model.comment_text import checked_name, is_text
from imagechat.model.errors import INVALID_BODY, UNAUTHORIZED, Refusal
from imagechat.model.limits import AVATAR_CHARACTERS, GROUP_CHARACTERS, GROUPS, USER_ID_CHARACTERS
from imagechat.model.person import Person
from imagechat.model.principal import OPERATOR, Role
from imagechat.model.tenant import Jwt, JwtAlgorithm

MOST_AGE_MS = 2 * 86_400_000
"""How long a signed SSO is good for; the reference's own figure."""
SKEW_MS = 60_000
"""How far ahead the clock of a tenant's server may be."""
FAILED = "Signing in failed"
ANONYMOUS_PREFIX = "anon-"
"""Ids of anonymous visitors begin with this, and no tenant's users' do: nobody signs in as one of them."""


class SsoFields(msgspec.Struct, rename="camel"):
    """The `sso` parameter: simple, or signed where `userDataJSONBase64` is there."""

    username: str | None = None
    email: str | None = None
    display_name: str | None = None
    avatar: str | None = None
    website_url: str | None = None
    user_data: str | None = msgspec.field(name="userDataJSONBase64", default=None)
    verification_hash: str | None = None
    timestamp: int | None = None

    @property
    def is_signed(self) -> bool:
        """Whether it says that it is signed."""
        return any(field is not None for field in (self.user_data, self.verification_hash, self.timestamp))

    @property
    def is_logged_out(self) -> bool:
        """Whether it is of a page that signs people in, and nobody is: all of that is left away."""
        return not (self.is_signed or self.username or self.email or self.display_name)


class _UserData(msgspec.Struct, rename="camel"):
    id: str
    email: str
    username: str
    avatar: str | None = None
    display_name: str | None = None
    display_label: str | None = None
    website_url: str | None = None
    group_ids: list[str] | None = None
    is_admin: bool | None = None
    is_moderator: bool | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who was vouched for, when (ms since 1970), and by which key of the tenant (None: by its JWK set)."""

    person: Person
    at: int
    key_id: str | None


_fields = msgspec.json.Decoder(SsoFields)
_user = msgspec.json.Decoder(_UserData)


def read_fields(value: str) -> SsoFields:
    """Return the `sso` parameter's fields. Raises `Refusal` (`invalid-body`)."""
    try:
        return _fields.decode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Refusal(INVALID_BODY, "sso must be a JSON object: {username, email, avatar?, displayName?}.") from None


def verify_signed(fields: SsoFields, keys: Iterable[tuple[str, str]], now: int) -> SignedIn:
    """Return who a signed SSO vouches for; `keys` are the tenant's (id, key), `now` is in ms since 1970.

    Raises `Refusal` (`unauthorized`), with what is wrong for whoever writes the tenant's server.
    """
    if fields.user_data is None or fields.verification_hash is None or fields.timestamp is None:
        raise Refusal(
            UNAUTHORIZED,
            "Signing in failed: give userDataJSONBase64, verificationHash and timestamp, or none of them.",
        )
    message = f"{fields.timestamp}{fields.user_data}".encode("utf-8", "surrogatepass")
    given = fields.verification_hash.lower().encode("utf-8", "surrogatepass")
    key_id = None
    for each, api_key in keys:  # all of them, so that the time tells nothing
        if hmac.compare_digest(hmac.new(api_key.encode(), message, "sha256").hexdigest().encode(), given):
            key_id = each
    if key_id is None:
        raise Refusal(
            UNAUTHORIZED,
            "Signing in failed: verificationHash is not the hex HMAC-SHA256 of timestamp + userDataJSONBase64.",
        )
    if fields.timestamp > now + SKEW_MS:
        raise Refusal(
            UNAUTHORIZED,
            "Signing in failed: timestamp (ms since 1970) lies in the future: check the clock.",
        )
    if fields.timestamp < now - MOST_AGE_MS:
        raise Refusal(UNAUTHORIZED, f"{FAILED}: timestamp is more than two days old: sign anew for each page.")
    try:
        user = _user.decode(b64decode(fields.user_data, validate=True))
    except (NotBase64, ValueError, msgspec.MsgspecError, RecursionError):
        raise Refusal(
            UNAUTHORIZED, "Signing in failed: userDataJSONBase64 holds no JSON with id, email and username."
        ) from None
    return SignedIn(_person(user), fields.timestamp, key_id)


def verify_jwt(token: str, tenant_id: str, chosen: Jwt, keys: Iterable[tuple[str, str]]) -> SignedIn:
    """Return who a tenant's JWT (RFC 7519) vouches for: `sub`, `email`, `name`, and the fields of signed SSO.

    The algorithm is the one that the tenant has set, whatever the token says; `aud` must be the tenant, and `exp` and
    `iat` be there: without a time, an old token that is sent again would bring a lost role back. Raises `Refusal`
    (`unauthorized`).
    """
    for key_id, key in _jwt_keys(token, chosen, keys):
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[chosen.algorithm.value],
                audience=tenant_id,
                issuer=chosen.issuer,
                leeway=SKEW_MS / 1000,
                options={"require": ["exp", "iat", "sub", "aud"]},
            )
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise Refusal(
                UNAUTHORIZED, f"Signing in failed: the token is not valid here ({type(error).__name__})."
            ) from None
        return _from_claims(claims, key_id)
    raise Refusal(UNAUTHORIZED, f"{FAILED}: no key of this tenant signed the token.")


def _jwt_keys(token: str, chosen: Jwt, keys: Iterable[tuple[str, str]]) -> Sequence[tuple[str | None, Any]]:
    if chosen.algorithm is JwtAlgorithm.HS256:
        return list(keys)
    try:
        wanted = jwt.get_unverified_header(token).get("kid")
        known = jwt.PyJWKSet.from_dict(dict(chosen.jwks)).keys
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Refusal(UNAUTHORIZED, f"{FAILED}: the token, or the tenant's JWK set, is not readable.") from None
    kinds = {JwtAlgorithm.RS256: "RSA", JwtAlgorithm.EDDSA: "OKP"}
    return [
        (None, key.key)
        for key in known
        if key.key_type == kinds[chosen.algorithm] and (wanted is None or key.key_id in {None, wanted})
    ]


def _from_claims(claims: Mapping[str, Any], key_id: str | None) -> SignedIn:
    fields = {"id": claims["sub"], "email": claims.get("email", ""), "username": claims.get("name") or claims["sub"]}
    known = {field.encode_name for field in msgspec.structs.fields(_UserData)} - {"id", "email", "username"}
    try:
        user = msgspec.convert(fields | {name: claims[name] for name in known if name in claims}, _UserData)
    except msgspec.ValidationError as error:
        raise Refusal(UNAUTHORIZED, f"{FAILED}: the token's claims do not fit: {error}.") from None
    issued = claims["iat"]
    if not isinstance(issued, int | float) or isinstance(issued, bool) or issued < 0:
        raise Refusal(UNAUTHORIZED, f"{FAILED}: iat must be a number of seconds since 1970.")
    return SignedIn(_person(user), int(issued * 1000), key_id)


def _person(user: _UserData) -> Person:
    if not user.id or len(user.id) > USER_ID_CHARACTERS or not is_text(user.id):
        raise Refusal(UNAUTHORIZED, f"{FAILED}: id must have 1–{USER_ID_CHARACTERS} characters.")
    if user.id.startswith(ANONYMOUS_PREFIX) or user.id == OPERATOR:
        raise Refusal(
            UNAUTHORIZED,
            f"Signing in failed: an id must not begin with {ANONYMOUS_PREFIX!r}, nor be {OPERATOR!r}.",
        )
    groups = user.group_ids
    if groups is not None and (len(groups) > GROUPS or any(len(group) > GROUP_CHARACTERS for group in groups)):
        raise Refusal(
            UNAUTHORIZED,
            f"Signing in failed: groupIds has over {GROUPS} groups, or one over {GROUP_CHARACTERS} characters.",
        )
    role = Role.ADMIN if user.is_admin else Role.MODERATOR if user.is_moderator else Role.MEMBER
    return Person(
        id=user.id,
        email=_short(user.email) or "",
        username=checked_name(user.username) or "",
        name=checked_name(user.display_name) or checked_name(user.username),
        label=checked_name(user.display_label),
        avatar=web_address(user.avatar),
        website=web_address(user.website_url),
        locale=_short(user.locale),
        role=role,
        groups=None if groups is None else tuple(sorted(set(groups))),
    )


def web_address(value: str | None) -> str | None:
    """Return a web address, or None for one that no browser should be sent to."""
    if value is None or len(value) > AVATAR_CHARACTERS or not value.startswith(("https://", "http://")):
        return None
    return value if is_text(value) else None


def _short(value: str | None) -> str | None:
    return value if value is not None and len(value) <= AVATAR_CHARACTERS and is_text(value) else None
