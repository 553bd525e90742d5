import pytest

from mxcheck.model.policy import TlsVersion
from mxcheck.wire.tls_version import parse_tls_version


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("TLSv1", TlsVersion.TLS10),
        ("TLSv1.1", TlsVersion.TLS11),
        ("TLSv1.2", TlsVersion.TLS12),
        ("TLSv1.3", TlsVersion.TLS13),
        ("SSLv3", None),
        ("SSLv2", None),
        ("TLSv1.4", None),
        ("unknown", None),
        ("", None),
    ],
)
def test_openssls_names(name: str, version: TlsVersion | None) -> None:
    assert parse_tls_version(name) is version


def test_later_versions_compare_greater() -> None:
    assert sorted(TlsVersion) == list(TlsVersion)
