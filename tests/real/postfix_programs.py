"""The programs of the Postfix aside, and the settings with which they find one another there."""

from collections.abc import Mapping
from pathlib import Path

from tests.real.aside import AsideProgram
from tests.real.namespace import Namespace, Server

MASTER = AsideProgram(package="postfix", name="master", folder="lib/postfix/sbin")
_TREE = MASTER.tree
_CLIENT_SETTINGS = Path(__file__).parent / "postfix_client"


def settings(*variables: str) -> str:
    """Return the beginning of a main.cf; `variables` are set for all daemons."""
    imported = " ".join(f"{{ {variable} }}" for variable in (MASTER.variable, *variables))
    return f"""\
compatibility_level = 3.6
command_directory = {_TREE}/usr/sbin
daemon_directory = {_TREE}/usr/lib/postfix/sbin
meta_directory = {_TREE}/etc/postfix
shlib_directory = {_TREE}/usr/lib/postfix
sendmail_path = {_TREE}/usr/sbin/sendmail
import_environment = MAIL_CONFIG POSTLOG_SERVICE POSTLOG_HOSTNAME {imported}
export_environment = MAIL_CONFIG {imported}
"""


def start(namespace: Namespace, folder: Path) -> Server:
    """Start the instance whose settings are in `etc` of a folder."""
    run(namespace, "postfix", "-c", str(folder / "etc"), "post-install", "create-missing")
    command = MASTER.command("-c", str(folder / "etc"), "-s")
    return Server(namespace, command, folder / "master.log")


def run(namespace: Namespace, name: str, *arguments: str) -> str:
    """Run a program of Postfix, and return what it says."""
    done = namespace.run(*AsideProgram(package="postfix", name=name).command(*arguments))
    if done.returncode:
        raise RuntimeError(f"{name} {arguments}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def finger(namespace: Namespace, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """Return what Postfix's own client, `posttls-finger`, says."""
    command = AsideProgram(package="postfix", name="posttls-finger").command("-c", *arguments)
    # Without these settings it would read those of the machine's Postfix.
    own = {"MAIL_CONFIG": str(_CLIENT_SETTINGS)}
    done = namespace.run(*command, env=own | dict(env or {}))
    return done.stdout + done.stderr
