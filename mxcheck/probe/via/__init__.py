"""The way out through another machine (`--via`), for connections to MX hosts and control hosts.

Many networks close outbound port 25. A small machine elsewhere can open the connections instead:
over SSH (RFC 4254 7.2, "direct-tcpip"), or as a SOCKS5 proxy (RFC 1928). DNS and policy hosts are
still asked from here.

What such a machine says of a connection that failed is evidence only as far as it tells causes
apart. OpenSSH passes on the words of the other machine's connect(); a reply code of SOCKS5 may
mean one of several causes, and some proxies report success before they connect. Whatever they do
not tell apart is unknown.

A way can break during a run. Its silence must not be taken for that of a mail server: after a
visit that met a silence the way is asked for something that it has to answer at once, and if it
does not, nothing of that silence counts.
"""
