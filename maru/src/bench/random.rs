//! Numbers that look random and are the same each time, so that figures can be compared.

/// A generator (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    fn share(&mut self) -> f64 {
        // 53 bits are what a double holds.
        #[expect(clippy::cast_precision_loss, reason = "the number has 53 bits")]
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        share
    }

    /// From 0 to below `end`, all alike.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    /// From `low` to `high`.
    pub(super) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// From 0 to below `end`, as words occur and posts are read: the n-th about n times less often than
    /// the first (Zipf's law).
    pub(super) fn skewed(&mut self, end: usize) -> usize {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list, rounded down"
        )]
        let place = ((end as f64 + 1.0).powf(self.share()) - 1.0) as usize;
        place.min(end.saturating_sub(1))
    }

    /// One of these.
    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// One of these, the first ones more often.
    pub(super) fn rather_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.skewed(all.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_gives_the_same_and_the_first_come_most() {
        let (mut one, mut other) = (Random::new(7), Random::new(7));
        assert_eq!((one.below(1000), one.skewed(1000)), (other.below(1000), other.skewed(1000)));
        let mut counts = [0; 10];
        for _ in 0..10_000 {
            counts[one.skewed(10)] += 1;
        }
        assert!(counts[0] > 2 * counts[4] && counts[4] > counts[9] && counts[9] > 0, "{counts:?}");
    }
}
