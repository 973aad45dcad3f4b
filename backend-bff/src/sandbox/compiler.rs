//! Compiling in a process of its own: the compiler's memory goes away with it.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};
use wasmtime::{Engine, component::Component};

use super::{Limits, engine};

/// The command of the compiling program: `PROGRAM compile-module CACHE_DIR`, the component on its standard input.
pub const COMPILE_COMMAND: &str = "compile-module";

/// How long a compilation may take. A module of ordinary size takes seconds.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often the child is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What the child does: compiles `component` into the cache of [`super::Sandbox`] in `cache_dir`.
///
/// # Errors
/// When it is no component that the sandbox takes.
pub fn compile_into_cache(cache_dir: &Path, component: &[u8]) -> wasmtime::Result<()> {
    let engine = engine::engine(cache_dir, &Limits::default())?;
    Component::from_binary(&engine, component).map(|_| ())
}

/// Fills the compilation cache by calling another program.
#[derive(Debug)]
pub(super) struct Compiler {
    program: PathBuf,
    cache_dir: PathBuf,
}

impl Compiler {
    pub(super) fn new(program: PathBuf, cache_dir: &Path) -> Self {
        Self { program, cache_dir: cache_dir.to_owned() }
    }

    /// Sees to it that the cache has `component`. A no-op for one that was compiled before.
    ///
    /// # Errors
    /// When the program refuses the component or takes too long; with what it said. Not when it cannot be
    /// started: then the component is compiled in this process.
    pub(super) fn prepare(&self, engine: &Engine, component: &[u8]) -> wasmtime::Result<()> {
        let done = self.cache_dir.join("done").join(key(engine, component));
        if done.exists() {
            return Ok(());
        }
        let mut command = Command::new(&self.program);
        command.arg(COMPILE_COMMAND).arg(&self.cache_dir);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                tracing::warn!(%error, program = %self.program.display(), "no process to compile in; compiling here");
                return Ok(());
            }
        };
        let (status, said) = finish(child, component)?;
        if !status.success() {
            return Err(wasmtime::Error::msg(if said.is_empty() { status.to_string() } else { said }));
        }
        // Only saves a process at the next start: without it the work is done again and nothing is lost.
        let noted = done.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&done, ""));
        if let Err(error) = noted {
            tracing::warn!(%error, "what was compiled could not be noted");
        }
        Ok(())
    }
}

/// Changes with the component and with everything that compiled code depends on.
fn key(engine: &Engine, component: &[u8]) -> String {
    let mut compatibility = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut compatibility);
    format!("{:x}-{:x}", Sha256::digest(component), compatibility.finish())
}

/// Gives the child its input and waits for its end.
fn finish(mut child: Child, input: &[u8]) -> wasmtime::Result<(ExitStatus, String)> {
    let fed = match child.stdin.take() {
        // A child that refuses early does not read to the end; its status says why.
        Some(mut stdin) => stdin.write_all(input).is_ok(),
        None => false,
    };
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if Instant::now() > deadline => {
                child.kill()?;
                child.wait()?;
                return Err(wasmtime::Error::msg(format!("compiling it took more than {} s", PATIENCE.as_secs())));
            }
            None => std::thread::sleep(LOOK_EVERY),
        }
    };
    let mut said = String::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(4096).read_to_string(&mut said);
    }
    if status.success() && !fed {
        return Err(wasmtime::Error::msg("the compiling process did not read its input"));
    }
    Ok((status, said.trim().trim_start_matches("maru: ").to_owned()))
}
