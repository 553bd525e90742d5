"""A small mail world on loopback: DNS, SMTP and HTTPS servers with scripted faults.

`mxcheck demo` checks its domains, each with one typical fault, without any access to the Internet.
The tests use the same servers: a script says what a server answers, when it is silent, and where it
hangs up (smtp_script.py), certificates are made when they are needed (certificates.py), and a zone
is written as text (dns_zone.py).
"""
