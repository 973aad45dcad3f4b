//! Work on pixels, beside the threads that answer requests, within a budget of memory.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Megapixels that are worked on at once: two photos of a usual camera, about 100 MB. A larger image has it all.
const BUDGET: u32 = 24;

/// Where it happens. Clones share the budget.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    memory: Arc<Semaphore>,
    /// One a core: more would only wait for each other.
    hands: Arc<Semaphore>,
    /// For what nobody waits for: half the cores, so that who waits is never behind it.
    idle_hands: Arc<Semaphore>,
}

/// The work was lost: a decoder panicked.
#[derive(Debug, thiserror::Error)]
#[error("the work on an image broke off")]
pub(crate) struct Lost(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Pool {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            memory: Arc::new(Semaphore::new(BUDGET as usize)),
            hands: Arc::new(Semaphore::new(cores)),
            idle_hands: Arc::new(Semaphore::new((cores / 2).max(1))),
        }
    }

    /// Runs `work` on an image of so many pixels, when there is room for it. One more than there is room
    /// for waits alone.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        pixels: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Lost> {
        self.with(&self.hands, pixels, work).await
    }

    /// The same for work that nobody waits for.
    pub(crate) async fn run_behind<T: Send + 'static>(
        &self,
        pixels: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Lost> {
        self.with(&self.idle_hands, pixels, work).await
    }

    async fn with<T: Send + 'static>(
        &self,
        hands: &Arc<Semaphore>,
        pixels: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Lost> {
        let share = u32::try_from(pixels / 1_000_000 + 1).unwrap_or(BUDGET).min(BUDGET);
        let hand = hands.clone().acquire_owned().await.map_err(|error| Lost(error.into()))?;
        let room = self.memory.clone().acquire_many_owned(share).await.map_err(|error| Lost(error.into()))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((room, hand));
            done
        });
        done.await.map_err(|error| Lost(error.into()))
    }
}
