"""What to do so that senders can fetch an MTA-STS policy from its policy host."""

from enum import Enum


class Repair(Enum):
    """A way to repair a policy host; each has a text in which `{host}` is its name."""

    ADDRESS = (
        "Publish an A or AAAA record with a public address for {host}, or a CNAME to the provider."
    )
    ALIAS = "Let the CNAME records of {host} lead to an end, by few steps."
    CERTIFICATE = (
        "Serve a certificate of a public authority with {host} in its SAN and with its"
        " intermediates, and renew it in time, for example `certbot --nginx -d {host}`."
    )
    DANGLING = (
        "Let the CNAME record of {host} lead to a host that you or your provider run, or remove it"
        " at once, together with the TXT record `_{host}`."
    )
    SERVE = (
        "Let a web server answer port 443 of {host} at once with the policy, as a static file at"
        " /.well-known/mta-sts.txt: status 200, `Content-Type: text/plain`, no redirect."
    )
    SHORTER = "Serve the policy alone: a text of a few lines, well under 64 KiB."
    TLS = "Let the web server of {host} speak TLS 1.2 or later for that name (SNI)."
    ZONE = "See that the name servers of the zone answer to A and AAAA of {host}."

    def text(self, host: str) -> str:
        """Return what to do for a policy host."""
        return self.value.format(host=host)
