"""Importing this cleans the environment of what was meant for other programs than a test."""

import os

_KEPT = {
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "CI", "UPDATE_GOLDEN"),
    # Those with which e2e installs packages on this machine.
    *("XDG_CACHE_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
}
_KEPT_BEGINNINGS = ("PYTHON", "PYTEST_", "PYENV_", "PIP_", "UV_", "NODE_", "COVERAGE_")
_GIVEN = {
    "LANG": "C.UTF-8",
    # A root who became one with `su` finds no servers otherwise.
    "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin",
    # Neither hooks nor signatures of the user, whoever owns this repository.
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
}


def _clean_environment() -> None:
    """Keep what programs need to run here, and nothing that changes what they say."""
    for name in tuple(os.environ):
        if name.upper() not in _KEPT and not name.startswith(_KEPT_BEGINNINGS):
            del os.environ[name]
    os.environ.update(_GIVEN)


_clean_environment()
