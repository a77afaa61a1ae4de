//! `qc validator keys`: session keys by the operator's own node, registered, and what else a validator needs.

use super::sheet::Sheet;
use crate::cli::SessionKeys as Command;
use crate::client::{Chain, Node, NodeError};
use crate::commands::send::{confirm, fee_text, passwords, Decided, Wished};
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::extrinsic::Staking;
use crate::field::ReportStatus;
use crate::keystore::Keystore;
use crate::output::{amount_json, amount_text};
use crate::parties::Party;
use crate::signer::{Signer, Wanted};
use crate::ss58::Account;
use qc_types::{Balance, TokenId};
use serde::Deserialize;
use serde_json::{json, Value};
use std::net::IpAddr;
use subxt::rpcs::client::rpc_params;

/// What a node says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    is_syncing: bool,
}

/// What `author_rotateKeysWithOwner` gives.
#[derive(Deserialize)]
struct Generated {
    keys: String,
    proof: Option<String>,
}

/// Where session keys stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Held {
    /// None are registered.
    Unregistered,
    /// The node has the registered ones.
    Here,
    /// The node does not have the registered ones.
    Elsewhere,
}

/// Makes and registers session keys, unless there is nothing to do; says what remains.
pub async fn run(context: &Context, keystore: &Keystore, command: Command) -> Result<()> {
    let acting = &command.acting;
    let wanted = Wanted::read(acting.account.as_deref(), acting.by_key.as_deref(), keystore)?;
    wanted.check_can_sign()?;
    let wished = Wished::read(&acting.terms)?;
    check_local(&context.global.url, acting.sending.yes)?;
    let chain = context.chain().await?;
    let best = chain.node.best_head().await?;
    let needs = Staking::Leave.needs();
    let signer = wanted.meet(&chain, needs, best).await?;
    let party = Party::resolve(&signer.account().to_string(), keystore)?;
    let sheet = Sheet::ask(&chain, &party, best).await?;
    let held = held(&chain.node, sheet.session_keys.as_deref()).await?;
    let word = word_for(&signer);
    if held == Held::Here && !command.rotate {
        let machine = json!({ "status": "unchanged", "remains": remains_json(&sheet, held) });
        let human = format!(
            "this node has the session keys of {}: nothing to register (--rotate makes new ones)\n{}",
            party.describe(),
            remains_text(&sheet, held, &word)
        );
        return context.output.result(&human, &machine);
    }
    let health: Health = chain.node.request("system_health", rpc_params![]).await?;
    if health.is_syncing {
        context
            .output
            .warn("the node is still catching up: a validator that is behind misses its slots");
    }
    let staking = generate(&chain.node, signer.account()).await?;
    let call = staking.call();
    chain.call_bytes(&call)?;
    let terms = wished.terms(&chain, signer.account()).await?;
    let fee = signer.fee(&chain, &call, terms, best).await?;
    context
        .output
        .note(&told(&chain, &signer, &sheet, &staking, &fee_text(fee, terms.tip)));
    let replaces = sheet.session_keys.is_some() && held == Held::Elsewhere;
    if replaces {
        context.output.warn(
            "the registered session keys are another node's: from the epoch after the next on this node validates instead; \
             never run both with the same keys",
        );
    }
    confirm(context, &acting.sending, replaces)?;
    let remains = remains_text(&sheet, Held::Here, &word);
    let decided = Decided {
        context,
        chain: &chain,
        signer: &signer,
        call: &call,
        terms,
        fee,
        token: TokenId::Flx,
        deed: "session keys registered".into(),
        machine: json!({
            "call": "Session.set_keys", "sessionKeys": keys_hex(&staking), "remains": remains_json(&sheet, Held::Here),
        }),
    };
    decided
        .carry_out(keystore, &passwords(&acting.sending), &acting.sending)
        .await?;
    context.output.note(&remains);
    Ok(())
}

/// How the command line names who signs, for examples.
fn word_for(signer: &Signer) -> String {
    match signer {
        Signer::Account(party) => match &party.label {
            Some(label) => label.clone(),
            None => party.account.to_string(),
        },
        Signer::Key(_, record) => record.owner.to_string(),
    }
}

fn keys_hex(staking: &Staking) -> Option<String> {
    match staking {
        Staking::SetKeys { keys, .. } => Some(format!("0x{}", hex::encode(keys))),
        _ => None,
    }
}

/// What is going to happen, for people.
fn told(chain: &Chain, signer: &Signer, sheet: &Sheet, staking: &Staking, fee: &str) -> String {
    let mut lines = vec![
        format!("account {}", signer.describe()),
        format!("node    {}", chain.node.url()),
        format!("keys    {}", keys_hex(staking).unwrap_or_default()),
    ];
    if sheet.session_keys.is_none() {
        if let Some(deposit) = chain.constant::<Balance>("Session", "KeyDeposit") {
            let deposit = amount_text(deposit, TokenId::Flx);
            lines.push(format!("deposit {deposit}, held while keys are registered"));
        }
    }
    lines.push(format!("fee     {fee}"));
    lines.join("\n")
}

/// Whether the node has the keys that are registered.
async fn held(node: &Node, registered: Option<&[u8]>) -> Result<Held, NodeError> {
    let Some(keys) = registered else {
        return Ok(Held::Unregistered);
    };
    let keys = format!("0x{}", hex::encode(keys));
    Ok(match node.request("author_hasSessionKeys", rpc_params![keys]).await? {
        true => Held::Here,
        false => Held::Elsewhere,
    })
}

