//! The two compilations of a module, and what makes them small.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::spec::Spec;
use crate::workspace::{Workspace, cargo};
use crate::{progress, tools};

/// Which half of a module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// The component that renders in the sandbox.
    Server,
    /// What runs in the browser.
    Client,
}

/// How the modules are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As small as can be: the standard library is built along, panics abort without a message.
    /// This needs switches that stable rustc only accepts with `RUSTC_BOOTSTRAP=1`.
    Small,
    /// Small with nothing but what is stable: `MARU_PLAIN_STABLE=1`, or rust-src cannot be had.
    Plain,
    /// Quick to build, with messages.
    Debug,
}

impl Half {
    /// Rust's name of the target.
    pub(crate) fn target(self) -> &'static str {
        match self {
            Self::Server => "wasm32-wasip2",
            Self::Client => "wasm32-unknown-unknown",
        }
    }

    fn feature(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}

impl Mode {
    /// What the arguments and the environment ask for.
    pub(crate) fn chosen(debug: bool) -> Self {
        match (debug, std::env::var_os("MARU_PLAIN_STABLE")) {
            (true, _) => Self::Debug,
            (false, Some(value)) if value != "0" => Self::Plain,
            (false, _) => Self::Small,
        }
    }

    /// The same, or `Plain` when the standard library's source cannot be had.
    pub(crate) fn with_available_parts(self) -> Self {
        if self == Self::Small && !tools::ensure_rust_src() {
            eprintln!("   without rust-src the modules become a fifth larger");
            return Self::Plain;
        }
        self
    }

    /// Folder of the finished bundles.
    pub(crate) fn bundles(self, workspace: &Workspace) -> PathBuf {
        let folder = if self == Self::Debug { "modules-debug" } else { "modules" };
        workspace.target.join("maru").join(folder)
    }

    fn profile(self) -> &'static str {
        if self == Self::Debug { "wasm-dev" } else { "wasm-release" }
    }
}

/// `--features` for one half of these modules.
pub(crate) fn feature_flags(specs: &[&Spec], half: Half) -> String {
    let flags: Vec<String> = specs.iter().map(|spec| format!("{}/{}", spec.krate, half.feature())).collect();
    flags.join(",")
}

/// `cargo <verb>` on one half of all `specs`, in one call so that both cores have work.
pub(crate) fn front_end(workspace: &Workspace, specs: &[&Spec], half: Half, verb: &str, mode: Mode) -> Command {
    let mut command = Command::new(cargo());
    command.current_dir(&workspace.root).env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    if mode == Mode::Small {
        // For both halves, though only the browser's needs it: build scripts look at it, and two calls
        // that differ here would compile everything anew each time.
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    command.args([verb, "--lib", "--locked", "--profile", mode.profile(), "--target", half.target()]);
    for spec in specs {
        command.args(["--package", &spec.krate]);
    }
    command.args(["--features", &feature_flags(specs, half)]);
    command
}

/// Compiles one half of all `specs`.
pub(crate) fn build(workspace: &Workspace, specs: &[&Spec], half: Half, mode: Mode) -> Result<()> {
    let mut command = front_end(workspace, specs, half, "build", mode);
    match (half, mode) {
        (Half::Client, Mode::Small) => shrink(&mut command),
        // Rendering is to be fast; nobody downloads this half.
        (Half::Server, Mode::Small | Mode::Plain) => {
            command.env("CARGO_PROFILE_WASM_RELEASE_OPT_LEVEL", "3").env("CARGO_PROFILE_WASM_RELEASE_STRIP", "symbols");
        }
        _ => {}
    }
    progress::command(&format!("compiling the {} halves", half.feature()), &mut command)
}

/// The last row of the table in the design: the standard library built for size, no panic messages.
fn shrink(command: &mut Command) {
    command
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
        )
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
}

/// Where cargo puts the compiled half.
pub(super) fn artifact(workspace: &Workspace, spec: &Spec, half: Half, mode: Mode) -> PathBuf {
    let file = format!("{}.wasm", spec.krate.replace('-', "_"));
    workspace.target.join(half.target()).join(mode.profile()).join(file)
}
