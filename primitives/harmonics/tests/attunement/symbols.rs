//! The table of symbols.

use qc_harmonics::symbols::{SymbolFault, Symbols};
use qc_math::ONE;
use std::collections::BTreeMap;

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

/// The page that shows them.
const PAGE: &str = include_str!("../../../../docs/protocol/symbols.md");

/// A row of the page's table.
struct Row {
    name: &'static str,
    default: u128,
    least: &'static str,
    most: &'static str,
    /// Units of the genesis in one of the bounds'.
    scale: u128,
}

fn rows() -> Vec<Row> {
    let lines = PAGE.lines().filter(|line| line.starts_with("| ")).skip(2);
    let cells = lines.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    cells
        .map(|cells| Row {
            name: cells[1],
            default: cells[3].parse().unwrap(),
            least: cells[4],
            most: cells[5],
            scale: if cells[6] == "10⁻¹⁸" { ONE } else { 1 },
        })
        .collect()
}

/// A power such as 10²² or 10⁻⁶; `None` if there is no such thing.
fn power(text: &str, scale: u128) -> Option<u128> {
    let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let at = text.find(|sign| sign == '⁻' || digits.contains(sign))?;
    let (base, exponent) = text.split_at(at);
    let base: u128 = base.parse().ok()?;
    let number = exponent
        .trim_start_matches('⁻')
        .chars()
        .try_fold(0u32, |number, digit| {
            Some(number * 10 + u32::try_from(digits.chars().position(|one| one == digit)?).ok()?)
        })?;
    if exponent.starts_with('⁻') {
        Some(scale / base.pow(number))
    } else {
        Some(scale * base.pow(number))
    }
}

/// A number as the page writes it, in units of the genesis; `None` if it is none.
fn number(text: &str, scale: u128) -> Option<u128> {
    let text = text.replace(',', "");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let part = 10u128.pow(u32::try_from(decimals.len()).ok()?);
    let digits: u128 = format!("{whole}{decimals}").parse().ok()?;
    Some(digits * scale / part)
}

/// A bound of the page in units of the genesis: a number, a power, another symbol (its default), or two of these with a sign
/// between.
fn bound(text: &str, scale: u128, all: &[Row]) -> u128 {
    let term = |text: &str| {
        let named = all.iter().find(|row| row.name == text).map(|row| row.default);
        named
            .or_else(|| power(text, scale))
            .or_else(|| number(text, scale))
            .unwrap_or_else(|| panic!("no bound: {text}"))
    };
    match (text.split_once(" − "), text.split_once(" + ")) {
        (Some((left, right)), _) => term(left) - term(right),
        (_, Some((left, right))) => term(left) + term(right),
        _ => term(text),
    }
}

/// What is said about the defaults with one of them changed.
fn with(name: &str, value: u128) -> Result<(), SymbolFault> {
    let mut json = serde_json::to_value(Symbols::default()).unwrap();
    json[name] = serde_json::from_str(&value.to_string()).unwrap();
    serde_json::from_value::<Symbols>(json).unwrap().check()
}

fn is_named(fault: Result<(), SymbolFault>, name: &str, value: u128) -> bool {
    matches!(fault, Err(SymbolFault::OutOfBounds { symbol, found, .. }) if symbol == name && found == value)
}

#[test]
fn the_page_shows_every_symbol_with_its_default() {
    let shown: BTreeMap<_, _> = rows().iter().map(|row| (row.name, row.default.to_string())).collect();
    let json = serde_json::to_value(Symbols::default()).unwrap();
    let defaults = json.as_object().unwrap();
    let there: BTreeMap<_, _> = defaults
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_string()))
        .collect();
    assert_eq!(shown, there);
    assert_eq!(rows().len(), shown.len(), "a symbol is shown twice");
}

/// Each symbol at each of the page's bounds, where it is not complained about, and one unit outside, where it is, by name. Those
/// whose bounds are in words have tests of their own.
#[test]
fn every_bound_is_the_pages_and_is_named() {
    let all = rows();
    let mut tried = 0;
    for row in &all {
        let in_words = |text: &str| text.starts_with("above ") || text.starts_with("below ") || text.starts_with("1/(");
        if !in_words(row.least) {
            let least = bound(row.least, row.scale, &all);
            assert!(
                !is_named(with(row.name, least), row.name, least),
                "{} at its least",
                row.name
            );
            if let Some(below) = least.checked_sub(1) {
                assert!(is_named(with(row.name, below), row.name, below), "{} too low", row.name);
                tried += 1;
            }
        }
        if !in_words(row.most) {
            let most = bound(row.most, row.scale, &all);
            assert!(
                !is_named(with(row.name, most), row.name, most),
                "{} at its most",
                row.name
            );
            let above = most + 1;
            assert!(
                is_named(with(row.name, above), row.name, above),
                "{} too high",
                row.name
            );
            tried += 1;
        }
    }
    assert!(tried > 80, "only {tried} bounds were tried");
}

/// HSMF-2 at genesis: what is admitted by its signer's conduct is not refused for what others move.
#[test]
fn the_least_coherence_of_a_packet_is_within_reach() {
    let symbols = |beta: u128, c_crit: u128, c_holo_min: u128| Symbols {
        beta,
        c_crit,
        c_holo_min,
        ..Symbols::default()
    };
    let half = ONE / 2;
    for (beta, c_crit, max) in [
        (ONE, half, 307_692_307_692_307_692),
        (0, half, 333_333_333_333_333_333),
        (ONE, 0, 250_000_000_000_000_000),
        (18 * ONE, 0, 47_619_047_619_047_619),
        // β(1 − C_crit)² = 10⁻¹², and 10⁻¹⁸ rounded up from less.
        (ONE, ONE - 1_000_000_000_000, 333_333_333_333_222_222),
        (1, half, 333_333_333_333_333_333),
    ] {
        assert_eq!(symbols(beta, c_crit, max).check(), Ok(()), "{beta} {c_crit}");
        assert_eq!(
            symbols(beta, c_crit, max + 1).check(),
            Err(SymbolFault::HoloMin {
                c_holo_min: max + 1,
                max
            })
        );
    }
    assert_eq!(
        symbols(ONE, half, ONE).check().unwrap_err().to_string(),
        "the symbol cHoloMin must be at most 1/(3 + beta (1 - cCrit)^2) = 307692307692307692, but is 1000000000000000000"
    );
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
