"""Read a zone file record by record, so that a record that nobody reads cannot spoil the file."""

import re

import dns.exception
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.tokenizer
import dns.ttl
import dns.zonefile

from mxcheck.wire.zone_records import ConflictError, ZoneRecords

_READ = frozenset(
    {
        dns.rdatatype.A,
        dns.rdatatype.AAAA,
        dns.rdatatype.CAA,
        dns.rdatatype.CNAME,
        dns.rdatatype.DNAME,
        dns.rdatatype.MX,
        dns.rdatatype.NS,
        dns.rdatatype.PTR,
        dns.rdatatype.SOA,
        dns.rdatatype.TLSA,
        dns.rdatatype.TXT,
    }
)
"""The types that rules look at, or that say what a zone contains."""

_QUOTED = re.compile(r"(?!'\$(?:INCLUDE|GENERATE)')['\"].*['\"]|(?<=: ).*", re.DOTALL)


def plain_reason(message: str) -> str:
    """Return what dnspython complains of, without what it quotes of the file.

    What is named as a zone file may be any file of the machine, and must not be shown.
    """
    return _QUOTED.sub("…", message)


class ZoneReader(dns.zonefile.Reader):
    """Reads records into `records`; `passed_over` are those that cannot be read, and why.

    A record of a type that rules look at must be readable. dns.exception.DNSException if it is not,
    or if the file is not a zone file.
    """

    def __init__(self, text: str, records: ZoneRecords) -> None:
        """Begin at the start of a text."""
        self.records = records
        self.passed_over: list[str] = []
        self._tokens = _Tokenizer(text)
        super().__init__(
            self._tokens,
            dns.rdataclass.IN,
            records,
            # $INCLUDE reads other files, $GENERATE makes millions of records: a file may come from
            # the pull request of a fork.
            allow_directives=("$ORIGIN", "$TTL"),
            default_ttl=0,
        )
        # Nothing is left out for being below another name than the origin.
        self.zone_origin = dns.name.root

    def _rr_line(self) -> None:
        """Read one record; dnspython calls this at the beginning of each."""
        self._tokens.taken.clear()
        _, line = self._tokens.where()
        try:
            super()._rr_line()
        except ConflictError:
            raise
        except dns.exception.SyntaxError as error:
            rdtype = _type_of(self._tokens.taken)
            if rdtype is None or rdtype in _READ or dns.rdatatype.is_metatype(rdtype):
                raise
            self._pass_over(rdtype, line, error)

    def _pass_over(self, rdtype: dns.rdatatype.RdataType, line: int, error: Exception) -> None:
        name, reason = self.last_name or dns.name.root, plain_reason(str(error))
        self.passed_over.append(
            f"{name.to_text()} {dns.rdatatype.to_text(rdtype)} on line {line} ({reason})"
        )
        self.records.unread.add(name)
        while not self._tokens.taken[-1].is_eol_or_eof():
            self._tokens.get()


class _Tokenizer(dns.tokenizer.Tokenizer):
    """Keeps the tokens of the current record."""

    def __init__(self, text: str) -> None:
        """Begin at the start of a text."""
        super().__init__(text, "<file>")
        self.taken: list[dns.tokenizer.Token] = []

    def get(self, *wanted: bool, **also_wanted: bool) -> dns.tokenizer.Token:
        """Take the next token."""
        token = super().get(*wanted, **also_wanted)
        self.taken.append(token)
        return token

    def unget(self, token: dns.tokenizer.Token) -> None:
        """Put a token back."""
        super().unget(token)
        del self.taken[-1:]


def _type_of(tokens: list[dns.tokenizer.Token]) -> dns.rdatatype.RdataType | None:
    """Return the type of a record: the first word after its name, its TTL and its class."""
    for token in tokens[1:]:
        try:
            dns.ttl.from_text(token.value)
        except dns.ttl.BadTTL:
            if token.value.upper() == "IN":
                continue
            return _known_type(token.value)
    return None


def _known_type(text: str) -> dns.rdatatype.RdataType | None:
    try:
        return dns.rdatatype.from_text(text)
    except (dns.rdatatype.UnknownRdatatype, ValueError):
        return None
