//! The summary as text.

use super::{number, Held, Holder, Shard, Summary, Symbol, Validator};
use crate::{amount, cards::hex_text, development};
use qc_types::TokenId;

impl Summary {
    /// For people: everything that is signed.
    pub fn to_text(&self) -> String {
        let mut parts = vec![self.head(), self.people()];
        parts.push(format!("validators\n{}", lines(self.validators.iter().map(validator))));
        parts.push(format!("tokens, whole\n{}", self.tokens()));
        parts.push(self.accounts());
        parts.push(self.graph_and_symbols());
        parts.join("\n\n")
    }

    fn head(&self) -> String {
        let chain = &self.chain;
        let blake2 = match &self.code_blake2 {
            Some(hash) => hex_text(hash),
            None => "(give the blob with --code to see it)".into(),
        };
        lines(
            [
                ("harmonic genesis hash", self.hash.to_string()),
                ("network", chain.name.clone()),
                ("id, protocol id", format!("{}, {}", chain.id, chain.protocol_id)),
                ("type", chain.chain_type.name().into()),
                ("runtime, SHA-256", hex_text(&self.code_sha256)),
                ("runtime, BLAKE2b-256", blake2),
                ("epoch", format!("{} blocks", self.epoch_blocks)),
            ]
            .into_iter()
            .map(|(name, value)| format!("{name:<24}{value}")),
        )
    }

    fn people(&self) -> String {
        let founders = self
            .founders
            .iter()
            .map(|one| format!("  {}  {}{}", one.key, one.name, known(&one.key.0)));
        format!(
            "founders: {} of {} bring a halted chain back\n{}",
            self.threshold,
            self.founders.len(),
            lines(founders)
        )
    }

    fn tokens(&self) -> String {
        let head = std::iter::once("home".to_owned()).chain(TokenId::ALL.map(|token| token.symbol().to_owned()));
        let mut rows: Vec<Vec<String>> = vec![head.collect()];
        for (shard, one) in self.shards.iter().enumerate() {
            rows.push(row(format!("shard {shard}"), &one.total));
            rows.push(row("  its commons pot".into(), &one.pot));
        }
        rows.push(row("treasury".into(), &self.treasury));
        rows.push(row("total".into(), &self.total));
        let staked = self.shards.iter().enumerate().map(staked);
        format!("{}\n{}", table(&rows), lines(staked))
    }

    fn accounts(&self) -> String {
        let account = |one: &Holder| {
            let held = TokenId::ALL.into_iter().zip(one.held).filter(|(_, amount)| *amount > 0);
            let held: Vec<_> = held
                .map(|(token, held)| format!("{} {}", amount::format(held), token.symbol()))
                .collect();
            let known = known(&one.account.0);
            format!("  {} (shard {}): {}{known}", one.account, one.shard, held.join(", "))
        };
        format!(
            "accounts: {}\n{}",
            self.holders.len(),
            lines(self.holders.iter().map(account))
        )
    }

    fn graph_and_symbols(&self) -> String {
        let edges: Vec<_> = self.edges.iter().map(|(one, other)| format!("{one}–{other}")).collect();
        let changed = |one: &&Symbol| one.value != one.default;
        let symbol = |one: &Symbol| {
            let value = number(&one.value);
            if one.value == one.default {
                format!("  {} = {value}", one.name)
            } else {
                format!(
                    "  {} = {value}    (the protocol's table has {})",
                    one.name,
                    number(&one.default)
                )
            }
        };
        let count = self.symbols.iter().filter(changed).count();
        format!(
            "edges of the field: {}\nΨ̄ of validators at the start, in 10^-18: {}\n\nsymbols: {} differ from the protocol's table, \
             {} are as it has them\n{}\n\nin every genesis the same\n  {}",
            edges.join(", "),
            number(&self.psi_start.to_string()),
            count,
            self.symbols.len() - count,
            lines(self.symbols.iter().map(symbol)),
            self.fixed.to_canonical()
        )
    }
}

fn validator(one: &Validator) -> String {
    let key = |of: Option<(String, [u8; 32])>| of.map_or("none".into(), |(text, bytes)| text + &known(&bytes));
    format!(
        "  {} (shard {}) stakes {} ATR{}\n    SEAL key {}\n    Aura     {}\n    GRANDPA  {}",
        one.account,
        one.shard,
        amount::format(one.stake),
        known(&one.account.0),
        key(one.seal_key.map(|id| (id.to_string(), id.0))),
        key(one.session.map(|keys| (keys.aura.hex(), keys.aura.0))),
        key(one.session.map(|keys| (keys.grandpa.hex(), keys.grandpa.0))),
    )
}

/// A mark behind what everybody has the secret of, of an account, a key or a key's id.
fn known(bytes: &[u8; 32]) -> String {
    development::find(bytes).map_or_else(String::new, |key| format!("    known to everybody: {key}"))
}

fn staked((shard, one): (usize, &Shard)) -> String {
    format!(
        "  staked in shard {shard}: {} ATR by validators, {} by its commons pot",
        amount::format(one.staked),
        amount::format(one.anchor)
    )
}

fn row(name: String, held: &Held) -> Vec<String> {
    std::iter::once(name).chain(held.map(amount::format)).collect()
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// Columns, the first aligned left, the others right.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    lines(rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("  {cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ")
    }))
}
