"""Which hosts may be told: those that are listed, and of addresses of this network only such."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_URL = 2000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class WrongUrlError(Exception):
    """A URL that no webhook goes to; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes: the parts of its URL."""

    scheme: str
    host: str
    port: int | None
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    def at(self, address: Address) -> str:
        """Return the URL with an address in place of the name."""
        host = f"[{address}]" if address.version == 6 else str(address)
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def target_of(url: object, listed: Sequence[str]) -> Target:
    """Return where a URL goes.

    Parameters
    ----------
    listed
        Names, addresses and networks that may be told.

    Raises
    ------
    WrongUrlError
        It is no such URL, or goes to a host that is not listed.
    """
    if not isinstance(url, str) or not 0 < len(url) <= LONGEST_URL:
        raise WrongUrlError(f"must be a URL of at most {LONGEST_URL} signs")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise WrongUrlError("must be a URL of printable ASCII signs")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WrongUrlError("must be a URL such as https://example.org/done") from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise WrongUrlError("must begin with https:// or http:// and a host")
    if "@" in parts.netloc or parts.fragment:
        raise WrongUrlError("must hold no user and no fragment")
    if not listed:
        raise WrongUrlError("cannot be: this server tells nobody")
    host = parts.hostname.rstrip(".")
    if not _is_listed(host, listed):
        raise WrongUrlError("goes to a host that this server does not tell")
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def address_of(target: Target, listed: Sequence[str]) -> Address:
    """Return the address of a host.

    Raises
    ------
    OSError
        It has none.
    WrongUrlError
        One of its addresses is of this network, and not listed.
    """
    port = target.port or {"https": 443, "http": 80}[target.scheme]
    found = socket.getaddrinfo(target.host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    networks = list(_networks(listed))
    for address in addresses:
        plain = getattr(address, "ipv4_mapped", None) or address
        if not plain.is_global and not any(plain in network for network in networks):
            raise WrongUrlError("goes to an address of this network that is not listed")
    return addresses[0]


def _is_listed(host: str, listed: Sequence[str]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in {name.lower() for name in listed}
    return any(address in network for network in _networks(listed))


def _networks(listed: Sequence[str]) -> Iterator[Network]:
    for entry in listed:
        try:
            yield ipaddress.ip_network(entry, strict=False)
        except ValueError:
            # a name
            continue
