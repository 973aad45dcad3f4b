//! Which version of a service answers whom.
//!
//! A visitor stays with a version: each version draws a lot from the visitor's key, scaled by its weight, and
//! the highest wins (weighted rendezvous hashing). So a weight that grows takes visitors from the others and
//! moves nobody else, and weight 0 never wins.

use std::hash::{Hash, Hasher};

use http::{HeaderMap, HeaderName};

use super::target::Target;

/// What a visitor is known by here. Set by `Visitor::trail`; never leaves the BFF.
pub(crate) const VISITOR_KEY: HeaderName = HeaderName::from_static("x-visitor-key");

/// The key that the headers of a call carry; who has none is somebody else each time.
pub(super) fn take_key(headers: &mut HeaderMap) -> u64 {
    let given = headers.remove(VISITOR_KEY);
    given.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or_else(rand::random)
}

/// The target for a visitor. One whose addresses are all left alone counts as weight 0, unless no other is
/// better off.
pub(super) fn choose(targets: &[Target], key: u64) -> Option<&Target> {
    if let [only] = targets {
        return Some(only);
    }
    let draw = |ready: bool| {
        let taking_part = targets.iter().filter(|target| target.weight() > 0 && (!ready || target.is_ready()));
        taking_part.max_by(|a, b| lot(a, key).total_cmp(&lot(b, key)))
    };
    draw(true).or_else(|| draw(false))
}

fn lot(target: &Target, key: u64) -> f64 {
    let mut hasher = Fnv::default();
    (key, &*target.name).hash(&mut hasher);
    // Of 53 bits, never 0: a number between 0 and 1.
    let number = ((mix(hasher.finish()) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    -f64::from(target.weight()) / number.ln()
}

/// The finalizer of SplitMix64: FNV alone leaves the high bits of similar keys similar.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// FNV-1a: the same in every process and release, which the standard library's hasher does not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// A stable number for what tells visitors apart.
pub(crate) fn visitor_key(known_by: &[u8]) -> u64 {
    let mut hasher = Fnv::default();
    hasher.write(known_by);
    mix(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::{super::limits::Limits, *};

    fn targets(weights: &[(&str, u32)]) -> Vec<Target> {
        let target = |(name, weight): &(&str, u32)| {
            let transport = super::super::transport::Transport::InProcess(axum::Router::new());
            Target::new("test", name, *weight, &[transport], &Limits::default())
        };
        weights.iter().map(target).collect()
    }

    fn share(targets: &[Target], name: &str) -> Vec<u64> {
        let keys = (0..10_000_u32).map(|number| visitor_key(&number.to_be_bytes()));
        keys.filter(|key| choose(targets, *key).is_some_and(|target| &*target.name == name)).collect()
    }

    #[test]
    fn shares_follow_weights_and_nobody_moves_without_need() {
        let targets = targets(&[("legacy", 90), ("new", 10)]);
        let first = share(&targets, "new");
        assert!((900..=1100).contains(&first.len()), "{}", first.len());
        assert_eq!(first, share(&targets, "new"), "everybody stays");
        targets[1].set_weight(30);
        let more = share(&targets, "new");
        assert!((2300..=2700).contains(&more.len()), "{}", more.len());
        assert!(first.iter().all(|key| more.contains(key)), "who was there stays there");
        targets[1].set_weight(0);
        assert!(share(&targets, "new").is_empty());
        assert_eq!(share(&targets, "legacy").len(), 10_000);
    }
}
