use super::*;
use crate::field::{Phase, Standing};
use crate::keystore::Keystore;
use crate::ss58::Account;
use crate::testing::field::{chain, run, scripted, AT, VALIDATOR};

fn party(id: [u8; 32]) -> Party {
    let dir = tempfile::tempdir().unwrap();
    let keystore = Keystore::new(Some(dir.path().join("accounts"))).unwrap();
    Party::resolve(&Account(id).hex(), &keystore).unwrap()
}

fn sheet() -> Sheet {
    run(Sheet::ask(&chain(), &party(VALIDATOR), AT)).unwrap()
}

fn lines(sheet: &Sheet) -> String {
    sheet.lines(&party(VALIDATOR), |id| format!("seal {id}")).join("\n")
}

/// Everything that the small chain knows of its validator.
#[test]
fn a_validator_is_told_whole() {
    let sheet = sheet();
    let text = lines(&sheet);
    for part in [
        "status        candidate, in the set, not in the next one",
        "blacklisted   for sync-strikes, until the end of epoch 2057",
        "stake         1500 ATR",
        "unbonding     200 ATR now (qc validator withdraw), 50 ATR in 3 epochs",
        "Ψ             0.900000",
        "  slots       0.990000  weight 0.3",
        "  seals       0.900000  weight 0.3  (never due yet: not counted)",
        "Ψ̄             0.800000",
        "m             1.100000",
        "grace         12 epochs in the set",
        "a slash of 0.05 of the stake at the end of this epoch; below 0.7 for 1 epochs, removed in 15 epochs",
        "boost         0.500000, until epoch 70 begins; Ψ for rewards 0.920000",
        "strikes       of epochs 37, 39; 3 within 10 epochs blacklist",
        "report        on epoch 41: made",
        "judged last: conformity 0.250000",
        "session keys  0x0707",
        "SEAL keys     seal 0xc1c1",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
    assert!(!text.contains("0xc2"), "that key may not SEAL");
    assert_eq!(sheet.withdrawable(), 200_000_000_000_000);
    let json = sheet.json(&party(VALIDATOR));
    assert_eq!(json["candidate"]["features"]["conformity"]["omega"], "0.75");
    assert_eq!(json["candidate"]["features"]["seals"]["wasDue"], false);
    assert_eq!(json["candidate"]["slashesInEpochs"], json!([1]));
    assert_eq!(json["unbonding"][1]["inEpochs"], 3);
    assert_eq!((&json["inSet"], &json["inNextSet"]), (&json!(true), &json!(false)));
    assert_eq!(json["lastConformity"], "0.25");
    assert_eq!(json["report"], json!({ "epoch": 41, "status": "reported" }));
    assert_eq!(json["sealKeys"].as_array().map(Vec::len), Some(1));
}

/// One of whom the chain knows nothing is an error; one of whom it knows anything is not.
#[test]
fn nobody_is_told_from_somebody() {
    let (chain, script) = scripted();
    let stranger = party([0xee; 32]);
    script.apis.lock().unwrap().extend([
        ("AttunementApi_validator".to_owned(), vec![0]),
        ("AttunementApi_blacklisting".to_owned(), vec![0]),
        ("SyncApi_strikes".to_owned(), vec![0]),
        (
            "KeyLedgerApi_keys_of".to_owned(),
            [&[0; 4][..], &[0, 0], &[0; 16], &[0]].concat(),
        ),
    ]);
    let mut nobody = run(Sheet::ask(&chain, &stranger, AT)).unwrap();
    let error = nobody.check_somebody(&stranger).unwrap_err();
    assert_eq!((error.code(), error.exit_number()), ("no_validator", 2));
    assert!(error.hint().is_some_and(|hint| hint.contains("qc validator status")));
    nobody.session_keys = Some(vec![7; 64]);
    assert!(nobody.check_somebody(&stranger).is_ok());
    let text = nobody.lines(&stranger, |_| String::new()).join("\n");
    for part in [
        "no candidate, in no set",
        "unbonding     nothing",
        "report        none due of it",
        "SEAL keys     none",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
    assert_eq!(nobody.json(&stranger)["candidate"], Value::Null);
}

#[test]
fn a_clean_one_has_nothing_pending() {
    let mut sheet = sheet();
    sheet.boost = None;
    sheet.strikes.clear();
    sheet.report = Some((41, ReportStatus::Void));
    let view = sheet.view.as_mut().unwrap();
    view.standing = Standing {
        falls: 0,
        crossings: 0,
        below_epochs: 0,
    };
    view.grace_epochs = 0;
    let text = lines(&sheet);
    for part in [
        "falls         none pending",
        "boost         none",
        "strikes       none",
        "grace         over",
        "two different ones, both void",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
}

#[test]
fn the_set_is_a_table() {
    let mut view = sheet().view.unwrap();
    view.phases[3] = Phase {
        omega: 0,
        integral: 0,
        was_due: true,
    };
    let rows = [
        Row {
            name: "till".into(),
            view: Some(view),
            report: ReportStatus::Missing,
            strikes: 2,
        },
        Row {
            name: "gone".into(),
            view: None,
            report: ReportStatus::NotDue,
            strikes: 0,
        },
    ];
    let text = rows_text(&rows);
    let cells = |line: usize| text.lines().nth(line).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(
        cells(1),
        ["till", "1500", "0.900000", "0.990000", "-", "0.750000", "0.000000", "1.100000", "12", "2", "missing"]
    );
    assert_eq!(
        cells(2),
        ["gone", "-", "-", "-", "-", "-", "-", "-", "-", "-", "not-due"]
    );
}
