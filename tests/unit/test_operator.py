"""Nobody can pass for the operator, who acts from the command line, in an audit log or an event."""

import hmac
import json
from base64 import b64encode

import pytest

from imagechat.model.errors import Refusal
from imagechat.model.principal import OPERATOR
from imagechat.model.sso import SsoFields, verify_signed

NOW = 1_700_000_000_000


def signed(user_id: str) -> SsoFields:
    data = b64encode(json.dumps({"id": user_id, "email": "a@b.example", "username": "a"}).encode()).decode()
    proof = hmac.new(b"key", f"{NOW}{data}".encode(), "sha256").hexdigest()
    return SsoFields(user_data=data, verification_hash=proof, timestamp=NOW)


def test_nobody_signs_in_as_the_operator() -> None:
    with pytest.raises(Refusal, match="nor be 'operator'"):
        verify_signed(signed(OPERATOR), [("k", "key")], NOW)
    assert verify_signed(signed("operators"), [("k", "key")], NOW).person.id == "operators"
