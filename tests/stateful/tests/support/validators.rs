//! The validators of the presets, and the reports that their nodes send: recomputed from the raw inputs in the state, signed for
//! real.

use super::transaction::genesis;
use qc_harmonics::{
    attunement,
    field::{self, ShardInput},
    sync::{Densities, Report, HARMONICS_VERSION},
};
use qc_pqc::{derive::development_seed, KeyId, Purpose, SecretKey};
use qc_runtime::{configs::field::ReportedEpoch, AccountId, Runtime, RuntimeCall, Sync, UncheckedExtrinsic};
use qc_traits::ReportedEpochInspect;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave};

/// The validators of the preset with four.
pub const FOUR: [Sr25519Keyring; 4] = [Alice, Bob, Charlie, Dave];

/// The key with which a well-known validator reports.
pub fn reporting_key(who: Sr25519Keyring) -> SecretKey {
    SecretKey::from_seed(&development_seed(<&str>::from(who)))
}

/// Ĉ and ψ of the last closed epoch, from the inputs that the runtime keeps and nothing that it computed.
pub fn recomputed() -> (u128, Vec<u128>) {
    let symbols = pallet_attunement::Symbols::<Runtime>::get();
    let inputs: Vec<_> = pallet_attunement::Inputs::<Runtime>::get()
        .into_iter()
        .map(|(_, input)| input)
        .collect();
    let closed = attunement::close(&symbols, &inputs, 0).expect("the inputs are sound");
    let shards: Vec<ShardInput> = pallet_field::Inputs::<Runtime>::get()
        .expect("an epoch has closed")
        .shards
        .into_inner();
    let densities = field::densities(&shards).expect("the inputs are sound");
    (closed.coherence, densities)
}

/// What an honest node reports for `who` now. Panics if nothing is due.
pub fn sound_report(who: &AccountId) -> Report {
    let due = Sync::due().expect("something is due");
    let (coherence, densities) = recomputed();
    let pairs = Sync::shards_due(who)
        .into_iter()
        .map(|shard| (shard.0, densities[usize::from(shard.0)]))
        .collect();
    Report {
        version: HARMONICS_VERSION,
        epoch: due.epoch,
        coherence,
        densities: Densities::new(pairs).expect("no more shards than there can be"),
        boundary: due.boundary_hash.expect("the boundary has been seen"),
        code_hash: ReportedEpoch::code_hash(),
    }
}

/// A report as a transaction, signed by `key`.
pub fn signed_report(report: Report, key: &SecretKey) -> UncheckedExtrinsic {
    let signature = key
        .sign_deterministic(Purpose::Report, &genesis(), &report.payload())
        .expect("a key can sign");
    let call: RuntimeCall = pallet_sync::Call::<Runtime>::report {
        report,
        key: KeyId::of(key.public()),
        signature,
    }
    .into();
    qc_runtime::authorized_transaction(call)
}

/// What the node of a well-known validator sends, after `change`.
pub fn report_of(who: Sr25519Keyring, change: impl FnOnce(&mut Report)) -> UncheckedExtrinsic {
    let mut report = sound_report(&who.to_account_id());
    change(&mut report);
    signed_report(report, &reporting_key(who))
}
