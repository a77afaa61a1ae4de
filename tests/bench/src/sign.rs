//! Signing ahead, on every core.

use std::thread;

use crate::accounts::Account;
use crate::chain::{hash, Chain};
use crate::kind::Kind;
use crate::{Error, Result};

/// A signed transaction, ready to send.
pub struct Signed {
    /// With its length prefix.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Signs `count` transactions, in the order in which they are to be sent: every account's first, then every account's second,
/// and so on, so that many senders at once hardly ever get a nonce out of order. Each goes to the next account in the ring.
pub fn ahead(chain: &Chain, kind: Kind, accounts: &[Account], count: usize) -> Result<Vec<Signed>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let calls = ring_calls(chain, kind, accounts)?;
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = count.div_ceil(workers).max(1);
    let one = |index: usize| -> Result<Signed> {
        let account = &accounts[index % accounts.len()];
        let round = u32::try_from(index / accounts.len()).map_err(|error| Error::Thread(error.to_string()))?;
        let bytes = chain.sign(
            &account.key,
            &calls[index % accounts.len()],
            &chain.plain(account.nonce + round),
        );
        Ok(Signed {
            hash: hash(&bytes),
            bytes,
        })
    };
    thread::scope(|scope| {
        let handles: Vec<_> = (0..count)
            .step_by(share)
            .map(|start| scope.spawn(move || (start..count.min(start + share)).map(one).collect::<Result<Vec<_>>>()))
            .collect();
        let mut all = Vec::with_capacity(count);
        for handle in handles {
            all.extend(handle.join().map_err(|_| Error::Thread("signing".into()))??);
        }
        Ok(all)
    })
}

fn ring_calls(chain: &Chain, kind: Kind, accounts: &[Account]) -> Result<Vec<Vec<u8>>> {
    let receivers = accounts.iter().cycle().skip(1).take(accounts.len());
    receivers.map(|receiver| kind.call(chain, &receiver.id)).collect()
}
