//! Comments that come along with posts.

use std::collections::HashMap;

use contracts::content::{ImportComment, ImportedComment};

use super::{Library, Note, Report, dates, foreign::Comment, left_out::LeftOut, source::Kind};
use crate::services::Services;

/// Longest name of a guest, in characters.
const LONGEST_NAME: usize = 50;

/// Sends the comments whose post is in `posts` (ids by place in the library), each after the one it answers.
/// `accounts` has the ids of members by their names.
pub(super) async fn send(
    services: &Services,
    origin: &str,
    library: &Library,
    posts: &HashMap<usize, String>,
    accounts: &HashMap<String, String>,
) -> Report {
    let (mut report, mut on_pages, mut lost) = (Report::default(), LeftOut::default(), LeftOut::default());
    for comment in in_order(&library.comments) {
        let Some(post) = posts.get(&comment.post) else {
            let source = &library.sources[comment.post];
            match source.kind {
                Kind::Post => lost.count(&source.name, "the post did not come"),
                Kind::Page | Kind::Notice => on_pages.count(&source.name, "pages have no comments here"),
            }
            continue;
        };
        let input = ImportComment {
            source: source(origin, &comment.id),
            post_id: post.clone(),
            parent_source: comment.parent.as_deref().map(|parent| source(origin, parent)),
            author_id: accounts.get(&comment.author).filter(|_| comment.member).cloned(),
            author_name: comment.author.chars().take(LONGEST_NAME).collect(),
            content: comment.content.clone(),
            state: comment.state,
            created_at: dates::rfc3339(comment.created.unwrap_or(time::OffsetDateTime::UNIX_EPOCH)).unwrap_or_default(),
            id: comment.keeps_id.then(|| comment.id.clone()),
            is_private: comment.private,
            edited_at: comment.edited.and_then(dates::rfc3339),
        };
        let sent: Result<ImportedComment, _> = services.content().put("/internal/import/comments", &input).await;
        match sent {
            Ok(_) => report.comments += 1,
            Err(error) => {
                let file = format!("comment {}", comment.id);
                report.failed.push(Note { file, line: None, reason: error.to_string() });
            }
        }
    }
    report.skipped.extend(on_pages.into_notes());
    report.failed.extend(lost.into_notes());
    report
}

fn source(origin: &str, id: &str) -> String {
    format!("{origin}:{id}")
}

/// Parents first. A comment whose parent did not come, or that answers itself, begins a thread.
fn in_order(comments: &[Comment]) -> Vec<Comment> {
    let known: HashMap<&str, &Comment> = comments.iter().map(|comment| (comment.id.as_str(), comment)).collect();
    let depth = |comment: &Comment| {
        let (mut depth, mut above) = (0usize, comment.parent.as_deref());
        while let Some(parent) = above.and_then(|parent| known.get(parent)) {
            depth += 1;
            if depth > comments.len() {
                return None;
            }
            above = parent.parent.as_deref();
        }
        Some(depth)
    };
    let mut ordered: Vec<(usize, Comment)> = comments
        .iter()
        .map(|comment| {
            let mut comment = comment.clone();
            let deep = depth(&comment);
            let parent_came = comment
                .parent
                .as_deref()
                .and_then(|parent| known.get(parent))
                .is_some_and(|parent| parent.post == comment.post);
            if deep.is_none() || !parent_came {
                comment.parent = None;
            }
            (deep.unwrap_or(0), comment)
        })
        .collect();
    ordered.sort_by(|(one, a), (other, b)| (one, a.created).cmp(&(other, b.created)));
    ordered.into_iter().map(|(_, comment)| comment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(id: &str, parent: Option<&str>, post: usize) -> Comment {
        Comment {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            post,
            author: "A".to_owned(),
            content: "text".to_owned(),
            ..Comment::default()
        }
    }

    #[test]
    fn parents_come_first_and_circles_are_cut() {
        let comments = [
            comment("deep", Some("mid"), 0),
            comment("mid", Some("top"), 0),
            comment("top", None, 0),
            comment("a", Some("b"), 0),
            comment("b", Some("a"), 0),
            comment("lost", Some("gone"), 0),
            comment("foreign", Some("top"), 1),
        ];
        let ordered = in_order(&comments);
        let place = |id: &str| ordered.iter().position(|comment| comment.id == id).unwrap();
        assert!(place("top") < place("mid") && place("mid") < place("deep"));
        for id in ["a", "b", "lost", "foreign"] {
            assert_eq!(ordered[place(id)].parent, None, "{id}");
        }
        assert_eq!(ordered.len(), comments.len());
    }
}
