//! Random epochs of seven founders. Two of them, fewer than a third, do whatever they like; one is honest and often away; the
//! others are honest and there. A newcomer comes and goes. Whatever comes of it, every law holds after each block, and nobody
//! honest pays for it.

use super::*;
use crate::support::{
    equivocation::equivocation,
    founders::{Founder, Network},
    transaction::sign,
    validators::{as_newcomer, enrol, give, join},
};
use pallet_attunement::{types::CandidateStatus, Call};
use proptest::prelude::*;
use qc_harmonics::sync::Densities;
use qc_runtime::{Runtime, RuntimeCall, Sync, FLX};
use qc_types::TokenId;
use serde_json::json;
use sp_keyring::Sr25519Keyring::Eve;
use sp_runtime::generic::Era;

/// The two who do what they like.
const LIARS: [usize; 2] = [5, 6];
/// Who is honest and often away.
const FLAKY: usize = 4;

/// What a liar says of an epoch.
#[derive(Clone, Copy, Debug)]
enum Saying {
    Truth,
    Nothing,
    Coherence(u64),
    Density(u8),
    Code,
    /// The truth, and then something else.
    TwoTongues,
}

/// What a liar does beside it.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Nothing,
    Equivocate(u64),
    Leave,
    Enrol(u8),
    Unbond(u16),
    Withdraw,
    Boost(u16),
    GivePsy,
}

/// What happens in an epoch.
#[derive(Clone, Debug)]
struct Plan {
    sayings: [Saying; 2],
    deeds: [Deed; 2],
    /// Which of the liars and the one who is often away make no block.
    offline: [bool; 3],
    /// Whether the one who is often away reports.
    flaky_reports: bool,
    /// Slots that pass without any block.
    passed: u8,
    newcomer: Deed,
}

fn saying() -> impl Strategy<Value = Saying> {
    prop_oneof![
        3 => Just(Saying::Truth),
        1 => Just(Saying::Nothing),
        2 => any::<u64>().prop_map(Saying::Coherence),
        1 => any::<u8>().prop_map(Saying::Density),
        1 => Just(Saying::Code),
        2 => Just(Saying::TwoTongues),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Nothing),
        1 => any::<u64>().prop_map(Deed::Equivocate),
        1 => Just(Deed::Leave),
        2 => any::<u8>().prop_map(Deed::Enrol),
        2 => any::<u16>().prop_map(Deed::Unbond),
        1 => Just(Deed::Withdraw),
        1 => any::<u16>().prop_map(Deed::Boost),
        1 => Just(Deed::GivePsy),
    ]
}

fn plan() -> impl Strategy<Value = Plan> {
    let offline = [(); 3].map(|()| proptest::bool::weighted(0.3));
    (
        [saying(), saying()],
        [deed(), deed()],
        offline,
        proptest::bool::weighted(0.6),
        prop_oneof![4 => Just(0), 1 => 1..40u8],
        deed(),
    )
        .prop_map(|(sayings, deeds, offline, flaky_reports, passed, newcomer)| Plan {
            sayings,
            deeds,
            offline,
            flaky_reports,
            passed,
            newcomer,
        })
}

/// The call of a deed; an equivocation is none.
fn call(deed: Deed) -> Option<RuntimeCall> {
    Some(match deed {
        Deed::Nothing | Deed::Equivocate(_) => return None,
        Deed::Leave => Call::<Runtime>::leave {}.into(),
        Deed::Enrol(stake) => enrol(u128::from(stake) * 10 * FLX),
        Deed::Unbond(amount) => Call::<Runtime>::unbond {
            amount: u128::from(amount) * FLX / 100,
        }
        .into(),
        Deed::Withdraw => Call::<Runtime>::withdraw {}.into(),
        Deed::Boost(psy) => Call::<Runtime>::boost {
            amount: u128::from(psy) * FLX / 20,
        }
        .into(),
        Deed::GivePsy => give(TokenId::Psy, &Eve.to_account_id(), FLX),
    })
}

fn say(founder: &Founder, saying: Saying) {
    let say = |change: &dyn Fn(&mut Report)| {
        let _ = apply(&founder.report(change));
    };
    match saying {
        Saying::Nothing => {}
        Saying::Truth => say(&|_| ()),
        Saying::Coherence(other) => say(&|report| report.coherence = other.into()),
        Saying::Density(shift) => say(&|report| {
            let lie = |(shard, psi): &(u8, u128)| (*shard, psi + u128::from(shift));
            let pairs = report.densities.pairs().iter().map(lie).collect();
            report.densities = Densities::new(pairs).expect("as many as before");
        }),
        Saying::Code => say(&|report| report.code_hash = [7; 32]),
        Saying::TwoTongues => {
            say(&|_| ());
            say(&|report| report.coherence += 1);
        }
    }
}

