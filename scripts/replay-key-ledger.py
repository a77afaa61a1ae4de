#!/usr/bin/env python3
"""Replays an exported key ledger (law KEY-1), with nothing but Python: no code of the chain, no package.

    scripts/replay-key-ledger.py FILE       FILE is a JSON array of entries; - is standard input

Recomputes every hash, the head, and the state of every key and account, and prints them as JSON. If an entry does not hold,
says which is the first and why, and ends with code 1. The format of an entry, its canonical encoding and the rules are in
docs/protocol/keys.md; this file was written from that page, so that it can be wrong only where the page is.
"""

import hashlib
import json
import re
import sys

DOMAIN = b"qc/key-ledger/v1"
SCHEMES = {"MlDsa87": 0}
CHANGES_MAX = 9
NONCE_MAX = 2**32 - 1


class Fault(Exception):
    """What an entry says that cannot be."""


def need(holds, otherwise):
    if not holds:
        raise Fault(otherwise)


# What a field may hold.


def number(value, bits, what):
    need(type(value) is int and 0 <= value < 2**bits, f"{what} is no number of {bits} bits")
    return value


def digest(value, what):
    need(isinstance(value, str) and re.fullmatch("0x[0-9a-fA-F]{64}", value), f"{what} is not 32 bytes of hex")
    return value.lower()


def capability_bits(value):
    need(number(value, 8, "capabilities") < 128, "a capability that there is not")
    return value


def scheme_name(value):
    need(isinstance(value, str) and value in SCHEMES, "a scheme that there is not")
    return value


def block_number(value):
    return number(value, 32, "at")


def key_id(value):
    return digest(value, "a key id")


# Every change: its index in the encoding, and its fields in their order.
CHANGES = {
    "registered": (0, {"key": key_id, "scheme": scheme_name, "capabilities": capability_bits}),
    "rotated": (1, {"from": key_id, "to": key_id, "scheme": scheme_name}),
    "capabilitiesSet": (2, {"key": key_id, "capabilities": capability_bits}),
    "revoked": (3, {"key": key_id}),
    "pqcRequired": (4, {}),
    "pqcLeaving": (5, {"at": block_number, "by": key_id}),
    "pqcKept": (6, {}),
}


def read_change(change):
    """A change as (name, fields), its fields checked and in the order of the encoding."""
    need(isinstance(change, dict) and len(change) == 1, "a change is not an object of one name")
    name, given = next(iter(change.items()))
    need(name in CHANGES, f"there is no change {name!r}")
    fields = CHANGES[name][1]
    if not fields:
        need(given is None, f"{name} has other fields than it should")
        given = {}
    need(isinstance(given, dict) and set(given) == set(fields), f"{name} has other fields than it should")
    return name, {field: check(given[field]) for field, check in fields.items()}


# SCALE: little-endian numbers, and as many bytes for each as its kind has.


def scale_of_field(field, value):
    if field == "capabilities":
        return bytes([value])
    if field == "scheme":
        return bytes([SCHEMES[value]])
    if field == "at":
        return value.to_bytes(4, "little")
    return bytes.fromhex(value[2:])


def scale_of_change(name, fields):
    return bytes([CHANGES[name][0]]) + b"".join(scale_of_field(*field) for field in fields.items())


def canonical(index, previous, block, owner, changes):
    """The bytes that an entry's hash is of."""
    length = len(changes) << 2  # a compact number below 64
    return b"".join(
        [
            DOMAIN,
            index.to_bytes(8, "little"),
            bytes.fromhex(previous[2:]),
            block.to_bytes(4, "little"),
            bytes.fromhex(owner[2:]),
            bytes([length]),
            *(scale_of_change(*change) for change in changes),
        ]
    )


