//! A chain of blocks on the real runtime, without a node: each block is initialised, filled and finalised as an author's
//! block builder would do it.

use super::storage::bounded_counts;
use codec::Encode;
use frame_support::storage::with_transaction;
use qc_runtime::{
    AllPalletsWithSystem, Attunement, BlockNumber, Economy, Executive, Header, KeyLedger, RuntimeCall,
    RuntimeGenesisConfig, Session, UncheckedExtrinsic, SLOT_MILLIS,
};
use serde_json::Value;
use sp_core::traits::{Externalities, ReadRuntimeVersion, ReadRuntimeVersionExt};
use sp_io::TestExternalities;
use sp_runtime::{
    generic::{Digest, DigestItem},
    traits::Header as _,
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, DispatchError, TransactionOutcome,
};

/// No code is ever put on these chains: what a call offers as code has no version.
struct NoCode;

impl ReadRuntimeVersion for NoCode {
    fn read_runtime_version(&self, _: &[u8], _: &mut dyn Externalities) -> Result<Vec<u8>, String> {
        Err("no code".into())
    }
}

/// Length of an epoch on both presets.
pub const EPOCH_BLOCKS: BlockNumber = 10;

/// A slot long after 1970, so that nothing is 0.
const FIRST_SLOT: u64 = 890_000_000;

/// A chain, from its genesis on.
pub struct Chain {
    ext: TestExternalities,
    parent: Header,
    /// The slot of the last block.
    slot: u64,
    /// Places in the set of validators that make no block.
    offline: Vec<u64>,
    /// Length of an epoch.
    epoch_blocks: BlockNumber,
    /// Whether what happens now will be taken back.
    is_tried: bool,
}

impl Chain {
    /// The chain of a preset, at its genesis.
    pub fn new(preset: &str) -> Self {
        Self::of(&genesis_json(preset))
    }

    /// The chain of a genesis, at it.
    pub fn of(genesis: &Value) -> Self {
        let json = serde_json::to_vec(genesis).expect("JSON can be written");
        let mut ext = TestExternalities::new_empty();
        ext.register_extension(ReadRuntimeVersionExt::new(NoCode));
        ext.execute_with(|| qc_runtime::genesis::build_state(&json))
            .expect("the genesis is sound");
        ext.commit_all().expect("the genesis is committed");
        let parent = Header::new(
            0,
            Default::default(),
            Default::default(),
            Default::default(),
            Default::default(),
        );
        let epoch_blocks = genesis["clock"]["epochBlocks"].as_u64();
        Self {
            ext,
            parent,
            slot: FIRST_SLOT,
            offline: Vec::new(),
            epoch_blocks: epoch_blocks
                .and_then(|blocks| blocks.try_into().ok())
                .expect("the genesis says how long an epoch is"),
            is_tried: false,
        }
    }

    /// Puts a block on the chain: `fill` runs after the inherents. Then every law is checked, and at the end of an epoch the
    /// state of every pallet and how much is stored.
    pub fn block<R>(&mut self, fill: impl FnOnce() -> R) -> R {
        let slot = self.next_slot();
        let header = self.next_header(slot);
        let (result, header) = self.ext.execute_with(|| {
            Executive::initialize_block(&header);
            let now = RuntimeCall::Timestamp(pallet_timestamp::Call::set {
                now: slot * SLOT_MILLIS,
            });
            let applied = Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(now));
            assert!(matches!(applied, Ok(Ok(()))), "the inherent was refused: {applied:?}");
            let result = fill();
            (result, Executive::finalize_block())
        });
        self.parent = header;
        self.slot = slot;
        if !self.is_tried {
            self.ext.commit_all().expect("the block is committed");
        }
        self.check();
        result
    }

    /// Goes on with the chain, and takes back all that this did to it: blocks, state, slots, who is offline.
    pub fn tried<R>(&mut self, act: impl FnOnce(&mut Self) -> R) -> R {
        assert!(!self.is_tried, "what is tried tries nothing itself");
        // What was only looked at may have left something that is not committed.
        self.ext.commit_all().expect("no transaction is open");
        let (parent, slot, offline) = (self.parent.clone(), self.slot, self.offline.clone());
        self.is_tried = true;
        let result = act(self);
        self.ext.reset_overlay();
        self.is_tried = false;
        (self.parent, self.slot, self.offline) = (parent, slot, offline);
        result
    }

    /// So many blocks without transactions.
    pub fn empty_blocks(&mut self, count: u32) {
        for _ in 0..count {
            self.block(|| ());
        }
    }

    /// Looks at the state between two blocks. What it changes stays.
    pub fn look<R>(&mut self, look: impl FnOnce() -> R) -> R {
        self.ext.execute_with(look)
    }

    /// Number of the last block.
    pub fn number(&self) -> BlockNumber {
        *self.parent.number()
    }

    /// How many blocks it is to the boundary block of the running epoch, which is one of them.
    pub fn blocks_to_boundary(&self) -> BlockNumber {
        self.epoch_blocks - self.number() % self.epoch_blocks
    }

    /// From now on the validators at these places of the set make no block: their slots pass.
    pub fn set_offline(&mut self, places: &[u64]) {
        self.offline = places.to_vec();
    }

    /// Lets so many slots pass without a block.
    pub fn pass_slots(&mut self, count: u64) {
        self.slot += count;
    }

    /// The next slot whose validator is there, and may make a block.
    fn next_slot(&mut self) -> u64 {
        let (validators, disabled) = self
            .ext
            .execute_with(|| (Session::validators().len() as u64, Session::disabled_validators()));
        let is_online = |slot: &u64| {
            let place = slot % validators;
            !self.offline.contains(&place) && !disabled.iter().any(|index| u64::from(*index) == place)
        };
        (self.slot + 1..).find(is_online).expect("somebody is there")
    }

    fn next_header(&self, slot: u64) -> Header {
        let number = self.number() + 1;
        let digest = Digest {
            logs: vec![DigestItem::PreRuntime(*b"aura", slot.encode())],
        };
        Header::new(
            number,
            Default::default(),
            Default::default(),
            self.parent.hash(),
            digest,
        )
    }

    fn check(&mut self) {
        let (number, slot, epoch_blocks) = (self.number(), self.slot, self.epoch_blocks);
        self.ext.execute_with(|| {
            assert_laws();
            // Aura's own check does not know that the end of an epoch may disable the author of the block that it is in.
            let place = slot % Session::validators().len() as u64;
            let is_disabled = Session::disabled_validators()
                .iter()
                .any(|index| u64::from(*index) == place);
            if number.is_multiple_of(epoch_blocks) {
                let _ = bounded_counts();
                if !is_disabled {
                    assert_sound_state(number);
                }
            }
        });
    }
}

