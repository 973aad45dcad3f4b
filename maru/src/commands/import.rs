//! `maru import markdown DIR`

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Map;
use url::Url;

use super::{Common, tell};
use crate::{
    data_dir::DataDir,
    embedded::Embedded,
    importer::{Import, Library, Progress},
};

#[derive(Debug, Subcommand)]
pub(super) enum Format {
    /// A folder of Markdown files, as Zola, Hugo, Jekyll and Astro keep them
    Markdown(Arguments),
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of `*.md` and `*.markdown` files
    dir: PathBuf,
    #[command(flatten)]
    common: Common,
    /// Address of the old site: its absolute links are rewritten too
    #[arg(long, value_name = "URL")]
    site_url: Option<Url>,
}

/// Exit code 0: every post came. 1: some failed; the others came.
pub(super) async fn run(format: Format) -> Result<ExitCode> {
    let Format::Markdown(arguments) = format;
    let config = arguments.common.configure(Map::new(), true)?;
    if !arguments.dir.is_dir() {
        bail!("{} is not a folder", arguments.dir.display());
    }
    let start = Instant::now();
    let (dir, site) = (arguments.dir.clone(), arguments.site_url);
    let (library, mut report) = tokio::task::spawn_blocking(move || Library::load(&dir, site.as_ref()))
        .await?
        .with_context(|| format!("{} cannot be read", arguments.dir.display()))?;
    if library.is_empty() && report.failed.is_empty() {
        bail!("there are no posts in {}", arguments.dir.display());
    }

    let data = DataDir::open(&config.data)?;
    let embedded = Embedded::start(&config, &data, &config.address(config.listen.port())?).await?;
    embedded.open();
    let bar = Bar::new(library.len());
    let import = Import::new(embedded.services.clone(), library, "markdown", Arc::clone(&bar) as Arc<dyn Progress>);
    report.add(import.run().await);
    bar.0.finish_and_clear();
    embedded.stop().await;

    tell(&format!("{report}\n{:.1} s", start.elapsed().as_secs_f64()));
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Bar(ProgressBar);

impl Bar {
    fn new(posts: usize) -> Arc<Self> {
        let length = u64::try_from(posts).unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        if bar.is_hidden() {
            super::tell_error(&format!("importing {posts} posts"));
        } else if let Ok(style) = ProgressStyle::with_template("importing {wide_bar} {pos}/{len}, {eta} left") {
            bar.set_style(style);
        }
        Arc::new(Self(bar))
    }
}

impl Progress for Bar {
    fn advance(&self) {
        self.0.inc(1);
    }
}
