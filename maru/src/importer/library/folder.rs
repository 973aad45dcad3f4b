//! What lies in a folder: the files of its posts, and the comments beside them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use time::OffsetDateTime;

use crate::{
    discussion,
    importer::{
        dates,
        foreign::Comment,
        report::{Note, Report},
    },
};

/// Someone who names the folder of a whole Zola or Hugo site means the posts in it.
pub(super) fn content_folder(root: PathBuf) -> PathBuf {
    let site = ["config.toml", "zola.toml", "hugo.toml", "hugo.yaml", "hugo.json"]
        .iter()
        .any(|name| root.join(name).is_file());
    let content = root.join("content");
    if site && content.is_dir() { content } else { root }
}

pub(super) fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file_name = entry.file_name();
        let Some(own) = file_name.to_str() else { continue };
        let name = if prefix.is_empty() { own.to_owned() } else { format!("{prefix}/{own}") };
        // Links to folders are not followed: they may lead in a circle.
        if entry.file_type()?.is_dir() {
            if !own.starts_with('.') && own != "node_modules" {
                walk(&entry.path(), &name, names)?;
            }
        } else if own.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "md" | "markdown")) {
            names.push(name);
        }
    }
    Ok(())
}

pub(super) fn read_file(path: &Path) -> io::Result<(Vec<u8>, OffsetDateTime)> {
    let modified = fs::metadata(path)?.modified().map_or(OffsetDateTime::UNIX_EPOCH, OffsetDateTime::from);
    Ok((fs::read(path)?, modified))
}

/// The comments in the file beside a post of an export of ours.
pub(super) fn discussion(post: &Path, name: &str, report: &mut Report) -> Vec<Comment> {
    let file = post.with_extension("").into_os_string().into_string().unwrap_or_default() + discussion::ENDING;
    let read = match fs::read(&file) {
        Ok(bytes) => serde_json::from_slice::<Vec<discussion::Comment>>(&bytes).map_err(io::Error::from),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => Err(error),
    };
    match read {
        Ok(comments) => comments.into_iter().map(from_export).collect(),
        Err(error) => {
            let file = name.trim_end_matches(".md").to_owned() + discussion::ENDING;
            report.failed.push(Note { file, line: None, reason: format!("it cannot be read: {error}") });
            Vec::new()
        }
    }
}

fn from_export(comment: discussion::Comment) -> Comment {
    Comment {
        id: comment.id,
        parent: comment.parent,
        post: 0,
        author: comment.author,
        member: comment.member,
        content: comment.content,
        created: dates::parse(&comment.created),
        edited: comment.edited.as_deref().and_then(dates::parse),
        state: comment.state,
        private: comment.private,
        keeps_id: true,
    }
}
