"""Measure the source: modules in each package, functions, rule ids outside the rules."""

import statistics
from collections import Counter

from tools.check_house import RULE_ID
from tools.source import Source, read_sources


def main() -> None:
    """Print the numbers."""
    package = read_sources("mxcheck")
    modules = Counter(str(source.name.parent) for source in package)
    lengths = sorted(
        ((function.end_lineno or 0) - function.lineno + 1, source.name, function.name)
        for source in package
        for function in source.functions()
    )
    for name, count in sorted(modules.items()):
        print(f"{count:4} modules in {name}")
    print(f"{statistics.median(length for length, _, _ in lengths):4} lines, the median function")
    print("{:4} lines, the longest function: {} {}".format(*lengths[-1]))
    print(f"{sum(map(rule_ids, package)):4} rule ids outside rules/ and demo/")


def rule_ids(source: Source) -> int:
    """Count the rule ids in the strings of a file; those of the rules and the demo do not count."""
    if source.is_below("mxcheck/rules", "mxcheck/demo"):
        return 0
    return sum(len(RULE_ID.findall(str(string.value))) for string in source.strings())


if __name__ == "__main__":
    main()
