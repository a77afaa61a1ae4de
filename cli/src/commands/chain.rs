//! `qc chain`.

use super::Context;
use crate::amount;
use crate::errors::Result;
use crate::output::{amount_json, table};
use crate::records::home_text;
use futures::future::try_join_all;
use qc_types::{TokenId, DECIMALS, SS58_PREFIX};
use serde::Deserialize;
use serde_json::json;
use subxt::rpcs::client::rpc_params;

/// What a node says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    peers: u64,
    is_syncing: bool,
}

/// Prints what the chain is and how it does.
pub async fn run(context: &Context) -> Result<()> {
    let chain = context.chain().await?;
    let node = &chain.node;
    let text = |method: &'static str| node.request::<String>(method, rpc_params![]);
    let (name, software, version) =
        futures::try_join!(text("system_chain"), text("system_name"), text("system_version"))?;
    let health: Health = node.request("system_health", rpc_params![]).await?;
    let (finalised, best) = futures::try_join!(node.finalised_head(), node.best_head())?;
    let (finalised_number, best_number) = futures::try_join!(node.header(finalised), node.header(best))?;
    let (finalised_number, best_number) = (finalised_number.number, best_number.number);
    let (epoch, totals, shards) = futures::try_join!(
        chain.epoch(finalised),
        chain.totals(finalised),
        chain.shard_totals(finalised)
    )?;
    let deposits = try_join_all(TokenId::ALL.map(|token| chain.existential_deposit(token, finalised))).await?;
    let deposit = |token: TokenId| {
        TokenId::ALL
            .iter()
            .zip(&deposits)
            .find(|(other, _)| **other == token)
            .map_or(0, |(_, deposit)| *deposit)
    };

    let tokens = totals.iter().map(|(token, total)| {
        json!({
            "symbol": token, "name": token.name(), "assetId": token.asset_id(), "decimals": DECIMALS,
            "total": amount_json(*total), "existentialDeposit": amount_json(deposit(*token)),
        })
    });
    let shard = shards
        .iter()
        .map(|shard| json!({ "home": shard.home, "flx": amount_json(shard.flx), "chr": amount_json(shard.chr) }));
    let machine = json!({
        "name": name, "genesis": format!("{:?}", chain.genesis), "node": format!("{software} {version}"),
        "url": node.url(), "specName": chain.spec_name, "specVersion": chain.spec_version,
        "ss58Prefix": SS58_PREFIX, "epoch": epoch, "peers": health.peers, "syncing": health.is_syncing,
        "finalised": { "number": finalised_number, "hash": format!("{finalised:?}") },
        "best": { "number": best_number, "hash": format!("{best:?}") },
        "tokens": tokens.collect::<Vec<_>>(), "shards": shard.collect::<Vec<_>>(),
    });

    let syncing = if health.is_syncing { ", still catching up" } else { "" };
    let facts = [
        ("chain", name),
        ("genesis", format!("{:?}", chain.genesis)),
        ("runtime", format!("{} {}", chain.spec_name, chain.spec_version)),
        (
            "node",
            format!(
                "{software} {version} at {}, {} peers{syncing}",
                node.url(),
                health.peers
            ),
        ),
        ("finalised", format!("{finalised_number} {finalised:?}")),
        (
            "best",
            format!(
                "{best_number} {best:?} ({} ahead)",
                best_number.saturating_sub(finalised_number)
            ),
        ),
        ("epoch", epoch.to_string()),
        ("addresses", format!("SS58 prefix {SS58_PREFIX}")),
    ];
    let facts = facts
        .iter()
        .map(|(name, fact)| format!("{name:<10}{fact}"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut supply = vec![["token", "total", "existential deposit"].map(String::from).to_vec()];
    supply.extend(totals.iter().map(|(token, total)| {
        vec![
            format!("{} {}", token.symbol(), token.name()),
            amount::format(*total),
            amount::format(deposit(*token)),
        ]
    }));
    let mut homes = vec![["home", "FLX", "CHR"].map(String::from).to_vec()];
    homes.extend(shards.iter().map(|shard| {
        vec![
            home_text(shard.home),
            amount::format(shard.flx),
            amount::format(shard.chr),
        ]
    }));
    context
        .output
        .result(&format!("{facts}\n\n{}\n\n{}", table(&supply), table(&homes)), &machine)
}