/// Lets the node make session keys for an account.
async fn generate(node: &Node, owner: Account) -> Result<Staking, NodeError> {
    const METHOD: &str = "author_rotateKeysWithOwner";
    let made: Generated = node.request(METHOD, rpc_params![owner.hex()]).await?;
    let bytes = |text: &str| {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        hex::decode(digits).map_err(|error| NodeError::nonsense(METHOD, error))
    };
    let proof = made
        .proof
        .ok_or_else(|| NodeError::nonsense(METHOD, "keys without a proof that the node has them"))?;
    Ok(Staking::SetKeys {
        keys: bytes(&made.keys)?,
        proof: bytes(&proof)?,
    })
}

/// Refuses to have keys made by a node on another machine, unless that was answered on the command line.
fn check_local(url: &str, yes: bool) -> Result<()> {
    if yes || is_local(url) {
        return Ok(());
    }
    Err(Error::usage(
        "node_not_local",
        format!("{url} is not on this machine: whoever runs that node would validate with your stake"),
        "run qc on the machine of your node with --url ws://127.0.0.1:PORT, or add --yes if that node is yours",
    ))
}

/// Whether a URL names this machine.
fn is_local(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host_and_port.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host_and_port.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What a validator needs, and whether it is there as far as the chain tells.
fn steps(sheet: &Sheet, held: Held) -> [(&'static str, bool); 4] {
    let reported = matches!(sheet.report, Some((_, ReportStatus::Reported)));
    [
        ("sessionKeys", held == Held::Here),
        ("sealKey", !sheet.seal_keys.is_empty()),
        ("nodeReports", reported),
        ("stake", sheet.view.is_some()),
    ]
}

fn remains_json(sheet: &Sheet, held: Held) -> Value {
    let mut steps: serde_json::Map<String, Value> = steps(sheet, held)
        .into_iter()
        .map(|(name, is_there)| (name.to_owned(), json!(is_there)))
        .collect();
    steps.insert("stakeMin".into(), amount_json(sheet.symbols.stake_min));
    Value::Object(steps)
}

/// What remains to be done, for people.
fn remains_text(sheet: &Sheet, held: Held, word: &str) -> String {
    let least = crate::amount::format(sheet.symbols.stake_min);
    let texts = [
        "session keys in this node, registered".to_owned(),
        format!("a key that may SEAL: qc key new seal; qc key register --account {word} --key seal --can SEAL",),
        "a node that reports with it: qc-node --validator --pqc-key-file …/seal.key --pqc-password-file FILE \
         (known to work once it has reported, in an epoch in which it is in the set)"
            .to_owned(),
        format!("a stake of {least} ATR or more: qc validator enrol {least} --account {word}"),
    ];
    let lines = steps(sheet, held).into_iter().zip(texts).map(|((_, is_there), text)| {
        let mark = if is_there { "x" } else { " " };
        format!("  [{mark}] {text}")
    });
    let lines: Vec<String> = lines.collect();
    format!("what a validator needs:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        for url in [
            "ws://127.0.0.1:9944",
            "ws://127.3.2.1",
            "ws://localhost:9944/",
            "wss://LOCALHOST",
            "ws://[::1]:9944",
        ] {
            assert!(is_local(url), "{url}");
            assert!(check_local(url, false).is_ok());
        }
        for url in [
            "ws://192.168.0.7:9944",
            "ws://127.0.0.1.example.org:9944",
            "ws://localhost@example.org:9944",
            "ws://localhost:1@example.org",
            "ws://example.org/localhost",
            "ws://example.org#@localhost",
            "ws://example.org?@127.0.0.1",
            "ws://example.org\\@localhost",
            "ws://[::2]:9944",
            "ws://0.0.0.0:9944",
            "ws://",
            "",
        ] {
            assert!(!is_local(url), "{url}");
            assert_eq!(check_local(url, false).unwrap_err().code(), "node_not_local");
            assert!(check_local(url, true).is_ok());
        }
    }

    /// What is made by the node is proved for this account, and comes into the call as it is.
    #[test]
    fn keys_are_made_for_the_account_that_registers_them() {
        use crate::testing::field::{node, run};
        let owner = Account([0xa1; 32]);
        let asked = format!("author_rotateKeysWithOwner [\"0x{}\"]", "a1".repeat(32));
        let answer = format!("{{\"keys\":\"0x{}\",\"proof\":\"0xabcd\"}}", "07".repeat(64));
        let made = run(generate(&node(vec![(asked.clone(), answer)]), owner)).unwrap();
        let expected = Staking::SetKeys {
            keys: vec![7; 64],
            proof: vec![0xab, 0xcd],
        };
        assert_eq!(made, expected);
        for nonsense in [
            "{\"keys\":\"0x07\"}",
            "{\"keys\":\"0x0\",\"proof\":\"0x\"}",
            "null",
            "[]",
        ] {
            let error = run(generate(&node(vec![(asked.clone(), nonsense.into())]), owner)).unwrap_err();
            assert_eq!(error.code(), "node_nonsense", "{nonsense}");
        }
    }

    #[test]
    fn keys_are_known_to_be_here_or_elsewhere() {
        use crate::testing::field::{node, run};
        let asked = "author_hasSessionKeys [\"0x0708\"]".to_owned();
        let of = |answer: &str| run(held(&node(vec![(asked.clone(), answer.into())]), Some(&[7, 8]))).unwrap();
        assert_eq!((of("true"), of("false")), (Held::Here, Held::Elsewhere));
        assert_eq!(run(held(&node(vec![]), None)).unwrap(), Held::Unregistered);
    }
}
