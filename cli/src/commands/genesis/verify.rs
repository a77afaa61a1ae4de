//! `qc genesis verify`: everything that anyone can check of a network's start.

use super::{block_zero, check_code, differs, files, hex_text, read_code, read_source, wrong};
use crate::block_zero::BlockZero;
use crate::cli::GenesisVerify;
use crate::client::{Node, NodeError, CODE_KEY, FETCHED_BYTES_MAX};
use crate::commands::Context;
use crate::errors::{Error, Result};
use qc_genesis::canonical::blake2_256;
use qc_genesis::document::SPEC_BYTES_MAX;
use qc_genesis::signatures::{verify, GenesisSignature, Role, SIGNATURE_BYTES_MAX};
use qc_genesis::{Document, Source, Spec};
use serde_json::{json, Value};
use std::path::{Path, PathBuf};
use subxt::config::substrate::H256;
use subxt::rpcs::client::rpc_params;

/// What a node says of the state of a block whose state it has no more.
const DISCARDED: &str = "State already discarded";

/// The most differences that are told.
const DIFFERENCES_MAX: usize = 5;

/// Verifies what is asked for, in this order: signatures, spec, code, running chain.
pub async fn run(context: &Context, command: &GenesisVerify) -> Result<()> {
    let source = read_source(&command.document)?;
    let document = source.document();
    let (mut checked, mut lines) = (vec!["signatures"], Vec::new());
    let signers = verify(document, &read_signatures(&command.signatures)?).map_err(|fault| wrong(None, fault))?;
    let count = |role| signers.iter().filter(|signer| signer.role == role).count();
    let (founders, validators) = (count(Role::Founder), count(Role::Validator));
    lines.push(format!(
        "signed by all {founders} founders and all {validators} validators"
    ));
    let spec = match (&command.spec, &source) {
        (Some(path), _) => Some(read_spec(path, document)?),
        (None, Source::Spec(spec)) => Some(spec.clone()),
        (None, Source::Document(_)) => None,
    };
    if let (Some(_), Some(path)) = (&spec, &command.spec) {
        checked.push("spec");
        lines.push(format!("{} is the chain spec of this document", path.display()));
    }
    let given = command
        .code
        .as_deref()
        .map(|path| read_code(path, document))
        .transpose()?;
    if let Some(path) = &command.code {
        checked.push("code");
        lines.push(format!("{} is the code of this document", path.display()));
    }
    let is_patch = spec.as_ref().is_some_and(|spec| spec.is_patch);
    let code = given.or_else(|| spec.map(|spec| spec.code));
    let mut block = code
        .as_deref()
        .map(|code| block_zero(context, document, code, is_patch))
        .transpose()?;
    let mut running = Value::Null;
    if command.running {
        let compared = Running::compare(context, document, code.as_deref(), block).await?;
        block = Some(compared.block);
        checked.push("running");
        lines.push(compared.human());
        running = compared.machine();
    }
    if let Some(block) = &block {
        lines.push(format!("state root {}", hex_text(&block.state_root)));
        lines.push(format!("block 0    {}", hex_text(&block.hash)));
    }
    let human = format!("harmonic genesis hash {}\n{}", document.hash(), lines.join("\n"));
    let machine = json!({
        "hash": document.hash().to_string(),
        "founders": founders,
        "validators": validators,
        "stateRoot": block.map(|block| hex_text(&block.state_root)),
        "block0": block.map(|block| hex_text(&block.hash)),
        "running": running,
        "checked": checked,
    });
    context.output.result(&human, &machine)
}

fn read_signatures(paths: &[PathBuf]) -> Result<Vec<(String, GenesisSignature)>> {
    let read = |path: &PathBuf| {
        let bytes = files::read(path, SIGNATURE_BYTES_MAX)?;
        let signature = GenesisSignature::parse(&bytes).map_err(|fault| wrong(Some(path), fault))?;
        Ok((path.display().to_string(), signature))
    };
    paths.iter().map(read).collect()
}

/// A chain spec that says the same as the document.
fn read_spec(path: &Path, document: &Document) -> Result<Spec> {
    let bytes = files::read(path, SPEC_BYTES_MAX)?;
    let spec = Spec::parse(&bytes).map_err(|fault| wrong(Some(path), fault))?;
    if spec.document.code_sha256() != document.code_sha256() {
        check_code(&spec.code, document, &format!("the code of {}", path.display()))?;
    }
    if spec.document.hash() == document.hash() {
        return Ok(spec);
    }
    let differences = document
        .to_json()
        .differences(&spec.document.to_json(), DIFFERENCES_MAX);
    Err(differs(
        "genesis_differs",
        format!(
            "{} is not what was signed: its hash is {}, the document's is {}; {}",
            path.display(),
            spec.document.hash(),
            document.hash(),
            differences.join("; ")
        ),
        "do not start a node with it: make the spec again with qc genesis spec, or ask for the right one",
    ))
}

/// A running chain that was compared.
struct Running {
    url: String,
    block: BlockZero,
    /// BLAKE2b-256 of the code that runs now.
    code_now: Option<H256>,
    /// Whether that is another than the one of block 0.
    upgraded: bool,
}

