"""Which pages may use a tenant: exact hosts, one wildcard label, and nothing that only looks like them."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imagechat.model.errors import ORIGIN_NOT_ALLOWED, Refusal
from imagechat.model.origins import check_origin, is_allowed, is_own
from imagechat.model.tenant import Tenant, TenantSettings
from imagechat.store.tenants import checked_domain

LABEL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
HOST = st.lists(LABEL, min_size=2, max_size=4).map(".".join)
SCHEME = st.sampled_from(["http", "https"])
DOMAINS = ("example.com", "*.apps.example", "localhost:3000", "lab.example:*", "[::1]:8000", "xn--bcher-kva.example")


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.com",
        "http://example.com",
        "https://example.com:443",
        "http://example.com:80",
        "HTTPS://EXAMPLE.com",
        "https://example.com.",
        "https://one.apps.example",
        "http://localhost:3000",
        "https://lab.example",
        "https://lab.example:1",
        "https://lab.example:65535",
        "http://[::1]:8000",
        "https://xn--bcher-kva.example",
    ],
)
def test_pages_of_the_tenants_domains_may_use_it(origin: str) -> None:
    assert is_allowed(origin, DOMAINS)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "*",
        "https://",
        "https://.",
        "example.com",
        "//example.com",
        "file://",
        "file://example.com",
        "ws://example.com",
        "ftp://example.com",
        "chrome-extension://example.com",
        "javascript://example.com",
        "https:example.com",
        "https:/example.com",
        # look-alikes
        "https://example.com.evil.org",
        "https://evilexample.com",
        "https://example.com-evil.org",
        "https://example.comevil.org",
        "https://wwwexample.com",
        "https://www.example.com",
        "https://example.co",
        "https://xample.com",
        "https://example-com",
        "https://ex\u0430mple.com",
        "https://ｅxample.com",
        "https://bücher.example",
        # beside the host
        "https://example.com@evil.org",
        "https://user@example.com",
        "https://user:pass@example.com",
        "https://evil.org#example.com",
        "https://evil.org/example.com",
        "https://evil.org?example.com",
        "https://evil.org\\@example.com",
        "https://evil.org%00.example.com",
        "https://example.com/",
        "https://example.com?",
        "https://example.com#",
        "https://example.com\n",
        "https://exam\tple.com",
        " https://example.com",
        "https://example.com ",
        "https://example.com, https://evil.org",
        "https://example.com https://evil.org",
        # ports
        "https://example.com:444",
        "https://example.com:8443",
        "https://example.com:99999",
        "https://example.com:-1",
        "https://example.com:x",
        "https://example.com:4 43",
        "http://localhost",
        "http://localhost:3001",
        "http://localhost:30000",
        "http://[::1]",
        "http://[::1]:8001",
        "http://::1:8000",
        "http://[::1",
        "http://[0:0:0:0:0:0:0:1]:8000",
        # the wildcard is one label
        "https://apps.example",
        "https://.apps.example",
        "https://a.b.apps.example",
        "https://evilapps.example",
        "https://*.apps.example.evil.org",
    ],
)
def test_AUTH1_nothing_that_only_looks_like_a_domain_may_use_it(origin: str) -> None:
    assert not is_allowed(origin, DOMAINS)


@given(SCHEME, HOST)
def test_a_host_is_its_own_domain_in_any_case_and_with_the_dot_of_the_root(scheme: str, host: str) -> None:
    for written in (host, host.upper(), host + "."):
        assert is_allowed(f"{scheme}://{written}", [host])
        assert is_allowed(f"{scheme}://{host}", [checked_domain(written)])


@given(SCHEME, HOST, HOST, st.sampled_from(["{0}.{1}", "{0}{1}", "{1}.{0}", "{1}{0}", "{1}-{0}", "{0}@{1}", "{1}@{0}"]))
def test_AUTH1_no_host_is_another_one(scheme: str, domain: str, other: str, pattern: str) -> None:
    host = pattern.format(domain, other)
    assume(host != domain)
    assert not is_allowed(f"{scheme}://{host}", [domain])


@given(SCHEME, HOST, st.lists(LABEL, max_size=3))
def test_AUTH1_a_wildcard_stands_for_exactly_one_label(scheme: str, domain: str, labels: list[str]) -> None:
    host = ".".join([*labels, domain])
    assert is_allowed(f"{scheme}://{host}", [f"*.{domain}"]) is (len(labels) == 1)


@given(SCHEME, HOST, st.integers(1, 65535), st.integers(1, 65535))
def test_AUTH1_a_port_counts(scheme: str, host: str, port: int, other: int) -> None:
    assert is_allowed(f"{scheme}://{host}:{port}", [f"{host}:{port}", f"{host}:*"])
    assert is_allowed(f"{scheme}://{host}:{port}", [host]) is (port in {80, 443})
    assert is_allowed(f"{scheme}://{host}:{other}", [f"{host}:{port}"]) is (other == port)


@given(st.text(), HOST)
def test_AUTH1_no_text_is_allowed_that_does_not_end_in_the_domain(origin: str, domain: str) -> None:
    assert not is_allowed(origin, [])
    if is_allowed(origin, [domain, f"*.{domain}"]):
        assert domain in origin.lower()


@given(st.text(), st.text())
def test_AUTH1_whatever_the_headers_hold_is_an_answer(origin: str, host: str) -> None:
    for secure in (False, True):
        own = is_own(origin, host, secure=secure)
        assert not own or origin.lower() != "null"


@given(scheme=SCHEME, host=HOST, port=st.none() | st.integers(1, 65535), secure=st.booleans())
def test_the_servers_own_page_is_what_it_was_called_by(
    scheme: str, host: str, port: int | None, *, secure: bool
) -> None:
    called = host if port is None else f"{host}:{port}"
    assert is_own(f"{scheme}://{called}", called, secure=secure) is (secure is (scheme == "https"))
    assert is_own(f"{scheme}://{called}".upper(), called.upper(), secure=scheme == "https")
    assert not is_own(f"{scheme}://{called}", f"www.{called}", secure=scheme == "https")
    assert not is_own(f"{scheme}://{called}", "", secure=scheme == "https")
    assert not is_own(f"{scheme}://{called}", f"evil@{called}", secure=scheme == "https")


def test_the_default_port_may_be_written_or_left_out() -> None:
    assert is_own("https://a.example", "a.example:443", secure=True)
    assert is_own("http://a.example:80", "a.example", secure=False)
    assert not is_own("https://a.example", "a.example:80", secure=True)
    assert not is_own("https://a.example:444", "a.example", secure=True)


def test_a_refusal_names_the_page_and_the_tenant_and_nothing_long() -> None:
    tenant = Tenant(id="acme", name="Acme", created_at="", settings=TenantSettings(domains=("example.com",)))
    check_origin(None, "a.example", tenant, secure=True)
    for origin, shown in (
        ("https://evil.example", "https://evil.example"),
        ("https://" + "x" * 5000, "This page's site"),
    ):
        with pytest.raises(Refusal, match=f"^{shown} is not among the domains of the tenant acme") as refused:
            check_origin(origin, "", tenant, secure=True)
        assert refused.value.kind is ORIGIN_NOT_ALLOWED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "*.*",
        "*.com.*",
        "a.*.example",
        "*example.com",
        "**.example.com",
        "https://example.com",
        "example.com/x",
        "example.com:",
        "example.com:x",
        "example.com:123456",
        "user@example.com",
        "exa mple.com",
        "exam\nple.com",
        "bücher.example",
        ".example.com",
        "example..com",
        "-example.com",
    ],
)
def test_what_is_no_domain_is_not_kept(text: str) -> None:
    with pytest.raises(ValueError, match="give a host such as"):
        checked_domain(text)


def test_AUTH1_a_host_named_null_is_not_the_origin_of_sandboxed_pages() -> None:
    assert not is_allowed("null", [checked_domain("null")])
