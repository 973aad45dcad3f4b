//! What the tests need beside Rust: installed where we are allowed to, named where not.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::build::Half;
use crate::packages::{self, Need};
use crate::workspace::Workspace;
use crate::{contract, progress, tools};

const NEEDS: &[Need] = &[
    Need { package: "chromium", purpose: "the browser of the end-to-end tests", there: has_chromium },
    Need { package: "fonts-noto-cjk", purpose: "Korean letters in the browser", there: has_korean_font },
    Need { package: "postgresql", purpose: "the services' second database", there: has_postgres },
    Need { package: "rabbitmq-server", purpose: "the services' second event bus", there: has_rabbitmq },
    Need { package: "redis-server", purpose: "the services' second cache", there: has_redis },
    Need { package: "nodejs", purpose: "Playwright", there: || tools::find("node").is_some() },
    Need { package: "python3-venv", purpose: "the contract test", there: has_python },
    Need { package: "npm", purpose: "Playwright", there: || tools::find("npm").is_some() },
];

/// The oldest Node that Playwright and axe run on.
const NODE: u32 = 20;

/// Sees to it that everything is there.
pub(super) fn prepare(workspace: &Workspace) -> Result<()> {
    packages::install(NEEDS)?;
    check_node()?;
    tools::ensure_components(&["clippy", "rustfmt"])?;
    // Before any test: the back end's tests build a hostile module for the sandbox.
    tools::ensure_targets(&[Half::Server.target(), Half::Client.target()])?;
    // The browser tests, and the servers that the auth service's tests talk to.
    for folder in ["e2e", "services/auth/tests/servers"] {
        install_node_modules(&workspace.root.join(folder))?;
    }
    contract::environment(workspace)?;
    Ok(())
}

fn install_node_modules(folder: &Path) -> Result<()> {
    if installed(folder) {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command.current_dir(folder).args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    progress::command("npm ci", &mut command)?;
    std::fs::copy(folder.join("package-lock.json"), folder.join("node_modules/.installed"))?;
    Ok(())
}

fn check_node() -> Result<()> {
    let version = tools::output(Command::new("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("node is {version}; the end-to-end tests need {NODE} or newer");
    }
    Ok(())
}

/// Whether node_modules is what the lock file says.
fn installed(folder: &Path) -> bool {
    let read = |name| std::fs::read(folder.join(name)).ok();
    read("node_modules/.installed").is_some_and(|installed| Some(installed) == read("package-lock.json"))
}

fn has_chromium() -> bool {
    std::env::var_os("MARU_CHROMIUM").is_some() || tools::find("chromium").is_some()
}

fn has_korean_font() -> bool {
    Path::new("/usr/share/fonts/opentype/noto").is_dir() || Path::new("/System/Library/Fonts").is_dir()
}

fn has_postgres() -> bool {
    std::env::var_os("MARU_TEST_POSTGRES_URL").is_some() || Path::new("/usr/lib/postgresql").is_dir()
}

fn has_rabbitmq() -> bool {
    std::env::var_os("MARU_TEST_RABBITMQ_URL").is_some() || Path::new("/usr/lib/rabbitmq/bin").is_dir()
}

fn has_python() -> bool {
    let mut command = Command::new("python3");
    command.args(["-c", "import ensurepip, venv"]).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn has_redis() -> bool {
    std::env::var_os("MARU_TEST_REDIS_URL").is_some() || tools::find("redis-server").is_some()
}
