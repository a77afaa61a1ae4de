//! Whatever calls come in whatever order, by whichever signature: the laws hold, what is refused changes nothing, and the
//! entries replay to the storage (KEY-1, KEY-2).

use crate::{mock::*, types::Operation, Call, Error, Keys};
use proptest::prelude::*;
use qc_traits::KeyInspect;
use qc_types::Capabilities;

const OWNERS: u8 = 3;
const PAIRS: u16 = 12;

/// An operation before it is signed.
#[derive(Clone, Debug)]
enum Plan {
    Register { n: u16, capabilities: Capabilities },
    Rotate { from: u16, to: u16 },
    SetCapabilities { n: u16, capabilities: Capabilities },
    Revoke { n: u16 },
}

#[derive(Clone, Debug)]
enum Act {
    One(Plan),
    Commit(Vec<Plan>),
    Require,
    Leave,
    Keep,
}

#[derive(Clone, Debug)]
enum Step {
    /// Account `owner` acts, by key if there is one named; `off` is how far the nonces that are signed are from the right ones.
    Act {
        owner: u8,
        by: Option<u16>,
        off: u32,
        act: Act,
    },
    /// So many blocks go by.
    Wait(u32),
    /// So many blocks go by with the clock standing still.
    Halt(u32),
    /// Somebody may, or may no longer, act for the account.
    Delegate { owner: u8, delegated: bool },
}

fn some_capabilities() -> impl Strategy<Value = Capabilities> {
    prop_oneof![
        3 => Just(Capabilities::ALL),
        2 => Just(Capabilities::MANAGE),
        1 => (0..128u8).prop_map(|bits| Capabilities::from_bits(bits).expect("seven bits")),
    ]
}

fn some_plan() -> impl Strategy<Value = Plan> {
    let n = || 0..PAIRS;
    prop_oneof![
        4 => (n(), some_capabilities()).prop_map(|(n, capabilities)| Plan::Register { n, capabilities }),
        2 => (n(), n()).prop_map(|(from, to)| Plan::Rotate { from, to }),
        2 => (n(), some_capabilities()).prop_map(|(n, capabilities)| Plan::SetCapabilities { n, capabilities }),
        1 => n().prop_map(|n| Plan::Revoke { n }),
    ]
}

fn some_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => some_plan().prop_map(Act::One),
        3 => proptest::collection::vec(some_plan(), 0..=8).prop_map(Act::Commit),
        3 => Just(Act::Require),
        2 => Just(Act::Leave),
        1 => Just(Act::Keep),
    ]
}

fn some_step() -> impl Strategy<Value = Step> {
    let by = prop_oneof![Just(None), (0..PAIRS).prop_map(Some)];
    let off = prop_oneof![9 => Just(0), 1 => 1..3u32];
    prop_oneof![
        12 => (1..=OWNERS, by, off, some_act()).prop_map(|(owner, by, off, act)| Step::Act { owner, by, off, act }),
        2 => prop_oneof![1..20u32, Just(LEAVE_DELAY)].prop_map(Step::Wait),
        1 => (1..20u32).prop_map(Step::Halt),
        1 => (1..=OWNERS, any::<bool>()).prop_map(|(owner, delegated)| Step::Delegate { owner, delegated }),
    ]
}

fn signed(owner: &AccountId, nonce: u32, plan: &Plan) -> Operation {
    match *plan {
        Plan::Register { n, capabilities } => register_at(owner, nonce, n, capabilities),
        Plan::Rotate { from, to } => {
            let kept = Keys::<Test>::get(id(from)).map_or(Capabilities::ALL, |record| record.capabilities);
            rotate_at(owner, nonce, from, to, kept)
        }
        Plan::SetCapabilities { n, capabilities } => Operation::SetCapabilities {
            key: id(n),
            capabilities,
        },
        Plan::Revoke { n } => Operation::Revoke { key: id(n) },
    }
}

fn act(owner: &AccountId, by: Option<u16>, off: u32, act: &Act) {
    let nonce = nonce(owner) + off;
    let made = match act {
        Act::One(plan) => call(signed(owner, nonce, plan)),
        Act::Commit(plans) => commit(
            (nonce..)
                .zip(plans)
                .map(|(nonce, plan)| signed(owner, nonce, plan))
                .collect(),
        ),
        Act::Require => Call::require_pqc {},
        Act::Leave => Call::leave_pqc {},
        Act::Keep => Call::keep_pqc {},
    };
    // A key signs for its own account only; whether it may at all is what the extension asks.
    let by = by.filter(|n| {
        let key = <KeyLedger as KeyInspect<_>>::key(&id(*n));
        key.is_some_and(|key| key.active && key.owner == *owner)
    });
    let state = || sp_io::storage::root(sp_core::storage::StateVersion::V1);
    let (before, protected) = (state(), KeyLedger::requires_pqc(owner));
    let Some(n) = by else {
        let done = classical(owner, made);
        assert!(!protected || done.is_err(), "a protected account acted classically");
        assert!(
            done.is_ok() || state() == before,
            "a refused call left something behind"
        );
        return;
    };
    let manages =
        <KeyLedger as KeyInspect<_>>::key(&id(n)).is_some_and(|key| key.capabilities.contains(Capabilities::MANAGE));
    let done = by_key(n, made);
    assert!(
        done.is_ok() || state() == before,
        "a refused call left something behind"
    );
    if !manages {
        let few = matches!(act, Act::Commit(plans) if plans.len() < 2);
        let error = if few {
            Error::TooFewOperations
        } else {
            Error::<Test>::ManageMissing
        };
        assert_eq!(done, Err(error.into()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold(steps in proptest::collection::vec(some_step(), 1..40)) {
        execute(|| {
            for step in &steps {
                match step {
                    Step::Act { owner, by, off, act: what } => act(&user(*owner), *by, *off, what),
                    Step::Wait(blocks) => System::set_block_number(System::block_number() + blocks),
                    Step::Halt(blocks) => {
                        System::set_block_number(System::block_number() + blocks);
                        pause(*blocks);
                    }
                    Step::Delegate { owner, delegated } => set_delegated(&user(*owner), *delegated),
                }
                // The laws have it that the replayed entries are the storage.
                assert_lawful();
            }
        });
    }
}
