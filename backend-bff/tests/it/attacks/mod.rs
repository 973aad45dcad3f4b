//! What somebody with bad intentions tries, and that nothing comes of it.

mod injection;
mod operator;
mod privacy;
mod sessions;
mod sites;
mod tokens;
