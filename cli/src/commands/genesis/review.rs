//! `qc genesis review`, and the chain spec.

use super::{block_zero, files, hex_text, read_code, read_source, value};
use crate::cli::{GenesisReview, GenesisSpec};
use crate::commands::Context;
use crate::errors::{Error, Result};
use multiaddr::{Multiaddr, Protocol};
use qc_genesis::Summary;
use serde_json::json;

/// Shows everything that a document says.
pub fn run(context: &Context, command: &GenesisReview) -> Result<()> {
    let source = read_source(&command.document)?;
    let document = source.document();
    let given = command
        .code
        .as_deref()
        .map(|path| read_code(path, document))
        .transpose()?;
    let code = given.as_deref().or(source.spec().map(|spec| spec.code.as_slice()));
    let is_patch = source.spec().is_some_and(|spec| spec.is_patch);
    let block = code
        .map(|code| block_zero(context, document, code, is_patch))
        .transpose()?;
    let summary = Summary::of(document, code);
    warn_of_known(context, &summary);
    let mut human = summary.to_text();
    if let Some(block) = &block {
        human.push_str(&format!(
            "\n\nbuilt by the runtime's own code, which accepts it\n  state root  {}\n  block 0     {}",
            hex_text(&block.state_root),
            hex_text(&block.hash)
        ));
    }
    human.push_str(&format!(
        "\n\nIf every number is what was agreed on, and the others have the same hash, sign it:\n  \
         qc genesis sign {} --by-key KEY --hash {}",
        command.document.display(),
        summary.hash
    ));
    let machine = json!({
        "hash": summary.hash.to_string(),
        "summary": value(&summary.to_json())?,
        "stateRoot": block.map(|block| hex_text(&block.state_root)),
        "block0": block.map(|block| hex_text(&block.hash)),
    });
    context.output.result(&human, &machine)
}

/// Warns of keys that everybody knows. A document of a real network with one is refused when it is read.
pub fn warn_of_known(context: &Context, summary: &Summary) {
    if !summary.known.is_empty() {
        let known: Vec<_> = summary.known.iter().map(String::as_str).collect();
        let known = known.join(", ");
        context.output.warn(&format!(
            "everybody knows keys of this genesis: {known}; it is for trying out alone"
        ));
    }
}

/// Writes the chain spec of a document.
pub fn spec(context: &Context, command: &GenesisSpec) -> Result<()> {
    let source = read_source(&command.document)?;
    let document = source.document();
    let path = files::target(&command.out, || format!("{}.json", document.chain().id))?;
    for address in &command.bootnode {
        check_bootnode(address)?;
    }
    let code = read_code(&command.code, document)?;
    block_zero(context, document, &code, false)?;
    let spec = document
        .to_spec(&code, &command.bootnode)
        .ok_or_else(|| Error::Internal("the code was changed between two looks".into()))?;
    files::write(&path, &spec, command.out.force)?;
    let human = format!(
        "chain spec              {}\nharmonic genesis hash   {}",
        path.display(),
        document.hash()
    );
    context
        .output
        .result(&human, &json!({ "file": path, "hash": document.hash().to_string() }))
}

/// Nodes do not start with a spec that has something else among its boot nodes.
fn check_bootnode(address: &str) -> Result<()> {
    let parsed = address.parse::<Multiaddr>().ok();
    if parsed.is_some_and(|parsed| matches!(parsed.iter().last(), Some(Protocol::P2p(_)))) {
        return Ok(());
    }
    Err(Error::usage(
        "bad_bootnode",
        format!("{address:?} is not the address of a node"),
        "give one like /dns/boot.example.org/tcp/30333/p2p/12D3KooW…: qc-node tells its own when it starts",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: &str = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

    #[test]
    fn a_boot_node_is_an_address_with_a_peer() {
        for address in [
            "/dns/boot.example.org/tcp/30333",
            "/ip4/192.0.2.1/tcp/30333",
            "/ip6/2001:db8::1/tcp/30333/ws",
        ] {
            assert!(check_bootnode(&format!("{address}/p2p/{PEER}")).is_ok(), "{address}");
            assert!(check_bootnode(address).is_err(), "{address}");
        }
        for address in [
            "",
            "boot.example.org",
            "/foo/p2p/bar",
            "/dns/boot.example.org/tcp/30333/p2p/12D3KooW",
            "/dns/boot.example.org/tcp/70000/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp",
            "/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp/tcp/1",
            " /ip4/192.0.2.1/tcp/1/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp",
        ] {
            let refused = check_bootnode(address).unwrap_err();
            assert_eq!(
                (refused.code(), refused.exit_number()),
                ("bad_bootnode", 2),
                "{address}"
            );
        }
    }
}
