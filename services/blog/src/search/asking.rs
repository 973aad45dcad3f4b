//! Where questions are answered: where they are asked, or on threads for them.

use std::{sync::Arc, thread::available_parallelism};

use kit::{ApiError, ApiResult};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tantivy::TantivyError;
use tokio::sync::oneshot;

use super::index::Store;

/// A question to an index of at most so many posts is answered where it is asked: that takes a fraction of a
/// millisecond, and handing it to another thread and back takes as long.
pub(super) const SMALL: u64 = 20_000;

pub(super) struct Asking {
    /// Posts of an index that counts as small.
    small: u64,
    /// Questions to a large index are answered on as many threads as there are cores; the others wait in line. Threads of
    /// their own take the next one themselves: those of the runtime would be idle until it is called.
    threads: ThreadPool,
}

impl Asking {
    pub(super) fn new(small: u64) -> Result<Self, TantivyError> {
        let threads = ThreadPoolBuilder::new()
            .num_threads(available_parallelism().map_or(2, usize::from))
            .thread_name(|number| format!("search-{number}"))
            // A question that panics is not answered; its thread goes on.
            .panic_handler(|_| tracing::error!("a question to the search index could not be answered"))
            .build()
            .map_err(|error| TantivyError::SystemError(error.to_string()))?;
        Ok(Self { small, threads })
    }

    /// The answer.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        store: Arc<Store>,
        question: impl FnOnce(&Store) -> tantivy::Result<T> + Send + 'static,
    ) -> ApiResult<T> {
        if store.searcher().num_docs() <= self.small {
            return question(&store).map_err(ApiError::internal);
        }
        let (tell, told) = oneshot::channel();
        self.threads.spawn_fifo(move || {
            // Who asked may have left, before or meanwhile.
            if !tell.is_closed() {
                let _ = tell.send(question(&store));
            }
        });
        told.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}

#[cfg(test)]
mod tests {
    use std::thread::current;

    use axum::response::IntoResponse;
    use futures_util::{FutureExt, future::join_all};
    use tantivy::doc;
    use tokio::sync::Notify;

    use super::*;

    /// An index of one post.
    fn store() -> Arc<Store> {
        let store = Store::open(None).unwrap();
        let mut writer = store.writer().unwrap().unwrap();
        writer.add_document(doc!(store.fields.id => "a")).unwrap();
        writer.commit().unwrap();
        store.reload().unwrap();
        Arc::new(store)
    }

    fn thread(_: &Store) -> tantivy::Result<String> {
        Ok(current().name().unwrap_or_default().to_owned())
    }

    #[tokio::test]
    async fn a_small_index_is_asked_at_once() {
        let answer = Asking::new(1).unwrap().ask(store(), thread).now_or_never().unwrap();
        assert_eq!(answer.unwrap(), current().name().unwrap());
    }

    #[tokio::test]
    async fn a_large_one_is_asked_on_threads_that_outlive_a_panic() {
        let (asking, store) = (Asking::new(0).unwrap(), store());
        let threads = available_parallelism().map_or(2, usize::from);
        for _ in 0..threads * 2 {
            let answer = asking.ask::<()>(store.clone(), |_| panic!("as if tantivy did")).await;
            assert_eq!(answer.unwrap_err().into_response().status(), http::StatusCode::INTERNAL_SERVER_ERROR);
        }
        let answers = join_all((0..100).map(|_| asking.ask(store.clone(), thread))).await;
        assert_eq!(answers.len(), 100);
        assert!(answers.into_iter().all(|answer| answer.unwrap().starts_with("search-")));
    }

    #[tokio::test]
    async fn nobody_answers_who_left() {
        let (asking, store) = (Asking::new(0).unwrap(), store());
        let threads = available_parallelism().map_or(2, usize::from);
        // All threads wait, so that the next question is in line when its asker leaves.
        let (go_on, gate) = std::sync::mpsc::channel::<()>();
        let gate = Arc::new(std::sync::Mutex::new(gate));
        let busy = (0..threads).map(|_| {
            let gate = gate.clone();
            asking.ask(store.clone(), move |_| Ok(gate.lock().unwrap().recv().is_ok()))
        });
        let mut busy = Box::pin(join_all(busy));
        assert!(busy.as_mut().now_or_never().is_none());
        let asked = Arc::new(Notify::new());
        let heard = asked.clone();
        let left = asking.ask(store.clone(), move |_| {
            heard.notify_one();
            Ok(())
        });
        assert!(left.now_or_never().is_none());
        for _ in 0..threads {
            go_on.send(()).unwrap();
        }
        assert!(busy.await.into_iter().all(|answer| answer.unwrap()));
        asking.ask(store, thread).await.unwrap();
        assert!(asked.notified().now_or_never().is_none());
    }
}
