//! Keys that a genesis brings, and a genesis that is not what it should be.

use crate::{check_genesis_keys, mock::*, types::Change, Call, GenesisFault, Keys};
use qc_pqc::{Purpose, Scheme};
use qc_types::Capabilities;

fn with_keys(keys: &[(u8, u16, Capabilities)]) -> RuntimeGenesisConfig {
    let keys = keys
        .iter()
        .map(|(who, n, capabilities)| (user(*who), public(*n), *capabilities))
        .collect();
    RuntimeGenesisConfig {
        key_ledger: crate::GenesisConfig { keys },
        ..genesis()
    }
}

#[test]
fn each_key_is_an_entry_in_its_order_and_free() {
    let keys = [
        (2, 1, Capabilities::ALL),
        (1, 2, Capabilities::MANAGE),
        (2, 3, Capabilities::NONE),
    ];
    externalities(&with_keys(&keys)).execute_with(|| {
        assert_lawful();
        let entries = entries();
        assert_eq!(entries.len(), 3);
        for (entry, (who, n, capabilities)) in entries.iter().zip(keys) {
            let change = Change::Registered {
                key: id(n),
                scheme: Scheme::MlDsa87,
                capabilities,
            };
            assert_eq!((&entry.owner, entry.block), (&user(who), 0));
            assert_eq!(entry.changes.to_vec(), [change]);
        }
        assert_eq!((nonce(&user(2)), nonce(&user(1))), (2, 1));
        assert_eq!((held(&user(1)), held(&user(2))), (0, 0));
        assert_eq!(KeyLedger::head().count, 3);
    });
}

/// Keys of the genesis live like any other, and cost from then on what any other costs.
#[test]
fn they_are_used_rotated_and_revoked_like_others() {
    externalities(&with_keys(&[(1, 1, Capabilities::ALL), (1, 2, Capabilities::ALL)])).execute_with(|| {
        let signature = sign(1, Purpose::Transaction, &genesis_hash(), b"x");
        assert_eq!(
            KeyLedger::authorise(&id(1), Capabilities::MANAGE, b"x", &signature),
            Ok(user(1))
        );
        let rotation = rotate_at(&user(1), 2, 1, 3, Capabilities::ALL);
        assert_eq!(by_key(1, call(rotation)), Ok(()));
        assert_eq!(held(&user(1)), KEY_DEPOSIT + RECORD_DEPOSIT + ENTRY_DEPOSIT);
        assert_eq!(by_key(3, Call::revoke { key: id(2) }), Ok(()));
        assert_eq!(held(&user(1)), KEY_DEPOSIT + RECORD_DEPOSIT + 2 * ENTRY_DEPOSIT);
        assert_eq!(Keys::<Test>::get(id(2)).map(|record| record.deposit), Some(0));
        assert_lawful();
    });
}

#[test]
fn a_key_that_is_named_twice_is_found() {
    let all = Capabilities::ALL;
    let keys = |list: &[(u8, u16)]| -> Vec<_> { list.iter().map(|(who, n)| (user(*who), public(*n), all)).collect() };
    assert_eq!(check_genesis_keys(&keys(&[(1, 1), (2, 2), (1, 3)])), Ok(()));
    assert_eq!(
        check_genesis_keys(&keys(&[(1, 1), (2, 2), (3, 1)])),
        Err(GenesisFault::KeyTwice(id(1)))
    );
    let seventeen: Vec<_> = (0..17).map(|n| (1, n)).collect();
    assert_eq!(check_genesis_keys(&keys(&seventeen[..16])), Ok(()));
    let fault = check_genesis_keys(&keys(&seventeen)).expect_err("one too many");
    assert_eq!(fault, GenesisFault::TooManyKeys(id(16)));
    assert!(fault.to_string().contains(&id(16).to_string()), "{fault}");
}

#[test]
fn what_the_check_refuses_is_not_built() {
    for keys in [vec![(1, 1), (2, 1)], (0..17).map(|n| (1, n)).collect()] {
        let keys: Vec<_> = keys.into_iter().map(|(who, n)| (who, n, Capabilities::ALL)).collect();
        let built = std::panic::catch_unwind(|| externalities(&with_keys(&keys)));
        assert!(built.is_err());
    }
}

/// A key of any other length, of another scheme, or that is no hex at all is refused when the JSON is read.
#[test]
fn a_malformed_key_is_not_read() {
    let read = |key: &str, capabilities: serde_json::Value| {
        let owner = serde_json::to_value(user(1)).expect("an account is JSON");
        let json = serde_json::json!({ "keys": [[owner, key, capabilities]] });
        serde_json::from_value::<crate::GenesisConfig<Test>>(json)
    };
    let names = || serde_json::json!(["MANAGE", "TRANSFER"]);
    let good = serde_json::to_value(public(1)).expect("a key is JSON");
    let good = good.as_str().expect("a key is text");
    let config = read(good, names()).expect("it is sound");
    let both = Capabilities::MANAGE.union(Capabilities::TRANSFER);
    assert_eq!(config.keys, [(user(1), public(1), both)]);

    let longer = format!("{good}00");
    let another_scheme = format!("0x01{}", &good[4..]);
    let no_hex = format!("{}zz", &good[..good.len() - 2]);
    for bad in [
        "",
        "0x",
        &good[2..],
        &good[..good.len() - 2],
        &longer,
        &another_scheme,
        &no_hex,
    ] {
        assert!(read(bad, names()).is_err(), "{} characters", bad.len());
    }
    for bad in [
        serde_json::json!(["ROOT"]),
        serde_json::json!(["MANAGE", "MANAGE"]),
        serde_json::json!(65),
        serde_json::json!(null),
    ] {
        assert!(read(good, bad.clone()).is_err(), "{bad}");
    }
}
