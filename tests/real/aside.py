"""The servers where `make servers` unpacked them, whatever of them this machine has installed."""

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
    def tree(self) -> Path:
        """The folder that takes the place of /."""
        return _FOLDER / self.package

    @property
    def path(self) -> Path:
        return self.tree / "usr" / self.folder / self.name

    @property
    def variable(self) -> str:
        """Return the environment variable with which its libraries are found."""
        return f"LD_LIBRARY_PATH={self.tree / 'libraries'}"

    def command(self, *arguments: str) -> list[str]:
        """Return the command that runs it."""
        return ["env", self.variable, str(self.path), *arguments]

    def obstacle(self) -> str:
        """Say why it cannot be started; nothing where it can."""
        if not self.path.exists():
            return (
                f"the Debian package {self.package} is not unpacked in {_FOLDER} (`make servers`)"
            )
        command = ["env", self.variable, "ldd", str(self.path)]
        needs = subprocess.run(command, check=True, capture_output=True, text=True)
        lacking = [line.split()[0] for line in needs.stdout.splitlines() if "not found" in line]
        return f"{self.package} lacks {', '.join(lacking)}" if lacking else ""
