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
