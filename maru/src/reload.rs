//! Taking a changed configuration over while running, as far as that is safe.

use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::Result;
use serde_json::Value;

use crate::{config::Config, front::LiveFront, logging::Logging};

/// The level of the log takes effect at once, and what stands at the front door; all else at the next start.
const LEVEL: &str = "log.level";

/// Reads the configuration again when asked to.
pub(crate) struct Reload<'a> {
    read: Box<dyn Fn() -> Result<Config> + Send + Sync + 'a>,
    current: Mutex<Config>,
    logging: &'a Logging,
    /// None in a process that visitors do not come to.
    front: OnceLock<LiveFront>,
}

impl<'a> Reload<'a> {
    /// `read` reads it as it was read at the start.
    pub(crate) fn new(
        current: Config,
        logging: &'a Logging,
        read: impl Fn() -> Result<Config> + Send + Sync + 'a,
    ) -> Self {
        Self { read: Box::new(read), current: Mutex::new(current), logging, front: OnceLock::new() }
    }

    /// From now on what changed at the front door is taken over too.
    pub(crate) fn watch(&self, front: LiveFront) {
        let _ = self.front.set(front);
    }

    /// Takes over what changed. What cannot be read or used changes nothing, and the log says which key.
    pub(crate) fn run(&self) {
        if let Err(error) = self.take_over() {
            tracing::error!("the configuration stays as it was: {error:#}");
        }
    }

    fn take_over(&self) -> Result<()> {
        let new = (self.read)()?;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = changes(&serde_json::to_value(&*current)?, &serde_json::to_value(&new)?);
        let front = self.front.get();
        let at_front = |key: &str| front.is_some() && LiveFront::KEYS.iter().any(|live| key.starts_with(live));
        // What may be refused comes first; a level is one of a few, or could not be read.
        if let Some(front) = front {
            front.set(&new)?;
        }
        if changed.iter().any(|key| key == LEVEL) {
            self.logging.set_level(&new.log.level)?;
        }
        let (now, later): (Vec<&String>, Vec<&String>) = changed.iter().partition(|key| *key == LEVEL || at_front(key));
        tracing::info!(changed = ?now, "the configuration was read again");
        if !later.is_empty() {
            tracing::warn!(changed = ?later, "these take effect when the process is started again");
        }
        *current = new;
        Ok(())
    }
}

/// Keys whose values differ.
fn changes(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", old, new, &mut found);
    found
}

fn compare(key: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let below = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                compare(&below, old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null), found);
            }
        }
        _ if old != new => found.push(key.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::changes;

    #[test]
    fn what_changed_is_named_by_key() {
        let old = json!({"log": {"level": "info", "format": "auto"}, "listen": "a", "s3": null});
        let new = json!({"log": {"level": "debug", "format": "auto"}, "listen": "b", "s3": {"bucket": "x"}});
        assert_eq!(changes(&old, &new), ["listen", "log.level", "s3"]);
        assert!(changes(&old, &old).is_empty());
    }
}
