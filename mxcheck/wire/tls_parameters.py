"""Groups and signature schemes of TLS, by their numbers in the IANA registries."""

POST_QUANTUM_GROUP = 0x11EC
POST_QUANTUM_NAME = "X25519MLKEM768"

GROUPS = {
    0x0013: "secp192r1",
    0x0015: "secp224r1",
    0x0016: "secp256k1",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001A: "brainpoolP256r1",
    0x001B: "brainpoolP384r1",
    0x001C: "brainpoolP512r1",
    0x001D: "x25519",
    0x001E: "x448",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
    0x11EB: "SecP256r1MLKEM768",
    POST_QUANTUM_GROUP: POST_QUANTUM_NAME,
    0x11ED: "SecP384r1MLKEM1024",
}
"""Groups that servers choose (RFC 8446 4.2.7, draft-ietf-tls-ecdhe-mlkem)."""

SIGNATURE_SCHEMES = {
    0x0101: "rsa_pkcs1_md5",
    0x0201: "rsa_pkcs1_sha1",
    0x0202: "dsa_sha1",
    0x0203: "ecdsa_sha1",
    0x0301: "rsa_pkcs1_sha224",
    0x0302: "dsa_sha224",
    0x0303: "ecdsa_sha224",
    0x0401: "rsa_pkcs1_sha256",
    0x0402: "dsa_sha256",
    0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
}
"""Schemes that sign a key exchange (RFC 8446 4.2.3, RFC 5246 7.4.1.4.1)."""


def group_name(number: int) -> str:
    """Return the name of a group, or its number if it is not a known one."""
    return GROUPS.get(number, f"group 0x{number:04x}")


def signature_name(number: int) -> str:
    """Return the name of a signature scheme, or its number if it is not a known one."""
    return SIGNATURE_SCHEMES.get(number, f"signature 0x{number:04x}")
