//! What an import did, file by file.

use std::fmt;

use contracts::blog::ImportChange;

/// Something to tell about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Path within the imported folder.
    pub file: String,
    /// Line, when the trouble has one.
    pub line: Option<usize>,
    /// What is the matter, and what to do about it.
    pub reason: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// Numbers and notes of one import.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Posts that were new.
    pub created: usize,
    /// Posts that differed.
    pub updated: usize,
    /// Posts that were there already, the same.
    pub unchanged: usize,
    /// Images brought along.
    pub images: usize,
    /// Comments brought along.
    pub comments: usize,
    /// What was left behind on purpose: files that are not posts, comments that have no place here.
    pub skipped: Vec<Note>,
    /// Posts that were imported with something missing.
    pub warnings: Vec<Note>,
    /// Posts that were not imported.
    pub failed: Vec<Note>,
}

impl Report {
    /// Counts one imported post.
    pub(super) fn count(&mut self, change: ImportChange) {
        match change {
            ImportChange::Created => self.created += 1,
            ImportChange::Updated => self.updated += 1,
            ImportChange::Unchanged => self.unchanged += 1,
        }
    }

    /// Takes over the notes and numbers of `other`.
    pub fn add(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.images += other.images;
        self.comments += other.comments;
        self.skipped.extend(other.skipped);
        self.warnings.extend(other.warnings);
        self.failed.extend(other.failed);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, notes) in [("skipped", &self.skipped), ("warning", &self.warnings), ("FAILED", &self.failed)] {
            for note in notes {
                writeln!(f, "{label:>8}  {note}")?;
            }
        }
        write!(
            f,
            "{} created, {} updated, {} unchanged, {} skipped, {} failed; {} images, {} comments, {} warnings",
            self.created,
            self.updated,
            self.unchanged,
            self.skipped.len(),
            self.failed.len(),
            self.images,
            self.comments,
            self.warnings.len()
        )
    }
}
