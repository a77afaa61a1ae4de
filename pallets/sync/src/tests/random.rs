//! Random epochs: whatever validators hand in, every law holds, and nobody honest is punished while fewer than a third lie.

use crate::{mock::*, types::ReportStatus};
use proptest::prelude::*;
use qc_harmonics::sync::Report;
use qc_math::ONE;

/// What a validator does in an epoch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Act {
    Honest,
    Away,
    Coherence(u128),
    Density(u128),
    Code,
    Twice(u128),
}

impl Act {
    fn is_lie(self) -> bool {
        !matches!(self, Act::Honest | Act::Away)
    }
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        10 => Just(Act::Honest),
        2 => Just(Act::Away),
        1 => prop_oneof![Just(0), Just(u128::MAX), COHERENCE - 5 * EPSILON..COHERENCE - EPSILON].prop_map(Act::Coherence),
        1 => prop_oneof![Just(u128::MAX), 3 * ONE..4 * ONE].prop_map(Act::Density),
        1 => Just(Act::Code),
        1 => (1..ONE / 2).prop_map(Act::Twice),
    ]
}

fn perform(validator: u64, act: Act) {
    let report = match act {
        Act::Away => return,
        Act::Honest | Act::Twice(_) => honest(validator),
        Act::Coherence(coherence) => with_coherence(validator, coherence),
        // Every validator reports on its home shard.
        Act::Density(psi) => with_density(validator, u8::try_from((validator - 1) % 5).expect("small"), psi),
        Act::Code => Report {
            code_hash: [1; 32],
            ..honest(validator)
        },
    };
    assert_eq!(file(validator, &report), Ok(()));
    if let Act::Twice(coherence) = act {
        assert_eq!(file(validator, &with_coherence(validator, coherence)), Ok(()));
        assert_eq!(PsiSync::status_of(&validator), ReportStatus::Void);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn laws_hold_whatever_is_handed_in(epochs in (1usize..=7).prop_flat_map(|n| {
        proptest::collection::vec(proptest::collection::vec(acts(), n), 1..5)
    })) {
        let n = epochs[0].len();
        execute(u64::try_from(n).expect("small"), || {
            for acts in &epochs {
                for (validator, act) in (1..).zip(acts) {
                    perform(validator, *act);
                }
                assert_eq!(PsiSync::check_laws(), Ok(()));
                end_epoch();
                assert_eq!(PsiSync::check_laws(), Ok(()));
                let (outcome, punished) = (outcome(), punished());
                let lies = acts.iter().filter(|act| act.is_lie()).count();
                if 3 * lies < n {
                    assert_eq!((outcome.breach, incidents().iter().any(|(_, scope, _)| *scope == qc_types::Scope::Chain)), (None, false));
                    assert!(outcome.consensus.is_none_or(|star| star == COHERENCE));
                    for (validator, act) in (1..).zip(acts).filter(|(_, act)| !act.is_lie()) {
                        assert!(punished.iter().all(|(who, _)| *who != validator), "{act:?}");
                        let f2 = outcome.consensus.map(|_| if *act == Act::Honest { ONE } else { 0 });
                        assert_eq!(conformity(&validator), f2);
                    }
                }
                if outcome.breach.is_some() {
                    assert_eq!(punished, []);
                }
                incidents();
            }
        });
    }
}
