"""ICMPv6 errors (RFC 4443 §3.1): type and code of those that hosts on the LAN are owed (X24, P6, P14, S29)."""

NO_ROUTE, ADDRESS_UNREACHABLE, SOURCE_FAILED_POLICY = (1, 0), (1, 3), (1, 5)
UNKNOWN_NEXT_HEADER = (4, 1)  # RFC 8200 §4
