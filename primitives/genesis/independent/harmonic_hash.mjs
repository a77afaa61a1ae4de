#!/usr/bin/env node
// The harmonic genesis hash of a document or a chain spec, written from docs/protocol/genesis.md. Nothing but Node.js.
//
// usage: node harmonic_hash.mjs FILE
//
// Prints the hash and ends with 0, or says why there is none and ends with 1. JSON.parse would lose digits of large numbers
// and take the last of two equal keys, so the file is read here.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const DEPTH_MAX = 32;
const CHAIN = ["id", "name", "chainType", "protocolId", "properties"];
const EMPTY = ["codeSubstitutes", "consensusEngine"];

/** What the file has that no document may have. */
class Refused extends Error {}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  refuse(what) {
    throw new Refused(`${what} at character ${this.at}`);
  }

  space() {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  /** Takes what matches a sticky pattern. */
  take(pattern, what) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) this.refuse(`expected ${what}`);
    this.at = pattern.lastIndex;
    return found[0];
  }

  whole() {
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) this.refuse("something after the value");
    return value;
  }

  value(depth) {
    if (depth > DEPTH_MAX) this.refuse("arrays and objects too deep in each other");
    this.space();
    const first = this.text[this.at];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    if (first !== undefined && /[0-9]/.test(first)) return this.number();
    return { null: null, true: true, false: false }[this.take(/null|true|false/y, "a value")];
  }

  /** A number is the string of its digits. */
  number() {
    const digits = this.take(/0|[1-9][0-9]*/y, "a number");
    if (/[0-9.eE]/.test(this.text[this.at] ?? "")) this.refuse("a number that is no integer");
    return digits;
  }

  /** Character by character: a pattern would overflow the stack on the runtime's code, some millions of them. */
  string() {
    const begin = this.at;
    this.take(/"/y, "a string");
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) break;
      if (code === 0x5c) this.take(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y, "a string");
      else if (code >= 0x20) this.at += 1;
      else this.refuse("expected a string"); // also at the end, where there is no code
    }
    this.at += 1;
    const text = JSON.parse(this.text.slice(begin, this.at));
    if (/\p{Surrogate}/u.test(text)) this.refuse("half of a surrogate pair before");
    return text;
  }

  array(depth) {
    const items = [];
    this.take(/\[/y, "[");
    this.space();
    if (this.text[this.at] === "]") {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      this.space();
      if (this.take(/[,\]]/y, "a comma or ]") === "]") return items;
    }
  }

  object(depth) {
    const members = new Map();
    this.take(/\{/y, "{");
    this.space();
    if (this.text[this.at] === "}") {
      this.at += 1;
      return members;
    }
    for (;;) {
      this.space();
      const key = this.string();
      if (members.has(key)) this.refuse(`the key ${key} twice`);
      this.space();
      this.take(/:/y, "a colon");
      members.set(key, this.value(depth + 1));
      this.space();
      if (this.take(/[,}]/y, "a comma or }") === "}") return members;
    }
  }
}

/** Strings of JavaScript are compared by their UTF-16 code units, which is the order that is asked for. */
function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const keys = [...value.keys()].sort((one, other) => (one < other ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value.get(key))}`).join(",")}}`;
}

const sha256 = (bytes) => `0x${createHash("sha256").update(bytes).digest("hex")}`;

/** Refuses what is no object, lacks a member, or has one that is not known. */
function check(value, what, needed, others = []) {
  if (!(value instanceof Map)) throw new Refused(`${what} is no object`);
  for (const key of needed) if (!value.has(key)) throw new Refused(`${what} lacks ${key}`);
  for (const key of value.keys()) if (!needed.includes(key) && !others.includes(key)) throw new Refused(`${what} has ${key}`);
}

/** The document itself, or that of a chain spec. */
function document(value) {
  if (!(value instanceof Map)) throw new Refused("no object");
  if (value.has("format")) return value;
  if (!value.has("genesis")) throw new Refused("neither a document nor a chain spec");
  check(value, "the spec", [...CHAIN, "genesis"], ["bootNodes", "telemetryEndpoints", ...EMPTY]);
  for (const key of EMPTY) {
    const found = value.get(key) ?? new Map();
    if (!(found instanceof Map) || found.size > 0) throw new Refused(`${key} is not empty`);
  }
  check(value.get("genesis"), "genesis", ["runtimeGenesis"]);
  const runtime = value.get("genesis").get("runtimeGenesis");
  check(runtime, "runtimeGenesis", ["code"], ["config", "patch"]);
  if (runtime.has("config") === runtime.has("patch")) throw new Refused("a chain spec without a config, or with two");
  const code = runtime.get("code");
  const isCode = typeof code === "string" && code.startsWith("0x") && code.length > 2 && code.length % 2 === 0;
  if (!isCode || /[^0-9a-fA-F]/.test(code.slice(2))) throw new Refused("code that is none");
  return new Map([
    ["format", "qc-harmonic-genesis/1"],
    ["chain", new Map(CHAIN.map((key) => [key, value.get(key)]))],
    ["codeSha256", sha256(Buffer.from(code.slice(2), "hex"))],
    ["config", runtime.has("config") ? runtime.get("config") : runtime.get("patch")],
  ]);
}

if (process.argv.length !== 3) {
  console.error("usage: node harmonic_hash.mjs FILE");
  process.exit(2);
}

function read(file) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    throw new Refused(error.message);
  }
}

try {
  const text = read(process.argv[2]);
  console.log(sha256(Buffer.from(canonical(document(new Reader(text).whole())), "utf-8")));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(`refused: ${process.argv[2]}: ${error.message}`);
  process.exit(1);
}
