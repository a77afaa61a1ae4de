// What a wallet built on Polkadot-JS API does with the chain. No types, no user extensions: as any wallet comes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { ASSETS, FLX, FROZEN, SS58, TIMEOUT_MS, URL, WITH_BYTES, within } from './common.js';

let api;
let alice;
let bob;

before(async () => {
  const provider = new WsProvider(URL, 1_000);
  api = await within(60_000, 'connecting', ApiPromise.create({ provider, noInitWarn: true }));
  const keyring = new Keyring({ type: 'sr25519', ss58Format: api.registry.chainSS58 });
  alice = keyring.addFromUri('//Alice');
  bob = keyring.addFromUri('//Bob');
});

after(() => api?.disconnect());

const freeFlx = async (who) => (await api.query.system.account(who.address)).data.free.toBigInt();
const assetOf = async (id, who) => {
  const account = await api.query.assets.account(id, who.address);
  return account.isSome ? account.unwrap().balance.toBigInt() : 0n;
};

function errorName(error) {
  if (error.isModule) {
    const { section, name } = api.registry.findMetaError(error.asModule);
    return `${section[0].toUpperCase()}${section.slice(1)}.${name}`;
  }
  return error.isToken ? `Token.${error.asToken.type}` : error.toString();
}

/** Signs, sends, waits for finality: 'success', or the error's name. */
function finalised(extrinsic, signer) {
  const result = new Promise((resolve, reject) => {
    extrinsic.signAndSend(signer, ({ status, dispatchError, isError }) => {
      if (status.isFinalized) {
        resolve(dispatchError ? errorName(dispatchError) : 'success');
      } else if (isError) {
        reject(new Error(`the transaction was ${status.type}`));
      }
    }).catch(reject);
  });
  return within(60_000, 'finality', result);
}

test('connects, reads metadata, prefix and symbols', { timeout: TIMEOUT_MS }, async () => {
  assert.equal(api.registry.chainSS58, SS58);
  assert.ok(api.registry.chainTokens.includes('FLX'), `${api.registry.chainTokens}`);
  assert.equal(api.registry.chainDecimals[0], 12);
  assert.ok(api.tx.balances.transferKeepAlive && api.tx.assets.transfer, 'the calls that wallets use');
  assert.ok(api.call.economyApi, 'our runtime API, from the metadata alone');
  for (const id of Object.values(ASSETS)) {
    const { symbol, decimals } = await api.query.assets.metadata(id);
    assert.equal(ASSETS[symbol.toUtf8()], id);
    assert.equal(decimals.toNumber(), 12);
  }
});

test('our extensions add no bytes to what is signed', { timeout: TIMEOUT_MS }, async () => {
  const extensions = api.runtimeMetadata.asLatest.extrinsic.transactionExtensions
    ?? api.runtimeMetadata.asLatest.extrinsic.signedExtensions;
  const width = (type) => api.registry.createType(api.registry.createLookupType(type)).encodedLength;
  const carrying = extensions
    // Version 1's authoriser is listed with the others; no transaction of version 0 carries it, as the transfers below show.
    .filter((extension) => !extension.identifier.eq('AuthorizeByKey'))
    .filter((extension) => width(extension.type) + width(extension.implicit ?? extension.additionalSigned) > 0)
    .map((extension) => extension.identifier.toString());
  console.log(`# extensions as Polkadot-JS sees them: ${api.registry.signedExtensions.join(', ')}`);
  console.log(`# of which carry bytes: ${carrying.join(', ')}`);
  assert.deepEqual([...new Set(carrying)].sort(), [...WITH_BYTES].sort());
});

test('reads five balances', { timeout: TIMEOUT_MS }, async () => {
  assert.ok(await freeFlx(alice) > FLX);
  for (const [symbol, id] of Object.entries(ASSETS)) {
    assert.ok(await assetOf(id, alice) > 0n, `Alice has ${symbol}`);
  }
});

test('moves FLX, finalised', { timeout: TIMEOUT_MS }, async () => {
  const was = await freeFlx(bob);
  assert.equal(await finalised(api.tx.balances.transferKeepAlive(bob.address, FLX), alice), 'success');
  assert.equal(await freeFlx(bob), was + FLX);
});

test('moves ATR, finalised', { timeout: TIMEOUT_MS }, async () => {
  const was = await assetOf(ASSETS.ATR, bob);
  assert.equal(await finalised(api.tx.assets.transfer(ASSETS.ATR, bob.address, 7n), alice), 'success');
  assert.equal(await assetOf(ASSETS.ATR, bob), was + 7n);
});

test('is told by name that CHR does not move', { timeout: TIMEOUT_MS }, async () => {
  const was = await assetOf(ASSETS.CHR, alice);
  const name = await finalised(api.tx.assets.transfer(ASSETS.CHR, bob.address, 1n), alice);
  console.log(`# moving CHR: ${name}`);
  assert.match(name, FROZEN);
  assert.equal(await assetOf(ASSETS.CHR, alice), was);
});
