"""A tenant's own server: it signs its users in."""

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from imagechat.wiring import milliseconds


def sso_of(api_key: str, content: bytes, at: int) -> dict[str, Any]:
    """Return signed SSO over any content; `at` is in ms since 1970."""
    data = b64encode(content).decode()
    mac = hmac.new(api_key.encode(), f"{at}{data}".encode(), "sha256").hexdigest()
    return {"userDataJSONBase64": data, "verificationHash": mac, "timestamp": at}


def user_data(user_id: str, **more: Any) -> dict[str, Any]:
    return {"id": user_id, "email": f"{user_id}@example.org", "username": user_id} | more


@dataclass(frozen=True)
class TenantServer:
    """Knows an API key of a tenant."""

    tenant_id: str
    api_key: str

    @property
    def chats(self) -> str:
        return f"/comment-image-chats/{self.tenant_id}"

    @property
    def comments(self) -> str:
        return f"/comments/{self.tenant_id}"

    def fields(self, user_id: str, *, at: int | None = None, **more: Any) -> dict[str, Any]:
        """Return signed SSO as an object, to be spoilt; `more` are fields of the user."""
        content = json.dumps(user_data(user_id, **more)).encode()
        return sso_of(self.api_key, content, milliseconds() if at is None else at)

    def sso(self, user_id: str, *, at: int | None = None, **more: Any) -> str:
        """Return the `sso` parameter that signs a user in."""
        return json.dumps(self.fields(user_id, at=at, **more))
