"""Where the documentation of this version is, if the Action says from which repository it came."""

import re
from collections.abc import Mapping

VARIABLE = "DOCS_OF_MXCHECK"
"""No variable of a flag: the Action sets it for itself."""
_FOLDER = re.compile(r"https://[\w.:-]+/[\w.-]+/[\w.-]+/blob/[\w./-]+/", re.ASCII)


def documentation_url(environ: Mapping[str, str]) -> str:
    """Return the URL of the repository's top folder, with a slash at its end, or ""."""
    url = environ.get(VARIABLE, "")
    return url if _FOLDER.fullmatch(url) else ""
