"""Parsers: pure functions from bytes or text to values, one file for each format.

A parser does no I/O and reads no clock. It cites the RFC section beside the line that follows it.
It returns a value, or `Malformed` (or `Unseen`) with a reason that names what was wanted and what
came instead; it does not raise for bad input, since bad input is what servers send.

Lines, replies, records and chains have upper limits, because the other side may want this program
to run out of memory. Where senders differ in how strict they are, the parser follows the strict
ones and says so: mail that one large sender refuses is lost too.
"""
