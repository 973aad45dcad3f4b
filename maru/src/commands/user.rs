//! `maru user add`

use std::io::{self, IsTerminal};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use contracts::{
    auth::{Me, NewUser},
    module::Role,
};
use serde_json::Map;

use super::{Common, tell};
use crate::{data_dir::DataDir, embedded::Embedded};

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Add an account that can sign in
    Add(Arguments),
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// E-mail address to sign in with
    #[arg(long)]
    email: String,
    /// Display name
    #[arg(long)]
    name: String,
    /// May do everything
    #[arg(long, conflicts_with = "author")]
    admin: bool,
    /// May write posts
    #[arg(long)]
    author: bool,
    /// Read the password from the standard input rather than asking for it
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn run(action: Action) -> Result<()> {
    let Action::Add(arguments) = action;
    let config = arguments.common.configure(Map::new(), true)?;
    let password =
        if arguments.password_stdin || !io::stdin().is_terminal() { piped_password()? } else { asked_password()? };
    let role = match (arguments.admin, arguments.author) {
        (true, _) => Role::Admin,
        (false, true) => Role::Author,
        (false, false) => Role::User,
    };

    let data = DataDir::open(&config.data)?;
    let embedded = Embedded::start(&config, &data, &config.address(config.listen.port())?).await?;
    embedded.open();
    let user = NewUser { email: arguments.email, name: arguments.name, password, role };
    let added: Result<Me, _> = embedded.services.auth().post("/internal/users", &user).await;
    embedded.stop().await;
    let added = added?;
    tell(&format!("{} <{}> can sign in", added.name, added.email));
    Ok(())
}

fn piped_password() -> Result<String> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).context("reading the password")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password came in; write it to the standard input, one line");
    }
    Ok(password.to_owned())
}

fn asked_password() -> Result<String> {
    let terminal = console::Term::stderr();
    let ask = |what: &str| -> Result<String> {
        terminal.write_str(what)?;
        Ok(terminal.read_secure_line()?)
    };
    let password = ask("Password: ")?;
    if ask("Once more: ")? != password {
        bail!("the two passwords differ");
    }
    Ok(password)
}
