//! `qc-load`: see `qc-load --help`.

use std::process::ExitCode;

use clap::Parser;
use qc_bench::compare::{self, Group};
use qc_bench::kind::Kind;
use qc_bench::run::{prepare, run, Options};
use qc_bench::{accounts, crowd, figures, growth, plot, Error, Result};

/// Loads a node of this machine and says what it finalised, how fast.
///
/// Accounts are derived from the development phrase (//load//0, //load//1, …) and get FLX from Alice, so the node must run a
/// development chain (`qc-node --dev`, or `--chain local`). Transactions are signed before the clock starts, sent over
/// several WebSocket connections, and counted where it counts: in finalised blocks, by their own event System.ExtrinsicSuccess.
///
/// Throughput is what all loaded blocks but the first hold, over the time from the first to the last, by the blocks' own
/// timestamps; "sustained" leaves the last block out as well, which is seldom full. Latency is from the request that the
/// pool accepted to this program's knowledge of finality: at full speed it is mostly time spent queueing in the pool; use
/// --rate for what one user meets. A full pool is no failure: the transaction is offered again and the refusal counted.
#[derive(Parser)]
#[command(name = "qc-load", version, after_help = EXAMPLES)]
struct Cli {
    /// WebSocket URL of the node; loopback addresses only
    #[arg(long, default_value = "ws://127.0.0.1:9944")]
    url: String,
    /// What to send
    #[arg(long, value_enum, default_value_t = Kind::FlxTransfer)]
    kind: Kind,
    /// The word under which accounts are derived; two runs at once need different ones
    #[arg(long, default_value = "load", value_parser = family)]
    family: String,
    /// Fund accounts and register keys as --kind needs it, and do no more
    #[arg(long)]
    prepare: bool,
    /// How many transactions
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    count: u32,
    /// From how many accounts (each sends count/accounts of them, with rising nonces)
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    accounts: u32,
    /// How many accounts exist to send to, the senders among them [default: as many as --accounts]
    #[arg(long, default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u32).range(0..=5_000_000))]
    population: u32,
    /// Whole FLX that each account must have; those with less get twice this from Alice
    #[arg(long, default_value_t = 10)]
    fund: u32,
    /// WebSocket connections
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    connections: u32,
    /// Requests that wait for their answer on one connection, at most
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=2_048))]
    in_flight: u32,
    /// Transactions a second; 0 sends as fast as the node takes them
    #[arg(long, default_value_t = 0)]
    rate: u32,
    /// Seconds after which sending and waiting end
    #[arg(long, default_value_t = 300)]
    seconds_max: u64,
    /// Report as JSON on stdout
    #[arg(long)]
    json: bool,
    /// Draw transactions per block into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<String>,
    /// Instead of a run: a Markdown table of runs that `--json` wrote, with medians and ratios; drawn into --svg if given
    #[arg(long, value_name = "NAME=FILE,…", num_args = 1..)]
    compare: Vec<String>,
    /// Instead of a run: write this raw chain spec to stdout with --population load accounts of --fund FLX each in its genesis
    #[arg(long, value_name = "FILE", conflicts_with_all = ["compare", "growth"])]
    crowd: Option<String>,
    /// Instead of a run: a Markdown table of lines `accounts,transactions,nanoseconds`; drawn into --svg if given
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    growth: Option<String>,
    /// Instead of a run: what a post-quantum key and its transactions cost on this node (bytes, deposit, time to validate),
    /// as JSON; measured with so many transactions, which are not sent
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["compare", "growth", "crowd"])]
    key_figures: Option<u32>,
}

fn family(text: &str) -> std::result::Result<String, String> {
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word
        .then(|| text.to_owned())
        .ok_or_else(|| "letters and digits only".into())
}

const EXAMPLES: &str = "Examples:
  qc-node --dev --pool-limit 65536 &
  qc-load --count 50000 --svg load.svg        the most the node can do
  qc-load --count 3000 --rate 100             what a user waits for finality
  qc-load --kind ml-dsa-transfer --count 10000    transfers that post-quantum keys authorise
  qc-load --compare ours=a1.json,a2.json plain=b1.json,b2.json --svg compare.svg";

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match perform(&cli).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("qc-load: not everything that was sent was finalised and succeeded");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("qc-load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_crowd(path: &str, population: u32, fund: u32) -> Result<()> {
    let odd = |error: serde_json::Error| Error::Answer {
        method: "--crowd".into(),
        detail: error.to_string(),
    };
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        path: path.into(),
        source,
    })?;
    let mut spec = serde_json::from_str(&text).map_err(odd)?;
    crowd::add(
        &mut spec,
        &accounts::derive(population)?,
        u128::from(fund) * accounts::FLX,
    )?;
    serde_json::to_writer(std::io::stdout().lock(), &spec).map_err(odd)
}

async fn perform(cli: &Cli) -> Result<bool> {
    if !cli.compare.is_empty() {
        let groups = cli
            .compare
            .iter()
            .map(|group| Group::read(group))
            .collect::<Result<Vec<_>>>()?;
        print!("{}", compare::markdown(&groups, cli.svg.as_deref())?);
        return Ok(true);
    }
    if let Some(path) = &cli.growth {
        print!("{}", growth::markdown(path, cli.svg.as_deref())?);
        return Ok(true);
    }
    if let Some(path) = &cli.crowd {
        print_crowd(path, cli.population, cli.fund)?;
        return Ok(true);
    }
    if let Some(count) = cli.key_figures {
        print_json(&figures::measure(&cli.url, count).await?)?;
        return Ok(true);
    }
    let options = options(cli);
    if cli.prepare {
        prepare(&options).await?;
        return Ok(true);
    }
    let report = run(&options).await?;
    if cli.json {
        print_json(&report)?;
    } else {
        print!("{report}");
    }
    if let Some(path) = &cli.svg {
        plot::svg(&report, path)?;
    }
    Ok(report.finalised == report.signed && report.succeeded == report.signed)
}

fn options(cli: &Cli) -> Options {
    let usize_of = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Options {
        url: cli.url.clone(),
        kind: cli.kind,
        family: cli.family.clone(),
        count: usize_of(cli.count),
        accounts: cli.accounts.min(cli.count),
        population: cli.population,
        fund: cli.fund,
        connections: usize_of(cli.connections),
        in_flight: usize_of(cli.in_flight),
        rate: cli.rate,
        seconds_max: cli.seconds_max,
        talk: true,
    }
}

fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::Answer {
        method: "--json".into(),
        detail: error.to_string(),
    })?;
    println!("{text}");
    Ok(())
}
