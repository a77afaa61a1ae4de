//! `qc chain`.

mod code;

use super::Context;
use crate::amount;
use crate::cli::{Chain as Command, ChainPart};
use crate::client::{Chain, NodeError};
use crate::errors::Result;
use crate::output::{amount_json, table};
use crate::records::{home_text, ShardTotals};
use futures::future::try_join_all;
use qc_types::{Balance, EpochIndex, TokenId, DECIMALS, SS58_PREFIX};
use serde::Deserialize;
use serde_json::{json, Value};
use subxt::config::substrate::H256;
use subxt::rpcs::client::rpc_params;

/// What a node says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    peers: u64,
    is_syncing: bool,
}

/// A token and how much of it there is.
struct Supply {
    token: TokenId,
    total: Balance,
    deposit: Balance,
}

/// All that `qc chain` tells. What the chain keeps is as of the finalised block.
struct Report {
    name: String,
    software: String,
    health: Health,
    finalised: (u64, H256),
    best: (u64, H256),
    epoch: EpochIndex,
    supplies: Vec<Supply>,
    shards: Vec<ShardTotals>,
}

/// Prints what the chain is and how it does, or what a part of the command line asks for.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    if let Some(ChainPart::Code(command)) = command.part {
        return code::run(context, command).await;
    }
    let chain = context.chain().await?;
    let report = ask(&chain).await?;
    context.output.result(&report.human(&chain), &report.machine(&chain))
}

/// Asks the node for everything.
async fn ask(chain: &Chain) -> Result<Report, NodeError> {
    let node = &chain.node;
    let text = |method: &'static str| node.request::<String>(method, rpc_params![]);
    let (name, software, version, health) = futures::try_join!(
        text("system_chain"),
        text("system_name"),
        text("system_version"),
        node.request::<Health>("system_health", rpc_params![]),
    )?;
    let (finalised, best) = futures::try_join!(node.finalised_head(), node.best_head())?;
    let (finalised_header, best_header) = futures::try_join!(node.header(finalised), node.header(best))?;
    let (epoch, totals, shards) = futures::try_join!(
        chain.epoch(finalised),
        chain.totals(finalised),
        chain.shard_totals(finalised)
    )?;
    let supplies = totals.into_iter().map(|(token, total)| async move {
        let deposit = chain.existential_deposit(token, finalised).await?;
        Ok::<_, NodeError>(Supply { token, total, deposit })
    });
    Ok(Report {
        name,
        software: format!("{software} {version}"),
        health,
        finalised: (finalised_header.number, finalised),
        best: (best_header.number, best),
        epoch,
        supplies: try_join_all(supplies).await?,
        shards,
    })
}

impl Report {
    /// For programs.
    fn machine(&self, chain: &Chain) -> Value {
        let block = |(number, hash): (u64, H256)| json!({ "number": number, "hash": format!("{hash:?}") });
        let token = |supply: &Supply| {
            json!({
                "symbol": supply.token,
                "name": supply.token.name(),
                "assetId": supply.token.asset_id(),
                "decimals": DECIMALS,
                "total": amount_json(supply.total),
                "existentialDeposit": amount_json(supply.deposit),
            })
        };
        let shard = |shard: &ShardTotals| json!({ "home": shard.home, "flx": amount_json(shard.flx), "chr": amount_json(shard.chr) });
        json!({
            "name": self.name,
            "genesis": format!("{:?}", chain.genesis),
            "specName": chain.spec_name,
            "specVersion": chain.spec_version,
            "node": self.software,
            "url": chain.node.url(),
            "peers": self.health.peers,
            "syncing": self.health.is_syncing,
            "ss58Prefix": SS58_PREFIX,
            "epoch": self.epoch,
            "finalised": block(self.finalised),
            "best": block(self.best),
            "tokens": self.supplies.iter().map(token).collect::<Vec<_>>(),
            "shards": self.shards.iter().map(shard).collect::<Vec<_>>(),
        })
    }

    /// For people.
    fn human(&self, chain: &Chain) -> String {
        let block = |(number, hash): (u64, H256)| format!("{number} {hash:?}");
        let syncing = if self.health.is_syncing {
            ", still catching up"
        } else {
            ""
        };
        let ahead = self.best.0.saturating_sub(self.finalised.0);
        let facts = [
            ("chain", self.name.clone()),
            ("genesis", format!("{:?}", chain.genesis)),
            ("runtime", format!("{} {}", chain.spec_name, chain.spec_version)),
            (
                "node",
                format!(
                    "{} at {}, {} peers{syncing}",
                    self.software,
                    chain.node.url(),
                    self.health.peers
                ),
            ),
            ("finalised", block(self.finalised)),
            ("best", format!("{} ({ahead} ahead)", block(self.best))),
            ("epoch", self.epoch.to_string()),
            ("addresses", format!("SS58 prefix {SS58_PREFIX}")),
        ];
        let facts = facts
            .iter()
            .map(|(name, fact)| format!("{name:<10}{fact}"))
            .collect::<Vec<_>>()
            .join("\n");
        let mut supplies = vec![["token", "total", "existential deposit"].map(String::from).to_vec()];
        supplies.extend(self.supplies.iter().map(|supply| {
            let name = format!("{} {}", supply.token.symbol(), supply.token.name());
            vec![name, amount::format(supply.total), amount::format(supply.deposit)]
        }));
        let mut shards = vec![["home", "FLX", "CHR"].map(String::from).to_vec()];
        shards.extend(self.shards.iter().map(|shard| {
            vec![
                home_text(shard.home),
                amount::format(shard.flx),
                amount::format(shard.chr),
            ]
        }));
        format!("{facts}\n\n{}\n\n{}", table(&supplies), table(&shards))
    }
}