impl Running {
    /// Compares block 0 of the chain at `--url` with what was built of the given code; without one, with what the code in
    /// block 0 builds.
    async fn compare(
        context: &Context,
        document: &Document,
        code: Option<&[u8]>,
        built: Option<BlockZero>,
    ) -> Result<Self> {
        let node = Node::connect(&context.global.url, context.timeout()).await?;
        let first = node
            .block_hash(Some(0))
            .await?
            .ok_or_else(|| NodeError::nonsense("chain_getBlockHash", "no block 0"))?;
        let code = match code {
            Some(code) => code.to_vec(),
            None => code_at(&node, first, document).await?,
        };
        let block = match built {
            Some(block) => block,
            None => block_zero(context, document, &code, false)?,
        };
        if block.hash != first.0 {
            return Err(differs(
                "block_0_differs",
                format!(
                    "block 0 of the chain at {} is {first:?}, that of this document is {}",
                    node.url(),
                    hex_text(&block.hash)
                ),
                "it is another network than the one that was signed, or its node lies: ask another node of it",
            ));
        }
        let code_now: Option<H256> = node.request("state_getStorageHash", rpc_params![CODE_KEY]).await?;
        Ok(Self {
            url: node.url().to_owned(),
            block,
            code_now,
            upgraded: code_now.is_some_and(|now| now.0 != blake2_256(&code)),
        })
    }

    fn human(&self) -> String {
        let code = self
            .code_now
            .map_or_else(|| "unknown".into(), |hash| format!("{hash:?}"));
        let since = if self.upgraded {
            ", another one since an upgrade: qc chain code"
        } else {
            ""
        };
        format!(
            "the chain at {} began with exactly this\nits code now has the BLAKE2b-256 {code}{since}",
            self.url
        )
    }

    fn machine(&self) -> Value {
        json!({
            "url": self.url,
            "codeNow": self.code_now.map(|hash| format!("{hash:?}")),
            "upgraded": self.upgraded,
        })
    }
}

/// The code in the state of block 0, which must be the document's.
async fn code_at(node: &Node, first: H256, document: &Document) -> Result<Vec<u8>> {
    const HINT: &str = "give the blob with --code or the chain spec with --spec, or ask an archive node";
    let stored = node.code(first).await.map_err(|error| match error {
        NodeError::Rpc { message, .. } if message.contains(DISCARDED) => Error::usage(
            "no_state_of_block_0",
            format!("the node at {} does not have the state of block 0 any more", node.url()),
            HINT,
        ),
        other => other.into(),
    })?;
    let code = stored.code.ok_or_else(|| {
        let message = format!(
            "the code in block 0 has {} bytes, and at most {FETCHED_BYTES_MAX} are fetched",
            stored.bytes
        );
        Error::usage("code_too_long", message, HINT)
    })?;
    check_code(
        &code,
        document,
        &format!("the code in block 0 of the chain at {}", node.url()),
    )?;
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::field::{node, run};
    use crate::testing::rpc::{Answer, Answers};
    use std::time::Duration;
    use subxt::rpcs::RpcClient;

    const FIRST: H256 = H256([0x11; 32]);

    fn document() -> Document {
        let vector = include_bytes!("../../../../primitives/genesis/vectors/document.json");
        Document::parse(vector).unwrap()
    }

    fn said(code: &[u8], bytes: u64) -> Vec<(String, String)> {
        let of_code = |method: &str| format!("{method} [\"{CODE_KEY}\",\"{FIRST:?}\"]");
        vec![
            (
                of_code("state_getStorageHash"),
                format!("{:?}", hex_text(&blake2_256(code))),
            ),
            (of_code("state_getStorageSize"), bytes.to_string()),
            (of_code("state_getStorage"), format!("{:?}", hex_text(code))),
        ]
    }

    fn asked(node: &Node) -> (&'static str, u8) {
        let error = run(code_at(node, FIRST, &document())).unwrap_err();
        (error.code(), error.exit_number())
    }

    /// A node that refuses everything with these words, or never answers.
    fn refuses(words: Option<&'static str>) -> Node {
        let answers =
            Answers(move |_: &str, _: &str| words.map_or(Answer::Never, |words| Answer::Refused(4003, words.into())));
        Node::over(RpcClient::new(answers), "ws://no", Duration::from_millis(50))
    }

    #[test]
    fn why_there_is_no_code_of_block_0_is_told_apart() {
        let code = b"other";
        assert_eq!(asked(&node(said(code, 5))), ("code_differs", 1));
        assert_eq!(asked(&node(said(code, FETCHED_BYTES_MAX + 1))), ("code_too_long", 2));
        assert_eq!(asked(&node(said(code, 6))), ("node_nonsense", 3));
        let discarded = "Client error: UnknownBlock: State already discarded for 0x11";
        assert_eq!(asked(&refuses(Some(discarded))), ("no_state_of_block_0", 2));
        assert_eq!(asked(&refuses(Some("Client error: busy"))), ("rpc_refused", 3));
        assert_eq!(asked(&refuses(None)), ("timeout", 3));
    }
}
