//! Signing ahead, on every core.

use std::thread;

use crate::accounts::Account;
use crate::by_key::LoadKey;
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

/// Spreads receivers over the population; prime, so that it hits every remainder of most population sizes.
const RECEIVER_STEP: usize = 7_919;

/// Signs `count` transactions of `senders` accounts, evenly spaced in `population`, in the order in which they are to be sent:
/// every sender's first, then every sender's second, and so on, so that many senders at once hardly ever get a nonce out of
/// order. Receivers are spread over the whole population. With `keys`, one for each sender, these sign instead of the accounts.
pub fn ahead(
    chain: &Chain,
    kind: Kind,
    population: &[Account],
    keys: &[LoadKey],
    senders: usize,
    count: usize,
) -> Result<Vec<Signed>> {
    let senders = senders.clamp(1, population.len().max(1));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = count.div_ceil(workers).max(1);
    let one = |index: usize| -> Result<Signed> {
        let key = keys.get(index % senders);
        let (sender, receiver) = pair(index, senders, population.len());
        let (sender, receiver) = (&population[sender], &population[receiver]);
        let round = u32::try_from(index / senders).map_err(|error| Error::Thread(error.to_string()))?;
        let call = kind.call(chain, &receiver.id)?;
        let choice = chain.plain(sender.nonce + round);
        let bytes = match key {
            Some(key) => chain.sign_by_key(key, &call, &choice)?,
            None => chain.sign(&sender.key, &call, &choice),
        };
        Ok(Signed {
            hash: hash(&bytes),
            bytes,
        })
    };
    if population.is_empty() {
        return Ok(Vec::new());
    }
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

/// Where in the population a sender stands.
pub fn sender_place(sender: usize, senders: usize, population: usize) -> usize {
    sender * (population / senders.max(1))
}

/// Who sends transaction `index` to whom, of a population of at least one: two different accounts where there are two.
fn pair(index: usize, senders: usize, population: usize) -> (usize, usize) {
    let (round, place) = (index / senders, index % senders);
    let sender = sender_place(place, senders, population);
    let others = (population - 1).max(1);
    let distance = 1 + (round * RECEIVER_STEP + place) % others;
    (sender, (sender + distance) % population)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nobody_sends_to_themselves_and_everybody_is_reached() {
        for (senders, population) in [(2, 2), (3, 10), (100, 1_000), (1_000, 1_000)] {
            let pairs: Vec<_> = (0..population * senders)
                .map(|index| pair(index, senders, population))
                .collect();
            assert!(pairs.iter().all(|(from, to)| from != to && *to < population));
            let from: BTreeSet<_> = pairs.iter().map(|(from, _)| from).collect();
            let to: BTreeSet<_> = pairs.iter().map(|(_, to)| to).collect();
            assert_eq!((from.len(), to.len()), (senders, population));
        }
        assert_eq!(pair(5, 1, 1), (0, 0));
    }
}
