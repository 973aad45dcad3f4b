//! Which answers were made of what.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

/// Names of what a page is made of.
pub(crate) mod tag {
    /// Any post or term: whatever lists them, or links to a neighbour.
    pub(crate) const POSTS: &str = "posts";
    /// Any static page or notice.
    pub(crate) const PAGES: &str = "pages";
    /// Feeds and the site map.
    pub(crate) const FEEDS: &str = "feeds";
    /// Comments of any post.
    pub(crate) const COMMENTS: &str = "comments";

    /// One post, wherever it is shown.
    pub(crate) fn post(id: &str) -> String {
        ["post:", id].concat()
    }

    /// Name and picture of a person, wherever they are shown.
    pub(crate) fn author(id: &str) -> String {
        ["author:", id].concat()
    }
}

/// What the reads of one rendering were made of, gathered while it runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources(Arc<Mutex<Gathered>>);

#[derive(Debug, Default)]
struct Gathered {
    tags: BTreeSet<String>,
    partial: bool,
}

impl Sources {
    /// It was made of these; `partial` when something that belongs to it could not be had.
    pub(crate) fn add(&self, tags: impl IntoIterator<Item = String>, partial: bool) {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.tags.extend(tags);
        gathered.partial |= partial;
    }

    /// All tags, and whether something is missing.
    pub(crate) fn take(&self) -> (BTreeSet<String>, bool) {
        let gathered = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        (gathered.tags, gathered.partial)
    }
}

/// So many purges are remembered; what was begun before the oldest of them is not kept.
const REMEMBERED: usize = 1024;

/// Keys by tag, and what was purged lately.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The id tells an answer from a later one under the same key.
    keys: HashMap<String, HashMap<Arc<str>, u64>>,
    purges: VecDeque<Purged>,
    /// How many purges there were.
    count: u64,
}

#[derive(Debug)]
enum Purged {
    Tag(String),
    All,
}

impl Index {
    /// Something to compare later purges with.
    pub(super) fn now(&self) -> u64 {
        self.count
    }

    pub(super) fn add(&mut self, key: &Arc<str>, id: u64, tags: &[String]) {
        for tag in tags {
            self.keys.entry(tag.clone()).or_default().insert(key.clone(), id);
        }
    }

    pub(super) fn remove(&mut self, key: &str, id: u64, tags: &[String]) {
        for tag in tags {
            let Some(keys) = self.keys.get_mut(tag) else { continue };
            if keys.get(key) == Some(&id) {
                keys.remove(key);
            }
            if keys.is_empty() {
                self.keys.remove(tag);
            }
        }
    }

    /// The keys of that tag, which has none afterwards.
    pub(super) fn purge(&mut self, tag: &str) -> Vec<Arc<str>> {
        self.note(Purged::Tag(tag.to_owned()));
        self.keys.remove(tag).unwrap_or_default().into_keys().collect()
    }

    pub(super) fn purge_all(&mut self) {
        self.note(Purged::All);
    }

    fn note(&mut self, purged: Purged) {
        self.count += 1;
        self.purges.push_back(purged);
        if self.purges.len() > REMEMBERED {
            self.purges.pop_front();
        }
    }

    /// Whether any of these was purged after `since`, or may have been.
    pub(super) fn purged_since(&self, since: u64, tags: &[String]) -> bool {
        let later = usize::try_from(self.count - since).unwrap_or(usize::MAX);
        later > self.purges.len()
            || self.purges.iter().rev().take(later).any(|purged| match purged {
                Purged::All => true,
                Purged::Tag(purged) => tags.contains(purged),
            })
    }

    pub(super) fn keys(&self, tag: &str) -> impl Iterator<Item = &str> {
        self.keys.get(tag).into_iter().flat_map(HashMap::keys).map(AsRef::as_ref)
    }

    pub(super) fn tags(&self) -> Vec<(String, usize)> {
        let mut tags: Vec<_> = self.keys.iter().map(|(tag, keys)| (tag.clone(), keys.len())).collect();
        tags.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_purge_takes_the_keys_of_its_tag() {
        let mut index = Index::default();
        index.add(&"a".into(), 1, &tags(&["posts", "post:1"]));
        index.add(&"b".into(), 2, &tags(&["posts"]));
        assert_eq!(index.tags(), [("posts".to_owned(), 2), ("post:1".to_owned(), 1)]);
        assert_eq!(index.purge("post:1"), [Arc::<str>::from("a")]);
        assert!(index.purge("post:1").is_empty());
        index.remove("a", 1, &tags(&["posts", "post:1"]));
        assert_eq!(index.keys("posts").collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn an_old_answer_that_goes_leaves_its_successor_alone() {
        let mut index = Index::default();
        index.add(&"a".into(), 1, &tags(&["posts"]));
        index.add(&"a".into(), 2, &tags(&["posts"]));
        index.remove("a", 1, &tags(&["posts"]));
        assert_eq!(index.keys("posts").collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn what_was_begun_before_a_purge_is_known() {
        let mut index = Index::default();
        let before = index.now();
        index.purge("posts");
        let after = index.now();
        assert!(index.purged_since(before, &tags(&["x", "posts"])));
        assert!(!index.purged_since(before, &tags(&["pages"])));
        assert!(!index.purged_since(after, &tags(&["posts"])));
        index.purge_all();
        assert!(index.purged_since(after, &[]));
        for _ in 0..2 * REMEMBERED {
            index.purge("other");
        }
        assert!(index.purged_since(after, &tags(&["x"])), "whoever was away for longer than we remember");
    }
}
