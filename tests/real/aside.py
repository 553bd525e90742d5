"""The mail servers that Debian would not install beside Postfix, where `make servers` put them."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / ".cache" / "servers"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideProgram:
    package: str
    name: str
    folder: str = "sbin"

    @property
    def path(self) -> Path:
        return _FOLDER / self.package / "usr" / self.folder / self.name

    def obstacle(self) -> str:
        """Say why it cannot be started; nothing where it can."""
        if not self.path.exists():
            return f"the Debian package {self.package} is not unpacked in {_FOLDER}"
        needs = subprocess.run(["ldd", self.path], check=True, capture_output=True, text=True)
        lacking = [line.split()[0] for line in needs.stdout.splitlines() if "not found" in line]
        return f"{self.package} lacks {', '.join(lacking)}" if lacking else ""
