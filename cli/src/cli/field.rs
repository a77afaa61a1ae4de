//! `qc field` and `qc coherence` on the command line.

use clap::Args;

/// The field.
#[derive(Args, Debug)]
#[command(after_help = "\
Shards are the vertices of the field graph. Of the epoch that closed last:
  ψ          density of a shard: its share of CHR times its share of staked ATR, over 1 + dissonance; 1 is the mean
  gradient   ψ of the edge's second shard less ψ of its first
  flow       FLX that moved along the edge, from the first shard to the second; below 0: the other way
  flux       gradient times the flow's share of all FLX
  alignment  how well FLX flows along the gradients, from -1 to 1
  curl       on each cycle of the graph, of the gradients that validators reported of the epoch before; 0 if they are honest,
             none where an edge had too few reporters

Numbers are cut off after six decimals (tiny ones are written 3.2e-9); --json has every digit, as text.

Examples:
  qc field
  qc field --history 20
  qc --json field | jq -r '.shards[] | \"\\(.shard) \\(.psi)\"'")]
pub struct Field {
    /// Show ψ and alignment of the last N epochs instead; the chain keeps 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub history: Option<u32>,
    /// As of the best block, which may still be replaced, instead of the last finalised one
    #[arg(long)]
    pub best: bool,
}

/// Coherence.
#[derive(Args, Debug)]
#[command(after_help = "\
Of the epoch that closed last:
  Ĉ             coherence of the network, from 0 to 1: C_core times CAF; the target is 0.97 and more
  R             resonance: how much alike the validators' features are
  C_core        R times the mean Ψ of the validators, weighted by stake
  CAF           what nodes' memory adds; 1 until memory is part of the chain
  H             evenness of Ψ among validators; the target is 0.98 and more
  entropy rate  how far H moved in the epoch; the target is 0.002 and less
  α, λ          the balancing of rewards: λ = α Ĉ/φ
  Ψ*            what validators say Ĉ was: the lower median of their reports, if more than two thirds report.
                Reports on an epoch are made in the next one and close with it, so Ψ* is always of the epoch before,
                also on the lines of --history and --watch

Incidents: 302 is local dissonance, 412 an anomaly of the field or of reports, 511 the chain in doubt.

--watch prints one line for each epoch as it becomes final, connects again when the connection is lost, and stops at Ctrl-C.

Examples:
  qc coherence
  qc coherence --history 50
  qc coherence --watch
  qc --json coherence --watch --count 10 | jq -r '\"\\(.epoch) \\(.coherence)\"'")]
pub struct Coherence {
    /// Show the last N epochs, one line each; the chain keeps 2016, and Ψ* of 128
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2016))]
    pub history: Option<u32>,
    /// Print epochs as they close, until interrupted; begins with the last one, or with the last N of --history
    #[arg(long)]
    pub watch: bool,
    /// With --watch, stop after so many epochs
    #[arg(long, value_name = "EPOCHS", requires = "watch")]
    pub count: Option<u64>,
    /// As of the best block, which may still be replaced, instead of the last finalised one
    #[arg(long, conflicts_with = "watch")]
    pub best: bool,
}
