//! What leads the home page: what editors chose, then what readers like and is not old.

/// A public post, as far as it counts here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Weighed {
    pub(crate) id: String,
    pub(crate) featured: bool,
    /// Milliseconds.
    pub(crate) published_at: i64,
    pub(crate) views: i64,
    pub(crate) likes: i64,
    pub(crate) comments: i64,
}

const DAY_MILLIS: f64 = 24.0 * 3600.0 * 1000.0;

impl Weighed {
    /// Grows with what readers did, more with what took them more; halves about every four days at
    /// first and ever more slowly.
    #[expect(clippy::cast_precision_loss, reason = "an order, not an account")]
    fn score(&self, now: i64) -> f64 {
        let points = 1.0 + self.views as f64 / 20.0 + self.likes as f64 * 2.0 + self.comments as f64 * 3.0;
        let days = (now - self.published_at).max(0) as f64 / DAY_MILLIS;
        points / (days + 2.0).powf(1.5)
    }
}

/// Ids of the first `size`, best first.
pub(crate) fn lead(mut posts: Vec<Weighed>, size: usize, now: i64) -> Vec<String> {
    posts.sort_by(|one, other| {
        let chosen = other.featured.cmp(&one.featured);
        let newer = other.published_at.cmp(&one.published_at).then_with(|| other.id.cmp(&one.id));
        // Editors' choices come by their age alone: the editor said all there is to say.
        let better = if one.featured && other.featured {
            newer
        } else {
            other.score(now).total_cmp(&one.score(now)).then(newer)
        };
        chosen.then(better)
    });
    posts.into_iter().take(size).map(|post| post.id).collect()
}

#[cfg(test)]
mod tests {
    use super::{Weighed, lead};

    const DAY: i64 = 24 * 3600 * 1000;
    const NOW: i64 = 100 * DAY;

    fn post(id: &str, days: i64, views: i64, likes: i64) -> Weighed {
        Weighed { id: id.into(), featured: false, published_at: NOW - days * DAY, views, likes, comments: 0 }
    }

    #[test]
    fn choices_come_first_then_what_is_liked_and_new() {
        let posts = vec![
            post("old and loved", 60, 4_000, 80),
            post("new", 0, 0, 0),
            post("this week's", 4, 500, 10),
            Weighed { featured: true, ..post("chosen", 90, 0, 0) },
            Weighed { featured: true, ..post("chosen later", 80, 0, 0) },
        ];
        let order = lead(posts, 5, NOW);
        assert_eq!(order, ["chosen later", "chosen", "this week's", "old and loved", "new"]);
    }

    #[test]
    fn without_readers_the_newest_leads() {
        let posts = vec![post("a", 2, 0, 0), post("b", 1, 0, 0), post("c", 3, 0, 0)];
        assert_eq!(lead(posts, 2, NOW), ["b", "a"]);
    }
}
