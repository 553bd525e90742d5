"""Evidence: what the probe saw, as frozen values.

Evidence says what was seen and never what it means: it contains replies, records, certificates,
times, and no field such as `ok` or `valid`. What something means is decided by rules, and may
change with the policy; what was seen does not change.

An attempt that shows nothing is a value too: `Unseen`, with the kind of trouble and a sentence.
Troubles are told apart because they mean different things: "connection refused" is about the
server, "no route to IPv6" is about this machine, "not asked" is about neither (outcome.py). None,
False and an empty string never mean a failed attempt.

The evidence of a run can be saved, read again, and judged under another policy (package saved).
"""
