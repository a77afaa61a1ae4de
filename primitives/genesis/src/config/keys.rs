//! Every account and key of a config, and where it stands.

use super::Config;
use crate::address::Account;

impl Config {
    /// Accounts and public keys, each with its place: what must not be known to everybody in a real network.
    pub fn keys(&self) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
        let accounts = self.accounts().map(|(place, account)| (place, account.0.to_vec()));
        let ledger = self.key_ledger.keys.iter().enumerate();
        let ledger = ledger.map(|(at, (_, key, _))| (format!("config.keyLedger.keys[{at}]"), key.as_bytes().to_vec()));
        let founders = self.incidents.founders.iter().enumerate();
        let founders =
            founders.map(|(at, (_, key))| (format!("config.incidents.founders[{at}]"), key.as_bytes().to_vec()));
        accounts.chain(ledger).chain(founders)
    }

    fn accounts(&self) -> impl Iterator<Item = (String, Account)> + '_ {
        let listed = |place: &'static str, accounts: Vec<Account>| {
            let numbered = accounts.into_iter().enumerate();
            numbered.map(move |(at, account)| (format!("config.{place}[{at}]"), account))
        };
        let sessions = self
            .session
            .keys
            .iter()
            .enumerate()
            .flat_map(|(at, (account, validator, keys))| {
                [
                    (format!("config.session.keys[{at}]"), *account),
                    (format!("config.session.keys[{at}]"), *validator),
                    (format!("config.session.keys[{at}].aura"), keys.aura),
                    (format!("config.session.keys[{at}].grandpa"), keys.grandpa),
                ]
            });
        let balances = self.balances.balances.iter().map(|(who, _)| *who).collect();
        let assets = self.assets.accounts.iter().map(|(_, who, _)| *who).collect();
        let owners = self.assets.assets.iter().map(|(_, who, ..)| *who).collect();
        let chr = self.economy.chr.iter().map(|(who, _)| *who).collect();
        let keyed = self.key_ledger.keys.iter().map(|(who, ..)| *who).collect();
        let validators = self.attunement.validators.iter().map(|(who, _)| *who).collect();
        sessions
            .chain(listed("attunement.validators", validators))
            .chain(listed("keyLedger.keys", keyed))
            .chain(listed("balances.balances", balances))
            .chain(listed("economy.chr", chr))
            .chain(listed("assets.accounts", assets))
            .chain(listed("assets.assets", owners))
    }
}
