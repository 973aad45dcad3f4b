//! What must be on the machine. Rust's own parts are added through rustup; for everything else the
//! message says what to install.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::progress;

/// Standard output of a program, without the line end.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{program}`"))?;
    if !output.status.success() {
        bail!("`{program}` failed ({})", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Where on the `PATH` a program is.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Adds the wasm targets that are missing.
pub(crate) fn ensure_targets(targets: &[&str]) -> Result<()> {
    let missing: Vec<&str> = targets.iter().copied().filter(|target| !has_target(target)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let Some(rustup) = find("rustup") else {
        bail!("the Rust targets {} are missing and there is no rustup to add them with", missing.join(", "));
    };
    progress::command("adding Rust targets", Command::new(rustup).args(["target", "add"]).args(missing))
}

/// Adds the parts of Rust that are missing: `clippy`, `rustfmt`.
pub(crate) fn ensure_components(components: &[&str]) -> Result<()> {
    let missing: Vec<&str> = components.iter().copied().filter(|component| !has_component(component)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let Some(rustup) = find("rustup") else {
        bail!("{} is missing and there is no rustup to add it with", missing.join(", "))
    };
    progress::command("adding parts of Rust", Command::new(rustup).args(["component", "add"]).args(missing))
}

/// Whether the standard library's source is there, which the smallest modules are built from; tries
/// to add it through rustup.
pub(crate) fn ensure_rust_src() -> bool {
    if has_rust_src() {
        return true;
    }
    let Some(rustup) = find("rustup") else { return false };
    let mut command = Command::new(rustup);
    command.args(["component", "add", "rust-src"]);
    progress::command("adding the standard library's source", &mut command).is_ok() && has_rust_src()
}

fn sysroot() -> Option<PathBuf> {
    output(Command::new("rustc").args(["--print", "sysroot"])).ok().map(PathBuf::from)
}

fn has_rust_src() -> bool {
    sysroot().is_some_and(|root| root.join("lib/rustlib/src/rust/library/std").is_dir())
}

fn has_target(target: &str) -> bool {
    sysroot().is_some_and(|root| root.join("lib/rustlib").join(target).join("lib").is_dir())
}

/// rustup leaves a `cargo-fmt` that only says what is missing, so it must be tried.
fn has_component(component: &str) -> bool {
    let mut command = Command::new(crate::workspace::cargo());
    command.args([component.trim_start_matches("rust"), "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
