//! Threads as they are shown: three levels, and what lies deeper beside what it answers.

use std::collections::HashMap;

use contracts::content::{Comment, CommentState};

use super::eyes::{Eyes, Seen};

/// Levels that are shown.
const MAX_DEPTH: u32 = 3;

/// What a thread is made of.
pub(crate) trait Entry: Seen {
    fn id(&self) -> &str;
    fn parent_id(&self) -> Option<&str>;
    fn created_at(&self) -> i64;
    fn author_name(&self) -> &str;
    /// The comment with its text, as `eyes` see it.
    fn shown(&self, eyes: &Eyes) -> Comment;
    /// The comment without anything but its place.
    fn placeholder(&self) -> Comment;
}

/// Where an entry stands.
#[derive(Clone, Default)]
struct Place {
    depth: u32,
    /// Under which entry.
    under: Option<usize>,
    mention: Option<String>,
    sees: bool,
    /// It, or something under it, is shown.
    stays: bool,
}

/// The threads of `entries` (roots in the order to show, their answers in any), as `eyes` see them.
/// Nothing here recurses: threads may be as deep as somebody had the patience to make them.
pub(crate) fn arrange<E: Entry>(entries: &[E], eyes: &Eyes) -> Vec<Comment> {
    let index: HashMap<&str, usize> = entries.iter().enumerate().map(|(n, entry)| (entry.id(), n)).collect();
    let parent = |n: usize| entries[n].parent_id().and_then(|id| index.get(id)).copied();
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    let mut order: Vec<usize> = Vec::with_capacity(entries.len());
    for (n, entry) in entries.iter().enumerate() {
        match parent(n) {
            Some(parent) => answers[parent].push(n),
            None if entry.parent_id().is_none() => order.push(n),
            // Its parent is not among them: it belongs to another page.
            None => {}
        }
    }
    let roots = order.clone();
    // Parents before their answers.
    let mut next = 0;
    while let Some(&n) = order.get(next) {
        order.extend(&answers[n]);
        next += 1;
    }

    let mut places = vec![Place::default(); entries.len()];
    for &n in &order {
        let above = parent(n);
        places[n].sees = eyes.see(&entries[n], above.map(|above| &entries[above]));
        let (depth, under) = match above {
            None => (1, None),
            Some(above) if places[above].depth < MAX_DEPTH => (places[above].depth + 1, Some(above)),
            Some(above) => (MAX_DEPTH, places[above].under),
        };
        if let Some(above) = above.filter(|above| under != Some(*above) && places[*above].sees) {
            places[n].mention = Some(entries[above].author_name().to_owned());
        }
        (places[n].depth, places[n].under) = (depth, under);
    }
    for &n in order.iter().rev() {
        places[n].stays |= places[n].sees;
        if places[n].stays
            && let Some(above) = parent(n)
        {
            places[above].stays = true;
        }
    }
    assemble(entries, eyes, &order, &roots, &places)
}

fn assemble<E: Entry>(entries: &[E], eyes: &Eyes, order: &[usize], roots: &[usize], places: &[Place]) -> Vec<Comment> {
    let mut made: Vec<Option<Comment>> = vec![None; entries.len()];
    let mut under: HashMap<usize, Vec<usize>> = HashMap::new();
    for &n in order.iter().filter(|n| places[**n].stays) {
        let place = &places[n];
        let comment = if place.sees { entries[n].shown(eyes) } else { entries[n].placeholder() };
        made[n] = Some(Comment { depth: place.depth, mention: place.mention.clone(), ..comment });
        if let Some(above) = place.under {
            under.entry(above).or_default().push(n);
        }
    }
    // From the deepest level up, so that each takes its answers along.
    for depth in (1..MAX_DEPTH).rev() {
        for &n in order.iter().filter(|n| places[**n].depth == depth) {
            let Some(mut below) = under.remove(&n) else { continue };
            below.sort_by(|a, b| key(&entries[*a]).cmp(&key(&entries[*b])));
            let replies: Vec<Comment> = below.into_iter().filter_map(|n| made[n].take()).collect();
            if let Some(comment) = &mut made[n] {
                comment.replies = replies;
            }
        }
    }
    roots.iter().filter_map(|n| made[*n].take()).collect()
}

fn key<E: Entry>(entry: &E) -> (i64, &str) {
    (entry.created_at(), entry.id())
}

/// The state as the flags of [`Comment`].
pub(crate) fn with_state(mut comment: Comment, state: CommentState) -> Comment {
    comment.is_hidden = state == CommentState::Hidden;
    comment.is_pending = state == CommentState::Pending;
    comment.is_deleted = state == CommentState::Trashed;
    comment
}

#[cfg(test)]
mod tests;
