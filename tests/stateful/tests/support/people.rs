//! Who there is on the presets: those with keys, and those without.

use frame_support::PalletId;
use qc_runtime::{AccountId, Economy, Runtime};
use qc_types::ShardId;
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::AccountIdConversion;

/// Those who sign. The last two hold nothing at genesis.
pub const SIGNERS: [Sr25519Keyring; 8] = [
    Sr25519Keyring::Alice,
    Sr25519Keyring::Bob,
    Sr25519Keyring::Charlie,
    Sr25519Keyring::Dave,
    Sr25519Keyring::Eve,
    Sr25519Keyring::Ferdie,
    Sr25519Keyring::One,
    Sr25519Keyring::Two,
];

/// A signer, by any number.
pub fn signer(n: u8) -> Sr25519Keyring {
    SIGNERS[usize::from(n) % SIGNERS.len()]
}

/// The account of a signer, by any number.
pub fn signer_account(n: u8) -> AccountId {
    signer(n).to_account_id()
}

/// The keyless account that owns the four assets.
pub fn assets_owner() -> AccountId {
    PalletId(*b"qc/asset").into_account_truncating()
}

/// The account that a signer derives.
pub fn derived(n: u8, index: u16) -> AccountId {
    pallet_utility::derivative_account_id(signer_account(n), index)
}

/// Other signatories of signer `n`, in the order that `pallet-multisig` wants.
pub fn others(n: u8, other: &[u8]) -> Vec<AccountId> {
    let mut others: Vec<_> = other
        .iter()
        .map(|other| signer_account(*other))
        .filter(|who| *who != signer_account(n))
        .collect();
    others.sort();
    others.dedup();
    others
}

/// The account of a multisig of signer `n` with others.
pub fn multisig(n: u8, other: &[u8], threshold: u16) -> AccountId {
    let mut all = others(n, other);
    all.push(signer_account(n));
    all.sort();
    pallet_multisig::Pallet::<Runtime>::multi_account_id(&all, threshold)
}

/// Everybody: signers, the treasury, the pots, the owner of the assets, derived accounts, multisigs, a stranger.
pub fn everybody() -> Vec<AccountId> {
    let signers = (0..8).map(signer_account);
    let pots = (0..5).map(|shard| Economy::commons_account(ShardId(shard)));
    let joint = (0..3).flat_map(|n| [derived(n, 0), multisig(n, &[n + 1], 1), multisig(n, &[n + 1], 2)]);
    let odd = [
        Economy::treasury_account(),
        assets_owner(),
        AccountId::new([9; 32]),
        AccountId::new([0; 32]),
    ];
    signers.chain(pots).chain(joint).chain(odd).collect()
}
