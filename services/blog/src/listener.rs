//! What changed posts or terms in another replica: what this one keeps of its answers goes, too.
//!
//! Every effect is here in memory or can be had twice, so there is no inbox: a message that comes again only makes it
//! forget again. Who made the change forgot with the commit already.

use async_trait::async_trait;
use contracts::events::{
    Event, PostCreated, PostDeleted, PostPublished, PostRestored, PostTrashed, PostUpdated, TermsChanged,
};
use kit::{
    bus::{Consumer, DeliveryError, Reach},
    cache::Cache,
    events::Message,
};

use crate::app::forget;

/// The consumer.
pub(crate) struct Listener(pub(crate) Cache);

#[async_trait]
impl Consumer for Listener {
    fn name(&self) -> &'static str {
        "blog-answers"
    }

    fn kinds(&self) -> &[&'static str] {
        &[
            PostCreated::KIND,
            PostPublished::KIND,
            PostUpdated::KIND,
            PostTrashed::KIND,
            PostRestored::KIND,
            PostDeleted::KIND,
            TermsChanged::KIND,
        ]
    }

    /// Where no cache is shared, each replica keeps answers of its own.
    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn receive(&self, _: &Message) -> Result<(), DeliveryError> {
        forget(&self.0).await;
        Ok(())
    }
}
