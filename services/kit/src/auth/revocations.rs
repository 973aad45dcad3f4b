//! Access tokens that stopped being good before their end.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use contracts::{
    auth::{Claims, Revocations},
    events::{AccessRevoked, Event, KeysRotated},
};
use moka::future::Cache;
use serde::de::DeserializeOwned;

use super::Verifier;
use crate::{
    Shared,
    bus::{Consumer, DeliveryError, Reach},
    error::Chain,
    events::Message,
};

const NAME: &str = "access";
/// How often the auth service is asked what an event may not have told.
const ASK_EVERY: Duration = Duration::from_secs(60);
/// And how soon again while it is away, or no event can arrive.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// Longer than any access token lasts: what was revoked before has ended by itself.
const REMEMBERED: Duration = Duration::from_secs(900);

/// What is refused although its signature holds.
pub(super) struct Revoked {
    sessions: Cache<String, ()>,
    /// For a user the first generation of tokens that is good.
    users: Cache<String, u32>,
}

impl Revoked {
    pub(super) fn new() -> Self {
        Self {
            sessions: Cache::builder().time_to_live(REMEMBERED).build(),
            users: Cache::builder().time_to_live(REMEMBERED).build(),
        }
    }

    pub(super) async fn contains(&self, claims: &Claims) -> bool {
        self.sessions.contains_key(&claims.sid)
            || self.users.get(&claims.sub).await.is_some_and(|first| claims.generation < first)
    }

    async fn add(&self, revocations: &Revocations) {
        for session in &revocations.sessions {
            self.sessions.insert(session.clone(), ()).await;
        }
        for user in &revocations.users {
            let known = self.users.get(&user.user_id).await.unwrap_or_default();
            self.users.insert(user.user_id.clone(), known.max(user.generation)).await;
        }
    }
}

impl Verifier {
    /// Refuses these tokens from now on. Those already found good are no exception.
    pub async fn revoke(&self, revocations: &Revocations) {
        self.revoked().add(revocations).await;
    }
}

/// Keeps the verifier of a process up to date with what happens in others. [`Shared::alone`] subscribes it.
#[derive(Debug)]
pub struct RevocationListener(pub Verifier);

#[async_trait]
impl Consumer for RevocationListener {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &[&'static str] {
        &[AccessRevoked::KIND, KeysRotated::KIND]
    }

    /// Each replica checks tokens.
    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        if message.kind == KeysRotated::KIND {
            let event: KeysRotated = data(message)?;
            self.0.withdraw_keys(&event.withdrawn).await;
            return Ok(());
        }
        let event: AccessRevoked = data(message)?;
        let user = contracts::auth::RevokedUser { user_id: event.user_id, generation: event.generation };
        self.0.revoke(&Revocations { users: vec![user], sessions: event.sessions }).await;
        Ok(())
    }
}

/// Only the fields that have been there from the start are read, so newer versions of an event do no harm.
fn data<T: DeserializeOwned>(message: &Message) -> Result<T, DeliveryError> {
    serde_json::from_value(message.data.clone()).map_err(|error| DeliveryError::new(NAME, error))
}

/// Keeps the verifier of a process that shares the site with others up to date: by events, and by asking at the start
/// and every minute, since no event reaches who is not connected. Call it before [`crate::bus::Bus::open`].
pub(crate) fn follow(shared: &Shared) {
    let Shared { bus, verifier, peers, .. } = shared.clone();
    bus.subscribe(Arc::new(RevocationListener(verifier.clone())));
    // The auth service itself has its database to ask.
    if !verifier.is_remote() {
        return;
    }
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        bus.opened().await;
        let mut failing = false;
        loop {
            // An answer from before there was a connection does not say what was revoked until then.
            let connected = bus.check().await.is_ok();
            let asked = peers.get::<Revocations>("auth", "/internal/revocations").await;
            let pause = match asked {
                Ok(revocations) => {
                    failing = false;
                    verifier.revoke(&revocations).await;
                    verifier.fetch_anew().await;
                    if connected { ASK_EVERY } else { ASK_AGAIN }
                }
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        tracing::warn!(cause = %Chain(&error), "the auth service does not say what it revoked; asking again");
                    }
                    ASK_AGAIN
                }
            };
            tokio::time::sleep(pause).await;
        }
    }));
}
