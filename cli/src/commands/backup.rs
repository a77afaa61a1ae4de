//! The one moment in which a mnemonic is shown, and the look whether it was written down.

use super::Context;
use crate::errors::{Error, Result};
use crate::keystore::{KeystoreError, Kind};
use crate::output::table;
use crate::secrets::interactive;
use std::io::{BufRead, Write};

/// How many words of a new mnemonic are asked for.
const BACKUP_WORDS: usize = 3;

/// Fails where there is nobody to check a backup with, unless that is not wanted.
pub fn check_possible(context: &Context, unchecked: bool) -> Result<()> {
    if !unchecked && (context.output.json || !interactive()) {
        return Err(Error::usage(
            "no_backup_check",
            "there is nobody to check the backup of the mnemonic with",
            "add --no-backup-check, and keep the mnemonic that is printed",
        ));
    }
    Ok(())
}

/// The number of words that was asked for.
pub fn count(words: &str) -> Result<usize> {
    words
        .parse()
        .map_err(|_| Error::usage("words", "a mnemonic has 12 or 24 words", "use --words 12"))
}

/// Shows the mnemonic and asks for some of its words.
pub fn check(kind: Kind, words: &[&str]) -> Result<()> {
    let numbered: Vec<Vec<String>> = words
        .chunks(4)
        .enumerate()
        .map(|(row, four)| {
            four.iter()
                .enumerate()
                .map(|(column, word)| format!("{:>2} {word:<8}", row * 4 + column + 1))
                .collect()
        })
        .collect();
    let mut terminal = std::io::stderr();
    let noun = kind.noun();
    writeln!(
        terminal,
        "\nThe mnemonic of the new {noun}. Write it on paper, in this order; it is shown only now."
    )?;
    writeln!(
        terminal,
        "Whoever has these words has the {noun}. Nobody can give them back to you.\n"
    )?;
    writeln!(terminal, "{}\n", table(&numbered))?;
    // One word of each third: whoever wrote down half of them is found out.
    let third = words.len() / BACKUP_WORDS;
    for number in (0..BACKUP_WORDS).map(|part| part * third + part) {
        write!(terminal, "Word {}: ", number + 1)?;
        let mut answer = zeroize::Zeroizing::new(String::new());
        std::io::stdin().lock().read_line(&mut answer)?;
        if words
            .get(number)
            .is_none_or(|word| !word.eq_ignore_ascii_case(answer.trim()))
        {
            return Err(KeystoreError::BackupCheckFailed.into());
        }
    }
    Ok(())
}
