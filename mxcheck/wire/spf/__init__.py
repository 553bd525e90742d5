"""SPF (RFC 7208): which addresses may send mail for a domain.

A receiver looks for the TXT record `v=spf1 …` of the domain in MAIL FROM, or of the name in HELO,
and takes its terms from left to right; the first that matches the client's address decides. An
include asks the record of another domain, redirect goes on with it. At most ten terms may look
something up; a record that needs more, or has an error anywhere, is worth nothing to receivers
("permerror").

`record.py` parses one record, `macros.py` what is between `%{` and `}`. `check.py` evaluates it
for one client (RFC 7208 4), `tree.py` finds without a client what would be wrong for any. Both work
on recorded lookups alone.
"""
