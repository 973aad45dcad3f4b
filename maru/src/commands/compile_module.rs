//! `maru compile-module`: what a running Maru starts to compile a module, so that the compiler's memory goes
//! away with this process.

use std::{io::Read, path::PathBuf};

use anyhow::{Context, Result};
use backend_bff::sandbox::compile_into_cache;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the compilation cache
    cache: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let mut component = Vec::new();
    std::io::stdin().read_to_end(&mut component).context("the module cannot be read from standard input")?;
    compile_into_cache(&arguments.cache, &component).map_err(|error| anyhow::anyhow!("{error:#}"))
}
