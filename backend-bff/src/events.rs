//! What the BFF does when something changed elsewhere: it forgets its copies, and ends sessions.
//!
//! Every effect is here in memory or can be had twice, so there is no inbox: a message that comes again
//! only makes it forget again.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::events::{
    AccessRevoked, Event, PostCreated, PostDeleted, PostPublished, PostRestored, PostTrashed, PostUpdated,
    TermsChanged, UserDeleted, UserProfileUpdated, UserSuspended,
};
use kit::{
    bus::{Consumer, DeliveryError, Reach},
    events::Message,
};
use serde::de::DeserializeOwned;

use crate::backend::Backend;

const NAME: &str = "bff";

const KINDS: &[&str] = &[
    PostCreated::KIND,
    PostPublished::KIND,
    PostUpdated::KIND,
    PostTrashed::KIND,
    PostRestored::KIND,
    PostDeleted::KIND,
    TermsChanged::KIND,
    UserProfileUpdated::KIND,
    UserSuspended::KIND,
    UserDeleted::KIND,
    AccessRevoked::KIND,
];

/// The consumer.
pub(crate) struct Listener {
    backend: Arc<Backend>,
}

impl Listener {
    pub(crate) fn new(backend: Arc<Backend>) -> Self {
        Self { backend }
    }

    async fn end_sessions(&self, user_id: &str) -> Result<(), DeliveryError> {
        self.backend.authors.invalidate(user_id).await;
        let ended = self.backend.sessions.end_all_of(user_id).await;
        ended.map_err(|error| DeliveryError::new(NAME, error.problem().title.clone()))
    }
}

#[async_trait]
impl Consumer for Listener {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &[&'static str] {
        KINDS
    }

    /// Each replica has copies of its own.
    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        match message.kind.as_str() {
            UserProfileUpdated::KIND => {
                let change: UserProfileUpdated = data(message)?;
                self.backend.authors.invalidate(&change.user_id).await;
                self.backend.sessions.rename(&change.user_id, &change.name, change.avatar.as_deref());
            }
            UserSuspended::KIND => self.end_sessions(&data::<UserSuspended>(message)?.user_id).await?,
            UserDeleted::KIND => self.end_sessions(&data::<UserDeleted>(message)?.user_id).await?,
            AccessRevoked::KIND => {
                let revoked: AccessRevoked = data(message)?;
                let due = self.backend.sessions.renew_all_of(&revoked.user_id).await;
                due.map_err(|error| DeliveryError::new(NAME, error.problem().title.clone()))?;
            }
            // Whatever changed of a post or a term, lists of terms count posts.
            _ => self.backend.terms.invalidate_all(),
        }
        Ok(())
    }
}

/// Only the fields that have been there from the start are read, so newer versions of an event do no harm.
fn data<T: DeserializeOwned>(message: &Message) -> Result<T, DeliveryError> {
    serde_json::from_value(message.data.clone()).map_err(|error| DeliveryError::new(NAME, error))
}
