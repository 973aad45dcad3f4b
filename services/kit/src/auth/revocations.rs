//! Access tokens that stopped being good before their end.

use std::time::Duration;

use async_trait::async_trait;
use contracts::{
    auth::{Claims, Revocations},
    events::{AccessRevoked, Event},
};
use moka::future::Cache;

use super::Verifier;
use crate::{
    bus::{Consumer, DeliveryError, Reach},
    events::Message,
};

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

/// Keeps the verifier of a process without the auth service up to date: subscribe it to the bus, and
/// [`Verifier::revoke`] what the auth service's `GET /internal/revocations` says at the start.
#[derive(Debug)]
pub struct RevocationListener(pub Verifier);

#[async_trait]
impl Consumer for RevocationListener {
    fn name(&self) -> &'static str {
        "access"
    }

    fn kinds(&self) -> &[&'static str] {
        &[AccessRevoked::KIND]
    }

    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        let event: AccessRevoked =
            serde_json::from_value(message.data.clone()).map_err(|error| DeliveryError::new(self.name(), error))?;
        let user = contracts::auth::RevokedUser { user_id: event.user_id, generation: event.generation };
        self.0.revoke(&Revocations { users: vec![user], sessions: event.sessions }).await;
        Ok(())
    }
}
