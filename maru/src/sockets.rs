//! Listening sockets: those that whoever started this process holds for it (systemd, or this program before it
//! started again), or opened here.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    os::{fd::OwnedFd, unix::process::CommandExt},
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use listenfd::ListenFd;
use tokio_util::sync::CancellationToken;

/// The sockets of a process. The first inherited one is for visitors, the second for operators.
pub(crate) struct Sockets {
    inherited: ListenFd,
    /// Asked for at the start: later the file may be another one.
    program: PathBuf,
    /// For the program that comes after this one.
    public: Option<TcpListener>,
    /// Cancelled when somebody else holds the socket of visitors too, and answers after this process.
    handed_on: CancellationToken,
}

impl Sockets {
    /// What this process was given.
    ///
    /// # Errors
    /// When it cannot be found out which program this is.
    pub(crate) fn inherited() -> Result<Self> {
        let program = std::env::current_exe().context("the path of this program")?;
        Ok(Self { inherited: ListenFd::from_env(), program, public: None, handed_on: CancellationToken::new() })
    }

    /// Where visitors are answered. Stays open until [`Self::close`], whoever answers.
    ///
    /// # Errors
    /// When nothing was inherited and nobody can listen at `address`.
    pub(crate) fn public(&mut self, address: SocketAddr) -> Result<tokio::net::TcpListener> {
        let (listener, inherited) = self.take(0, address, "--listen")?;
        if inherited {
            self.handed_on.cancel();
        }
        self.public = Some(listener.try_clone().context("the socket of visitors")?);
        tokio::net::TcpListener::from_std(listener).context("the socket of visitors")
    }

    /// Where operators are answered.
    ///
    /// # Errors
    /// As [`Self::public`].
    pub(crate) fn operator(&mut self, address: SocketAddr) -> Result<tokio::net::TcpListener> {
        let (listener, _) = self.take(1, address, "--operator-listen")?;
        tokio::net::TcpListener::from_std(listener).context("the socket of operators")
    }

    /// Tells, before the process ends, whether somebody else answers on the socket of visitors after it.
    pub(crate) fn handed_on(&self) -> CancellationToken {
        self.handed_on.clone()
    }

    /// The socket of visitors is no longer for a program that comes: it closes with who listens on it, rather than let
    /// in connections that nobody answers.
    pub(crate) fn close(&mut self) {
        self.public = None;
    }

    /// The socket, and whether it was inherited.
    fn take(&mut self, place: usize, address: SocketAddr, flag: &str) -> Result<(TcpListener, bool)> {
        let inherited = self.inherited.take_tcp_listener(place).context("the inherited socket is not one of TCP")?;
        let (listener, inherited) = match inherited {
            Some(listener) => {
                let at = listener.local_addr().context("the inherited socket")?;
                tracing::info!(%at, "listening on an inherited socket");
                (listener, true)
            }
            None => (bind(address, flag)?, false),
        };
        listener.set_nonblocking(true).context("a listening socket")?;
        Ok((listener, inherited))
    }

    /// Becomes this program anew, with the socket of visitors still open: connections that come meanwhile wait
    /// in it. Only returns when that does not work.
    pub(crate) fn start_again(self) -> anyhow::Error {
        let Some(public) = self.public else { return anyhow::anyhow!("there is no socket to hand over") };
        // A shell puts the socket where the new program looks for it, which takes unsafe code here. Signals that the new
        // program does not listen for yet must not end it.
        let script = "trap '' HUP USR2; exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"";
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script, "maru"]).arg(self.program).args(std::env::args_os().skip(1));
        command.stdin(Stdio::from(OwnedFd::from(public)));
        anyhow::Error::new(command.exec()).context("the program could not be started again")
    }
}

fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener> {
    match TcpListener::bind(address) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            bail!(
                "something else already answers at {address}; end it, or choose another port with {flag} {}:{}",
                address.ip(),
                address.port().wrapping_add(1)
            )
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen at {address} ({flag})")),
    }
}
