//! Random commands through the transaction pipeline. Whatever comes of one, every law holds after the block, and the state of
//! every pallet is sound after the epoch.

mod act;

use crate::support::{
    chain::{apply, validate, Chain},
    keys::active,
    people::{everybody, signer, signer_account},
    transaction::{after_authorizer, extension, forged_v1, implicit, nonce, sign_as, sign_following, tamper},
    watch::Bound,
};
use act::{act, Act};
use codec::{DecodeAll, Encode};
use frame_support::traits::Currency;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use qc_runtime::{
    extensions::code, AccountId, Assets, Balance, Balances, KeyLedger, Runtime, RuntimeCall, UncheckedExtrinsic, FLX,
};
use qc_traits::KeyInspect;
use qc_types::TokenId;
use sp_runtime::{
    generic::Era,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    ApplyExtrinsicResult, DispatchError,
};
use std::collections::BTreeMap;

/// What is wrong with a transaction.
#[derive(Clone, Copy, Debug)]
enum Flaw {
    None,
    StaleNonce,
    FutureNonce(u32),
    /// Signed for another spec version, transaction version or genesis, or for an era that is over.
    Foreign(u8),
    /// Signed by somebody else.
    Forged,
    /// Sent twice.
    Twice,
    /// General, of version 0 or 1: without an authoriser.
    General(bool),
    Bare,
    /// One bit of it flipped, counted from its start or its end.
    Flipped(u16),
    /// Cut short.
    Cut(u16),
}

/// A transaction that somebody sends.
#[derive(Clone, Debug)]
struct Command {
    signer: u8,
    act: Act,
    tip: Balance,
    is_mortal: bool,
    flaw: Flaw,
    /// One of the signer's post-quantum keys, by any number, if it is such a key that signs.
    by_key: Option<u8>,
    /// Whether the block ends with it.
    ends_block: bool,
}

