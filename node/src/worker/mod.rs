//! The worker: a validator's node reports on every epoch that closes (ΨSync, protocol section 5).
//!
//! On each block that is finalised it asks the runtime what is due, recomputes the epoch natively from the inputs in the state
//! of its boundary block ([`native`]), compares with what the runtime computed, signs, writes down what it signed
//! ([`journal`]), and sends it through the local pool. What it asks of the chain is the trait [`chain::Chain`], so that all of
//! it but [`client`] is tried without a chain. `docs/operators/reporting.md` says it to operators.

pub mod chain;
pub mod client;
pub mod event;
pub mod journal;
pub mod key;
pub mod native;
pub mod records;
pub mod state;

use self::{
    chain::{Chain, Due, Heads, Standing, Status},
    event::{Event, Reason},
    journal::{Journal, Signed},
    key::ReportingKey,
    native::recompute,
    state::Fault,
};
use codec::Encode;
use qc_harmonics::sync::{Report, HARMONICS_VERSION};
use qc_pqc::{KeyId, Purpose};
use sp_core::{crypto::AccountId32, H256};
use sp_io::hashing::blake2_256;

/// Blocks after which a report that is not on the chain yet is given to the pool again, in case it was dropped there.
const SUBMIT_AGAIN_BLOCKS: u32 = 5;

/// Of how many epochs that went by without a word it is said why, the last ones.
const MISSED_SAID_MAX: u32 = 10;

/// Reports on every epoch, once.
pub struct Worker<C> {
    chain: C,
    key: Option<ReportingKey>,
    genesis: H256,
    journal: Journal,
    /// What is signed for the epoch that is due.
    ready: Option<Ready>,
    /// The epoch about which there is nothing more to do.
    settled: Option<u32>,
    /// The epoch of which the runtime's results were compared with last.
    compared: Option<u32>,
    /// What was said last, so that it is said once.
    said: Option<Event>,
    /// The last epoch that was due, and whether anything was said about its report.
    last: Option<(u32, bool)>,
    /// What kept the worker from its work since the last epoch that was due.
    kept: Option<Reason>,
}

/// A signed report on its way.
struct Ready {
    report: Report,
    transaction: Vec<u8>,
    /// The block from which on it is sent.
    not_before: u32,
    /// The best block when it was given to the pool last.
    submitted: Option<u32>,
    /// Whether the pool has ever taken it.
    taken: bool,
}

impl<C: Chain> Worker<C> {
    /// With a key or, to say at every epoch that it is missing, without.
    pub fn new(chain: C, key: Option<ReportingKey>, genesis: H256, journal: Journal) -> Self {
        Self {
            chain,
            key,
            genesis,
            journal,
            ready: None,
            settled: None,
            compared: None,
            said: None,
            last: None,
            kept: None,
        }
    }

    /// The node catches up: what it holds for the present is past, so nothing is done at these heads.
    pub fn catches_up(&mut self) {
        self.kept = Some(Reason::Syncing);
    }

    /// Does what there is to do at these heads, and says so. Returns the transaction to give to the pool now, if there is one;
    /// what came of that goes to [`Worker::submitted`].
    pub fn step(&mut self, heads: Heads, events: &mut Vec<Event>) -> Option<Vec<u8>> {
        let due = match self.chain.due(heads.best.hash) {
            Ok(due) => due?,
            Err(error) => {
                self.kept = Some(Reason::Unanswered(error.clone()));
                self.say(Event::Unanswered(error), events);
                return None;
            }
        };
        self.turn_to(due.epoch, events);
        // A report on a block that is not final would be for a fork.
        if self.settled == Some(due.epoch) || due.boundary > heads.finalised.number {
            return None;
        }
        let boundary = due.hash?;
        match self.work(&due, boundary, heads, events) {
            Ok(transaction) => transaction,
            Err(reason) => {
                self.skip(due.epoch, reason, events);
                None
            }
        }
    }

