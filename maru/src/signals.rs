//! What signals ask of a serving process.
//!
//! | signal | effect |
//! | --- | --- |
//! | `SIGTERM` | it says that it is not ready for as long as `lifecycle.notice`, then ends: running requests are answered |
//! | Ctrl-C | the same without the notice |
//! | `SIGUSR2` | the same without the notice, and the program starts again in this process, its socket open all along |
//! | `SIGHUP` | the configuration is read again (see [`crate::reload`]) |
//!
//! While it starts, `SIGUSR2` and `SIGHUP` wait until it serves; the others end it at once, as does the second of them
//! later.

use std::time::Duration;

use anyhow::{Context, Result};
use kit::Shared;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How the process is to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Not at all.
    Stop,
    /// As a new program in the same process.
    StartAgain,
}

/// The signals that are not there to end this process. From when it is made on they do not end it by themselves.
pub(crate) struct Signals {
    again: Signal,
    reload: Signal,
}

impl Signals {
    /// Listens.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { again: listen(SignalKind::user_defined2())?, reload: listen(SignalKind::hangup())? })
    }

    /// Waits for one that asks to end, begins the end of all that is in `shared`, and says how to go on. `handed_on` is
    /// cancelled before, when the socket of visitors is for the program that comes.
    ///
    /// # Errors
    /// When the system refuses to tell of signals.
    pub(crate) async fn end(
        mut self,
        shared: &Shared,
        notice: Duration,
        handed_on: &CancellationToken,
        reload: impl Fn(),
    ) -> Result<End> {
        let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
        let (end, notice) = loop {
            tokio::select! {
                _ = terminate.recv() => break (End::Stop, notice),
                _ = interrupt.recv() => break (End::Stop, Duration::ZERO),
                _ = self.again.recv() => break (End::StartAgain, Duration::ZERO),
                _ = self.reload.recv() => reload(),
                () = shared.shutdown.cancelled() => break (End::Stop, Duration::ZERO),
            }
        };
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(130);
        });
        shared.draining.cancel();
        if !notice.is_zero() {
            tracing::info!(seconds = notice.as_secs_f64(), "ending soon: no longer ready");
            tokio::time::sleep(notice).await;
        }
        tracing::info!("ending: no new requests, running ones are answered");
        if end == End::StartAgain {
            handed_on.cancel();
        }
        shared.shutdown.cancel();
        Ok(end)
    }
}

fn listen(kind: SignalKind) -> Result<Signal> {
    signal(kind).context("signals cannot be received")
}
