"""Ways up to a trust anchor that are odd, and names that are (RFC 7671 5.2, RFC 7672 3.2.3)."""

from cryptography import x509

from tests.real.dane import chains
from tests.real.dane.case import Case, Delivery, Otherwise

_ROOT = ("2 0 1 root",)
_ISSUING = ("2 0 1 issuing",)
_TOP = ("2 0 1 top",)

_ANCHORS_DATES = Otherwise(
    delivery=Delivery.AUTHENTICATED,
    why="RFC 7671 5.2 leaves open whether the dates of an anchor count; to OpenSSL, and so to"
    " Postfix, they do where the anchor has issued itself, and do not where it has not",
)
_DIGESTS = Otherwise(
    delivery=Delivery.REFUSED,
    why="RFC 7671 has no word on digests; OpenSSL's security level has, and mxcheck a rule of its"
    " own, cert-signature-weak",
)


def _through(
    name: str,
    delivery: Delivery,
    *parts: chains.Part,
    tlsa: str = "2 0 1 root",
    postfix: Otherwise | None = None,
) -> Case:
    return Case(
        name=f"path-{name}",
        tlsa=(tlsa,),
        certificate=chains.chain(*parts),
        delivery=delivery,
        postfix=postfix,
    )


def _named(name: str, delivery: Delivery, *names: str, common_name: str = "") -> Case:
    host = f"path-{name}.test"
    leaf = chains.chain(
        chains.issuing,
        names=[one.format(domain=host) for one in names],
        common_name=common_name.format(domain=host),
    )
    return Case(name=f"path-{name}", tlsa=_ISSUING, certificate=leaf, delivery=delivery)


_YES, _NO = Delivery.AUTHENTICATED, Delivery.REFUSED
_I, _R, _X, _F = chains.issuing, chains.root, chains.cross_signed, chains.foreign_root
_OLD = chains.issuing_but(age=chains.LONG_AGO)
_NO_AUTHORITY = chains.issuing_but(chains.NOT_AN_AUTHORITY)
_NO_WORD_OF_IT = chains.issuing_but(without=(x509.BasicConstraints, x509.KeyUsage))
_NO_SIGNER = chains.issuing_but(chains.CERTIFICATES_ONLY)
_NARROW = chains.issuing_but(chains.ELSEWHERE_ONLY)
_CLIENTS = chains.issuing_but(chains.CLIENTS_ONLY)

PATHS = (
    _through("wrong-order", _YES, _R, _I),
    _through("bystander", _YES, chains.bystander, _I, _R),
    _through("expired-issuer", _NO, _OLD, _R),
    _through("expired-anchor", _NO, _OLD, tlsa="2 0 1 next", postfix=_ANCHORS_DATES),
    _through("expired-anchor-key", _NO, _OLD, tlsa="2 1 1 issuing", postfix=_ANCHORS_DATES),
    _through("expired-anchor-bare-key", _NO, _OLD, tlsa="2 1 0 issuing", postfix=_ANCHORS_DATES),
    _through("expired-twin", _YES, _OLD, _I, _R),
    _through("expired-twin-is-anchor", _NO, _OLD, _I, _R, tlsa="2 0 1 next"),
    _through("twin-key", _YES, _OLD, _I, tlsa="2 1 1 issuing"),
    _through("expired-root-bare-key", _YES, _I, tlsa="2 1 0 root"),
    _through("expired-root-sent", _NO, _I, chains.expired_root, tlsa="2 1 1 root"),
    _through("expired-root-sent-bare-key", _NO, _I, chains.expired_root, tlsa="2 1 0 root"),
    _through("expired-root-sent-full-root", _YES, _I, chains.expired_root, tlsa="2 0 0 root"),
    _through("full-issuer-old-sent", _YES, _OLD, tlsa="2 0 0 issuing"),
    _through("cross-last", _NO, _I, _X, _F, tlsa="2 0 1 top"),
    _through("cross-first", _YES, _X, _I, _F, tlsa="2 0 1 top"),
    _through("cross-first-root", _NO, _X, _I, _R, _F),
    _through("cross-both", _YES, _I, _X, _R, _F),
    _through("cross-is-anchor", _NO, _I, _X, tlsa="2 0 1 top"),
    _through("cross-is-full-anchor", _YES, _I, _R, tlsa="2 0 0 cross"),
    _through("no-authority", _NO, _NO_AUTHORITY, _R),
    _through("no-authority-is-anchor", _NO, _NO_AUTHORITY, tlsa="2 0 1 next"),
    _through("no-word-of-authority", _NO, _NO_WORD_OF_IT, _R),
    _through("no-signer", _NO, _NO_SIGNER, _R),
    _through("no-signer-is-anchor", _NO, _NO_SIGNER, tlsa="2 0 1 next"),
    _through("narrow", _NO, _NARROW, _R),
    _through("narrow-is-anchor", _NO, _NARROW, tlsa="2 0 1 next"),
    _through("narrow-bare-key", _NO, _NARROW, tlsa="2 1 0 issuing"),
    _through("for-clients", _NO, _CLIENTS, _R),
    _through("for-clients-is-anchor", _NO, _CLIENTS, tlsa="2 0 1 next"),
    _through("namesake", _NO, chains.namesake, tlsa="2 0 1 next"),
    _through("namesake-first", _YES, chains.namesake, _I, _R),
    Case(
        name="path-no-key-identifier",
        tlsa=_ROOT,
        certificate=chains.without_key_identifier,
        delivery=_NO,
    ),
    Case(name="path-direct", tlsa=_ROOT, certificate=chains.directly_below_root, delivery=_YES),
    Case(
        name="path-direct-full",
        tlsa=("2 0 0 root",),
        certificate=chains.directly_below_root,
        delivery=_YES,
    ),
    Case(name="path-sent-twice", tlsa=_TOP, certificate=chains.sent_twice, delivery=_NO),
    Case(
        name="path-weak-key-ee",
        tlsa=("3 1 1 leaf",),
        certificate=chains.weak("rsa:1024", "sha256"),
        delivery=_YES,
    ),
    Case(
        name="path-weak-key",
        tlsa=_ISSUING,
        certificate=chains.weak("rsa:1024", "sha256"),
        delivery=_YES,
    ),
    Case(
        name="path-weak-digest",
        tlsa=_ISSUING,
        certificate=chains.weak("rsa:2048", "sha1"),
        delivery=_YES,
        postfix=_DIGESTS,
    ),
    _named("wide-wildcard", _NO, "*.test"),
    _named("partial-wildcard", _NO, "m*.{domain}"),
    _named("upper-case", _YES, "MX.{domain}"),
    _named("trailing-dot", _NO, "mx.{domain}."),
    _named("below-name", _NO, "a.mx.{domain}"),
    _named("address-and-cn", _YES, "192.0.2.1", common_name="mx.{domain}"),
    _named("other-name-and-cn", _NO, "mail.elsewhere.test", common_name="mx.{domain}"),
    _named("wildcard-cn", _YES, common_name="*.{domain}"),
    _named("no-name", _NO, common_name="nobody"),
)
