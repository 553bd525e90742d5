"""How each MTA is told to refuse the versions of TLS below a minimum."""

from collections.abc import Mapping

from mxcheck.model.policy import TlsVersion
from mxcheck.wire.software import Software
from mxcheck.wire.tls_version import names_below, openssl_name


def without_old_versions(minimum: TlsVersion) -> Mapping[Software, str]:
    """Return the settings that turn off every version below `minimum`."""
    old = names_below(minimum)
    excluded = ", ".join(f"!{name}" for name in ("SSLv2", *old))
    options = [name.replace(".", "_") for name in old]
    openssl = " ".join(f"+no_{option.lower()}" for option in options)
    sendmail = " ".join(f"+SSL_OP_NO_{option}" for option in options)
    gnutls = "".join(
        f":+VERS-TLS{version}" for version in reversed(TlsVersion) if version >= minimum
    )
    return {
        Software.POSTFIX: f"set `smtpd_tls_protocols = >={openssl_name(minimum)}` (before 3.6:"
        f" `{excluded}`), and not `smtpd_tls_mandatory_protocols`.",
        Software.EXIM: f"set `openssl_options = {openssl}`, or with GnuTLS (Debian)"
        f" `tls_require_ciphers = NORMAL:-VERS-ALL{gnutls}`.",
        Software.SENDMAIL: f"set `O ServerSSLOptions={sendmail}`.",
        Software.EXCHANGE: "set `Enabled = 0` in the Server keys of the old versions in Schannel's"
        r" registry (`…\Protocols\TLS 1.0\Server`), then restart the machine.",
    }
