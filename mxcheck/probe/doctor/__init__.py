"""The looking half of `mxcheck doctor`: what can be reached from this machine.

`examine` does it all within a time; each thing to look at is a function in a module of its own.
`mxcheck.judge.doctor` says what it means, and what to do.
"""
