// What both clients' tests need to know of the chain.

export const URL = process.env.QC_URL ?? 'ws://127.0.0.1:9944';
export const SS58 = 1618;
export const FLX = 1_000_000_000_000n;
export const ASSETS = { CHR: 1, PSY: 2, ATR: 3, RES: 4 };
/** CHR cannot be moved: pallet-assets says it with one of these. */
export const FROZEN = /^(Token\.Frozen|Assets\.BalanceLow|Assets\.Frozen|System\.CallFiltered|Economy\..+)$/;
/** Each test ends, whatever the node does. */
export const TIMEOUT_MS = 90_000;
/** Extensions that carry bytes in the signed payload, and whom every wallet knows. */
export const WITH_BYTES = [
  'CheckSpecVersion', 'CheckTxVersion', 'CheckGenesis', 'CheckMortality', 'CheckNonce', 'ChargeTransactionPayment',
  'CheckMetadataHash',
];

/** Rejects after `ms`, so that nothing waits for ever. */
export function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
