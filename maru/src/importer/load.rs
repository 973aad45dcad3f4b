//! Reading the one file of another system's export.

use std::{fs, io, path::Path};

use time::OffsetDateTime;

use super::{Library, Report, foreign::Unreadable, ghost, wordpress};

/// Where an export comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// An XML file.
    WordPress,
    /// A JSON file.
    Ghost,
}

impl System {
    /// First part of what identifies a post across imports.
    pub fn origin(self) -> &'static str {
        match self {
            Self::WordPress => "wordpress",
            Self::Ghost => "ghost",
        }
    }
}

/// Why an export cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file is not there, or not to be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is not an export; with the line where that shows.
    #[error("{}{}", line.map_or(String::new(), |line| format!("line {line}: ")), reason)]
    Unreadable {
        /// Line, when the trouble has one.
        line: Option<usize>,
        /// What is the matter, and what to do about it.
        reason: String,
    },
}

impl From<Unreadable> for LoadError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable { line: unreadable.line, reason: unreadable.reason }
    }
}

/// Reads the export in `file`. Files of the old site are looked for in `media` (its folder of uploads, or the
/// folder that holds it), by default beside the file. `site` is the old site's address, when the export does not
/// say.
///
/// # Errors
/// When the file cannot be read or is not such an export.
pub fn load_export(
    system: System,
    file: &Path,
    media: Option<&Path>,
    site: Option<&url::Url>,
) -> Result<(Library, Report), LoadError> {
    let bytes = fs::read(file)?;
    let text = String::from_utf8(bytes).map_err(|error| LoadError::Unreadable {
        line: None,
        reason: format!("this is not UTF-8 text ({})", error.utf8_error()),
    })?;
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(media.unwrap_or(beside))?;
    let text = text.trim_start_matches('\u{feff}');
    let export = match system {
        System::WordPress => wordpress::read(text, &folder)?,
        System::Ghost => ghost::read(text, &folder)?,
    };
    Ok(Library::of_export(export, site, OffsetDateTime::now_utc()))
}
