//! What goes where: results to standard output, everything else to standard error.

use crate::amount;
use crate::errors::{Error, Result};
use indicatif::{ProgressBar, ProgressStyle};
use qc_types::{Balance, TokenId};
use serde_json::{json, Value};
use std::io::{BufRead, IsTerminal, Write};
use std::time::Duration;

/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(120);

/// How `qc` speaks.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// JSON on standard output, and JSON errors on standard error.
    pub json: bool,
    /// Results and errors only.
    pub quiet: bool,
}

impl Output {
    /// Prints a result: `human` as it is, or `machine` as one line of JSON.
    pub fn result(&self, human: &str, machine: &Value) -> Result<()> {
        let mut stdout = std::io::stdout().lock();
        let text = if self.json {
            machine.to_string()
        } else {
            printable(human)
        };
        if !text.is_empty() {
            writeln!(stdout, "{text}")?;
        }
        stdout.flush()?;
        Ok(())
    }

    /// Says something by the way.
    pub fn note(&self, text: &str) {
        if !self.quiet && !self.json {
            // Where standard error is closed, there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{}", printable(text));
        }
    }

    /// Warns, also when quiet.
    pub fn warn(&self, text: &str) {
        let line = if self.json {
            json!({ "warning": text }).to_string()
        } else {
            format!("warning: {text}")
        };
        let _ = writeln!(std::io::stderr(), "{}", printable(&line));
    }

    /// Prints an error with what to do about it.
    pub fn error(&self, error: &Error) {
        let line = if self.json {
            error.to_json().to_string()
        } else {
            match error.hint() {
                Some(hint) => format!("error: {error}\n  what to do: {hint}"),
                None => format!("error: {error}"),
            }
        };
        let _ = writeln!(std::io::stderr(), "{}", printable(&line));
    }

    /// Shows what is going on until it is done.
    pub fn progress(&self) -> Progress {
        let wanted = !self.json && !self.quiet;
        let bar = (wanted && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new_spinner();
            // A style that does not parse is one that we wrote wrong; the default one will do then.
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Progress { bar, wanted }
    }

    /// Asks for a yes; anything else is a no. Where nobody can be asked, says how to answer beforehand.
    pub fn confirm(&self, question: &str) -> Result<()> {
        if self.json || !crate::secrets::interactive() {
            return Err(Error::usage(
                "not_confirmed",
                "this has to be confirmed, and there is nobody to ask",
                "add --yes once you have checked the command",
            ));
        }
        write!(std::io::stderr(), "{question} [y/N] ")?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Error::usage(
                "declined",
                "not confirmed: nothing was done",
                "answer y to go on",
            )),
        }
    }
}

/// Something that takes a while.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    wanted: bool,
}

impl Progress {
    /// A step is done; it stays on the screen.
    pub fn step(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(printable(text)),
            None if self.wanted => {
                let _ = writeln!(std::io::stderr(), "{}", printable(text));
            }
            None => {}
        }
    }

    /// What is being waited for.
    pub fn waiting(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.to_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Text without control characters, with which a node could play with the terminal; lines stay lines.
fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() && letter != '\n' {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}

/// An amount for programs: exact plancks and the decimal, both as text, for neither fits a JSON number.
pub fn amount_json(plancks: Balance) -> Value {
    json!({ "plancks": plancks.to_string(), "amount": amount::format(plancks) })
}

/// An amount for people.
pub fn amount_text(plancks: Balance, token: TokenId) -> String {
    format!("{} {}", amount::format(plancks), token.symbol())
}

/// Columns, the first aligned left, the others right.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".into(), "10".into()], vec!["bcd".into(), "1".into()]];
        assert_eq!(table(&rows), "a    10\nbcd   1");
        assert_eq!(table(&[]), "");
    }

    #[test]
    fn a_node_cannot_play_with_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{9b}"), "a\u{fffd}[2Jb\u{fffd}\nc\u{fffd}");
    }

    #[test]
    fn amounts_are_exact_in_json() {
        let json = amount_json(u128::MAX);
        assert_eq!(json["plancks"], "340282366920938463463374607431768211455");
        assert_eq!(json["amount"], "340282366920938463463374607.431768211455");
    }
}
