"""The users of the test servers, in place of the machine's own.

Most names are built into Debian's servers. The machine may have them with any number, or not at
all: nothing of its files is used.
"""

import os
from pathlib import Path

EXIM = "Debian-exim"
GATE = "gate"
NUMBERS = {
    "root": 0,
    "nobody": 65534,
    # Debian gives out no number from 65000 on.
    "postfix": 65001,
    "postdrop": 65002,
    EXIM: 65003,
    "opensmtpd": 65004,
    "opensmtpq": 65005,
    "sshd": 65006,
    GATE: 65007,
}
"""The number of each user, and of the group of that name."""

# The home is nobody's, so that no program reads a user's settings. sshd lets in no user whose
# password begins with "!", as that of root does on many machines.
_LINES = {
    "passwd": "{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n",
    "group": "{name}:x:{number}:\n",
    "shadow": "{name}:*:19000:0:99999:7:::\n",
}


def write_users(folder: Path) -> None:
    """Write the files that name users, as they are in /etc."""
    for file, line in _LINES.items():
        lines = [line.format(name=name, number=number) for name, number in NUMBERS.items()]
        (folder / file).write_text("".join(lines))


def make_folder(path: Path, *, owner: str) -> None:
    """Make a folder that belongs to one of them."""
    path.mkdir()
    os.chown(path, NUMBERS[owner], NUMBERS[owner])
