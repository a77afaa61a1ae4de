// What a dApp built on PAPI (polkadot-api) does with the chain, without generated descriptors: from the metadata alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Keyring } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { createClient, Enum } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import WebSocket from 'ws';
import { ASSETS, FLX, FROZEN, SS58, TIMEOUT_MS, URL, within } from './common.js';

let client;
let api;
let alice;
let bob;
let signer;

before(async () => {
  await cryptoWaitReady();
  client = createClient(getWsProvider(URL, { websocketClass: WebSocket }));
  api = client.getUnsafeApi();
  const keyring = new Keyring({ type: 'sr25519', ss58Format: SS58 });
  const pair = keyring.addFromUri('//Alice');
  alice = pair.address;
  bob = keyring.addFromUri('//Bob').address;
  signer = getPolkadotSigner(pair.publicKey, 'Sr25519', (bytes) => pair.sign(bytes));
});

after(() => client?.destroy());

const freeFlx = async (who) => (await api.query.System.Account.getValue(who)).data.free;
const assetOf = async (id, who) => (await api.query.Assets.Account.getValue(id, who))?.balance ?? 0n;

/** Signs, sends, waits for finality: 'success', or the error's name. */
async function finalised(transaction) {
  const result = await within(60_000, 'finality', transaction.signAndSubmit(signer));
  if (result.ok) {
    return 'success';
  }
  const { type, value } = result.dispatchError;
  return type === 'Module' ? `${value.type}.${value.value.type}` : `${type}.${value?.type}`;
}

test('connects, reads chain spec and metadata', { timeout: TIMEOUT_MS }, async () => {
  const { properties } = await within(30_000, 'chain spec', client.getChainSpecData());
  assert.equal(properties.ss58Format, SS58);
  assert.match(JSON.stringify(properties.tokenSymbol), /FLX/);
  assert.equal(await api.constants.System.SS58Prefix(), SS58);
  const { number } = await within(30_000, 'a finalised block', client.getFinalizedBlock());
  assert.ok(number >= 0);
});

test('reads five balances, and the totals of our runtime API', { timeout: TIMEOUT_MS }, async () => {
  assert.ok(await freeFlx(alice) > FLX);
  for (const [symbol, id] of Object.entries(ASSETS)) {
    assert.ok(await assetOf(id, alice) > 0n, `Alice has ${symbol}`);
  }
  const totals = await api.apis.EconomyApi.totals();
  console.log(`# totals: ${JSON.stringify(totals, (_, value) => (typeof value === 'bigint' ? `${value}` : value))}`);
  const issuance = Object.fromEntries(totals.map(([token, plancks]) => [token.type, plancks]));
  assert.equal(issuance.Flx, 6_180_339_887n * FLX);
  assert.equal(issuance.Chr, 10_000_000_000n * FLX);
});

test('estimates a fee', { timeout: TIMEOUT_MS }, async () => {
  const transfer = api.tx.Balances.transfer_keep_alive({ dest: Enum('Id', bob), value: FLX });
  const fee = await transfer.getEstimatedFees(alice);
  assert.ok(fee > 0n && fee < FLX, `${fee} plancks`);
});

test('moves FLX, finalised, signing without custom extensions', { timeout: TIMEOUT_MS }, async () => {
  const was = await freeFlx(bob);
  assert.equal(await finalised(api.tx.Balances.transfer_keep_alive({ dest: Enum('Id', bob), value: FLX })), 'success');
  assert.equal(await freeFlx(bob), was + FLX);
});

test('moves RES, finalised', { timeout: TIMEOUT_MS }, async () => {
  const was = await assetOf(ASSETS.RES, bob);
  const transfer = api.tx.Assets.transfer({ id: ASSETS.RES, target: Enum('Id', bob), amount: 7n });
  assert.equal(await finalised(transfer), 'success');
  assert.equal(await assetOf(ASSETS.RES, bob), was + 7n);
});

test('is told by name that CHR does not move', { timeout: TIMEOUT_MS }, async () => {
  const was = await assetOf(ASSETS.CHR, alice);
  const name = await finalised(api.tx.Assets.transfer({ id: ASSETS.CHR, target: Enum('Id', bob), amount: 1n }));
  console.log(`# moving CHR: ${name}`);
  assert.match(name, FROZEN);
  assert.equal(await assetOf(ASSETS.CHR, alice), was);
});
