//! Figures that the docs repeat are those of the code.

use qc_tidy::read;

/// How many moves of home an epoch takes: `MovesPerEpochMax`, as the runtime is told it.
fn moves_per_epoch_max() -> String {
    let told = read("runtime/src/configs/tokens.rs");
    let (_, after) = told
        .split_once("type MovesPerEpochMax = ConstU32<")
        .expect("the runtime says how many moves");
    after.chars().take_while(char::is_ascii_digit).collect()
}

#[test]
fn the_docs_know_how_many_moves_an_epoch_takes() {
    let moves = moves_per_epoch_max();
    assert!(!moves.is_empty(), "the number was not read");
    for (page, words) in [
        ("docs/protocol/tokens.md", format!("An epoch takes {moves} moves")),
        ("docs/protocol/tokens.md", format!("the epoch has its {moves} moves")),
        (
            "docs/decisions/0010-home-and-meter.md",
            format!("The queue of an epoch is bounded ({moves})"),
        ),
    ] {
        assert!(read(page).contains(&words), "{page} does not say: {words}");
    }
}
