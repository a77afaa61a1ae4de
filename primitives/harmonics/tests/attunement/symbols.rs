//! The table of symbols.

use qc_harmonics::symbols::{SymbolFault, Symbols};
use qc_math::ONE;

#[test]
fn the_defaults_pass() {
    assert_eq!(Symbols::default().check(), Ok(()));
}

#[test]
fn the_three_of_the_sync_are_in_order() {
    for change in [
        (|s: &mut Symbols| s.eps_sync = 0) as fn(&mut Symbols),
        |s| s.eps_sync = s.delta_max,
        |s| s.delta_max = s.delta_curl,
        |s| s.delta_curl = 0,
    ] {
        let mut symbols = Symbols::default();
        change(&mut symbols);
        assert!(
            matches!(symbols.check(), Err(SymbolFault::SyncOrder { .. })),
            "{symbols:?}"
        );
    }
}

/// Every symbol one unit outside of each of its bounds, by name, through JSON.
#[test]
fn every_bound_is_named() {
    let default = serde_json::to_value(Symbols::default()).unwrap();
    let names: Vec<String> = default.as_object().unwrap().keys().cloned().collect();
    let ordered = ["epsSync", "deltaMax"];
    for name in names.iter().filter(|name| !ordered.contains(&name.as_str())) {
        let with = |number: u64| {
            let mut json = default.clone();
            json[name] = number.into();
            serde_json::from_value::<Symbols>(json).map(|symbols| symbols.check())
        };
        // A number beyond the type of a count is refused by the reader.
        let refused = |number| match with(number) {
            Ok(Err(SymbolFault::OutOfBounds { symbol, found, .. })) => symbol == name && found == u128::from(number),
            Ok(_) => false,
            Err(_) => number > u64::from(u32::MAX),
        };
        if !["stakeMin", "boostPsy"].contains(&name.as_str()) {
            let high = if default[name].as_u64().unwrap() > 100_000_000 {
                u64::MAX
            } else {
                100_001
            };
            assert!(refused(high), "{name} too high");
        }
        let low_is_zero = [
            "gamma",
            "coherenceDeficit",
            "slashFraction",
            "boostGain",
            "boostRecalibrationMin",
            "kappaFlow",
        ];
        let in_order = ["deltaCurl"];
        if !low_is_zero.contains(&name.as_str()) && !in_order.contains(&name.as_str()) {
            let low = if name == "slashEquivocation" || name == "slashTampering" {
                49_999_999_999_999_999
            } else {
                0
            };
            assert!(
                refused(low) || (name == "psiGate" && with(0).unwrap().is_err()),
                "{name} too low: {:?}",
                with(low)
            );
        }
    }
}

#[test]
fn names_are_camel_case_and_unknown_ones_are_refused() {
    let mut json = serde_json::to_value(Symbols::default()).unwrap();
    assert_eq!(json["kappa"], 80_000_000_000_000_000_u64);
    assert_eq!(json["psiMinHistoryDays"], 7);
    assert_eq!(
        serde_json::from_value::<Symbols>(json.clone()).unwrap(),
        Symbols::default()
    );
    json["kapa"] = 1.into();
    assert!(serde_json::from_value::<Symbols>(json).is_err());
}

#[test]
fn messages_name_the_constraint() {
    let message = |symbols: Symbols| symbols.check().unwrap_err().to_string();
    let kappa = Symbols {
        kappa: ONE,
        ..Symbols::default()
    };
    assert_eq!(
        message(kappa),
        "the symbol kappa must be 68000000000000000 to 500000000000000000, but is 1000000000000000000"
    );
    let sync = Symbols {
        eps_sync: 9,
        delta_max: 8,
        ..Symbols::default()
    };
    assert_eq!(
        message(sync),
        "0 < epsSync < deltaMax < deltaCurl must hold, but they are 9, 8, 10000000000000000"
    );
}
