"""The settings of each MTA with which several rules' remedies begin, in whole sentences.

For the services whose servers only they can configure: what their customers can do.
"""

from mxcheck.wire.software import Software

CERTIFICATE = {
    Software.POSTFIX: "put key and full chain into smtpd_tls_chain_files, then `postfix reload`.",
    Software.EXIM: "set tls_certificate to the full chain and tls_privatekey to its key.",
    Software.OPENSMTPD: "set `pki … cert` to the full chain and `pki … key` to its key, then"
    " restart smtpd.",
    Software.SENDMAIL: "set confSERVER_CERT to the certificate, confSERVER_KEY to its key and"
    " confCACERT to its issuers, then restart sendmail.",
    Software.EXCHANGE: "import the certificate, Enable-ExchangeCertificate -Services SMTP, and set"
    " TlsCertificateName of the receive connector.",
    Software.EXCHANGE_ONLINE: "Check that the MX record names exactly the host that the Microsoft"
    " 365 admin center shows under Settings, Domains.",
    Software.GOOGLE: "Check that the MX record names exactly the host that the Google Admin console"
    " shows.",
}
STARTTLS = CERTIFICATE | {
    Software.POSTFIX: "set smtpd_tls_security_level = may and smtpd_tls_chain_files.",
    Software.EXIM: "set tls_advertise_hosts = *, tls_certificate and tls_privatekey.",
    Software.OPENSMTPD: "declare `pki … cert` and `pki … key`, and `listen on … tls pki …`.",
    Software.SENDMAIL: "define confSERVER_CERT and confSERVER_KEY.",
    Software.EXCHANGE: "Enable-ExchangeCertificate -Services SMTP, and Set-ReceiveConnector …"
    " -AuthMechanism Tls.",
}
RELAY = {
    Software.POSTFIX: "set smtpd_relay_restrictions = permit_mynetworks,"
    " permit_sasl_authenticated, reject_unauth_destination.",
    Software.EXIM: "make acl_check_rcpt accept +local_domains, +relay_to_domains, hosts in"
    " +relay_from_hosts and authenticated = * only.",
    Software.OPENSMTPD: "never `match from any for any` without `auth`; name the domains.",
    Software.SENDMAIL: "remove FEATURE(`promiscuous_relay') and the like, and check who has RELAY"
    " in the access map.",
    Software.EXCHANGE: "take Ms-Exch-SMTP-Accept-Any-Recipient from anonymous users on the receive"
    " connectors.",
    Software.EXCHANGE_ONLINE: "Check under Mail flow, Connectors in the Exchange admin center which"
    " addresses an inbound connector lets relay.",
    Software.GOOGLE: "Check under Gmail, Routing, SMTP relay service in the Google Admin console"
    " who may relay.",
}
ACCEPTED_DOMAIN = {
    Software.POSTFIX: "name the domain in mydestination or virtual_mailbox_domains, or in"
    " relay_domains on a backup.",
    Software.EXIM: "name the domain in local_domains, or in relay_to_domains on a backup.",
    Software.OPENSMTPD: "add a `match from any for domain …` rule.",
    Software.SENDMAIL: "name the domain in local-host-names, or in relay-domains on a backup.",
    Software.EXCHANGE: "New-AcceptedDomain, on every server that is an MX.",
    Software.EXCHANGE_ONLINE: "Add and verify the domain under Settings, Domains in the Microsoft"
    " 365 admin center, or withdraw the MX record.",
    Software.GOOGLE: "Add and verify the domain under Account, Domains in the Google Admin console,"
    " or withdraw the MX record.",
}