/// Who can report and make blocks now, by its place.
fn place(founder: &Founder) -> Option<u64> {
    let place = Session::validators().iter().position(|who| *who == founder.account)?;
    Some(place as u64)
}

/// One epoch, from a boundary block to the next one.
fn live(network: &mut Network, plan: &Plan) {
    let Network { chain, founders } = network;
    let away = plan
        .offline
        .iter()
        .zip([LIARS[0], LIARS[1], FLAKY])
        .filter(|(away, _)| **away);
    let places: Vec<u64> = chain.look(|| away.filter_map(|(_, n)| place(&founders[n])).collect());
    chain.set_offline(&places);
    chain.pass_slots(plan.passed.into());
    chain.empty_blocks(1);
    chain.block(|| {
        for (n, founder) in founders.iter().enumerate().filter(|(_, one)| place(one).is_some()) {
            if let Some(liar) = LIARS.iter().position(|liar| *liar == n) {
                say(founder, plan.sayings[liar]);
            } else if n != FLAKY || plan.flaky_reports {
                assert_eq!(apply(&founder.report(|_| ())), Ok(Ok(())), "the report of founder {n}");
            }
        }
    });
    chain.block(|| {
        for (liar, deed) in LIARS.into_iter().zip(plan.deeds) {
            if let (Deed::Equivocate(round), Some(_)) = (deed, place(&founders[liar])) {
                let _ = apply(&equivocation(&founders[liar], round));
            }
            if let Some(call) = call(deed) {
                let _ = apply(&founders[liar].sign(call));
            }
        }
        if let Some(call) = call(plan.newcomer) {
            let _ = apply(&sign(Eve, as_newcomer(0, call), Era::Immortal, 0));
        }
    });
    close_epoch(chain);
}

/// What has to be so whatever the liars did.
fn assert_just(network: &mut Network, stake: u128) {
    let Network { chain, founders } = network;
    chain.look(|| {
        for (n, one) in founders.iter().enumerate().filter(|(n, _)| !LIARS.contains(n)) {
            let view = Attunement::validator_view(&one.account).expect("it stays a candidate");
            let barred = pallet_attunement::Blacklist::<Runtime>::get(&one.account);
            assert_eq!(barred, None, "founder {n}");
            assert!(Sync::strikes_of(&one.account).is_empty(), "founder {n} has a strike");
            if n != FLAKY {
                assert_eq!(
                    (view.status, view.stake),
                    (CandidateStatus::Seeking, stake),
                    "founder {n}"
                );
                assert!(view.is_active, "founder {n} has its seat");
            }
        }
        let outcome = Sync::last_outcome().expect("a sync has closed");
        // Four honest reports at least are there, and not more than two others.
        assert!(outcome.came >= 4, "{outcome:?}");
        assert_eq!(outcome.breach, None, "{outcome:?}");
        if let Some(star) = outcome.consensus {
            assert_eq!(Some(star), outcome.own, "two of seven do not move Ψ*");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// CAL-1 to CAL-3, PSI-1 and PSI-2, SYNC-1, ATR-1 and FLX-2 on the way: each block ends with them.
    #[test]
    fn random_epochs_break_no_law_and_harm_nobody_honest(
        plans in proptest::collection::vec(plan(), 8..16),
        psi_start in prop_oneof![Just(0u128), Just(qc_math::ONE)],
    ) {
        let mut network = Network::around_the_ring(7, |genesis| {
            genesis["clock"]["epochBlocks"] = json!(5);
            genesis["attunement"]["psiStart"] = json!(psi_start);
            let symbols = &mut genesis["attunement"]["symbols"];
            symbols["blacklistEpochs"] = json!(4);
            // Who begins at 0 needs its whole grace to come above the threshold.
            if psi_start > 0 {
                symbols["graceEpochs"] = json!(2);
                symbols["fallEpochs"] = json!(3);
            }
        });
        network.close_epoch();
        let stake = network.chain.look(|| {
            Attunement::validator_view(&network.founders[0].account).expect("a founder").stake
        });
        network.chain.block(|| {
            assert_eq!(apply(&sign(Eve, join(Eve, 0, 1_000 * FLX), Era::Immortal, 0)), Ok(Ok(())));
        });
        network.close_epoch();
        for plan in &plans {
            live(&mut network, plan);
            assert_just(&mut network, stake);
        }
    }
}
