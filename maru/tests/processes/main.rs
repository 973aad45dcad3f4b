//! The built program as processes: apart, together, ended and started again.
#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]

mod alone;
#[path = "../../../backend-bff/tests/it/bundles.rs"]
#[expect(dead_code, clippy::expect_used, reason = "the BFF's tests need more of it, and have their own ways")]
mod bundles;
mod collector;
mod endings;
mod figures;
mod load;
mod restarts;
mod rolling;
mod site;
mod starts;
mod traces;
