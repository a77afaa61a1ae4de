//! All that the chain knows of one validator, and how it is told.

use crate::amount;
use crate::client::{Chain, NodeError};
use crate::errors::{Error, Result};
use crate::field::fixed::{exact, short};
use crate::field::{Blacklisting, Boost, CandidateStatus, ReportStatus, Symbols, Unbonding, ValidatorView, FEATURES};
use crate::output::{amount_json, amount_text, table};
use crate::parties::Party;
use qc_pqc::KeyId;
use qc_types::{Capabilities, TokenId};
use serde_json::{json, Value};
use subxt::config::substrate::H256;

/// What the chain knows of one who validates, or might.
pub struct Sheet {
    /// The running epoch.
    pub epoch: u32,
    /// What is computed with.
    pub symbols: Symbols,
    /// As a candidate; `None` if it is none.
    pub view: Option<ValidatorView>,
    /// Whether it is in the running set.
    pub in_set: bool,
    /// Whether it is in the set after that, as it is planned.
    pub in_next_set: bool,
    /// What it is blacklisted for.
    pub blacklisting: Option<Blacklisting>,
    /// What unbonds.
    pub unbondings: Vec<Unbonding>,
    /// The tick that it is now.
    pub tick: u32,
    /// What it burnt PSY for.
    pub boost: Option<Boost>,
    /// The epochs of the strikes that count.
    pub strikes: Vec<u32>,
    /// The epoch that is reported on, and whether it has.
    pub report: Option<(u32, ReportStatus)>,
    /// How close its report that was judged last was to Ψ*, units of 10⁻¹⁸; 0 if it made none, `None` if nothing was due.
    pub conformity: Option<u128>,
    /// Its session keys, encoded.
    pub session_keys: Option<Vec<u8>>,
    /// Its active keys that may SEAL.
    pub seal_keys: Vec<KeyId>,
}

impl Sheet {
    /// Asks for everything at one block, all at once.
    pub async fn ask(chain: &Chain, party: &Party, at: H256) -> Result<Self, NodeError> {
        let who = party.account;
        let (first, second, third) = futures::try_join!(
            async {
                futures::try_join!(
                    chain.epoch(at),
                    chain.symbols(at),
                    chain.validator(who, at),
                    chain.validator_set(at),
                    chain.planned_set(at)
                )
            },
            async {
                futures::try_join!(
                    chain.blacklisting(who, at),
                    chain.unbondings(who, at),
                    chain.boost(who, at),
                    chain.strikes(who, at)
                )
            },
            async {
                futures::try_join!(
                    chain.due_reports(at),
                    chain.conformities(at),
                    chain.session_keys(who, at),
                    chain.owner(who, at)
                )
            }
        )?;
        let (epoch, symbols, view, (set, _), planned) = first;
        let (blacklisting, (unbondings, tick), boost, strikes) = second;
        let (due, conformities, session_keys, owner) = third;
        let report = due.map(|due| {
            let found = due.validators.iter().find(|(account, _)| *account == who);
            (due.epoch, found.map_or(ReportStatus::NotDue, |(_, status)| *status))
        });
        let may_seal = |capabilities: Capabilities| capabilities.contains(Capabilities::SEAL);
        let seal_keys = owner.keys.iter().filter(|(_, record)| may_seal(record.capabilities));
        Ok(Self {
            epoch,
            symbols,
            in_set: set.contains(&who),
            in_next_set: planned.contains(&who),
            view,
            blacklisting,
            unbondings,
            tick,
            boost: boost.filter(|boost| boost.lasts_in(epoch)),
            strikes,
            report,
            conformity: conformities
                .into_iter()
                .find(|(account, _)| *account == who)
                .map(|(_, conformity)| conformity),
            session_keys,
            seal_keys: seal_keys.map(|(id, _)| *id).collect(),
        })
    }

    /// Whether the chain knows the account as one that has, had or wants anything to do with validating.
    pub fn is_somebody(&self) -> bool {
        self.view.is_some()
            || self.in_set
            || self.blacklisting.is_some()
            || !self.unbondings.is_empty()
            || self.session_keys.is_some()
    }

    /// Fails if it is nobody.
    pub fn check_somebody(&self, party: &Party) -> Result<()> {
        if self.is_somebody() {
            return Ok(());
        }
        Err(Error::usage(
            "no_validator",
            format!("{} is no validator, and does not want to be one", party.describe()),
            "qc validator status lists who is; qc validator --help says how to become one",
        ))
    }

    /// ATR that can be taken back now, plancks.
    pub fn withdrawable(&self) -> u128 {
        let due = self.unbondings.iter().filter(|unbonding| unbonding.due <= self.tick);
        due.map(|unbonding| unbonding.amount).fold(0, u128::saturating_add)
    }

