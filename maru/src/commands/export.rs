//! `maru export DIR`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::Map;

use super::{Common, tell};
use crate::{data_dir::DataDir, embedded::Embedded, exporter};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder to write; made when it does not exist
    dir: PathBuf,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let config = arguments.common.configure(Map::new(), true)?;
    let data = DataDir::open(&config.data)?;
    let embedded = Embedded::start(&config, &data, &config.address(config.listen.port())?).await?;
    let written = exporter::export(&embedded.services, arguments.dir.clone()).await;
    embedded.stop().await;
    let written = written?;
    tell(&format!(
        "{} posts, {} drafts, {} pages, {} comments and {} images are in {}",
        written.posts,
        written.drafts,
        written.pages,
        written.comments,
        written.images,
        arguments.dir.display()
    ));
    match written.working_copies {
        0 => {}
        1 => tell("1 working copy of a post was left out: publish or discard it first"),
        many => tell(&format!("{many} working copies of posts were left out: publish or discard them first")),
    }
    Ok(())
}
