#!/usr/bin/env python3
"""The harmonic genesis hash of a document or a chain spec, written from docs/protocol/genesis.md. Standard library only.

usage: harmonic_hash.py FILE

Prints the hash and ends with 0, or says why there is none and ends with 1.
"""

import hashlib
import json
import re
import sys

DEPTH_MAX = 32
CHAIN = ("id", "name", "chainType", "protocolId", "properties")
EMPTY = ("codeSubstitutes", "consensusEngine")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


class Refused(Exception):
    """What the file has that no document may have."""


def integer(digits):
    """A number is the string of its digits."""
    if digits.startswith("-"):
        raise Refused("a negative number: " + digits)
    return digits


def refuse(number):
    raise Refused("a number that is no integer: " + number)


def members(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise Refused("a key that is there twice: " + key)
        found[key] = value
    return found


def parse(data):
    text = data.decode("utf-8")
    try:
        return json.loads(text, parse_int=integer, parse_float=refuse, parse_constant=refuse, object_pairs_hook=members)
    except RecursionError:
        raise Refused("arrays and objects too deep in each other") from None


def quoted(text):
    text.encode("utf-8")  # refuses half of a surrogate pair
    return '"' + re.sub(r'["\\\x00-\x1f]', lambda one: ESCAPES.get(one[0], "\\u%04x" % ord(one[0])), text) + '"'


def canonical(value, depth=0):
    if depth > DEPTH_MAX:
        raise Refused("arrays and objects too deep in each other")
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    order = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(quoted(key) + ":" + canonical(value[key], depth + 1) for key in order) + "}"


def check(value, what, needed, others=()):
    """Refuses what is no object, lacks a member, or has one that is not known."""
    if not isinstance(value, dict):
        raise Refused(what + " is no object")
    for key in needed:
        if key not in value:
            raise Refused(what + " lacks " + key)
    for key in value:
        if key not in needed and key not in others:
            raise Refused(what + " has " + key)


def document(value):
    """The document itself, or that of a chain spec."""
    if not isinstance(value, dict):
        raise Refused("no object")
    if "format" in value:
        return value
    if "genesis" not in value:
        raise Refused("neither a document nor a chain spec")
    check(value, "the spec", (*CHAIN, "genesis"), ("bootNodes", "telemetryEndpoints", *EMPTY))
    for key in EMPTY:
        if value.get(key) not in (None, {}):
            raise Refused(key + " is not empty")
    check(value["genesis"], "genesis", ("runtimeGenesis",))
    runtime = value["genesis"]["runtimeGenesis"]
    check(runtime, "runtimeGenesis", ("code",), ("config", "patch"))
    if ("config" in runtime) == ("patch" in runtime):
        raise Refused("a chain spec without a config, or with two")
    code = runtime["code"]
    if not isinstance(code, str) or not re.fullmatch("0x([0-9a-fA-F]{2})+", code):
        raise Refused("code that is none")
    return {
        "format": "qc-harmonic-genesis/1",
        "chain": {key: value[key] for key in CHAIN},
        "codeSha256": "0x" + hashlib.sha256(bytes.fromhex(code[2:])).hexdigest(),
        "config": runtime["config"] if "config" in runtime else runtime["patch"],
    }


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if "-h" in sys.argv or "--help" in sys.argv else 2
    try:
        with open(sys.argv[1], "rb") as file:
            value = parse(file.read())
        canonical(value)  # refuses what no document may have, wherever it stands
        text = canonical(document(value))
    except (Refused, ValueError, OSError) as error:
        print(f"refused: {sys.argv[1]}: {error!r}", file=sys.stderr)
        return 1
    print("0x" + hashlib.sha256(text.encode("utf-8")).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main())
