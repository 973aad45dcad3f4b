//! `maru bench-services`: the services, full, and listening each for itself, to be measured from outside.

use anyhow::Result;
use clap::Args;
use serde_json::Map;

use super::{Common, tell};
use crate::{bench, data_dir::DataDir, embedded::Embedded};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How many posts there are
    #[arg(long, default_value_t = 10_000)]
    posts: usize,
    /// How many comments they have together
    #[arg(long, default_value_t = 100_000)]
    comments: usize,
    /// Fill the data folder and end
    #[arg(long)]
    fill: bool,
}

/// Says as one line of JSON what to ask for where, and serves until its standard input ends.
pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let config = arguments.common.configure(Map::new(), true)?;
    let data = DataDir::open(&config.data)?;
    let _lock = data.lock()?;
    let embedded = Embedded::start(&config, &data, &config.address(8080)?).await?;
    embedded.open();
    bench::fill_once(&embedded, &data, arguments.posts, arguments.comments).await?;
    if !arguments.fill {
        tell(&serde_json::to_string(&bench::listen(&embedded, &data).await?)?);
        let end = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        end.await??;
    }
    embedded.stop().await;
    Ok(())
}
