//! Keys and accounts of the ledger, for people and for programs.

use super::Context;
use crate::client::{Chain, NodeError};
use crate::errors::Result;
use crate::keystore::Keystore;
use crate::ledger::{KeyRecord, OwnerRecord, Protection, Status};
use crate::output::{amount_json, amount_text, table};
use qc_pqc::KeyId;
use qc_types::TokenId;
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::future::Future;
use subxt::config::substrate::H256;

/// What is needed to tell of keys: the chain now, and the names that keys have here.
pub struct View {
    /// The chain.
    pub chain: Chain,
    /// Its best block.
    pub best: H256,
    number: u64,
    block_time_ms: Option<u64>,
    names: BTreeMap<KeyId, String>,
}

/// Asks a node for something that is shown if it can be had: a node that cannot be reached is a remark, and no error.
pub async fn ask_ledger<T>(
    context: &Context,
    offline: bool,
    asking: impl Future<Output = Result<T, NodeError>>,
) -> Result<Option<T>> {
    if offline {
        return Ok(None);
    }
    match asking.await {
        Ok(found) => Ok(Some(found)),
        Err(
            error @ (NodeError::ConnectionRefused(_) | NodeError::CannotConnect { .. } | NodeError::Timeout { .. }),
        ) => {
            let text = format!("the key ledger was not asked: {error}");
            if context.output.json {
                context.output.warn(&text);
            } else {
                context.output.note(&text);
            }
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

impl View {
    /// As of the best block.
    pub async fn now(chain: Chain, keystore: &Keystore) -> Result<Self, NodeError> {
        let best = chain.node.best_head().await?;
        let number = chain.node.header(best).await?.number;
        // Names are a comfort: a keystore that cannot be read is said elsewhere.
        let entries = keystore.keys().unwrap_or_default().into_iter();
        let names = entries.filter_map(|(name, entry)| Some((entry.ok()?.id, name)));
        Ok(Self {
            best,
            number,
            block_time_ms: chain.block_time_ms(),
            names: names.collect(),
            chain,
        })
    }

    /// How long ago a block was, as far as the blocks' time tells.
    fn ago(&self, block: u32) -> String {
        let blocks = self.number.saturating_sub(block.into());
        match self.seconds_since(block) {
            Some(seconds) => format!("block {block}, about {} ago", duration(seconds)),
            None => format!("block {block}, {blocks} blocks ago"),
        }
    }

    /// Seconds since a block, if every block since took the time that it should.
    fn seconds_since(&self, block: u32) -> Option<u64> {
        let blocks = self.number.saturating_sub(block.into());
        Some(blocks.checked_mul(self.block_time_ms?)? / 1_000)
    }

    /// A key's id with the name that it has here.
    pub fn name(&self, id: &KeyId) -> String {
        match self.names.get(id) {
            Some(name) => format!("{name} {id}"),
            None => id.to_string(),
        }
    }

    /// A key's age and use, in a few words.
    fn use_text(&self, record: &KeyRecord) -> String {
        match record.last_used {
            Some(block) if record.uses == 1 => format!("once, in {}", self.ago(block)),
            Some(block) => format!("{} times, last in {}", record.uses, self.ago(block)),
            None => "never".into(),
        }
    }

    /// A key, a line each.
    pub fn key_lines(&self, record: &KeyRecord) -> Vec<String> {
        let status = match record.status {
            Status::Active => "active".into(),
            Status::RotatedOut { to } => format!("rotated out: {} took its place", self.name(&to)),
            Status::Revoked => "revoked".into(),
        };
        let mut lines = vec![
            format!("account     {}", record.owner),
            format!("may         {}", crate::extrinsic::names_of(record.capabilities)),
            format!("status      {status}"),
            format!("since       {}", self.ago(record.since)),
        ];
        if let Some(ended) = record.ended {
            lines.push(format!("ended       {}", self.ago(ended)));
        }
        lines.push(format!("used        {}", self.use_text(record)));
        if record.deposit > 0 {
            let deposit = amount_text(record.deposit, TokenId::Flx);
            lines.push(format!("deposit     {deposit}, held until the key ends"));
        }
        lines
    }

    /// A key for programs.
    pub fn key_json(&self, id: &KeyId, record: &KeyRecord) -> Value {
        let (status, rotated_to) = match record.status {
            Status::Active => ("active", None),
            Status::RotatedOut { to } => ("rotated-out", Some(to)),
            Status::Revoked => ("revoked", None),
        };
        json!({
            "id": id,
            "name": self.names.get(id),
            "owner": record.owner.to_string(),
            "capabilities": record.capabilities,
            "status": status,
            "rotatedTo": rotated_to,
            "since": record.since,
            "ageSeconds": self.seconds_since(record.since),
            "ended": record.ended,
            "uses": record.uses,
            "lastUsed": record.last_used,
            "deposit": amount_json(record.deposit),
        })
    }

    /// What the ledger has of an account, a line each.
    pub fn owner_lines(&self, owner: &OwnerRecord) -> Vec<String> {
        let protection = match owner.protection {
            Protection::Leaving { at, by } if owner.requires_pqc => format!(
                "post-quantum keys required, until block {at} of the pausable clock ({} asked to leave)",
                self.name(&by)
            ),
            _ if owner.requires_pqc => "post-quantum keys required: nothing classical acts for it".into(),
            _ => "classical signatures act for it".into(),
        };
        let mut lines = vec![
            format!("protection  {protection}"),
            format!("key nonce   {}", owner.nonce),
        ];
        if owner.deposit > 0 {
            let deposit = amount_text(owner.deposit, TokenId::Flx);
            lines.push(format!("deposit     {deposit}, held for ever for its records"));
        }
        if owner.keys.is_empty() {
            lines.push("keys        none".into());
            return lines;
        }
        let mut rows = vec![["keys", "may", "since", "used"].map(String::from).to_vec()];
        rows.extend(owner.keys.iter().map(|(id, record)| {
            vec![
                self.name(id),
                crate::extrinsic::names_of(record.capabilities),
                self.ago(record.since),
                self.use_text(record),
            ]
        }));
        lines.push(table(&rows));
        lines
    }

    /// What the ledger has of an account, for programs.
    pub fn owner_json(&self, owner: &OwnerRecord) -> Value {
        let (protection, at, by) = match owner.protection {
            Protection::Classical => ("classical", None, None),
            Protection::PqcRequired => ("pqc-required", None, None),
            Protection::Leaving { at, by } => ("leaving", Some(at), Some(by)),
        };
        json!({
            "requiresPqc": owner.requires_pqc,
            "protection": protection,
            "leavesAt": at,
            "leaveAskedBy": by,
            "nonce": owner.nonce,
            "deposit": amount_json(owner.deposit),
            "keys": owner.keys.iter().map(|(id, record)| self.key_json(id, record)).collect::<Vec<_>>(),
        })
    }
}

/// Seconds in the largest units that say enough.
fn duration(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, _) => format!("{hours} h"),
        (days, _, _) => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (7_200, "2 h"),
            (172_800, "2 days"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
