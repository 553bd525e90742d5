from mxcheck.evidence.outcome import NOT_ASKED
from tests.build import ADDRESS, HOST, evidence_of, healthy_visit


def test_a_visit_is_found_by_host_and_address() -> None:
    assert evidence_of().visit(HOST, ADDRESS) == healthy_visit()


def test_where_there_was_no_visit_nothing_was_seen() -> None:
    missing = evidence_of().visit(HOST, "192.0.2.9")
    assert (missing.host, missing.address, missing.tries) == (HOST, "192.0.2.9", 0)
    assert missing.connection is NOT_ASKED
