from mxcheck.rules.facts.broken_digest import fault_of, relied_on
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from tests.build import authority, root
from tests.rules.chains import der, issued


def facts(certificate: bytes) -> CertificateFacts:
    parsed = parse_certificate(certificate)
    assert isinstance(parsed, CertificateFacts)
    return parsed


def test_the_signature_of_a_root_does_not_count() -> None:
    above = der((authority().certificate, root().certificate))
    path = [facts(one) for one in (issued().der_chain[0], *above)]
    assert relied_on(path) == path[:-1]
    assert relied_on(path[:-1]) == path[:-1]


def test_a_path_of_which_nothing_can_be_read_relies_on_nothing() -> None:
    assert relied_on([]) == []


def test_a_digest_that_is_not_broken_has_no_name() -> None:
    assert fault_of(facts(issued().der_chain[0])) == ""
