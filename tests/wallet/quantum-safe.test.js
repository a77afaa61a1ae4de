// What a wallet does to make an account quantum-safe, with an ML-DSA library that has nothing to do with ours
// (@noble/post-quantum), and version 1 transactions put together by hand as docs/protocol/keys.md describes them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { compactToU8a, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';
import { FLX, TIMEOUT_MS, URL, within } from './common.js';

const CAPABILITIES = { TRANSFER: 1, MANAGE: 64 };
const ML_DSA_87 = 0;
const KEY_ENDED = 92;
const PQC_REQUIRED = 94;

let provider;
let api;
let alice;
let owner;
let genesis;

const u32 = (number) => new Uint8Array(new Uint32Array([number]).buffer);
const ascii = (text) => new TextEncoder().encode(text);
const sign = (secretKey, purpose, payload) => u8aConcat(
  [ML_DSA_87],
  ml_dsa87.sign(u8aConcat(genesis, payload), secretKey, { context: ascii(`qc/${purpose}/v1`) }),
);

/** A key from a seed of 32 equal bytes: its id is the hash of scheme and public key. */
function key(byte) {
  const { publicKey, secretKey } = ml_dsa87.keygen(new Uint8Array(32).fill(byte));
  const encoded = u8aConcat([ML_DSA_87], publicKey);
  return { encoded, secretKey, id: blake2AsU8a(encoded) };
}

before(async () => {
  provider = new WsProvider(URL, 1_000);
  api = await within(60_000, 'connecting', ApiPromise.create({ provider, noInitWarn: true }));
  genesis = hexToU8a(api.genesisHash.toHex());
  const keyring = new Keyring({ type: 'sr25519', ss58Format: api.registry.chainSS58 });
  alice = keyring.addFromUri('//Alice');
  owner = keyring.addFromUri('//quantum//safe');
});

after(() => api?.disconnect());

/** Sends bytes and waits for finality: 'success', the dispatch error's name, or 'refused N' with the pool's code. */
function sendBytes(bytes) {
  const sent = new Promise((resolve, reject) => {
    const note = async (error, status) => {
      if (error) return reject(error);
      if (status.finalized) return resolve(await outcome(status.finalized, bytes));
      if (status === 'invalid' || status.usurped || status === 'dropped') return reject(new Error(`${JSON.stringify(status)}`));
      return undefined;
    };
    provider.subscribe('author_extrinsicUpdate', 'author_submitAndWatchExtrinsic', [u8aToHex(bytes)], note)
      .catch((error) => resolve(`refused ${/Custom error: (\d+)/.exec(`${error.message} ${error.data}`)?.[1] ?? error.data ?? error.message}`));
  });
  return within(60_000, 'finality', sent);
}

async function outcome(block, bytes) {
  const { block: { extrinsics } } = await provider.send('chain_getBlock', [block]);
  const index = extrinsics.indexOf(u8aToHex(bytes));
  assert.ok(index >= 0, 'the transaction is in the block');
  const events = await (await api.at(block)).query.system.events();
  const ours = events.filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.eqn(index));
  const failed = ours.find(({ event }) => event.section === 'system' && event.method === 'ExtrinsicFailed');
  if (!failed) return 'success';
  const [error] = failed.event.data;
  return error.isModule ? api.registry.findMetaError(error.asModule).name : error.toString();
}

const sendClassical = async (call, signer) => sendBytes((await api.tx(call).signAsync(signer)).toU8a());

/** A version 1 transaction of `owner`'s key. */
async function sendByKey({ id, secretKey }, call) {
  const { specVersion, transactionVersion } = api.runtimeVersion;
  const nonce = (await api.rpc.system.accountNextIndex(owner.address)).toNumber();
  // Era (immortal), nonce, tip, mode of the metadata hash; and what is signed with them without being sent.
  const following = u8aConcat([0], compactToU8a(nonce), compactToU8a(0), [0]);
  const implicit = u8aConcat(u32(specVersion.toNumber()), u32(transactionVersion.toNumber()), genesis, genesis, [0]);
  const payload = blake2AsU8a(u8aConcat([1], call.toU8a(), following, implicit));
  const body = u8aConcat([0x45, 1], id, sign(secretKey, 'transaction', payload), following, call.toU8a());
  return sendBytes(u8aConcat(compactToU8a(body.length), body));
}

/** A call of the key ledger from its encoded arguments. */
function ledgerCall(name, ...encoded) {
  const pallet = api.runtimeMetadata.asLatest.pallets.find((one) => one.name.eq('KeyLedger'));
  const variants = api.registry.lookup.getSiType(pallet.calls.unwrap().type).def.asVariant.variants;
  const variant = variants.find((one) => one.name.eq(name));
  return api.registry.createType('Call', u8aConcat([pallet.index.toNumber(), variant.index.toNumber()], ...encoded));
}

const nonceOf = async () => {
  const raw = await provider.send('state_call', ['KeyLedgerApi_keys_of', u8aToHex(owner.publicKey)]);
  return hexToU8a(raw).slice(0, 4);
};

async function register(one, capabilities) {
  const payload = u8aConcat(owner.publicKey, await nonceOf(), one.encoded, [capabilities]);
  return ledgerCall('register', one.encoded, [capabilities], sign(one.secretKey, 'possession', payload));
}

const pay = () => api.tx.balances.transferKeepAlive(alice.address, FLX).method;

test('an account becomes quantum-safe and keeps its address', { timeout: 6 * TIMEOUT_MS }, async () => {
  const [first, second, third] = [key(201), key(202), key(203)];
  const all = CAPABILITIES.TRANSFER | CAPABILITIES.MANAGE;
  assert.equal(await sendClassical(api.tx.balances.transferKeepAlive(owner.address, 100n * FLX).method, alice), 'success');
  assert.equal(await sendClassical(await register(first, all), owner), 'success');
  assert.equal(await sendClassical(await register(second, all), owner), 'success');
  assert.equal(await sendByKey(first, pay()), 'success');
  // A signature over something else is refused.
  assert.match(await sendByKey({ id: first.id, secretKey: second.secretKey }, pay()), /bad signature/i);

  assert.equal(await sendByKey(first, ledgerCall('require_pqc')), 'success');
  assert.equal(await sendClassical(pay(), owner), `refused ${PQC_REQUIRED}`);
  assert.equal(await sendByKey(first, pay()), 'success');

  const rotation = u8aConcat(owner.publicKey, await nonceOf(), first.id, third.encoded, [all]);
  const both = [sign(first.secretKey, 'rotation', rotation), sign(third.secretKey, 'rotation', rotation)];
  assert.equal(await sendByKey(second, ledgerCall('rotate', first.id, third.encoded, ...both)), 'success');
  assert.equal(await sendByKey(first, pay()), `refused ${KEY_ENDED}`);
  assert.equal(await sendByKey(third, pay()), 'success');
});
