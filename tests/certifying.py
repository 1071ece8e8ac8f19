"""An authority of the test's own, and the certificates that it gives."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def new_key(kind: str = "ecdsa") -> Key:
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else rsa.generate_private_key(65537, 2048)


class Authority:
    """Its certificate is in `file`; what it signs is for this machine and `localhost`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "authority.pem"
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The tests' authority")])
        self._key = new_key()
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        self._identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        own = _unsigned(self._name, self._name, self._key, 1).add_extension(constraint, critical=True)
        own = own.add_extension(usage, critical=True).add_extension(self._identifier, critical=False)
        self.file.write_bytes(own.sign(self._key, SHA256()).public_bytes(Encoding.PEM))

    def certify(self, serial: int, kind: str = "ecdsa") -> tuple[bytes, bytes]:
        """Return a certificate and its key, in PEM."""
        key = new_key(kind)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identifier)
        certificate = _unsigned(subject, self._name, key, serial).add_extension(names, critical=False)
        certificate = certificate.add_extension(issuer, critical=False)
        return (
            certificate.sign(self._key, SHA256()).public_bytes(Encoding.PEM),
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )

    def put(self, serial: int, kind: str = "ecdsa", name: str = "node") -> tuple[Path, Path]:
        """Write a certificate and its key to the two files of that name, over what is there; return them."""
        files = self._folder / f"{name}.pem", self._folder / f"{name}-key.pem"
        for file, content in zip(files, self.certify(serial, kind), strict=True):
            file.write_bytes(content)
        return files


def _unsigned(subject: x509.Name, issuer: x509.Name, key: Key, serial: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).serial_number(serial)
    times = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    return times.public_key(key.public_key())


def serial_of(der: bytes | None) -> int:
    """Return the number of a certificate that a server showed."""
    assert der is not None
    return x509.load_der_x509_certificate(der).serial_number
