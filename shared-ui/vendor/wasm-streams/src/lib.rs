//! What Maru's modules link in place of wasm-streams.
//!
//! leptos depends on it for the streaming bodies of server functions. Maru has no server functions, but the
//! original exports its classes to JavaScript, and an export is never dropped by the linker: it made every
//! module 6 kB larger (brotli). This crate has the part of its interface that `server_fn` compiles against, and exports
//! nothing. A stream made here is empty.
#![forbid(unsafe_code)]

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::{JsValue, UnwrapThrowExt};

/// A JavaScript stream.
#[derive(Debug)]
pub struct ReadableStream {
    raw: web_sys::ReadableStream,
}

impl ReadableStream {
    /// Wraps a JavaScript stream.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self { raw }
    }

    /// The JavaScript stream.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.raw
    }

    /// An empty stream, whatever `stream` holds.
    pub fn from_stream<S: Stream<Item = Result<JsValue, JsValue>> + 'static>(stream: S) -> Self {
        drop(stream);
        Self { raw: web_sys::ReadableStream::new().unwrap_throw() }
    }

    /// A stream that is at its end.
    pub fn into_stream(self) -> IntoStream {
        IntoStream
    }
}

/// A stream that is at its end.
#[derive(Debug)]
pub struct IntoStream;

impl Stream for IntoStream {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
