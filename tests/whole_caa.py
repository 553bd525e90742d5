"""Evidence of a host whose CAA records do not allow the authority of its certificate."""

from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent, Answer, CaaLookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.overrides import OverrideChain
from tests.odd_certificates import issued_by
from tests.whole_policies import FLAG


def limited(host: MxHost) -> tuple[MxHost, tuple[CaaLookup, ...]]:
    """Return the host with a certificate to be deployed, and the lookups above its name."""
    given = OverrideChain(chain=issued_by("Let's Encrypt", host.name), overrides=(FLAG.name,))
    above = host.name.partition(".")[2]
    limits = Answer(owner=above, records=('0 issue "ca.example"',))
    return replace(host, chain=given), (
        CaaLookup(name=host.name, lookup=Absent(absence=Absence.NXDOMAIN)),
        CaaLookup(name=above, lookup=limits),
    )
