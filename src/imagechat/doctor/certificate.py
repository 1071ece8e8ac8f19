"""Whether a certificate is one that browsers take, for how long, and for which names. Pure."""

from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509

from imagechat.model.finding import Finding, bad, good, note

SOON, VERY_SOON = timedelta(days=30), timedelta(days=7)


def certificate(pem: bytes, now: datetime, name: str | None) -> list[Finding]:
    """Tell what a certificate in PEM is good for; `name` is the host that visitors use, if that is known."""
    try:
        found = x509.load_pem_x509_certificate(pem)
    except ValueError:
        return [bad("certificate", "its file holds none in PEM", "give the full chain, the server's own first")]
    names = _names(found)
    return [_lasts(found, names, now), *([_covers(names, name)] if name else [])]


def unusable(complaint: str) -> Finding:
    """Tell of a pair of files that no node can start with."""
    return bad("certificate", complaint, "give a certificate and the key that it was made for, both in PEM")


def _lasts(found: x509.Certificate, names: list[str], now: datetime) -> Finding:
    ends, begins = found.not_valid_after_utc, found.not_valid_before_utc
    says = f"for {', '.join(names) or 'no name'} until {ends:%Y-%m-%d}"
    if not names:
        return bad("certificate", says, "browsers need names in it (subjectAltName)")
    if ends <= now:
        return bad("certificate", f"{says}, which is over", "renew it: the node takes the new files within seconds")
    if begins > now:
        return bad("certificate", f"{says}, and not before {begins:%Y-%m-%d %H:%M}", "look at this machine's clock")
    left = ends - now
    if left < SOON:
        tell = bad if left < VERY_SOON else note
        return tell("certificate", f"{says}, {left.days} days from now", "renew it: is what renews it still running?")
    return good("certificate", says)


def _covers(names: list[str], wanted: str) -> Finding:
    parent = wanted.partition(".")[2].lower()
    if wanted.lower() in names or f"*.{parent}" in names:
        return good("certificate", f"browsers take it for {wanted}")
    return bad(
        "certificate", f"it is not for {wanted}", f"have one made that names it; this one is for {', '.join(names)}"
    )


def _names(found: x509.Certificate) -> list[str]:
    try:
        alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in alternative.get_values_for_type(x509.IPAddress)]
    return [name.lower() for name in alternative.get_values_for_type(x509.DNSName)] + addresses


def is_host_name(text: str) -> bool:
    """Tell a name of a host from an address."""
    try:
        ip_address(text)
    except ValueError:
        return True
    return False
