//! `qc genesis plan` and `qc genesis assemble`: what the coordinator does.

use super::{block_zero, files, hex_text, value, wrong, CODE_BYTES_MAX};
use crate::cli::{GenesisAssemble, GenesisPlan};
use crate::commands::Context;
use crate::errors::Result;
use qc_genesis::canonical::sha256;
use qc_genesis::cards::{Card, CARD_BYTES_MAX};
use qc_genesis::plan::{Plan, PLAN_BYTES_MAX, TEMPLATE};
use qc_genesis::Summary;
use serde_json::json;

/// Prints a plan to fill in, or writes it.
pub fn plan(context: &Context, command: &GenesisPlan) -> Result<()> {
    let Some(path) = command.out.out.clone() else {
        return context.output.result(TEMPLATE.trim_end(), &json!({ "plan": TEMPLATE }));
    };
    files::target(&command.out, String::new)?;
    files::write(&path, TEMPLATE, command.out.force)?;
    let human = format!("{}: fill it in", path.display());
    context
        .output
        .result(&human, &json!({ "file": path, "plan": TEMPLATE }))
}

/// Makes the document of a plan and cards.
pub fn run(context: &Context, command: &GenesisAssemble) -> Result<()> {
    let path = files::target(&command.out, || "genesis.json".into())?;
    let bytes = files::read(&command.plan, PLAN_BYTES_MAX)?;
    let plan = Plan::parse(&bytes).map_err(|fault| wrong(Some(&command.plan), fault))?;
    let code = files::read(&command.code, CODE_BYTES_MAX)?;
    let mut cards = Vec::new();
    for path in &command.cards {
        let bytes = files::read(path, CARD_BYTES_MAX)?;
        let card = Card::parse(&bytes).map_err(|fault| wrong(Some(path), fault))?;
        cards.push((path.display().to_string(), card));
    }
    let document = plan
        .assemble(&cards, sha256(&code))
        .map_err(|fault| wrong(Some(&command.plan), fault))?;
    let block = block_zero(context, &document, &code, false)?;
    files::write(&path, &document.to_canonical(), command.out.force)?;
    let summary = Summary::of(&document, Some(&code));
    let human = format!(
        "document                {}\nharmonic genesis hash   {}\nblock 0                 {}\n\
         {} founders and {} validators are to review and sign it",
        path.display(),
        document.hash(),
        hex_text(&block.hash),
        summary.founders.len(),
        summary.validators.len()
    );
    let machine = json!({
        "file": path,
        "hash": document.hash().to_string(),
        "stateRoot": hex_text(&block.state_root),
        "block0": hex_text(&block.hash),
        "summary": value(&summary.to_json())?,
    });
    context.output.result(&human, &machine)
}
