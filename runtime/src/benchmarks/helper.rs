//! Accounts, keys and sets of validators as the benchmarks of the field's pallets want them: put straight into storage, since
//! what they cost to make is not what is measured.

use crate::{AccountId, Assets, Balance, Runtime, SessionKeys};
use alloc::vec::Vec;
use frame_support::{traits::fungibles::Mutate, BoundedVec};
use pallet_attunement::types::EpochOutcome;
use pallet_key_ledger::types::{KeyRecord, KeyStatus};
use qc_harmonics::{field, field::Topology, sync::Breach};
use qc_math::ONE;
use qc_pqc::{KeyId, PublicKey, Scheme, ML_DSA_87_PUBLIC_KEY_BYTES};
use qc_traits::ProtocolGuard;
use qc_types::{Capabilities, Home, ShardId, TokenId, SHARDS_MAX};
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
        let conformities = validators.iter().cloned().map(|who| (who, ONE / 2)).collect();
        pallet_sync::Conformities::<Runtime>::put(BoundedVec::truncate_from(conformities));
        pallet_session::Validators::<Runtime>::put(validators);
    }

    fn set_clock(block: u32) {
        frame_system::Pallet::<Runtime>::set_block_number(block);
    }
}

/// All that stands for an epoch's end in which as many deviated as makes a breach.
fn breached() -> pallet_sync::types::Outcome {
    pallet_sync::types::Outcome {
        epoch: 0,
        validators: 100,
        came: 100,
        void: 0,
        consensus: Some(ONE),
        trimmed: Some((ONE, ONE)),
        own: Some(ONE),
        deviating: 34,
        struck: 0,
        tampered: 0,
        breach: Some(Breach::Scattered),
        spread_shards: BoundedVec::new(),
        shard_medians: BoundedVec::truncate_from(alloc::vec![Some(ONE); usize::from(SHARDS_MAX)]),
    }
}

impl pallet_field::BenchmarkHelper for Helper {
    fn answer(answers: pallet_field::Answers) {
        let shards = u8::try_from(answers.shards.len()).expect("at most fifty");
        pallet_economy::ShardCount::<Runtime>::put(shards);
        for (shard, facts) in (0..shards).map(ShardId).zip(&answers.shards) {
            pallet_economy::ChrTotals::<Runtime>::insert(shard, facts.chr);
            pallet_economy::FlxTotals::<Runtime>::insert(Home::Shard(shard), facts.flx);
            pallet_attunement::Anchors::<Runtime>::insert(shard, facts.staked_atr);
        }
        pallet_economy::FlxTotals::<Runtime>::insert(Home::Ground, answers.ground_flx);
        pallet_attunement::fill_candidates::<Runtime>(ONE);
        let observed = BoundedVec::truncate_from(answers.observed);
        pallet_sync::ObservedGradients::<Runtime>::put(observed);
        assert!(answers.is_breached);
        pallet_sync::LastOutcome::<Runtime>::put(breached());
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
    fn set_up_validators(count: u32, epoch: EpochIndex) -> Vec<AccountId> {
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
        let record = pallet_field::types::FieldsRecord::new(epoch, fields).expect("no more than there can be");
        pallet_field::Fields::<Runtime>::put(record);
        pallet_attunement::LastOutcome::<Runtime>::put(EpochOutcome {
            epoch,
            coherence: ONE * 97 / 100,
            ..EpochOutcome::default()
        });
        let validators: Vec<AccountId> = (0..count).map(|n| blake2_256(&n.to_le_bytes()).into()).collect();
        validators.iter().for_each(pallet_attunement::put_candidate::<Runtime>);
        pallet_session::Validators::<Runtime>::put(validators.clone());
        validators
    }

    fn add_seal_key(owner: &AccountId, key: PublicKey) {
        let id = KeyId::of(&key);
        put_key(owner, id);
        pallet_key_ledger::PublicKeys::<Runtime>::insert(id, key);
    }

    fn is_punished(validator: &AccountId) -> bool {
        pallet_attunement::Blacklist::<Runtime>::contains_key(validator)
    }
}
