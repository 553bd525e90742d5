"""Resolvers and domains in every state of DNSSEC."""

from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent, Answer, AskedResolver, TrustedBy
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble
from tests.build import DOMAIN, healthy_domain, unseen, validating_resolver, withheld

VALIDATING = validating_resolver()
UNTRUSTED = replace(VALIDATING, name="192.0.2.53", trusted_by=TrustedBy.NOTHING)
CARELESS = replace(VALIDATING, root_soa=Answer(owner=".", records=("soa",)))
DEAD = replace(VALIDATING, root_soa=unseen(Trouble.RESOLVER, "nobody listens"))
REFUSING = replace(VALIDATING, root_soa=unseen(Trouble.SERVFAIL, "REFUSED to SOA ."))
LOCAL = replace(VALIDATING, trusted_by=TrustedBy.LOOPBACK)
NOT_ASKED = AskedResolver(name="127.0.0.1", trusted_by=TrustedBy.RESOLV_CONF)

MX = Answer(owner=DOMAIN, records=("10 mx1.example.com",))
NONE = Absent(absence=Absence.NODATA)
SERVFAIL = unseen(Trouble.SERVFAIL, "the resolver 127.0.0.1 answers SERVFAIL to MX example.com")
TIMEOUT = unseen(Trouble.TIMEOUT, "the resolver 127.0.0.1 did not answer in time")

INSECURE = healthy_domain()
SECURE = replace(INSECURE, mx=replace(MX, authenticated_data=True))
NO_MX = Domain(name=DOMAIN, mx=NONE)
SECURE_NO_MX = Domain(name=DOMAIN, mx=replace(NONE, authenticated_data=True))
GONE = Domain(name=DOMAIN, mx=Absent(absence=Absence.NXDOMAIN, authenticated_data=True))
SILENT = Domain(name=DOMAIN, mx=TIMEOUT)
BROKEN = Domain(name=DOMAIN, mx=SERVFAIL)
BOGUS = Domain(name=DOMAIN, mx=withheld(MX, f"MX {DOMAIN}"))
BOGUS_ABSENCE = Domain(name=DOMAIN, mx=withheld(NONE, f"MX {DOMAIN}"))
