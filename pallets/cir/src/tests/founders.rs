//! Founders of a genesis, and a genesis whose founders cannot be.

use crate::{check_founders, mock::*, types::FounderRecord, FounderThreshold, Founders, GenesisConfig};
use qc_pqc::{PublicKey, ML_DSA_87_PUBLIC_KEY_BYTES};
use qc_types::FoundersFault;
use sp_runtime::BuildStorage;
use std::panic::catch_unwind;

/// Any bytes are a public key.
pub fn key(n: u8) -> PublicKey {
    PublicKey::ml_dsa_87(&[n; ML_DSA_87_PUBLIC_KEY_BYTES]).expect("the length is right")
}

/// Five of them, three of whom must agree.
pub fn five() -> GenesisConfig<Test> {
    let names = ["Ada", "Emmy", "Grace", "李善蘭", "Sofja"];
    GenesisConfig {
        founders: names.iter().map(|name| name.to_string()).zip((1..).map(key)).collect(),
        threshold: 3,
        ..Default::default()
    }
}

fn build(cir: GenesisConfig<Test>) -> sp_io::TestExternalities {
    let config = RuntimeGenesisConfig {
        cir,
        ..Default::default()
    };
    config.build_storage().expect("it is sound").into()
}

#[test]
fn they_are_kept_and_shown_in_their_order() {
    build(five()).execute_with(|| {
        let members: Vec<_> = five()
            .founders
            .into_iter()
            .map(|(name, key)| FounderRecord {
                name: name.into_bytes().try_into().expect("it is short"),
                key,
            })
            .collect();
        let view = Cir::founders_view();
        assert_eq!((view.threshold, view.members), (3, members));
        assert_eq!(Cir::check_laws(), Ok(()));
    });
}

#[test]
fn a_genesis_may_have_none() {
    build(GenesisConfig::default()).execute_with(|| {
        assert!(Founders::<Test>::get().is_empty());
        assert_eq!(FounderThreshold::<Test>::get(), 0);
        assert_eq!(Cir::check_laws(), Ok(()));
    });
}

/// In the genesis as a chain spec has it: names, keys as hexadecimal digits, and the threshold.
#[test]
fn json_is_what_the_ceremony_writes() {
    let json = serde_json::to_value(five()).expect("it can be written");
    assert_eq!(json["threshold"], 3);
    assert_eq!(json["founders"][3][0], "李善蘭");
    let hex = json["founders"][0][1].as_str().expect("a text");
    assert_eq!((&hex[..8], hex.len()), ("0x000101", 2 + 2 * 2593));
    let read: GenesisConfig<Test> = serde_json::from_value(json).expect("it can be read");
    assert_eq!(read.founders, five().founders);
}

#[test]
fn those_who_cannot_be_are_refused() {
    let mut same = five().founders;
    same[1].1 = key(1);
    assert_eq!(check_founders(&same, 3), Err(FoundersFault::KeyTwice("Emmy".into())));
    assert_eq!(
        check_founders(&five().founders, 2),
        Err(FoundersFault::Threshold {
            threshold: 2,
            founders: 5
        })
    );
    assert_eq!(check_founders(&five().founders, 3), Ok(()));
    let (few, no_majority) = (
        GenesisConfig {
            founders: five().founders[..2].to_vec(),
            ..five()
        },
        GenesisConfig { threshold: 2, ..five() },
    );
    let none_but_a_threshold = GenesisConfig {
        founders: vec![],
        ..five()
    };
    for broken in [few, no_majority, none_but_a_threshold] {
        assert!(catch_unwind(|| drop(build(broken))).is_err());
    }
}