    /// What it is up to, for people.
    fn status_text(&self) -> String {
        let status = match self.view.as_ref().map(|view| view.status) {
            None => "no candidate",
            Some(CandidateStatus::Seeking) => "candidate",
            Some(CandidateStatus::Leaving) => "asked to leave",
            Some(CandidateStatus::Removed) => "removed for its Ψ",
            Some(CandidateStatus::Barred) => "barred",
        };
        let seat = match (self.in_set, self.in_next_set) {
            (true, true) => "in the set, and in the next one",
            (true, false) => "in the set, not in the next one",
            (false, true) => "in the next set",
            (false, false) => "in no set",
        };
        format!("{status}, {seat}")
    }

    /// Everything, a line each.
    pub fn lines(&self, party: &Party, name: impl Fn(&KeyId) -> String) -> Vec<String> {
        let mut lines = vec![
            format!("validator     {}", party.describe()),
            format!("status        {}", self.status_text()),
        ];
        if let Some(blacklisting) = self.blacklisting {
            lines.push(format!(
                "blacklisted   for {}, until the end of epoch {}",
                blacklisting.misconduct.word(),
                blacklisting.until
            ));
        }
        if let Some(view) = &self.view {
            lines.push(format!("stake         {}", amount_text(view.stake, TokenId::Atr)));
        }
        lines.push(format!("unbonding     {}", self.unbonding_text()));
        if let Some(view) = &self.view {
            lines.extend(self.psi_lines(view));
        }
        lines.push(format!("strikes       {}", self.strikes_text()));
        lines.push(format!("report        {}", self.report_text()));
        if let Some(conformity) = self.conformity {
            lines.push(format!(
                "              the one that was judged last: conformity {}",
                short(conformity)
            ));
        }
        lines.push(match &self.session_keys {
            Some(keys) => format!("session keys  0x{}", hex::encode(keys)),
            None => "session keys  none: qc validator keys".into(),
        });
        let seal: Vec<String> = self.seal_keys.iter().map(name).collect();
        lines.push(match seal.is_empty() {
            true => "SEAL keys     none: qc key register --can SEAL".into(),
            false => format!("SEAL keys     {}", seal.join(", ")),
        });
        lines
    }

