"""A node's JSON-RPC over HTTP, storage keys, and reading SCALE: what field-network.py needs, with nothing but Python."""

import json
import struct
import time
import urllib.error
import urllib.request

MASK = 2**64 - 1
P1, P2, P3, P4, P5 = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)


class Refused(Exception):
    """The node answered with an error, or not at all."""


def _rotated(x, by):
    return (x << by | x >> (64 - by)) & MASK


def _round(state, lane):
    return _rotated((state + lane * P2) & MASK, 31) * P1 & MASK


def xxh64(data, seed):
    """XXH64 of `data`."""
    if len(data) >= 32:
        lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK]
        whole = len(data) // 32 * 32
        for at in range(0, whole, 32):
            lanes = [_round(state, lane) for state, lane in zip(lanes, struct.unpack_from("<4Q", data, at))]
        digest = sum(_rotated(state, by) for state, by in zip(lanes, (1, 7, 12, 18))) & MASK
        for state in lanes:
            digest = ((digest ^ _round(0, state)) * P1 + P4) & MASK
    else:
        whole, digest = 0, (seed + P5) & MASK
    digest, rest = (digest + len(data)) & MASK, data[whole:]
    while len(rest) >= 8:
        digest = (_rotated(digest ^ _round(0, int.from_bytes(rest[:8], "little")), 27) * P1 + P4) & MASK
        rest = rest[8:]
    if len(rest) >= 4:
        digest = (_rotated(digest ^ int.from_bytes(rest[:4], "little") * P1 & MASK, 23) * P2 + P3) & MASK
        rest = rest[4:]
    for byte in rest:
        digest = _rotated(digest ^ byte * P5 & MASK, 11) * P1 & MASK
    for by, factor in ((33, P2), (29, P3), (32, 1)):
        digest = (digest ^ digest >> by) * factor & MASK
    return digest


def storage_key(pallet, item):
    """The key of a storage value: twox128 of both names."""
    halves = (xxh64(name.encode(), seed) for name in (pallet, item) for seed in (0, 1))
    return b"".join(half.to_bytes(8, "little") for half in halves)


assert storage_key("System", "Account").hex() == "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"


class Node:
    """A node that answers JSON-RPC at a URL of http."""

    def __init__(self, url, patience=30):
        self.url, self.patience = url, patience

    def call(self, method, *params):
        """One request; tried again for `patience` seconds while nobody answers."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        until = time.monotonic() + self.patience
        while True:
            request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    value = json.load(answer)
                break
            except (OSError, urllib.error.URLError, ValueError) as fault:
                if time.monotonic() > until:
                    raise Refused(f"{method}: {fault}") from fault
                time.sleep(1)
        if "error" in value:
            raise Refused(f"{method}: {value['error']}")
        return value["result"]

    def finalised(self):
        """Hash and height of the finalised head."""
        head = self.call("chain_getFinalizedHead")
        return head, int(self.call("chain_getHeader", head)["number"], 16)

    def storage(self, pallet, item, at):
        """The raw value of a storage value at a block, or None."""
        value = self.call("state_getStorage", "0x" + storage_key(pallet, item).hex(), at)
        return None if value is None else bytes.fromhex(value[2:])

    def runtime(self, function, arguments, at):
        """What a function of the runtime's API answers at a block, as SCALE."""
        return Scale(bytes.fromhex(self.call("state_call", function, "0x" + arguments.hex(), at)[2:]), function)


class Scale:
    """Reads SCALE from its beginning."""

    def __init__(self, data, name):
        self.data, self.name, self.at = data, name, 0

    def take(self, count):
        end = self.at + count
        if end > len(self.data):
            raise ValueError(f"{self.name}: {len(self.data)} bytes are too few")
        taken, self.at = self.data[self.at:end], end
        return taken

    def number(self, size):
        return int.from_bytes(self.take(size), "little")

    def u8(self):
        return self.number(1)

    def u32(self):
        return self.number(4)

    def u128(self):
        return self.number(16)

    def i128(self):
        return int.from_bytes(self.take(16), "little", signed=True)

    def boolean(self):
        value = self.u8()
        if value > 1:
            raise ValueError(f"{self.name}: {value} is no boolean")
        return value == 1

    def option(self, read):
        return read() if self.boolean() else None

    def length(self):
        first = self.u8()
        mode = first & 3
        if mode == 3:
            raise ValueError(f"{self.name}: a list that long is not expected")
        more = self.take((0, 1, 3)[mode])
        return int.from_bytes(bytes([first]) + more, "little") >> 2

    def items(self, read):
        return [read() for _ in range(self.length())]

    def account(self):
        return self.take(32).hex()

    def whole(self, value):
        """`value`, if nothing is left to read."""
        if self.at != len(self.data):
            raise ValueError(f"{self.name}: {len(self.data) - self.at} bytes are left over")
        return value
