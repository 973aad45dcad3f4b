//! The comments of a Ghost export.

use std::collections::HashMap;

use super::{
    moment,
    schema::{Data, GhostComment, Id},
};
use crate::importer::{
    foreign::{Comment, Export},
    html,
    left_out::LeftOut,
};

/// Takes the comments of the entries at `places`.
pub(super) fn read(data: &Data, places: &HashMap<Id, usize>, export: &mut Export) {
    let names: HashMap<&Id, &str> =
        data.members.iter().filter_map(|member| Some((&member.id, member.name.as_deref()?))).collect();
    let mut left_out = LeftOut::default();
    for row in &data.comments {
        let name = row.member_id.as_ref().and_then(|id| names.get(id)).copied().unwrap_or("Anonymous");
        match comment(row, name, places) {
            Ok(comment) => export.comments.push(comment),
            Err(why) => left_out.count(&super::name(&row.post_id), why),
        }
    }
    export.report.skipped.extend(left_out.into_notes());
}

/// The comment, or why it does not come.
fn comment(row: &GhostComment, name: &str, places: &HashMap<Id, usize>) -> Result<Comment, &'static str> {
    match row.status.as_deref() {
        None | Some("published") => {}
        Some("deleted") => return Err("deleted there"),
        Some("hidden") => return Err("hidden there"),
        Some(_) => return Err("not published there"),
    }
    let content = row.html.as_deref().and_then(html::to_markdown).unwrap_or_default();
    if content.trim().is_empty() {
        return Err("without a text");
    }
    Ok(Comment {
        id: row.id.0.clone(),
        parent: row.parent_id.as_ref().map(|parent| parent.0.clone()),
        post: *places.get(&row.post_id).ok_or("the post does not come")?,
        author: name.to_owned(),
        content,
        created: row.created_at.as_ref().and_then(moment),
        ..Comment::default()
    })
}
