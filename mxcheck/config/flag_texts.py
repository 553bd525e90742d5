"""What stands on the command line and in the environment: from texts to values."""

from collections.abc import Iterable, Mapping

from mxcheck.config.flags import DOMAINS, FLAGS, INPUTS, PREFIX, Flag, Flags, Kind
from mxcheck.model.quoting import did_you_mean, quote
from mxcheck.model.visible import is_visible


def read_environment(environ: Mapping[str, str]) -> Flags:
    """Return what the variables of the flags give.

    An empty one, or an empty line of one, gives nothing.

    A pipeline hands over inputs that were left empty in this way.
    """
    given = {flag: environ.get(flag.variable, "").strip() for flag in (DOMAINS, *FLAGS)}
    return {
        flag.key: _stripped(text.splitlines()) if flag.kind.repeatable else (text,)
        for flag, text in given.items()
        if text
    }


def filled_from_inputs(environ: Mapping[str, str]) -> frozenset[str]:
    """Return the variables that a pipeline filled from its inputs, and named in INPUTS."""
    return frozenset(environ.get(INPUTS, "").split())


def unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return a message for each variable that looks like one of a flag and is none."""
    known = {INPUTS, *(flag.variable for flag in (DOMAINS, *FLAGS))}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    return tuple(
        f"{name if is_visible(name) else quote(name)} is not the variable of any flag"
        f"{did_you_mean(name, sorted(known))}"
        for name in unknown
    )


def parse_texts(kind: Kind, texts: tuple[str, ...]) -> object:
    """Return the value of texts.

    What cannot be read stays text, for the model to refuse.

    ValueError says which text is not ID=LEVEL.
    """
    match kind:
        case Kind.TEXT:
            return texts[-1]
        case Kind.NUMBER:
            return _number(texts[-1])
        case Kind.SWITCH:
            return _switched(texts[-1])
        case Kind.LIST:
            return _stripped([item for text in texts for item in text.split(",")])
        case Kind.LINES:
            return _stripped(texts)
        case Kind.LEVELS:
            return dict(_level(text) for text in _stripped(texts))


def refuse_blank(texts: Iterable[str]) -> None:
    """ValueError where a text is empty: a variable of the shell that is not set leaves that.

    Passed over, it would judge what is live in place of what was meant, and empty a list of the
    config file.
    """
    if not all(map(str.strip, texts)):
        raise ValueError("is empty: is the variable set? Leave it out where nothing is meant")


def refuse_empty(flag: Flag, value: object) -> None:
    """ValueError where a selection was asked for and names nothing: it would select everything."""
    if flag.key == "select" and value == ():
        raise ValueError("names no rule or family")


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _switched(text: str) -> bool | str:
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    return words.get(text.lower(), text)


def _stripped(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())


def _level(text: str) -> tuple[str, str]:
    rule, equals, level = text.partition("=")
    if not equals:
        raise ValueError(
            f"{quote(text)} is not ID=LEVEL: the id of a rule, then error, warning or off"
        )
    return rule.strip(), level.strip()