    fn unbonding_text(&self) -> String {
        if self.unbondings.is_empty() {
            return "nothing".into();
        }
        let parts = self.unbondings.iter().map(|unbonding| {
            let amount = amount_text(unbonding.amount, TokenId::Atr);
            match unbonding.due.saturating_sub(self.tick) {
                0 => format!("{amount} now (qc validator withdraw)"),
                epochs => format!("{amount} in {epochs} epochs"),
            }
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    fn psi_lines(&self, view: &ValidatorView) -> Vec<String> {
        let features = FEATURES.iter().zip(&view.phases).map(|((name, weight), phase)| {
            let due = if phase.was_due {
                ""
            } else {
                "  (never due yet: not counted)"
            };
            format!("  {name:<12}{}  weight 0.{weight}{due}", short(phase.omega))
        });
        let mut lines = vec![format!("Ψ             {}", short(view.psi))];
        lines.extend(features);
        lines.push(format!(
            "Ψ̄             {}  (mean of up to 90 days)",
            short(view.psi_mean)
        ));
        if let Some(multiplier) = view.multiplier {
            lines.push(format!("m             {}", short(multiplier)));
        }
        lines.push(match view.grace_epochs {
            0 => "grace         over".into(),
            epochs => format!("grace         {epochs} epochs in the set"),
        });
        lines.push(format!("falls         {}", self.falls_text(view)));
        lines.push(match self.boost {
            Some(boost) => format!(
                "boost         {}, until epoch {} begins; Ψ for rewards {}",
                short(boost.level),
                boost.ends,
                short(view.psi_eff)
            ),
            None => "boost         none".into(),
        });
        lines
    }

    fn falls_text(&self, view: &ValidatorView) -> String {
        let slashes = view.standing.slashes_in(&self.symbols);
        let mut parts: Vec<String> = slashes
            .iter()
            .map(|epochs| {
                let fraction = exact(self.symbols.slash_fraction);
                format!("a slash of {fraction} of the stake {}", when(*epochs))
            })
            .collect();
        if let Some(epochs) = view.standing.removed_in(&self.symbols) {
            let threshold = exact(self.symbols.psi_slash);
            parts.push(format!(
                "below {threshold} for {} epochs, removed {} if it stays there",
                view.standing.below_epochs,
                when(epochs)
            ));
        }
        match parts.is_empty() {
            true => "none pending".into(),
            false => parts.join("; "),
        }
    }

    fn strikes_text(&self) -> String {
        let Symbols {
            strikes_max,
            strike_window_epochs,
            ..
        } = self.symbols;
        if self.strikes.is_empty() {
            return "none".into();
        }
        let epochs: Vec<String> = self.strikes.iter().map(u32::to_string).collect();
        format!(
            "of epochs {}; {strikes_max} within {strike_window_epochs} epochs blacklist",
            epochs.join(", ")
        )
    }

    fn report_text(&self) -> String {
        match self.report {
            None => "none due before the first epoch has closed".into(),
            Some((_, ReportStatus::NotDue)) => "none due of it".into(),
            Some((epoch, ReportStatus::Missing)) => format!("on epoch {epoch}: missing so far"),
            Some((epoch, ReportStatus::Reported)) => format!("on epoch {epoch}: made"),
            Some((epoch, ReportStatus::Void)) => {
                format!("on epoch {epoch}: two different ones, both void: does it report from two machines?")
            }
        }
    }

    /// Everything, for programs.
    pub fn json(&self, party: &Party) -> Value {
        let unbonding = |unbonding: &Unbonding| json!({ "amount": amount_json(unbonding.amount), "inEpochs": unbonding.due.saturating_sub(self.tick) });
        json!({
            "address": party.account.to_string(),
            "name": party.label,
            "epoch": self.epoch,
            "candidate": self.view.as_ref().map(|view| self.view_json(view)),
            "inSet": self.in_set,
            "inNextSet": self.in_next_set,
            "blacklisted": self.blacklisting.map(|entry| json!({ "for": entry.misconduct.word(), "until": entry.until })),
            "unbonding": self.unbondings.iter().map(unbonding).collect::<Vec<_>>(),
            "withdrawable": amount_json(self.withdrawable()),
            "boost": self.boost.map(|boost| json!({ "level": exact(boost.level), "ends": boost.ends })),
            "strikes": self.strikes,
            "report": self.report.map(|(epoch, status)| json!({ "epoch": epoch, "status": status.word() })),
            "lastConformity": self.conformity.map(exact),
            "sessionKeys": self.session_keys.as_ref().map(|keys| format!("0x{}", hex::encode(keys))),
            "sealKeys": self.seal_keys,
        })
    }

    fn view_json(&self, view: &ValidatorView) -> Value {
        json!({
            "status": view.status.word(),
            "stake": amount_json(view.stake),
            "stakeMin": amount_json(self.symbols.stake_min),
            "psi": exact(view.psi),
            "psiMean": exact(view.psi_mean),
            "psiEffective": exact(view.psi_eff),
            "features": features_json(view),
            "multiplier": view.multiplier.map(exact),
            "graceEpochs": view.grace_epochs,
            "belowEpochs": view.standing.below_epochs,
            "slashesInEpochs": view.standing.slashes_in(&self.symbols),
            "removedInEpochs": view.standing.removed_in(&self.symbols),
        })
    }
}

/// The features by name, for programs.
pub fn features_json(view: &ValidatorView) -> Value {
    let features = FEATURES.iter().zip(&view.phases).map(|((name, _), phase)| {
        let feature = json!({
            "omega": exact(phase.omega), "integral": exact(phase.integral), "wasDue": phase.was_due,
        });
        ((*name).to_owned(), feature)
    });
    Value::Object(features.collect())
}

/// When something happens that happens at the end of so many epochs from now.
fn when(epochs: u32) -> String {
    match epochs {
        0 | 1 => "at the end of this epoch".into(),
        epochs => format!("in {epochs} epochs"),
    }
}

/// One line of the table of the set.
pub struct Row {
    /// Who.
    pub name: String,
    /// As a candidate.
    pub view: Option<ValidatorView>,
    /// Whether it has reported.
    pub report: ReportStatus,
    /// How many strikes count.
    pub strikes: usize,
}

/// The table of the set.
pub fn rows_text(rows: &[Row]) -> String {
    let heads = [
        "validator",
        "stake ATR",
        "Ψ",
        "slots",
        "seals",
        "conformity",
        "harmony",
        "m",
        "grace",
        "strikes",
        "report",
    ];
    let mut all = vec![heads.map(String::from).to_vec()];
    all.extend(rows.iter().map(|row| {
        let none = || "-".to_owned();
        let Some(view) = &row.view else {
            let mut cells = vec![row.name.clone()];
            cells.resize(heads.len().saturating_sub(1), none());
            cells.push(row.report.word().into());
            return cells;
        };
        let mut cells = vec![row.name.clone(), amount::format(view.stake), short(view.psi)];
        cells.extend(view.phases.iter().map(|phase| match phase.was_due {
            true => short(phase.omega),
            false => none(),
        }));
        cells.push(view.multiplier.map_or_else(none, short));
        cells.push(view.grace_epochs.to_string());
        cells.push(row.strikes.to_string());
        cells.push(row.report.word().into());
        cells
    }));
    table(&all)
}

#[cfg(test)]
mod tests;
