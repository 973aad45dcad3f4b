//! What the BFF does when something changed elsewhere: it forgets its copies, and ends sessions.
//!
//! Every effect is here in memory or can be had twice, so there is no inbox: a message that comes again
//! only makes it forget again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use contracts::events::{
    AccessRevoked, CachePurged, CommentCreated, CommentDeleted, CommentUpdated, Event, KeysRotated, LikeToggled,
    PageCreated, PageDeleted, PageUpdated, PostCreated, PostDeleted, PostPublished, PostRestored, PostTrashed,
    PostUpdated, TermsChanged, UserDeleted, UserProfileUpdated, UserSuspended,
};
use kit::{
    Shared,
    bus::{Consumer, DeliveryError, Reach},
    events::Message,
};
use serde::de::DeserializeOwned;
use tokio_util::task::TaskTracker;

use crate::{
    backend::Backend,
    cache::{Purge, tag},
};

const NAME: &str = "bff";
/// What a service keeps of another's it has by then.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

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
    KeysRotated::KIND,
    CommentCreated::KIND,
    CommentUpdated::KIND,
    CommentDeleted::KIND,
    LikeToggled::KIND,
    PageCreated::KIND,
    PageUpdated::KIND,
    PageDeleted::KIND,
    CachePurged::KIND,
];

/// The consumer.
pub(crate) struct Listener {
    backend: Arc<Backend>,
    /// Where messages take their own ways, a service may not have heard yet what we just did.
    again: Option<TaskTracker>,
}

impl Listener {
    pub(crate) fn new(backend: Arc<Backend>, shared: &Shared) -> Self {
        Self { backend, again: shared.bus.crosses_processes().then(|| shared.tasks.clone()) }
    }

    fn purge(&self, tags: impl IntoIterator<Item = String>) {
        let tags: Vec<String> = tags.into_iter().collect();
        purge_all(&self.backend, &tags);
        if let Some(tasks) = &self.again {
            let backend = self.backend.clone();
            let later = async move {
                tokio::time::sleep(AGAIN_AFTER).await;
                purge_all(&backend, &tags);
            };
            tasks.spawn(self.backend.shutdown.clone().run_until_cancelled_owned(later));
        }
    }

    async fn end_sessions(&self, user_id: &str) -> Result<(), DeliveryError> {
        self.backend.authors.invalidate(user_id).await;
        self.purge([tag::author(user_id)]);
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
                self.purge([tag::author(&change.user_id), tag::FEEDS.to_owned()]);
            }
            UserSuspended::KIND => self.end_sessions(&data::<UserSuspended>(message)?.user_id).await?,
            UserDeleted::KIND => self.end_sessions(&data::<UserDeleted>(message)?.user_id).await?,
            AccessRevoked::KIND => {
                let revoked: AccessRevoked = data(message)?;
                let due = self.backend.sessions.renew_all_of(&revoked.user_id).await;
                due.map_err(|error| DeliveryError::new(NAME, error.problem().title.clone()))?;
            }
            // Nobody takes what a withdrawn key signed.
            KeysRotated::KIND if data::<KeysRotated>(message)?.withdrawn.is_empty() => {}
            KeysRotated::KIND => {
                let due = self.backend.sessions.renew_all().await;
                due.map_err(|error| DeliveryError::new(NAME, error.problem().title.clone()))?;
            }
            CommentCreated::KIND => self.purge([tag::post(&data::<CommentCreated>(message)?.post_id)]),
            CommentUpdated::KIND => self.purge([tag::post(&data::<CommentUpdated>(message)?.post_id)]),
            CommentDeleted::KIND => self.purge([tag::post(&data::<CommentDeleted>(message)?.post_id)]),
            LikeToggled::KIND => self.purge([tag::post(&data::<LikeToggled>(message)?.post_id)]),
            PageCreated::KIND | PageUpdated::KIND | PageDeleted::KIND => self.purge([tag::PAGES.to_owned()]),
            CachePurged::KIND => {
                self.backend.cache.purge_named(&data::<CachePurged>(message)?);
            }
            // Whatever changed of a post or a term, lists of terms count posts.
            _ => {
                self.backend.terms.invalidate_all();
                self.purge([tag::POSTS.to_owned()]);
            }
        }
        Ok(())
    }
}

fn purge_all(backend: &Backend, tags: &[String]) {
    for tag in tags {
        backend.cache.purge(Purge::Tag(tag));
    }
}

/// Only the fields that have been there from the start are read, so newer versions of an event do no harm.
fn data<T: DeserializeOwned>(message: &Message) -> Result<T, DeliveryError> {
    serde_json::from_value(message.data.clone()).map_err(|error| DeliveryError::new(NAME, error))
}
