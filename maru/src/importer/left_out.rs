//! Comments that an import leaves behind: a note for each reason and post, with how many they are.

use std::collections::BTreeMap;

use super::report::Note;

/// Counts what is left behind.
#[derive(Debug, Default)]
pub(super) struct LeftOut(BTreeMap<(String, &'static str), usize>);

impl LeftOut {
    /// One more comment of the post that notes call `file`.
    pub(super) fn count(&mut self, file: &str, why: &'static str) {
        *self.0.entry((file.to_owned(), why)).or_default() += 1;
    }

    /// What there is to tell.
    pub(super) fn into_notes(self) -> impl Iterator<Item = Note> {
        self.0.into_iter().map(|((file, why), count)| {
            let comments = if count == 1 { "comment was" } else { "comments were" };
            Note { file, line: None, reason: format!("{count} {comments} left out ({why})") }
        })
    }
}
