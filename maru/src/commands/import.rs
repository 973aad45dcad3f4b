//! `maru import markdown DIR`, `maru import wordpress FILE.xml`, `maru import ghost FILE.json`

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
    importer::{Import, Library, Progress, Report, System, load_export},
};

#[derive(Debug, Subcommand)]
pub(super) enum Format {
    /// A folder of Markdown files, as Zola, Hugo, Jekyll and Astro keep them
    Markdown(Arguments),
    /// The XML file that WordPress makes under Tools → Export
    Wordpress(ExportArguments),
    /// The JSON file that Ghost makes under Settings → Import/Export
    Ghost(ExportArguments),
}

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The exported file
    file: PathBuf,
    /// Folder of the old site's uploads, or one that holds it [default: the folder of the file]
    #[arg(long, value_name = "DIR")]
    media: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
    /// Address of the old site, when the file does not say
    #[arg(long, value_name = "URL")]
    site_url: Option<Url>,
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
    let start = Instant::now();
    let (common, origin, loaded) = match format {
        Format::Markdown(arguments) => {
            if !arguments.dir.is_dir() {
                bail!("{} is not a folder", arguments.dir.display());
            }
            let (dir, site) = (arguments.dir.clone(), arguments.site_url);
            let loaded = tokio::task::spawn_blocking(move || Library::load(&dir, site.as_ref())).await?;
            let loaded = loaded.with_context(|| format!("{} cannot be read", arguments.dir.display()))?;
            (arguments.common, "markdown", loaded)
        }
        Format::Wordpress(arguments) => {
            (arguments.common.clone(), "wordpress", load(System::WordPress, arguments).await?)
        }
        Format::Ghost(arguments) => (arguments.common.clone(), "ghost", load(System::Ghost, arguments).await?),
    };
    let (library, mut report) = loaded;
    if library.is_empty() && report.failed.is_empty() {
        bail!("there are no posts to import");
    }

    let config = common.configure(Map::new(), true)?;
    let data = DataDir::open(&config.data)?;
    let embedded = Embedded::start(&config, &data, &config.address(config.listen.port())?).await?;
    embedded.open();
    let bar = Bar::new(library.len());
    let import = Import::new(embedded.services.clone(), library, origin, Arc::clone(&bar) as Arc<dyn Progress>);
    report.add(import.run().await);
    bar.0.finish_and_clear();
    embedded.stop().await;

    tell(&format!("{report}\n{:.1} s", start.elapsed().as_secs_f64()));
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn load(system: System, arguments: ExportArguments) -> Result<(Library, Report)> {
    let ExportArguments { file, media, site_url, .. } = arguments;
    let name = file.display().to_string();
    let load = move || load_export(system, &file, media.as_deref(), site_url.as_ref());
    tokio::task::spawn_blocking(load).await?.with_context(|| name)
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