    /// What the pool made of the transaction of the last [`Worker::step`].
    pub fn submitted(&mut self, outcome: Result<(), String>, events: &mut Vec<Event>) {
        let Some(ready) = &mut self.ready else { return };
        match outcome {
            Ok(()) if ready.taken => {}
            Ok(()) => {
                ready.taken = true;
                let sent = Event::Sent(ready.report.clone());
                self.say(sent, events);
            }
            Err(error) => {
                let epoch = ready.report.epoch;
                self.skip(epoch, Reason::Refused(error), events);
            }
        }
    }

    fn work(
        &mut self,
        due: &Due,
        boundary: H256,
        heads: Heads,
        events: &mut Vec<Event>,
    ) -> Result<Option<Vec<u8>>, Reason> {
        let key = self.key.as_ref().ok_or(Reason::NoKey)?.id;
        if due.version != HARMONICS_VERSION {
            return Err(Reason::VersionForeign {
                runtime: due.version,
                node: HARMONICS_VERSION,
            });
        }
        if self.chain.hash_of(due.boundary).map_err(Reason::Unanswered)? != Some(boundary) {
            return Err(Reason::OtherFork);
        }
        let validator = self.validator(heads.best.hash, key)?;
        match due.status(&validator) {
            None => return Err(Reason::NotInSet),
            Some(Status::Void) => return Err(Reason::Void),
            Some(Status::Reported) if self.has_sent(due.epoch) => {
                self.say(Event::Included(due.epoch), events);
                return Ok(None);
            }
            // Not for good: the block that has it may yet be left.
            Some(Status::Reported) => return Err(Reason::OnChain),
            Some(Status::Missing) => {}
        }
        let mut ready = match self.ready.take().filter(|ready| ready.report.epoch == due.epoch) {
            Some(ready) => ready,
            None => {
                let mut found = Vec::new();
                let prepared = self.prepare(due, boundary, &validator, heads, &mut found);
                if !found.is_empty() && self.compared.replace(due.epoch) != Some(due.epoch) {
                    events.append(&mut found);
                }
                prepared?
            }
        };
        let best = heads.best.number;
        let is_time = best >= ready.not_before
            && ready
                .submitted
                .is_none_or(|last| best >= last.saturating_add(SUBMIT_AGAIN_BLOCKS));
        let transaction = is_time.then(|| ready.transaction.clone());
        if is_time {
            ready.submitted = Some(best);
        }
        self.ready = Some(ready);
        Ok(transaction)
    }

    /// Whom the key speaks for, if it may report.
    fn validator(&self, at: H256, key: KeyId) -> Result<AccountId32, Reason> {
        let standing = self.chain.standing(at, key).map_err(Reason::Unanswered)?;
        let Standing { owner, active, seals } = standing.ok_or(Reason::KeyUnknown)?;
        match (active, seals) {
            (false, _) => Err(Reason::KeyEnded),
            (true, false) => Err(Reason::SealMissing),
            (true, true) => Ok(owner),
        }
    }

    fn has_sent(&self, epoch: u32) -> bool {
        let ready = self.ready.as_ref();
        ready.is_some_and(|ready| ready.report.epoch == epoch && ready.taken)
    }

    /// What was signed about this epoch before, or else a new report; signed, and written down before anybody sees it.
    fn prepare(
        &self,
        due: &Due,
        boundary: H256,
        validator: &AccountId32,
        heads: Heads,
        events: &mut Vec<Event>,
    ) -> Result<Ready, Reason> {
        let key = self.key.as_ref().ok_or(Reason::NoKey)?;
        let before = self
            .journal
            .last(validator)
            .map_err(|error| Reason::Journal(error.to_string()))?;
        let before = before.filter(|signed| signed.report.epoch >= due.epoch);
        let signed = match before {
            Some(signed) if signed.report.epoch != due.epoch || signed.report.boundary != boundary.0 => {
                return Err(Reason::SignedBefore {
                    epoch: signed.report.epoch,
                    file: self.journal.path(validator).display().to_string(),
                });
            }
            Some(signed) if signed.key == key.id => signed,
            // Signed with another key of this validator's: the same report, so that it is no second one.
            Some(signed) => self.sign(key, signed.report, validator)?,
            None => {
                let report = self.compute(due, boundary, validator, heads, events)?;
                self.sign(key, report, validator)?
            }
        };
        let Signed { report, key, signature } = signed;
        let transaction = self.chain.transaction(report.clone(), key, signature);
        Ok(Ready {
            not_before: due.boundary.saturating_add(jitter(key, due)),
            report,
            transaction,
            submitted: None,
            taken: false,
        })
    }