class Ledger:
    """What the entries so far come to."""

    def __init__(self):
        self.count = 0
        self.hash = "0x" + "00" * 32
        self.block = 0
        self.keys = {}
        self.owners = {}

    def apply(self, entry):
        fields = {"index", "previous", "block", "owner", "changes", "hash"}
        need(isinstance(entry, dict) and set(entry) == fields, "it has other fields than an entry has")
        index = number(entry["index"], 64, "index")
        previous = digest(entry["previous"], "previous")
        block = number(entry["block"], 32, "block")
        owner = digest(entry["owner"], "owner")
        claimed = digest(entry["hash"], "hash")
        need(isinstance(entry["changes"], list), "changes is no list")
        need(len(entry["changes"]) <= CHANGES_MAX, "it has more changes than an entry can have")
        changes = [read_change(change) for change in entry["changes"]]

        need(index == self.count, "its index is not the number of entries before it")
        need(previous == self.hash, "its previous hash is not that of the entry before it")
        found = "0x" + hashlib.sha256(canonical(index, previous, block, owner, changes)).hexdigest()
        need(claimed == found, "its hash is not that of its canonical encoding")
        need(block >= self.block, "its block is before the block of the entry before it")
        need(changes, "it changes nothing")
        for name, values in changes:
            getattr(self, name)(block, owner, **{f"{field}_": value for field, value in values.items()})
        self.count, self.hash, self.block = self.count + 1, found, block

    # The changes. Each field's name has an underscore behind it, since "from" is a word of Python.

    def registered(self, block, owner, key_, scheme_, capabilities_):
        self.enter(block, owner, key_, scheme_, capabilities_)
        self.operation(owner)["keys"].append(key_)

    def rotated(self, block, owner, from_, to_, scheme_):
        old = self.active(owner, from_)
        self.enter(block, owner, to_, scheme_, old["capabilities"])
        old["status"], old["ended"] = {"rotatedOut": {"to": to_}}, block
        account = self.operation(owner)
        account["keys"] = [to_ if key == from_ else key for key in account["keys"]]

    def capabilitiesSet(self, block, owner, key_, capabilities_):
        self.active(owner, key_)["capabilities"] = capabilities_
        self.operation(owner)

    def revoked(self, block, owner, key_):
        key = self.active(owner, key_)
        key["status"], key["ended"] = {"revoked": None}, block
        self.operation(owner)["keys"].remove(key_)

    def pqcRequired(self, block, owner):
        self.protect(owner, ("classical", "leaving"), {"pqcRequired": None})

    def pqcLeaving(self, block, owner, at_, by_):
        self.active(owner, by_)
        self.protect(owner, ("pqcRequired",), {"leaving": {"at": at_, "by": by_}})

    def pqcKept(self, block, owner):
        self.protect(owner, ("leaving",), {"pqcRequired": None})

    # What they are made of.

    def enter(self, block, owner, key, scheme, capabilities):
        need(key not in self.keys, "it makes a key of an id that was used before")
        self.keys[key] = {
            "id": key,
            "owner": owner,
            "scheme": scheme,
            "capabilities": capabilities,
            "status": {"active": None},
            "since": block,
            "ended": None,
        }

    def active(self, owner, key):
        need(key in self.keys, "it names a key that was never registered")
        need(self.keys[key]["owner"] == owner, "it changes a key of another account")
        need("active" in self.keys[key]["status"], "it changes a key that was rotated out or revoked before")
        return self.keys[key]

    def operation(self, owner):
        account = self.owners.setdefault(
            owner, {"owner": owner, "nonce": 0, "keys": [], "protection": {"classical": None}}
        )
        need(account["nonce"] < NONCE_MAX, "it is one operation more than a nonce can count")
        account["nonce"] += 1
        return account

    def protect(self, owner, before, protection):
        account = self.owners.get(owner)
        possible = account is not None and next(iter(account["protection"])) in before
        need(possible, "it changes protection as it cannot from where it stood")
        account["protection"] = protection

    def state(self):
        in_order = lambda things: [things[name] for name in sorted(things)]
        head = {"count": self.count, "hash": self.hash}
        return {"head": head, "keys": in_order(self.keys), "owners": in_order(self.owners)}


def main(arguments):
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        if arguments[0] == "-":
            entries = json.load(sys.stdin)
        else:
            with open(arguments[0], encoding="utf-8") as file:
                entries = json.load(file)
        if not isinstance(entries, list):
            raise ValueError("it is no array of entries")
    except (OSError, ValueError) as error:
        print(f"this is not an exported ledger: {error}", file=sys.stderr)
        return 2
    ledger = Ledger()
    for at, entry in enumerate(entries):
        try:
            ledger.apply(entry)
        except Fault as fault:
            print(f"entry {at} does not hold: {fault}", file=sys.stderr)
            return 1
    print(json.dumps(ledger.state(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
