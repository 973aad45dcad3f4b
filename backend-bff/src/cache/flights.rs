//! One making for all who ask meanwhile.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::Kept;

/// What is made, once it is.
type Outcome = watch::Receiver<Option<Arc<Kept>>>;

/// What is being made, by key.
#[derive(Debug)]
pub(super) struct Flights {
    flying: Arc<Mutex<Flying>>,
    tasks: TaskTracker,
}

#[derive(Debug, Default)]
struct Flying {
    by_key: HashMap<String, (u64, Outcome)>,
    last: u64,
}

/// Something being made.
#[derive(Debug)]
pub(super) struct Flight(Outcome);

impl Flight {
    /// Waits for it.
    pub(super) async fn landed(mut self) -> Arc<Kept> {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(made)) => made.clone(),
            // It panicked, which is in the log.
            _ => Arc::new(Kept::broken()),
        }
    }
}

impl Flights {
    pub(super) fn new(tasks: TaskTracker) -> Self {
        Self { flying: Arc::default(), tasks }
    }

    /// The making for `key` that is under way, or a new one. It goes on when nobody waits for it any more.
    pub(super) fn join<F>(&self, key: &str, make: impl FnOnce() -> F) -> Flight
    where
        F: Future<Output = Arc<Kept>> + Send + 'static,
    {
        let mut flying = self.flying.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, flight)) = flying.by_key.get(key) {
            return Flight(flight.clone());
        }
        flying.last += 1;
        let id = flying.last;
        let (done, flight) = watch::channel(None);
        flying.by_key.insert(key.to_owned(), (id, flight.clone()));
        let ends = Landing { flying: self.flying.clone(), key: key.to_owned(), id };
        let making = make();
        let task = async move {
            let made = making.await;
            // Before it is told: who comes after that finds what is kept.
            drop(ends);
            done.send_replace(Some(made));
        };
        self.tasks.spawn(task.instrument(tracing::Span::current()));
        Flight(flight)
    }

    /// Lets those who wait have what is being made, and nobody else.
    pub(super) fn detach(&self) {
        self.flying.lock().unwrap_or_else(PoisonError::into_inner).by_key.clear();
    }
}

/// Ends a flight, also one that panicked.
struct Landing {
    flying: Arc<Mutex<Flying>>,
    key: String,
    id: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut flying = self.flying.lock().unwrap_or_else(PoisonError::into_inner);
        if flying.by_key.get(&self.key).is_some_and(|(id, _)| *id == self.id) {
            flying.by_key.remove(&self.key);
        }
    }
}
