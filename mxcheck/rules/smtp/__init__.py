"""SMTP: each address of an MX host answers on port 25 and speaks the protocol (RFC 5321).

A sender connects, waits for the greeting, and introduces itself:

    S: 220 mx1.example.com ESMTP
    C: EHLO client.example.net
    S: 250-mx1.example.com
    S: 250-STARTTLS
    S: 250 SIZE 52428800

A reply has three digits: 2yz accepts, 4yz refuses for now, 5yz refuses for good. A minus after the
digits announces another line. The lines after the first name the extensions that the server offers.

Senders try the hosts in the order of preference. If one does not answer they go on to the next, so
a dead secondary host is noticed by nobody until the first one fails. 421 means that the server
closes the connection, mostly for a limit on clients; it says nothing about other clients.

Port 25 is for servers. A submission port such as 587 asks for a password and cannot replace it.
"""
