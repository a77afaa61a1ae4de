//! ΨSync: what validators report of an epoch, and what that comes to.

use super::graph::pages;
use crate::client::{Chain, NodeError};
use crate::records::account_value;
use crate::ss58::Account;
use subxt::config::substrate::H256;
use subxt::dynamic::Value;
use subxt::ext::scale_decode::DecodeAsType;

/// The runtime API of ΨSync.
const API: &str = "SyncApi";

/// The most outcomes that a node tells at a time.
const PAGE_OUTCOMES: u32 = 32;

/// More than ⅓ of the set deviated.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Breach {
    /// They share one same value that is not the chain's.
    ChainInDoubt,
    /// Each in another way.
    Scattered,
}

/// What the reports on an epoch came to.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct SyncOutcome {
    /// The epoch reported on.
    pub epoch: u32,
    /// How many validators the set had.
    pub validators: u32,
    /// How many reports counted.
    pub came: u32,
    /// How many validators' reports void each other.
    pub void: u32,
    /// Ψ*, units of 10⁻¹⁸; `None` unless more than ⅔ of the set reported.
    pub consensus: Option<u128>,
    /// The lowest and the highest Ĉ, ⌊n/3⌋ taken off each end, units of 10⁻¹⁸.
    pub trimmed: Option<(u128, u128)>,
    /// The chain's own Ĉ, units of 10⁻¹⁸.
    pub own: Option<u128>,
    /// How many validators deviated.
    pub deviating: u32,
    /// How many got a strike.
    pub struck: u32,
    /// How many were punished for a ψ or a code that is not the chain's.
    pub tampered: u32,
    /// Whether more than ⅓ of the set deviated.
    pub breach: Option<Breach>,
    /// The shards concerned by too wide a spread.
    pub spread_shards: Vec<u8>,
}

impl SyncOutcome {
    /// How far the reports lie apart, ⌊n/3⌋ taken off each end, units of 10⁻¹⁸.
    pub fn spread(&self) -> Option<u128> {
        let (low, high) = self.trimmed?;
        high.checked_sub(low)
    }
}

/// Whether a validator has reported on the epoch that closed last.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum ReportStatus {
    /// Nothing is due of it.
    NotDue,
    /// Not yet.
    Missing,
    /// It has.
    Reported,
    /// Twice, and differently.
    Void,
}

impl ReportStatus {
    /// For programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotDue => "not-due",
            Self::Missing => "missing",
            Self::Reported => "reported",
            Self::Void => "void",
        }
    }
}

/// What is due now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DueReports {
    /// The epoch to report on.
    pub epoch: u32,
    /// The number of its boundary block.
    pub boundary: u32,
    /// The version of the mathematics that a report has to be made with.
    pub harmonics_version: u16,
    /// Every validator of the running set, and whether it has reported.
    pub validators: Vec<(Account, ReportStatus)>,
}

/// `DueReports`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct DueShown {
    epoch: u32,
    boundary_number: u32,
    harmonics_version: u16,
    validators: Vec<([u8; 32], ReportStatus)>,
}

impl Chain {
    /// What the sync that closed last came to; `None` where none was due in the epoch that ended last.
    pub async fn sync_outcome(&self, at: H256) -> Result<Option<SyncOutcome>, NodeError> {
        self.api(API, "last_outcome", vec![], at).await
    }

    /// What the syncs on the epochs `first..=last` came to, ascending, as far as the chain remembers.
    pub async fn sync_history(&self, first: u32, last: u32, at: H256) -> Result<Vec<SyncOutcome>, NodeError> {
        let mut outcomes: Vec<SyncOutcome> = Vec::new();
        for (from, count) in pages(first, last, PAGE_OUTCOMES) {
            let arguments = vec![Value::u128(from.into()), Value::u128(count.into())];
            outcomes.extend(self.api::<Vec<SyncOutcome>>(API, "history", arguments, at).await?);
        }
        Ok(outcomes)
    }

    /// What is due now; `None` before the first epoch closed.
    pub async fn due_reports(&self, at: H256) -> Result<Option<DueReports>, NodeError> {
        let shown: Option<DueShown> = self.api(API, "due", vec![], at).await?;
        Ok(shown.map(|shown| DueReports {
            epoch: shown.epoch,
            boundary: shown.boundary_number,
            harmonics_version: shown.harmonics_version,
            validators: shown
                .validators
                .into_iter()
                .map(|(id, status)| (Account(id), status))
                .collect(),
        }))
    }

    /// How close each validator's report on the epoch that was judged last was to Ψ*, from 0 to 1, units of 10⁻¹⁸; empty where
    /// there was no Ψ*.
    pub async fn conformities(&self, at: H256) -> Result<Vec<(Account, u128)>, NodeError> {
        let shown: Vec<([u8; 32], u128)> = self.api(API, "conformities", vec![], at).await?;
        Ok(shown
            .into_iter()
            .map(|(id, conformity)| (Account(id), conformity))
            .collect())
    }

    /// The epochs of a validator's strikes that still count, ascending.
    pub async fn strikes(&self, who: Account, at: H256) -> Result<Vec<u32>, NodeError> {
        self.api(API, "strikes", vec![account_value(who)], at).await
    }
}
