"""Judging: from evidence and policy to a verdict.

Every rule that the policy selects is asked about each of its subjects: the domain, each MX host, or
each address of each MX host. The answer is pass, fail, not applicable or unknown. Then the policy
decides what it weighs: its level (error, warning, off), whether unknown blocks, and whether a
waiver covers it. A domain fails if a result blocks, and never passes if nothing could be judged.

- judge.py asks the rules and draws the conclusions; verdict.py contains the result
- plan.py works backwards: from the selected rules to what the probe has to look at
- provenance.py finds the overrides that an answer depends on
- notes.py and its neighbours say what concerns the whole run

Unknown is an answer of its own. If a rule is not applicable because another rule owns the cause,
and that rule was not selected, the answer is unknown: nobody judged the cause.
"""
