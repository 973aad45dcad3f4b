//! Looks after addresses that are left alone: asks whether they live, so that no visitor has to wait to
//! find out.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::sleep_until;

use super::address::Address;

/// What every service answers without touching anything else.
const PATH: &str = "/health";
/// How long it may take.
const DEADLINE: Duration = Duration::from_millis(500);

/// How long an address that seems to hang may take to say that it does not. With `overdue` before it, less than a
/// second: so long a page waits for a part that it can do without.
const SUSPICION: Duration = Duration::from_millis(250);

/// A call of `address` is overdue: asks whether it is the call that takes long, or the address that hangs. Then it is
/// left alone before more visitors have waited for it, also where all who ask share one call.
pub(super) fn suspect(address: &Arc<Address>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    if !address.begin_suspicion() {
        return;
    }
    let (address, age) = (address.clone(), address.breaker.age());
    runtime.spawn(async move {
        let lives = address.ask(PATH, SUSPICION).await.is_ok_and(|status| !status.is_server_error());
        address.end_suspicion(age, lives);
    });
}

/// Asks `address` until it lives again.
pub(super) fn look_after(address: &Arc<Address>) {
    // Outside of a runtime nothing is left that could call it.
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(until_it_lives(Arc::downgrade(address)));
    }
}

async fn until_it_lives(address: Weak<Address>) {
    loop {
        // Closed again meanwhile, or gone with all that could call it.
        let Some(next) = address.upgrade().and_then(|address| address.breaker.next_probe()) else { return };
        sleep_until(next).await;
        let Some(address) = address.upgrade() else { return };
        // Whatever it says of the path: it answers.
        let lives = address.ask(PATH, DEADLINE).await.is_ok_and(|status| !status.is_server_error());
        address.probed(lives);
    }
}