fn flaw() -> impl Strategy<Value = Flaw> {
    prop_oneof![
        30 => Just(Flaw::None),
        1 => Just(Flaw::StaleNonce),
        1 => (1..4u32).prop_map(Flaw::FutureNonce),
        1 => (2..6u8).prop_map(Flaw::Foreign),
        1 => Just(Flaw::Forged),
        1 => Just(Flaw::Twice),
        1 => any::<bool>().prop_map(Flaw::General),
        1 => Just(Flaw::Bare),
        2 => any::<u16>().prop_map(Flaw::Flipped),
        1 => any::<u16>().prop_map(Flaw::Cut),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let tip = prop_oneof![10 => Just(0), 2 => 0..5 * FLX, 1 => Just(2_000_000 * FLX)];
    // Accounts that hold much send more often than those that hold nothing.
    let signer = prop_oneof![6 => 0..6u8, 1 => 6..8u8];
    (
        signer,
        act(),
        tip,
        any::<bool>(),
        flaw(),
        proptest::option::weighted(0.4, any::<u8>()),
        proptest::bool::weighted(0.25),
    )
        .prop_map(|(signer, act, tip, is_mortal, flaw, by_key, ends_block)| Command {
            signer,
            act,
            tip,
            is_mortal,
            flaw,
            by_key,
            ends_block,
        })
}

fn is(error: InvalidTransaction) -> Option<TransactionValidityError> {
    Some(error.into())
}

/// How often what came of the commands, to see that they do more than fail.
#[derive(Debug, Default)]
struct Tally(BTreeMap<&'static str, u32>);

impl Tally {
    fn count(&mut self, result: &ApplyExtrinsicResult) {
        let what = match result {
            Ok(Ok(())) => "done",
            Ok(Err(_)) => "failed",
            Err(_) => "refused",
        };
        *self.0.entry(what).or_default() += 1;
    }
}

impl Command {
    fn era(&self) -> Era {
        let now = u64::from(qc_runtime::System::block_number());
        if self.is_mortal {
            Era::mortal(64, now.saturating_sub(1))
        } else {
            Era::Immortal
        }
    }

    /// Signed by a post-quantum key, if the signer has one and nothing is wrong with the transaction.
    fn by_key(&self, call: &RuntimeCall) -> Option<UncheckedExtrinsic> {
        let who = signer_account(self.signer);
        let key = self
            .by_key
            .filter(|_| matches!(self.flaw, Flaw::None))
            .and_then(|n| active(&who, n))?;
        let following = after_authorizer(nonce(&who), self.era(), self.tip);
        Some(sign_following(&key, call.clone(), following))
    }

    fn signed(&self, call: RuntimeCall) -> UncheckedExtrinsic {
        let who = signer_account(self.signer);
        let next = nonce(&who);
        let nonce = match self.flaw {
            Flaw::StaleNonce => next.wrapping_sub(1),
            Flaw::FutureNonce(ahead) => next + ahead,
            _ => next,
        };
        let extension = extension(nonce, self.era(), self.tip);
        let mut implicit = implicit(&extension);
        if let Flaw::Foreign(at) = self.flaw {
            tamper(&mut implicit, at, sp_core::H256::repeat_byte(7));
        }
        let key = if matches!(self.flaw, Flaw::Forged) {
            signer(self.signer + 1)
        } else {
            signer(self.signer)
        };
        match self.flaw {
            Flaw::General(true) => forged_v1(call),
            Flaw::General(false) => UncheckedExtrinsic::new_transaction(call, extension),
            Flaw::Bare => UncheckedExtrinsic::new_bare(call),
            _ => sign_as(who, key, call, extension, implicit),
        }
    }

    /// Sends it, and checks that what comes of it is what must.
    fn send(&self, tally: &mut Tally) {
        let call = self.act.call(self.signer);
        let by_key = self.by_key(&call);
        let authorised = by_key.as_ref().map(|_| signer_account(self.signer));
        let extrinsic = by_key.unwrap_or_else(|| self.signed(call));
        let protected = Protected::now(authorised);
        self.send_one(&extrinsic, tally);
        protected.assert_untouched(&extrinsic);
    }

    fn send_one(&self, extrinsic: &UncheckedExtrinsic, tally: &mut Tally) {
        match self.flaw {
            Flaw::Flipped(_) | Flaw::Cut(_) => return self.send_damaged(extrinsic),
            _ => {}
        }
        let validity = validate(extrinsic);
        let applied = apply(extrinsic);
        let refusal = applied.err();
        match self.flaw {
            Flaw::None => {
                // What the pool refuses, a block does not take. The reverse can be: a full block, for instance.
                assert!(validity.is_ok() || applied.is_err(), "{validity:?} but {applied:?}");
                tally.count(&applied);
            }
            // There is no nonce before the first: it is far in the future, or the account cannot pay.
            Flaw::StaleNonce if nonce(&signer_account(self.signer)) == 0 => assert!(refusal.is_some()),
            Flaw::StaleNonce => assert_eq!(
                (validity.err(), refusal),
                (is(InvalidTransaction::Stale), is(InvalidTransaction::Stale))
            ),
            Flaw::FutureNonce(_) => assert!(refusal.is_some()),
            Flaw::Foreign(5) if !self.is_mortal => {
                // An immortal transaction covers the genesis hash twice.
                assert_eq!(refusal, is(InvalidTransaction::BadProof));
            }
            Flaw::Foreign(_) | Flaw::Forged => {
                assert_eq!(
                    (validity.err(), refusal),
                    (is(InvalidTransaction::BadProof), is(InvalidTransaction::BadProof))
                );
            }
            Flaw::Twice => {
                if applied.is_ok() {
                    assert_eq!(apply(extrinsic).err(), is(InvalidTransaction::Stale));
                }
            }
            Flaw::General(by_key) => {
                let unknown = if by_key {
                    is(InvalidTransaction::Custom(code::KEY_UNKNOWN))
                } else {
                    is(InvalidTransaction::UnknownOrigin)
                };
                assert_eq!((validity.err(), refusal), (unknown, unknown));
            }
            Flaw::Bare => assert!(validity.is_err() && !matches!(applied, Ok(Ok(()))), "{applied:?}"),
            Flaw::Flipped(_) | Flaw::Cut(_) => unreachable!("sent above"),
        }
    }

    /// Every byte of a transaction counts: damaged, it is not read or not taken.
    fn send_damaged(&self, extrinsic: &UncheckedExtrinsic) {
        let mut bytes = extrinsic.encode();
        match self.flaw {
            Flaw::Flipped(bit) => {
                let at = usize::from(bit / 8) % bytes.len();
                bytes[at] ^= 1 << (bit % 8);
            }
            Flaw::Cut(at) => bytes.truncate(usize::from(at) % bytes.len()),
            _ => {}
        }
        if let Ok(damaged) = UncheckedExtrinsic::decode_all(&mut &bytes[..]) {
            let applied = apply(&damaged);
            assert!(applied.is_err(), "damaged, and yet {applied:?}");
        }
    }
}

/// What the accounts have that require post-quantum keys, less one that a key of its own acts for.
struct Protected(Vec<(AccountId, Vec<Balance>)>);

impl Protected {
    fn now(authorised: Option<AccountId>) -> Self {
        let accounts = everybody().into_iter().filter(KeyLedger::requires_pqc);
        let others = accounts.filter(|who| authorised.as_ref() != Some(who));
        Self(others.map(|who| (who.clone(), holdings(&who))).collect())
    }

    fn assert_untouched(&self, after: &UncheckedExtrinsic) {
        for (who, had) in &self.0 {
            let has = holdings(who);
            let kept = had.iter().zip(&has).all(|(had, has)| has >= had);
            assert!(kept, "{who} had {had:?} and has {has:?} after {after:?}");
        }
    }
}

/// Free FLX, all FLX, and the four assets.
fn holdings(who: &AccountId) -> Vec<Balance> {
    let flx = [Balances::free_balance(who), Balances::total_balance(who)];
    let assets = TokenId::ASSETS.iter().filter_map(|token| token.asset_id());
    flx.into_iter()
        .chain(assets.map(|id| Assets::balance(id, who)))
        .collect()
}

/// Sends commands, block by block, to the end of an epoch; CHR and PSY must stay where they are all the while.
fn drive(chain: &mut Chain, commands: &[Command], tally: &mut Tally) {
    let bound = chain.look(Bound::now);
    let mut left = commands;
    while !left.is_empty() {
        let end = left
            .iter()
            .position(|command| command.ends_block)
            .map_or(left.len(), |at| at + 1);
        let (block, rest) = left.split_at(end);
        chain.block(|| block.iter().for_each(|command| command.send(tally)));
        chain.look(|| bound.assert_unmoved(|| format!("one of {block:?}")));
        left = rest;
    }
    let rest = (crate::support::chain::EPOCH_BLOCKS - chain.number() % crate::support::chain::EPOCH_BLOCKS) % 10;
    chain.empty_blocks(rest);
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_commands_break_a_law(commands in proptest::collection::vec(command(), 1..60)) {
        drive(&mut Chain::new("development"), &commands, &mut Tally::default());
    }
}

/// What the signers lost to accounts without keys comes back to them, out of the treasury.
fn refill() {
    use frame_support::traits::{fungible::Mutate, tokens::Preservation::Preserve};
    let treasury = qc_runtime::Economy::treasury_account();
    for n in 0..7 {
        <Balances as Mutate<_>>::transfer(&treasury, &signer_account(n), 10_000 * FLX, Preserve)
            .expect("the treasury has it");
    }
}

/// One long life of one chain: moves of home come due, proxies and multisigs ripen, accounts die and come back.
#[test]
fn a_long_life_breaks_no_law() {
    let mut runner = TestRunner::deterministic();
    let commands: Vec<_> = (0..3_000)
        .map(|_| {
            command()
                .new_tree(&mut runner)
                .expect("a command can be drawn")
                .current()
        })
        .collect();
    let mut chain = Chain::new("local_testnet");
    let mut tally = Tally::default();
    for part in commands.chunks(100) {
        chain.look(refill);
        drive(&mut chain, part, &mut tally);
    }
    let count = |what| tally.0.get(what).copied().unwrap_or_default();
    assert!(count("done") > 600, "too few commands do anything: {tally:?}");
    assert!(count("failed") > 200, "too few commands fail: {tally:?}");
    let epochs = chain.look(qc_runtime::Session::current_index);
    assert!(epochs > 30, "only {epochs} epochs");
    let homes = chain.look(|| pallet_economy::HomeShards::<Runtime>::iter().count());
    assert!(homes > 0, "nobody moved");
}

/// The time is an inherent: inside a batch of a user it is refused, and the batch with it.
#[test]
fn a_batch_does_not_set_the_time() {
    Chain::new("development").block(|| {
        let set: RuntimeCall = pallet_timestamp::Call::<Runtime>::set { now: 1 }.into();
        let batch = pallet_utility::Call::<Runtime>::batch_all { calls: vec![set] };
        let extension = extension(0, Era::Immortal, 0);
        let covered = implicit(&extension);
        let extrinsic = sign_as(signer_account(0), signer(0), batch.into(), extension, covered);
        assert_eq!(apply(&extrinsic), Ok(Err(DispatchError::BadOrigin)));
    });
}
