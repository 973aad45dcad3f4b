//! The kit on both databases: migrations, events through every crash point, callers, the frame.

mod callers;
mod events;
mod frame;
mod migrations;
