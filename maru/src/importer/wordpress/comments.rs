//! The comments of an entry of a WordPress export.

use contracts::content::CommentState;
use roxmltree::Node;

use super::{moment, text_of};
use crate::importer::{
    foreign::{Comment, Export},
    html,
    left_out::LeftOut,
};

/// Takes the comments of `item`, the entry at `post` that notes call `name`.
pub(super) fn read(item: Node<'_, '_>, name: &str, post: usize, export: &mut Export) {
    let mut left_out = LeftOut::default();
    for node in item.children().filter(|node| node.tag_name().name() == "comment") {
        match comment(node, post) {
            Ok(comment) => export.comments.push(comment),
            Err(why) => left_out.count(name, why),
        }
    }
    export.report.skipped.extend(left_out.into_notes());
}

/// The comment, or why it does not come.
fn comment(node: Node<'_, '_>, post: usize) -> Result<Comment, &'static str> {
    let kind = text_of(node, "comment_type").unwrap_or_default();
    let approved = text_of(node, "comment_approved").unwrap_or_default();
    let state = match (kind.as_str(), approved.as_str()) {
        ("" | "comment", "1") => CommentState::Visible,
        ("" | "comment", "0") => CommentState::Pending,
        ("" | "comment", "spam") => return Err("spam"),
        ("" | "comment", "trash" | "post-trashed") => return Err("in the trash there"),
        ("" | "comment", _) => return Err("neither approved nor waiting there"),
        ("pingback" | "trackback", _) => return Err("pingback or trackback"),
        _ => return Err("no reader's comment"),
    };
    let id = text_of(node, "comment_id").ok_or("without an id")?;
    let content = text_of(node, "comment_content").ok_or("without a text")?;
    let content = html::to_markdown(&html::paragraphs(&content)).unwrap_or(content);
    if content.trim().is_empty() {
        return Err("without a text");
    }
    Ok(Comment {
        id,
        parent: text_of(node, "comment_parent").filter(|parent| parent != "0"),
        post,
        author: text_of(node, "comment_author").unwrap_or_else(|| "Anonymous".to_owned()),
        content,
        created: ["comment_date_gmt", "comment_date"].into_iter().find_map(|name| moment(text_of(node, name))),
        state,
        ..Comment::default()
    })
}
