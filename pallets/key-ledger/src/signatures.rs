//! Signatures over this chain's genesis.

use crate::{Config, Pallet};
use frame_system::pallet_prelude::BlockNumberFor;
use qc_pqc::{PublicKey, Purpose, Signature};
use sp_runtime::traits::Zero;

impl<T: Config> Pallet<T> {
    /// Whether `signature` is `key`'s for this chain, this purpose and this payload.
    pub(crate) fn is_signed(key: &PublicKey, purpose: Purpose, payload: &[u8], signature: &Signature) -> bool {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        // 32 bytes, as `integrity_test` knows.
        let Ok(genesis) = <[u8; 32]>::try_from(genesis.as_ref()) else {
            return false;
        };
        let verified = qc_pqc::verify(key, purpose, &genesis, payload, signature);
        #[cfg(feature = "runtime-benchmarks")]
        let verified = verified || crate::benchmarking::is_measuring();
        verified
    }
}
