"""DNS: does the domain name MX hosts that senders can look up and reach."""
