"""`mxcheck doctor`: what can be looked at from this machine."""

import os

import typer

from mxcheck.cli.guard import guard, refuse
from mxcheck.cli.options import Value, as_flags, with_flags
from mxcheck.cli.variables import warn_of_variables
from mxcheck.console.streams import print_text


@with_flags(
    keys=(
        *("config", "connect_timeout", "ipv4", "ipv6", "ehlo_name", "resolver", "trust_ad"),
        *("ca_file", "allow_private", "canaries", "via", "via_key", "via_known_hosts"),
    )
)
def doctor(**values: Value) -> None:
    """Look at what can be checked from here: resolver, routes, port 25, EHLO name; 15 s at most."""
    raise typer.Exit(guard(lambda: _doctor(values)))


def _doctor(values: dict[str, Value]) -> int:
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.config.load import load_probe
    from mxcheck.judge.doctor import diagnose, exit_code_of
    from mxcheck.probe.doctor.examine import examine
    from mxcheck.report.doctor import render_doctor

    warn_of_variables()
    try:
        settings = load_probe(as_flags(values), os.environ, working_folder())
    except ConfigError as error:
        return refuse(error.lines)
    findings = diagnose(examine(settings))
    exit_code = exit_code_of(findings)
    print_text("\n".join(render_doctor(findings, exit_code)))
    return exit_code
