from dataclasses import replace
from datetime import date

import pytest

from mxcheck.judge.alike import merge_alike
from mxcheck.judge.verdict import Result
from mxcheck.model.waivers import Waiver
from mxcheck.rules.base import Scope
from mxcheck.rules.subjects import Subject
from tests.report.verdicts import EXPIRED, MISNAMED, MX1, At

IPV4, OTHER, IPV6 = "192.0.2.1", "192.0.2.10", "2001:db8::1"
MESSAGE = "the certificate of {host} [{address}]:25 has expired"
REMEDY = "Renew it at {address}."


def failed(address: str, message: str = MESSAGE, remedy: str = REMEDY, host: str = MX1) -> Result:
    here = At(Subject(kind=Scope.ENDPOINT, parts=(host, address)))
    words = {"host": host, "address": address}
    return here.failed(EXPIRED, message.format(**words), remedy.format(**words))


def test_what_differs_in_the_address_alone_is_one() -> None:
    [merged] = merge_alike([failed(IPV4), failed(OTHER), failed(IPV6)])
    assert str(merged.subject) == f"{MX1} [{IPV4}] [{OTHER}] [{IPV6}]"
    assert merged.message == f"the certificate of {MX1}:25 has expired"
    assert merged.remedy == f"Renew it at {IPV4}, {OTHER} and {IPV6}."


def test_it_stands_where_the_first_stood() -> None:
    other = failed(IPV4, host="mx2.example.com")
    merged = merge_alike([failed(IPV4), other, failed(IPV6)])
    assert [str(one.subject) for one in merged] == [f"{MX1} [{IPV4}] [{IPV6}]", str(other.subject)]


WAIVER = Waiver(rule="cert-expired", until=date(2026, 12, 31), reason="a test server")


@pytest.mark.parametrize(
    "other",
    [
        failed(IPV6, "{host} [{address}]:25 hangs up"),
        failed(IPV6, remedy="Renew it."),
        failed(IPV6, host="mx2.example.com"),
        failed(OTHER, MESSAGE + " on 192.0.2.1"),
        replace(failed(IPV6), rule=MISNAMED),
        replace(failed(IPV6), blocks=False),
        replace(failed(IPV6), waiver=WAIVER),
        replace(failed(IPV6), overrides=("--mx",)),
    ],
)
def test_what_differs_in_more_stays_apart(other: Result) -> None:
    assert merge_alike([failed(IPV4), other]) == [failed(IPV4), other]


@pytest.mark.parametrize(
    "message",
    [
        "{host} [{address}]:25 names 192.0.2.100",
        "{host} [{address}]:25 names 192.0.2.1.example.com",
        "{host} [{address}]:25 names 11.192.0.2.1",
        "{host} [{address}]:25 names x2001:db8::1 and 2001:db8::1:2",
    ],
)
def test_a_longer_address_is_another_one(message: str) -> None:
    [merged] = merge_alike([failed(IPV4, message), failed(IPV6, message)])
    assert merged.message == message.replace(" [{address}]", "").format(host=MX1)


def test_words_of_a_server_are_no_pattern_and_no_template() -> None:
    odd = r"{{0}} \1 (?P<x>) [{address}] .* mx.example.com"
    [merged] = merge_alike([failed(IPV4, odd, host="a.*(b"), failed(IPV6, odd, host="a.*(b")])
    assert merged.message == rf"{{0}} \1 (?P<x>) [{IPV4} and {IPV6}] .* mx.example.com"


def test_results_about_hosts_and_domains_stay() -> None:
    about = [Subject(), Subject(kind=Scope.MX, parts=(MX1,)), Subject(kind=Scope.ENDPOINT)]
    results = [At(one).failed(EXPIRED, "the same", "") for one in about for _ in range(2)]
    assert merge_alike(results) == results
