//! `qc genesis sign`.

use super::{cards::unlock, differs, files, read_source, review::warn_of_known, value, wrong};
use crate::cli::GenesisSign;
use crate::commands::Context;
use crate::errors::Result;
use qc_genesis::signatures::{signers, GenesisSignature, SignatureFault};
use qc_genesis::{Document, GenesisHash, Summary};
use qc_pqc::KeyId;
use serde_json::json;

/// Signs a document after it was agreed to.
pub fn run(context: &Context, command: GenesisSign) -> Result<()> {
    let path = files::target(&command.out, || format!("{}.signature.json", command.by_key))?;
    let source = read_source(&command.document)?;
    let document = source.document();
    let hash = document.hash();
    let entry = context.keystore()?.key(&command.by_key)?;
    let role = role_of(document, &entry.id)?;
    let summary = Summary::of(document, source.spec().map(|spec| spec.code.as_slice()));
    warn_of_known(context, &summary);
    match command.hash {
        Some(wanted) if wanted != hash.0 => {
            return Err(differs(
                "genesis_differs",
                format!(
                    "the hash of {} is {hash}, and not {}",
                    command.document.display(),
                    GenesisHash(wanted)
                ),
                "do not sign it: ask the coordinator for the document that was agreed on, and review that",
            ));
        }
        Some(_) => {}
        None => {
            context.output.note(&summary.to_text());
            if !command.yes {
                context.output.confirm(&format!("Sign {hash} as {role}?"))?;
            }
        }
    }
    let secret = unlock(context, &command.by_key, &command.password)?;
    let signature = GenesisSignature::make(document, &secret).map_err(|fault| wrong(None, fault))?;
    files::write(&path, &signature.to_json().to_pretty(), command.out.force)?;
    let human = format!(
        "signed {hash} as {role}\nsignature {}: give it to the coordinator",
        path.display()
    );
    context.output.result(
        &human,
        &json!({ "file": path, "signature": value(&signature.to_json())? }),
    )
}

/// Who signs by a key, before its password is asked for.
fn role_of(document: &Document, id: &KeyId) -> Result<String> {
    let signer = signers(document).into_iter().find(|signer| signer.id == *id);
    signer
        .map(|signer| signer.to_string())
        .ok_or_else(|| wrong(None, SignatureFault::NotASigner(*id)))
}
