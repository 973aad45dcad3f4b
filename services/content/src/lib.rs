//! Comments, likes and bookmarks.
#![forbid(unsafe_code)]