    fn compute(
        &self,
        due: &Due,
        boundary: H256,
        validator: &AccountId32,
        heads: Heads,
        events: &mut Vec<Event>,
    ) -> Result<Report, Reason> {
        let epoch = due.epoch;
        let native = recompute(&self.chain, epoch, boundary).map_err(Reason::Fault)?;
        match self.chain.runtime_results(epoch, boundary) {
            Ok(runtime) => {
                let mismatch = native.mismatch(&runtime).map(Box::new);
                events.extend(mismatch.map(|mismatch| Event::Mismatched { epoch, mismatch }));
            }
            Err(error) => events.push(Event::NotCompared { epoch, error }),
        }
        let shards = self
            .chain
            .shards_due(heads.best.hash, validator)
            .map_err(Reason::Unanswered)?;
        native.report(&shards).map_err(Reason::Fault)
    }

    fn sign(&self, key: &ReportingKey, report: Report, validator: &AccountId32) -> Result<Signed, Reason> {
        let signature = key
            .secret
            .sign(Purpose::Report, self.genesis.as_fixed_bytes(), &report.payload())
            .map_err(|error| Reason::Fault(Fault::Signature(error.to_string())))?;
        let signed = Signed {
            report,
            key: key.id,
            signature,
        };
        self.journal
            .write(validator, &signed)
            .map_err(|error| Reason::Journal(error.to_string()))?;
        Ok(signed)
    }

    /// Another epoch may be due: says why nothing came of those before it of which nothing was said.
    fn turn_to(&mut self, epoch: u32, events: &mut Vec<Event>) {
        let reason = self.kept.take().unwrap_or(Reason::NotFinal);
        let first = match self.last {
            // Not on the way back to a block before the boundary, when the best chain changes.
            Some((last, _)) if last >= epoch => return,
            Some((last, was_said)) => last.saturating_add(was_said.into()),
            None => epoch,
        };
        self.last = Some((epoch, false));
        for missed in first.max(epoch.saturating_sub(MISSED_SAID_MAX))..epoch {
            self.skip(missed, reason.clone(), events);
        }
    }

    fn skip(&mut self, epoch: u32, reason: Reason, events: &mut Vec<Event>) {
        if reason.is_final() {
            self.settled = Some(epoch);
        }
        self.say(Event::Skipped { epoch, reason }, events);
    }

    fn say(&mut self, event: Event, events: &mut Vec<Event>) {
        if let Some((last, was_said)) = &mut self.last {
            *was_said |= event.epoch() == Some(*last);
        }
        if self.said.as_ref() != Some(&event) {
            self.said = Some(event.clone());
            events.push(event);
        }
    }
}

/// How many blocks after the boundary a key's report is sent: somewhere in the first third of the epoch, the same for the same
/// key and epoch, so that the reports of many validators do not come at once.
fn jitter(key: KeyId, due: &Due) -> u32 {
    // Epochs have the same number of blocks from the genesis on.
    let epoch_blocks = due.boundary / due.epoch.saturating_add(1);
    let third = u64::from(epoch_blocks / 3).max(1);
    let [a, b, c, d, e, f, g, h, ..] = blake2_256(&(key, due.epoch).encode());
    let blocks = u64::from_le_bytes([a, b, c, d, e, f, g, h]) % third;
    u32::try_from(blocks).unwrap_or(0)
}

#[cfg(test)]
mod tests;
