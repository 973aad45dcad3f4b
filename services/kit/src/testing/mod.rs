//! For the tests of services: throw-away databases on both backends, tokens, a client without a
//! socket.

mod client;
mod database;
mod plans;
pub mod postgres;
mod proxy;
pub mod rabbitmq;
pub mod redis;
mod server;
mod shared;

pub use client::{Answer, Client};
pub use database::{Backend, TestDb};
pub use plans::{plan, uses_index};
pub use proxy::Proxy;
pub use server::Server;
pub use shared::{SERVICE_TOKEN, TestShared};

/// Makes the async function `$test(backend)` two tests, one on each database.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* $test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test($crate::testing::Backend::Sqlite).await; })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test($crate::testing::Backend::Postgres).await; })+
        }
    };
}

/// Polls until `done` answers something, at most ten seconds.
///
/// # Panics
/// When it never does.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut done: impl FnMut() -> F) -> T {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        if let Some(value) = done().await {
            return value;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what} did not happen within ten seconds");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// Lets `request` run to so many of its waits at most; `None` when it was cut off there, as one is whose client leaves.
pub async fn cut_off<F: Future>(request: F, waits: usize) -> Option<F::Output> {
    let mut request = std::pin::pin!(request);
    let mut left = waits;
    std::future::poll_fn(|context| {
        if left == 0 {
            return std::task::Poll::Ready(None);
        }
        left -= 1;
        request.as_mut().poll(context).map(Some)
    })
    .await
}
