//! Weights of the key ledger. The runtime's are generated: `runtime/src/weights/`.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the key ledger's calls and the transaction extension's steps cost. Every verification is charged as if the host's
/// cache were empty: one for `register`, two for `rotate` and for each operation of a `commit`, one for `authorise`.
pub trait WeightInfo {
    /// Weight of `register`.
    fn register() -> Weight;
    /// Weight of `rotate`.
    fn rotate() -> Weight;
    /// Weight of `set_capabilities`.
    fn set_capabilities() -> Weight;
    /// Weight of `revoke`.
    fn revoke() -> Weight;
    /// Weight of a `commit` of `n` operations, each of them the dearest there is.
    fn commit(n: u32) -> Weight;
    /// Weight of `require_pqc`.
    fn require_pqc() -> Weight;
    /// Weight of `leave_pqc`.
    fn leave_pqc() -> Weight;
    /// Weight of `keep_pqc`.
    fn keep_pqc() -> Weight;
    /// Weight of `authorise`, `begin` and `end` together, with a payload of `l` bytes.
    fn authorise(l: u32) -> Weight;
}

/// No weight, for tests.
impl WeightInfo for () {
    fn register() -> Weight {
        Weight::zero()
    }
    fn rotate() -> Weight {
        Weight::zero()
    }
    fn set_capabilities() -> Weight {
        Weight::zero()
    }
    fn revoke() -> Weight {
        Weight::zero()
    }
    fn commit(_: u32) -> Weight {
        Weight::zero()
    }
    fn require_pqc() -> Weight {
        Weight::zero()
    }
    fn leave_pqc() -> Weight {
        Weight::zero()
    }
    fn keep_pqc() -> Weight {
        Weight::zero()
    }
    fn authorise(_: u32) -> Weight {
        Weight::zero()
    }
}

/// An upper estimate by counting reads, writes and verifications, for a runtime whose benchmarks have not been run yet.
pub struct Estimate<T>(PhantomData<T>);

/// One verification that the host has not cached, picoseconds: more than twice what the slowest implementation that was
/// measured on a reference machine took, natively (libcrux portable: 189 µs, fips204: 258 µs).
const VERIFICATION: u64 = 600_000_000;

/// What a call takes beside its reads, writes and verifications, picoseconds.
const BASE: u64 = 100_000_000;

/// What one byte of a payload takes, picoseconds: it is copied to the host and hashed twice there (the cache's BLAKE2b and
/// the signature's SHAKE256), at 100 MB/s or faster each.
const PAYLOAD_BYTE: u64 = 30_000;

impl<T: frame_system::Config> Estimate<T> {
    fn of(verifications: u64, reads: u64, writes: u64) -> Weight {
        Weight::from_parts(VERIFICATION.saturating_mul(verifications).saturating_add(BASE), 0)
            .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}

impl<T: frame_system::Config> WeightInfo for Estimate<T> {
    /// Reads: who is authorised, its key, the account twice, the key, the genesis hash, the clock's two, the leave's key,
    /// the head, balance and hold; writes: key, public key, account, entry, head, balance and hold.
    fn register() -> Weight {
        Self::of(1, 14, 8)
    }
    /// As `register`, with the old key and its public key read and written too.
    fn rotate() -> Weight {
        Self::of(2, 16, 10)
    }
    /// As `register`, with every key of the account read to see who may still MANAGE.
    fn set_capabilities() -> Weight {
        Self::of(0, 30, 7)
    }
    /// As `set_capabilities`.
    fn revoke() -> Weight {
        Self::of(0, 30, 8)
    }
    fn commit(n: u32) -> Weight {
        let n = u64::from(n);
        let (verifications, of_keys) = (n.saturating_mul(2), n.saturating_mul(4));
        Self::of(verifications, of_keys.saturating_add(30), of_keys.saturating_add(6))
    }
    /// As `set_capabilities`, with proxies, announcements and approvals looked for.
    fn require_pqc() -> Weight {
        Self::of(0, 34, 6)
    }
    fn leave_pqc() -> Weight {
        Self::of(0, 14, 6)
    }
    fn keep_pqc() -> Weight {
        Self::of(0, 14, 6)
    }
    /// Reads: key, public key, genesis hash; writes: who is authorised, twice, and the key.
    fn authorise(l: u32) -> Weight {
        Self::of(1, 5, 3).saturating_add(Weight::from_parts(PAYLOAD_BYTE, 0).saturating_mul(l.into()))
    }
}
