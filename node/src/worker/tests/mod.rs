//! The worker against a chain of tables: what it reports, what it notices, and that it never signs two things about an epoch.
//! Inputs and results are real: the mathematics of `qc_harmonics` computes both.

mod journal;
mod keys;
mod results;
mod timing;

use super::{
    chain::{BlockRef, RuntimeResults},
    records::{FieldRecord, ATTUNEMENT, FIELD, SYMBOLS, TOPOLOGY},
    state::StateReader,
    *,
};
use codec::Decode;
use qc_harmonics::{
    attunement::{close, start, Phase, ValidatorInput},
    field::{densities, ShardInput, Topology},
    symbols::Symbols,
};
use qc_math::ONE;
use qc_pqc::{derive::development_seed, verify, SecretKey, Signature};
use sp_core::storage::well_known_keys::CODE;
use std::{cell::RefCell, collections::BTreeMap, path::Path, rc::Rc};

/// What a case does to what the chain shows.
type Change = fn(&mut Tables);

const GENESIS: H256 = H256::repeat_byte(1);
const BOUNDARY: H256 = H256::repeat_byte(42);
const EPOCH: u32 = 3;
/// Epochs of 150 blocks: epoch 3 ends with block 599.
const BOUNDARY_NUMBER: u32 = 600;

fn validator(index: u8) -> AccountId32 {
    AccountId32::new([index; 32])
}

/// Four validators of different pasts, five shards that differ.
fn inputs() -> (Vec<(AccountId32, ValidatorInput)>, Vec<ShardInput>) {
    let phase = |omega: u128| Phase {
        omega,
        integral: 7 * ONE,
        was_due: true,
    };
    let old = [phase(ONE), phase(ONE / 2), phase(ONE * 9 / 10), phase(ONE)];
    let validators = (0..4u8).map(|index| {
        let input = ValidatorInput {
            phases: if index == 3 { start(ONE / 3) } else { old },
            features: [Some(ONE), None, Some(ONE - u128::from(index) * ONE / 7), Some(ONE)],
            stake: 30_000_000_000_000_000 + u128::from(index),
            in_grace: index == 2,
        };
        (validator(index), input)
    });
    let shards = (1..=5u128).map(|shard| ShardInput {
        chr: shard * 1_000_000_000_007,
        staked_atr: 20_000_000_000_003 * (6 - shard),
        flx: shard * 618_000_000_000,
        dissonance: if shard == 2 { ONE / 4 } else { 0 },
    });
    (validators.collect(), shards.collect())
}

/// A chain that is what its tables say.
#[derive(Clone)]
struct Tables {
    state: BTreeMap<Vec<u8>, Vec<u8>>,
    due: Due,
    standing: Option<Standing>,
    results: RuntimeResults,
    unreadable: bool,
    silent: bool,
}

impl Tables {
    fn new() -> Self {
        let (validators, shards) = inputs();
        let symbols = Symbols::default();
        let only: Vec<_> = validators.iter().map(|(_, input)| *input).collect();
        let results = RuntimeResults {
            coherence: Some(close(&symbols, &only, 0).unwrap().coherence),
            densities: densities(&shards).unwrap(),
        };
        let mut state = BTreeMap::new();
        state.insert(SYMBOLS.key(), symbols.encode());
        state.insert(ATTUNEMENT.key(), (EPOCH, validators).encode());
        state.insert(FIELD.key(), field_record(EPOCH, &shards));
        let ring = Topology::build(5, &Topology::ring_of_five()).unwrap();
        state.insert(TOPOLOGY.key(), ring.encode());
        state.insert(CODE.to_vec(), b"some code".to_vec());
        Self {
            state,
            due: Due {
                epoch: EPOCH,
                boundary: BOUNDARY_NUMBER,
                hash: Some(BOUNDARY),
                version: HARMONICS_VERSION,
                validators: (0..4).map(|index| (validator(index), Status::Missing)).collect(),
            },
            standing: Some(Standing {
                owner: validator(0),
                active: true,
                seals: true,
            }),
            results,
            unreadable: false,
            silent: false,
        }
    }

    fn next_epoch(&mut self) {
        self.due.epoch += 1;
        self.due.boundary += 150;
        let (validators, shards) = inputs();
        self.state
            .insert(ATTUNEMENT.key(), (self.due.epoch, validators).encode());
        self.state.insert(FIELD.key(), field_record(self.due.epoch, &shards));
    }

