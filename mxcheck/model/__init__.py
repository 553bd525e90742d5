"""Values that all stages share: policy, targets, waivers, places in files, exit codes.

Nothing here knows about rules, evidence or the network, so that every package may use it.
"""
