//! The validators of the presets, and the reports that their nodes send: recomputed from the raw inputs in the state, signed for
//! real.

use super::transaction::genesis;
use codec::Encode;
use qc_harmonics::{
    attunement,
    field::{self, ShardInput},
    sync::{Densities, Report, HARMONICS_VERSION},
};
use qc_pqc::{derive::development_seed, KeyId, Purpose, SecretKey};
use qc_runtime::{
    configs::field::ReportedEpoch, AccountId, Balance, Runtime, RuntimeCall, SessionKeys, Sync, UncheckedExtrinsic, FLX,
};
use qc_traits::{ReportedEpochInspect, SyncInspect};
use qc_types::TokenId;
use sp_core::{ed25519, sr25519, Pair};
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
    let (_, inputs) = pallet_attunement::Inputs::<Runtime>::get();
    let inputs: Vec<_> = inputs.into_iter().map(|(_, input)| input).collect();
    let closed = attunement::close(&symbols, &inputs, 0).expect("the inputs are sound");
    let shards: Vec<ShardInput> = pallet_field::Inputs::<Runtime>::get()
        .expect("an epoch has closed")
        .shards
        .into_inner();
    let densities = field::densities(&shards).expect("the inputs are sound");
    (closed.coherence, densities)
}

/// ψ of the last closed epoch, as the runtime has it.
pub fn densities() -> Vec<u128> {
    let fields = pallet_field::Fields::<Runtime>::get().expect("an epoch has closed");
    fields.densities.into_inner()
}

/// f2 of a validator in the sync that closed last.
pub fn conformity(who: &AccountId) -> Option<u128> {
    let mut all = Sync::conformities().into_iter();
    all.find_map(|(one, f2)| (one == *who).then_some(f2))
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

/// Registers session keys that are made of `seed`, in the name of `owner`.
pub fn set_session_keys(owner: &AccountId, seed: &str) -> RuntimeCall {
    let seed = sp_io::hashing::blake2_256(seed.as_bytes());
    let (aura, grandpa) = (sr25519::Pair::from_seed(&seed), ed25519::Pair::from_seed(&seed));
    let statement = [b"POP_".as_slice(), owner.as_ref()].concat();
    let proof = (aura.sign(&statement), grandpa.sign(&statement)).encode();
    let keys = SessionKeys {
        aura: aura.public().into(),
        grandpa: grandpa.public().into(),
    };
    pallet_session::Call::<Runtime>::set_keys { keys, proof }.into()
}

/// The call by which somebody becomes a candidate.
pub fn enrol(stake: Balance) -> RuntimeCall {
    pallet_attunement::Call::<Runtime>::enrol_validator { stake }.into()
}

/// A transfer of an asset, in plancks.
pub fn give(token: TokenId, to: &AccountId, amount: Balance) -> RuntimeCall {
    pallet_assets::Call::<Runtime>::transfer_keep_alive {
        id: token.asset_id().expect("an asset").into(),
        target: to.clone().into(),
        amount,
    }
    .into()
}

/// The account of newcomer number `n`: one of many that one person derives.
pub fn newcomer(of: Sr25519Keyring, n: u16) -> AccountId {
    pallet_utility::derivative_account_id(of.to_account_id(), n)
}

/// A call in the name of such an account.
pub fn as_newcomer(n: u16, call: RuntimeCall) -> RuntimeCall {
    pallet_utility::Call::<Runtime>::as_derivative {
        index: n,
        call: Box::new(call),
    }
    .into()
}

/// All at once or nothing.
pub fn all_of(calls: Vec<RuntimeCall>) -> RuntimeCall {
    pallet_utility::Call::<Runtime>::batch_all { calls }.into()
}

/// All that makes newcomer number `n` a candidate with `stake` plancks of ATR, out of the pocket of its maker.
pub fn join(of: Sr25519Keyring, n: u16, stake: Balance) -> RuntimeCall {
    let who = newcomer(of, n);
    let pay = pallet_balances::Call::<Runtime>::transfer_keep_alive {
        dest: who.clone().into(),
        value: 10 * FLX,
    };
    all_of(vec![
        pay.into(),
        give(TokenId::Atr, &who, stake + 1),
        as_newcomer(n, set_session_keys(&who, &format!("newcomer {n}"))),
        as_newcomer(n, enrol(stake)),
    ])
}