/// The whole genesis of a preset: what it says, laid over the runtime's defaults, as a chain spec is made of it.
pub fn genesis_json(preset: &str) -> Value {
    let said = qc_runtime::genesis::preset(&preset.into()).expect("the runtime has the preset");
    let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("the defaults can be written");
    lay_over(&mut genesis, serde_json::from_slice(&said).expect("a preset is JSON"));
    genesis
}

fn lay_over(base: &mut Value, patch: Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => {
            for (key, value) in patch {
                lay_over(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, patch) => *base = patch,
    }
}

/// Every law of the economy, of the key ledger, of the attunement, the field and the sync holds, the guard is closed, and nobody is authorised by a key.
pub fn assert_laws() {
    assert_eq!(Economy::check_laws(), Ok(()));
    assert_eq!(KeyLedger::check_laws(), Ok(()));
    assert_eq!(Attunement::check_laws(), Ok(()));
    assert_eq!(qc_runtime::Field::check_laws(), Ok(()));
    assert_eq!(qc_runtime::Sync::check_laws(), Ok(()));
    assert_eq!(qc_runtime::Incidents::check_laws(), Ok(()));
    assert!(!pallet_economy::is_guard_open(), "the guard is open");
}

/// The state of every pallet is what its `try_state` says that it must be.
pub fn assert_sound_state(number: BlockNumber) {
    use frame_support::traits::{TryState, TryStateSelect};
    <AllPalletsWithSystem as TryState<BlockNumber>>::try_state(number, TryStateSelect::All)
        .unwrap_or_else(|error| panic!("after block {number}: {error:?}"));
}

/// What the pool would say about a transaction now that came from outside. Changes nothing.
pub fn validate(extrinsic: &UncheckedExtrinsic) -> TransactionValidity {
    validate_from(TransactionSource::External, extrinsic)
}

/// What the pool would say about a transaction now that came from there. Changes nothing.
pub fn validate_from(source: TransactionSource, extrinsic: &UncheckedExtrinsic) -> TransactionValidity {
    undone(|| Executive::validate_transaction(source, extrinsic.clone(), Default::default()))
}

/// Applies a transaction to the block under way. One that is refused leaves nothing behind, as in a block builder.
pub fn apply(extrinsic: &UncheckedExtrinsic) -> ApplyExtrinsicResult {
    let applied = with_transaction(|| {
        let applied = Executive::apply_extrinsic(extrinsic.clone());
        let kept = Ok::<_, DispatchError>(applied);
        if applied.is_ok() {
            TransactionOutcome::Commit(kept)
        } else {
            TransactionOutcome::Rollback(kept)
        }
    });
    assert!(
        !pallet_economy::is_guard_open(),
        "the guard is open after a transaction"
    );
    applied.expect("layers are left")
}

/// Runs something and takes back all that it did to the state.
pub fn undone<R>(act: impl FnOnce() -> R) -> R {
    with_transaction(|| TransactionOutcome::Rollback(Ok::<R, DispatchError>(act()))).expect("layers are left")
}
