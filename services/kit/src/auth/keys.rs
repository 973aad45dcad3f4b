//! The public keys that tokens are checked with.

use std::collections::{HashMap, HashSet};

use jsonwebtoken::DecodingKey;

/// Keys by their names (`kid`).
#[derive(Default)]
pub(super) struct Keys {
    known: HashMap<String, DecodingKey>,
    /// Never taken again. They are few: each was withdrawn by hand.
    withdrawn: HashSet<String>,
}

impl Keys {
    pub(super) fn get(&self, kid: &str) -> Option<DecodingKey> {
        self.known.get(kid).cloned()
    }

    pub(super) fn has(&self, kid: &str) -> bool {
        self.known.contains_key(kid)
    }

    pub(super) fn is_withdrawn(&self, kid: &str) -> bool {
        self.withdrawn.contains(kid)
    }

    pub(super) fn add(&mut self, kid: &str, key: DecodingKey) {
        if !self.is_withdrawn(kid) {
            self.known.insert(kid.to_owned(), key);
        }
    }

    pub(super) fn remove(&mut self, kid: &str) {
        self.known.remove(kid);
    }

    /// These and no others, but for what was withdrawn: whoever names that has not heard of it yet.
    pub(super) fn replace(&mut self, keys: impl Iterator<Item = (String, DecodingKey)>) {
        self.known = keys.filter(|(kid, _)| !self.withdrawn.contains(kid)).collect();
    }

    pub(super) fn withdraw(&mut self, kids: &[String]) {
        self.known.retain(|kid, _| !kids.contains(kid));
        self.withdrawn.extend(kids.iter().cloned());
    }
}
