"""Print what every rule answers about the servers of `tests/dialogues`, as a table in Markdown.

Run it from the root of the repository: `python -m tools.print_dialogues`.
"""

from mxcheck.rules import RULES
from tests.dialogues.dialogue import FILES, check, read_dialogue

MARKS = {"pass": "·", "fail": "F", "unknown": "U", "not-applicable": "-", "off": " "}


def main() -> None:
    """Check each server and print a table in Markdown."""
    dialogues = [read_dialogue(path) for path in FILES]
    seen = [check(dialogue) for dialogue in dialogues]
    for number, (dialogue, outcome) in enumerate(zip(dialogues, seen, strict=True), start=1):
        print(
            f"{number}. {dialogue.title}: exit {outcome.verdict.exit_code},"
            f" {outcome.connections} connections"
        )
    print("\n· pass, F fail, U unknown, - not applicable, blank: off by default\n")
    numbers = [str(number) for number in range(1, len(dialogues) + 1)]
    print(f"| rule | {' | '.join(numbers)} |\n|---|{'---|' * len(numbers)}")
    for rule in RULES:
        marks = [MARKS[outcome.outcomes[rule.id]] for outcome in seen]
        print(f"| `{rule.id}` | {' | '.join(marks)} |")


if __name__ == "__main__":
    main()
