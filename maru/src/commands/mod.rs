//! The command line. One file a command.

mod bench_gateway;
mod bench_render;
mod bench_services;
mod compile_module;
mod export;
mod import;
mod module;
mod publish;
mod serve;
mod serve_alone;
mod upstream;
mod user;

use std::{path::PathBuf, process::ExitCode, thread::available_parallelism};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use serde_json::{Map, Value};

use crate::{
    config::Config,
    logging::{self, Logging},
};

/// A blog made of independently deployed WebAssembly modules.
#[derive(Debug, Parser)]
#[command(name = "maru", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site, everything in one process
    Serve(serve::Arguments),
    /// Bring posts in from elsewhere
    #[command(subcommand)]
    Import(import::Format),
    /// Write posts, pages and their images as a folder of Markdown
    Export(export::Arguments),
    /// Install a new version of one module into a running Maru
    Publish(publish::Arguments),
    /// List, release and roll back modules of a running Maru
    #[command(subcommand)]
    Module(module::Action),
    /// List versions of services behind a running Maru, and shift visitors between them
    #[command(subcommand)]
    Upstream(upstream::Action),
    /// Manage accounts
    #[command(subcommand)]
    User(user::Action),
    /// Measure how fast a module renders in the sandbox
    #[command(hide = true)]
    BenchRender(bench_render::Arguments),
    /// Fill the services and let each listen for itself, to be measured
    #[command(hide = true)]
    BenchServices(bench_services::Arguments),
    /// Measure how fast the gateway passes requests on
    #[command(hide = true)]
    BenchGateway(bench_gateway::Arguments),
    /// Compile a module's server half from standard input, for a running Maru
    #[command(hide = true, name = backend_bff::sandbox::COMPILE_COMMAND)]
    CompileModule(compile_module::Arguments),
}

impl Cli {
    /// Whether it runs until it is told to end.
    pub fn stays(&self) -> bool {
        matches!(self.command, Command::Serve(_))
    }

    /// Threads of the runtime. Who answers visitors does that on lanes ([`kit::server::Lanes`]), one for each core: what is
    /// left is the work behind, and each thread more takes memory.
    fn threads(&self) -> usize {
        let cores = available_parallelism().map_or(2, usize::from);
        match &self.command {
            Command::Serve(arguments) if arguments.answers_visitors() => cores.div_ceil(2),
            _ => cores,
        }
    }
}

/// What every command that opens a data folder takes.
#[derive(Clone, Debug, Default, Args)]
struct Common {
    /// Folder of databases, images, modules and secrets [default: data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration file [default: maru.toml, when there is one]
    #[arg(long, value_name = "FILE", env = "MARU_CONFIG")]
    config: Option<PathBuf>,
}

impl Common {
    /// The configuration, with `flags` (those that were given) on top, and logging started.
    fn configure(&self, flags: Map<String, Value>, quiet: bool) -> Result<Config> {
        let mut config = self.load(flags)?;
        if quiet && std::env::var_os("MARU_LOG__LEVEL").is_none() {
            "warn".clone_into(&mut config.log.level);
        }
        logging::start(&config.log)?;
        Ok(config)
    }

    /// The same for a process that serves under the name `service`.
    fn configure_serving(&self, flags: Map<String, Value>, service: &str) -> Result<(Config, Logging)> {
        let config = self.load(flags)?;
        let logging = logging::start_serving(&config.log, &config.telemetry, service)?;
        Ok((config, logging))
    }

    fn load(&self, mut flags: Map<String, Value>) -> Result<Config> {
        if let Some(data) = &self.data {
            flags.insert("data".to_owned(), serde_json::to_value(data).context("--data")?);
        }
        Config::load(self.config.as_deref(), flags)
    }
}

/// Runs a command and says in plain words what went wrong.
pub fn run(cli: Cli) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cli.threads()).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::new(error).context("the runtime could not be started")),
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve(arguments) => serve::run(arguments).await.map(|()| ExitCode::SUCCESS),
            Command::Import(format) => import::run(format).await,
            Command::Export(arguments) => export::run(arguments).await.map(|()| ExitCode::SUCCESS),
            Command::Publish(arguments) => publish::run(arguments).await.map(|()| ExitCode::SUCCESS),
            Command::Module(action) => module::run(action).await.map(|()| ExitCode::SUCCESS),
            Command::Upstream(action) => upstream::run(action).await.map(|()| ExitCode::SUCCESS),
            Command::User(action) => user::run(action).await.map(|()| ExitCode::SUCCESS),
            Command::BenchRender(arguments) => bench_render::run(arguments).await.map(|()| ExitCode::SUCCESS),
            Command::BenchServices(arguments) => bench_services::run(arguments).await.map(|()| ExitCode::SUCCESS),
            Command::BenchGateway(arguments) => bench_gateway::run(arguments).await.map(|()| ExitCode::SUCCESS),
            Command::CompileModule(arguments) => compile_module::run(&arguments).map(|()| ExitCode::SUCCESS),
        }
    });
    // Blocking work that nobody waits for must not keep the process.
    runtime.shutdown_background();
    result.unwrap_or_else(|error| failed(&error))
}

fn failed(error: &anyhow::Error) -> ExitCode {
    let mut message = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !message.contains(&cause) {
            message.push_str(if message.is_empty() { "" } else { ": " });
            message.push_str(&cause);
        }
    }
    tell_error(&format!("maru: {message}"));
    ExitCode::FAILURE
}

/// Writes a line for the person at the terminal.
fn tell(line: &str) {
    use std::io::Write;
    // Nobody listens any more: there is nothing left to say it to.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The same, where errors go.
fn tell_error(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_arguments_are_in_each_others_way() {
        super::Cli::command().debug_assert();
    }
}
