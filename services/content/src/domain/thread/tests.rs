use contracts::content::{Comment, CommentState};

use super::{Entry, arrange};
use crate::domain::eyes::{Eyes, Seen};

struct Sample {
    id: String,
    parent: Option<String>,
    state: CommentState,
}

impl Seen for Sample {
    fn state(&self) -> CommentState {
        self.state
    }
    fn is_private(&self) -> bool {
        false
    }
    fn author_id(&self) -> Option<&str> {
        None
    }
    fn writer_hash(&self) -> Option<&str> {
        None
    }
}

impl Entry for Sample {
    fn id(&self) -> &str {
        &self.id
    }
    fn parent_id(&self) -> Option<&str> {
        self.parent.as_deref()
    }
    fn created_at(&self) -> i64 {
        0
    }
    fn author_name(&self) -> &str {
        &self.id
    }
    fn shown(&self, _eyes: &Eyes) -> Comment {
        Comment { id: self.id.clone(), ..Comment::default() }
    }
    fn placeholder(&self) -> Comment {
        Comment { id: self.id.clone(), is_deleted: true, ..Comment::default() }
    }
}

fn sample(id: &str, parent: &str, state: CommentState) -> Sample {
    Sample { id: id.into(), parent: (!parent.is_empty()).then(|| parent.into()), state }
}

fn visible(id: &str, parent: &str) -> Sample {
    sample(id, parent, CommentState::Visible)
}

/// `a(b(c) d)`; `-` before a placeholder, `@x` after who mentions x.
fn outline(comments: &[Comment]) -> String {
    let one = |comment: &Comment| {
        let mark = if comment.is_deleted { "-" } else { "" };
        let mention = comment.mention.as_ref().map(|name| format!("@{name}")).unwrap_or_default();
        let replies = outline(&comment.replies);
        let replies = if replies.is_empty() { replies } else { format!("({replies})") };
        format!("{mark}{}{mention}{replies}", comment.id)
    };
    comments.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_fourth_level_stands_beside_the_third() {
    let entries = [
        visible("a", ""),
        visible("e", "d"),
        visible("d", "c"),
        visible("c", "b"),
        visible("b", "a"),
        visible("z", ""),
    ];
    assert_eq!(outline(&arrange(&entries, &Eyes::default())), "a(b(c d@c e@d)) z");
}

#[test]
fn what_is_gone_keeps_its_place_while_it_has_answers() {
    let entries = [
        sample("a", "", CommentState::Trashed),
        sample("b", "a", CommentState::Hidden),
        visible("c", "b"),
        sample("d", "a", CommentState::Trashed),
        sample("e", "", CommentState::Trashed),
    ];
    assert_eq!(outline(&arrange(&entries, &Eyes::default())), "-a(-b(c))");
}

#[test]
fn nobody_is_mentioned_who_is_not_shown() {
    let entries = [visible("a", ""), visible("b", "a"), sample("c", "b", CommentState::Pending), visible("d", "c")];
    assert_eq!(outline(&arrange(&entries, &Eyes::default())), "a(b(-c d))");
}

#[test]
fn a_chain_of_any_length_is_no_burden() {
    let mut entries = vec![visible("0", "")];
    entries.extend((1..50_000).map(|n| visible(&n.to_string(), &(n - 1).to_string())));
    let threads = arrange(&entries, &Eyes::default());
    assert_eq!(threads[0].replies[0].replies.len(), 50_000 - 2);
}

#[test]
fn a_loop_and_a_stray_are_left_out() {
    let entries = [visible("a", "b"), visible("b", "a"), visible("c", "gone"), visible("d", "")];
    assert_eq!(outline(&arrange(&entries, &Eyes::default())), "d");
}
