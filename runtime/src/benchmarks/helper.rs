//! Accounts, keys and sets of validators as the benchmarks of the field's pallets want them: put straight into storage, since
//! what they cost to make is not what is measured.

use crate::{AccountId, Assets, Balance, Runtime, SessionKeys};
use alloc::vec::Vec;
use frame_support::traits::fungibles::Mutate;
use pallet_key_ledger::types::{KeyRecord, KeyStatus};
use qc_harmonics::{field, field::Topology};
use qc_math::ONE;
use qc_pqc::{KeyId, PublicKey, Scheme, ML_DSA_87_PUBLIC_KEY_BYTES};
use qc_traits::ProtocolGuard;
use qc_types::{Capabilities, TokenId, SHARDS_MAX};
use sp_io::hashing::blake2_256;

/// Sets benchmarks up.
pub struct Helper;

fn mint(token: TokenId, who: &AccountId, amount: Balance) {
    let id = token.asset_id().expect("an asset");
    if amount > 0 {
        crate::Economy::open(|| Assets::mint_into(id, who, amount)).expect("the supply has room");
    }
}

fn put_key(owner: &AccountId, id: KeyId) {
    let record = KeyRecord {
        owner: owner.clone(),
        scheme: Scheme::MlDsa87,
        capabilities: Capabilities::ALL,
        status: KeyStatus::Active,
        since: 0,
        ended: None,
        uses: 0,
        last_used: None,
        deposit: 0,
    };
    pallet_key_ledger::Keys::<Runtime>::insert(id, record);
}

impl pallet_attunement::BenchmarkHelper<AccountId> for Helper {
    fn fund(who: &AccountId, atr: Balance, psy: Balance) {
        mint(TokenId::Atr, who, atr);
        mint(TokenId::Psy, who, psy);
    }

    fn register_session_keys(who: &AccountId) {
        let seed = blake2_256(who.as_ref());
        let keys = SessionKeys {
            aura: sp_core::sr25519::Public::from_raw(seed).into(),
            grandpa: sp_core::ed25519::Public::from_raw(seed).into(),
        };
        pallet_session::NextKeys::<Runtime>::insert(who, keys);
    }

    fn register_key(who: &AccountId) -> KeyId {
        let seed = blake2_256(who.as_ref());
        let bytes: Vec<u8> = seed.iter().copied().cycle().take(ML_DSA_87_PUBLIC_KEY_BYTES).collect();
        let key = PublicKey::ml_dsa_87(&bytes).expect("as long as a key is");
        put_key(who, KeyId::of(&key));
        KeyId::of(&key)
    }

    fn set_validators(validators: Vec<AccountId>) {
        pallet_session::Validators::<Runtime>::put(validators);
    }
}

/// Fifty shards of degree ten.
fn dense_graph() -> Topology {
    let edge = |shard: u8, distance: u8| {
        let other = (shard + distance) % SHARDS_MAX;
        (shard.min(other), shard.max(other))
    };
    let edges: Vec<_> = (0..SHARDS_MAX)
        .flat_map(|shard| [1, 2, 4, 8, 16].map(|distance| edge(shard, distance)))
        .collect();
    Topology::build(SHARDS_MAX, &edges).expect("a field graph")
}

impl pallet_sync::BenchmarkHelper<AccountId> for Helper {
    fn set_up_validators(count: u32) -> Vec<AccountId> {
        let topology = dense_graph();
        let edges = topology.edges().len();
        pallet_economy::ShardCount::<Runtime>::put(SHARDS_MAX);
        pallet_field::Topology::<Runtime>::put(topology);
        let fields = field::Fields {
            densities: (1..=u128::from(SHARDS_MAX)).map(|n| n * ONE).collect(),
            gradients: alloc::vec![0; edges],
            flows: field::Flows {
                edges: alloc::vec![0; edges],
                ground: alloc::vec![0; usize::from(SHARDS_MAX)],
            },
            flux: alloc::vec![0; edges],
            alignment: 0,
        };
        let record = pallet_field::types::FieldsRecord::new(6, fields).expect("no more than there can be");
        pallet_field::Fields::<Runtime>::put(record);
        let validators: Vec<AccountId> = (0..count).map(|n| blake2_256(&n.to_le_bytes()).into()).collect();
        pallet_session::Validators::<Runtime>::put(validators.clone());
        validators
    }

    fn add_seal_key(owner: &AccountId, key: PublicKey) {
        let id = KeyId::of(&key);
        put_key(owner, id);
        pallet_key_ledger::PublicKeys::<Runtime>::insert(id, key);
    }
}
