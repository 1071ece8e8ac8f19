"""API keys: made, compared and kept so that a stolen database gives none away."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from secrets import token_bytes, token_urlsafe

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_ADDRESS_BYTES = 12


def new_api_key() -> str:
    """Return a fresh key: 256 bits of chance, with a mark that scanners of leaked secrets can look for."""
    return "ick_" + token_urlsafe(32)


def digest_of(api_key: str) -> str:
    """Return what a key is compared by. It has too much chance in it to be guessed, so no slow hash is needed."""
    return sha256(api_key.encode()).hexdigest()


class Seal:
    """Encrypts with the server's key (AES-256-GCM, RFC 5116; keys by HKDF, RFC 5869)."""

    def __init__(self, secret_key: str) -> None:
        """Derive what is needed from `secret_key`."""
        self._cipher = AESGCM(_derived(secret_key, b"imagechat.api-key"))
        self._addresses = _derived(secret_key, b"imagechat.address")
        self.address = lru_cache(8192)(self._address)
        """What a network (`network_of`) is known by in a tenant: neither tenants nor servers can compare theirs."""

    def close(self, api_key: str, key_id: str) -> str:
        """Return a key encrypted; it opens only under the same `key_id`."""
        nonce = token_bytes(_NONCE_BYTES)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, api_key.encode(), key_id.encode())).decode()

    def open(self, sealed: str, key_id: str) -> str:
        """Return the key. Raises `ValueError` when it was sealed by another server key."""
        data = urlsafe_b64decode(sealed)
        try:
            return self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], key_id.encode()).decode()
        except InvalidTag:
            msg = f"the API key {key_id} was sealed with another IMAGECHAT_SECRET_KEY: rotate it"
            raise ValueError(msg) from None

    def _address(self, tenant_id: str, network: str) -> str:
        mac = hmac.digest(self._addresses, f"{tenant_id} {network}".encode(), "sha256")
        return urlsafe_b64encode(mac[:_ADDRESS_BYTES]).decode()


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
