//! Views, visitors, numbers and bug reports.
#![forbid(unsafe_code)]
