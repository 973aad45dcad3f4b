//! Static pages and notices.
#![forbid(unsafe_code)]