    fn set_status(&mut self, status: Status) {
        self.due.validators[0].1 = status;
    }
}

/// As the field keeps them.
fn field_record(epoch: u32, shards: &[ShardInput]) -> Vec<u8> {
    let record = FieldRecord {
        epoch,
        shards: shards.to_vec(),
        flx_before: shards.iter().map(|shard| shard.flx + 1).collect(),
        ground_flx: 0,
        ground_flx_before: 5,
    };
    record.encode()
}

#[derive(Clone)]
struct Shared(Rc<RefCell<Tables>>);

impl StateReader for Shared {
    fn storage(&self, at: H256, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let tables = self.0.borrow();
        if at != BOUNDARY || tables.unreadable {
            return Err(format!("no state at {at:?}"));
        }
        Ok(tables.state.get(key).cloned())
    }
}

impl Chain for Shared {
    fn due(&self, _: H256) -> Result<Option<Due>, String> {
        if self.0.borrow().silent {
            return Err("no answer".into());
        }
        Ok(Some(self.0.borrow().due.clone()))
    }

    fn standing(&self, _: H256, _: KeyId) -> Result<Option<Standing>, String> {
        Ok(self.0.borrow().standing.clone())
    }

    fn shards_due(&self, _: H256, _: &AccountId32) -> Result<Vec<u8>, String> {
        Ok(vec![0, 1, 4])
    }

    fn runtime_results(&self, _: u32, _: H256) -> Result<RuntimeResults, String> {
        Ok(self.0.borrow().results.clone())
    }

    fn hash_of(&self, number: u32) -> Result<Option<H256>, String> {
        Ok(number.is_multiple_of(150).then_some(BOUNDARY))
    }

    fn transaction(&self, report: Report, key: KeyId, signature: Signature) -> Vec<u8> {
        Signed { report, key, signature }.encode()
    }
}

fn alice() -> ReportingKey {
    SecretKey::from_seed(&development_seed("Alice")).into()
}

/// A worker over tables that the test goes on changing.
struct Bench {
    tables: Rc<RefCell<Tables>>,
    worker: Worker<Shared>,
    folder: tempfile::TempDir,
    events: Vec<Event>,
}

impl Bench {
    fn new(tables: Tables) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tables = Rc::new(RefCell::new(tables));
        let worker = worker(&tables, folder.path(), Some(alice()));
        Self {
            tables,
            worker,
            folder,
            events: Vec::new(),
        }
    }

    /// The node is killed and started again, perhaps with another key.
    fn restart(&mut self, key: Option<ReportingKey>) {
        self.worker = worker(&self.tables, self.folder.path(), key);
        self.events.clear();
    }

    /// One finality notification, `after` blocks after the boundary.
    fn at(&mut self, after: u32) -> Option<Signed> {
        let best = BOUNDARY_NUMBER + (self.tables.borrow().due.epoch - EPOCH) * 150 + after;
        let heads = Heads {
            best: BlockRef {
                number: best,
                hash: H256::repeat_byte(9),
            },
            finalised: BlockRef {
                number: best.saturating_sub(2),
                hash: H256::repeat_byte(8),
            },
        };
        let transaction = self.worker.step(heads, &mut self.events)?;
        Some(Signed::decode(&mut &transaction[..]).unwrap())
    }

    /// Blocks go by until something is sent; the pool takes it.
    fn until_sent(&mut self) -> Signed {
        for after in 2..50 {
            if let Some(signed) = self.at(after) {
                self.worker.submitted(Ok(()), &mut self.events);
                return signed;
            }
        }
        panic!("nothing was sent in the first third of the epoch: {:?}", self.events);
    }

    fn reasons(&self) -> Vec<&'static str> {
        let label = |event: &Event| match event {
            Event::Skipped { reason, .. } => Some(reason.label()),
            _ => None,
        };
        self.events.iter().filter_map(label).collect()
    }

    fn mismatches(&self) -> Vec<String> {
        let text = |event: &Event| match event {
            Event::Mismatched { mismatch, .. } => Some(mismatch.to_string()),
            _ => None,
        };
        self.events.iter().filter_map(text).collect()
    }
}

fn worker(tables: &Rc<RefCell<Tables>>, folder: &Path, key: Option<ReportingKey>) -> Worker<Shared> {
    let journal = Journal::new(folder.join("reports"), GENESIS);
    Worker::new(Shared(tables.clone()), key, GENESIS, journal)
}
