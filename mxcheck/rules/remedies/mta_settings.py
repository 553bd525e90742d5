"""The settings of each MTA that several rules share, as what follows "On Postfix:".

Names and values are in backticks: the same text goes into messages and into the documentation. For
the services whose servers only they can configure: what their customers can do.
"""

from mxcheck.wire.software import Software

CERTIFICATE = {
    Software.POSTFIX: "put key and full chain into `smtpd_tls_chain_files` (before 3.4:"
    " `smtpd_tls_cert_file`), then `postfix reload`.",
    Software.EXIM: "set `tls_certificate` to the full chain and `tls_privatekey` to its key.",
    Software.OPENSMTPD: "set `pki … cert` to the full chain and `pki … key` to its key, then"
    " restart smtpd.",
    Software.SENDMAIL: "set `confSERVER_CERT` to the certificate, `confSERVER_KEY` to its key and"
    " `confCACERT` to its issuers, then restart sendmail.",
    Software.EXCHANGE: "import the certificate, `Enable-ExchangeCertificate -Services SMTP`, and"
    " set `TlsCertificateName` of the receive connector.",
    Software.EXCHANGE_ONLINE: "check that the MX record names exactly the host that the Microsoft"
    " 365 admin center shows under Settings, Domains.",
    Software.GOOGLE: "check that the MX record names exactly the host that the Google Admin console"
    " shows.",
}
STARTTLS = CERTIFICATE | {
    Software.POSTFIX: "set `smtpd_tls_security_level = may` and `smtpd_tls_chain_files`.",
    Software.EXIM: "set `tls_advertise_hosts = *`, `tls_certificate` and `tls_privatekey`.",
    Software.OPENSMTPD: "declare `pki … cert` and `pki … key`, and `listen on … tls pki …`.",
    Software.SENDMAIL: "define `confSERVER_CERT` and `confSERVER_KEY`.",
    Software.EXCHANGE: "give the certificate the SMTP service (`Enable-ExchangeCertificate"
    " -Services SMTP`), and the receive connector `-AuthMechanism Tls`.",
}
RELAY = {
    Software.POSTFIX: "set `smtpd_relay_restrictions = permit_mynetworks,"
    " permit_sasl_authenticated, reject_unauth_destination`, and name your own addresses only in"
    " `mynetworks`. Look for `relay_domains` and `check_*_access` tables that answer OK, and for"
    " `allow_untrusted_routing`.",
    Software.EXIM: "make `acl_check_rcpt` accept `+local_domains`, `+relay_to_domains`, hosts in"
    " `+relay_from_hosts` and `authenticated = *` only.",
    Software.OPENSMTPD: "never `match from any for any` without `auth`; name the domains, as in"
    ' `match from any for domain "example.com" action …`.',
    Software.SENDMAIL: "remove `promiscuous_relay` and the like from the features, and check who"
    " has `RELAY` in the access map.",
    Software.EXCHANGE: "take `Ms-Exch-SMTP-Accept-Any-Recipient` from anonymous users on the"
    " receive connectors of port 25; `Get-ReceiveConnector | Get-ADPermission` shows who has it.",
    Software.EXCHANGE_ONLINE: "check under Mail flow, Connectors in the Exchange admin center which"
    " addresses an inbound connector lets relay.",
    Software.GOOGLE: "check under Gmail, Routing, SMTP relay service in the Google Admin console"
    " who may relay.",
}
ACCEPTED_DOMAIN = {
    Software.POSTFIX: "name the domain in `mydestination` or `virtual_mailbox_domains`, or on a"
    " backup in `relay_domains`, with its mailboxes in `relay_recipient_maps`.",
    Software.EXIM: "name the domain in `local_domains`, or in `relay_to_domains` on a backup.",
    Software.OPENSMTPD: "add a `match from any for domain …` rule.",
    Software.SENDMAIL: "name the domain in `local-host-names`, or in `relay-domains` on a backup.",
    Software.EXCHANGE: "run `New-AcceptedDomain`, on every server that is an MX.",
    Software.EXCHANGE_ONLINE: "add and verify the domain under Settings, Domains in the Microsoft"
    " 365 admin center, or withdraw the MX record.",
    Software.GOOGLE: "add and verify the domain under Account, Domains in the Google Admin console,"
    " or withdraw the MX record.",
}
