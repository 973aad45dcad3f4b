//! Debian packages: installed where we are allowed to, named where not.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::{progress, tools};

/// A Debian package and how to see that what it brings is there.
pub(crate) struct Need {
    pub(crate) package: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) there: fn() -> bool,
}

/// Installs what is missing.
pub(crate) fn install(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let Some(privilege) = privilege() else {
        for need in &missing {
            eprintln!("   missing: {} ({})", need.package, need.purpose);
        }
        bail!("install {} first; I may not do it here", packages.join(", "));
    };
    progress::command("reading the list of packages", privilege.apt().args(["update", "-qq"]))?;
    let mut install = privilege.apt();
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages).stdout(Stdio::null());
    progress::command("installing packages", &mut install)?;
    match needs.iter().find(|need| !(need.there)()) {
        Some(need) => bail!("{} was installed, and still there is no sign of it", need.package),
        None => Ok(()),
    }
}

/// How we come to the right to install packages.
enum Privilege {
    Root,
    Sudo,
}

impl Privilege {
    fn apt(&self) -> Command {
        let mut command = match self {
            Self::Root => Command::new("apt-get"),
            Self::Sudo => Command::new("sudo"),
        };
        if matches!(self, Self::Sudo) {
            command.args(["-n", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}

/// None where there is no apt-get, or we would have to ask somebody.
fn privilege() -> Option<Privilege> {
    tools::find("apt-get")?;
    if tools::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0") {
        return Some(Privilege::Root);
    }
    let allowed = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    allowed.is_ok_and(|status| status.success()).then_some(Privilege::Sudo)
}
