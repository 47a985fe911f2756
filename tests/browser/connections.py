"""Watches, from outside, to which addresses a process and its children hold sockets (Linux /proc)."""

from __future__ import annotations

import os
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from threading import Event, Thread


class ConnectionWatch:
    """Samples the sockets of a process every 20 ms; `remote` collects peers that are not this machine."""

    def __init__(self, pid: int) -> None:
        self.remote: set[str] = set()
        self.samples = 0
        self._pid = pid
        self._stopped = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the sampling."""
        self._stopped.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopped.wait(0.02):
            self.remote |= remote_peers(self._pid)
            self.samples += 1


def remote_peers(pid: int) -> set[str]:
    """Peers outside this machine of all TCP and UDP sockets that the process and its children hold."""
    found = set()
    for member in _family(pid):
        inodes = _socket_inodes(member)
        for table in ("tcp", "tcp6", "udp", "udp6"):
            try:
                rows = Path(f"/proc/{member}/net/{table}").read_text().splitlines()[1:]
            except OSError:
                continue
            for row in rows:
                fields = row.split()
                if fields[9] in inodes:
                    address = _address(fields[2].partition(":")[0])
                    if not (address.is_loopback or address.is_unspecified):
                        found.add(f"{table} {address}")
    return found


def _family(pid: int) -> list[int]:
    members = [pid]
    for member in members:
        try:
            children = Path(f"/proc/{member}/task/{member}/children").read_text().split()
        except OSError:
            continue
        members += [int(child) for child in children]
    return members


def _socket_inodes(pid: int) -> set[str]:
    inodes = set()
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)
    except OSError:
        return inodes
    for name in names:
        try:
            target = os.readlink(f"{folder}/{name}")
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    return inodes


def _address(digits: str) -> IPv4Address | IPv6Address:
    raw = bytes.fromhex(digits)
    # The kernel prints each group of four bytes in the machine's (little-endian) order.
    ordered = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
    address = ip_address(ordered)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
