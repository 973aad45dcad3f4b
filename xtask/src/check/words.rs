//! Words that must not stand in a file of the project: paths of somebody's machine, hosts of package
//! registries (a lock file with them breaks for whoever uses a mirror).

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::tools;
use crate::workspace::Workspace;

/// Where a tool that is not ours must write such a word, or where it is the point.
const EXEMPT: &[&str] = &["Cargo.lock", "xtask/src/check/words.rs", ".ci/run"];

/// The words, in pieces, so that this file could be searched too.
fn forbidden() -> [String; 6] {
    [
        format!("{}/work/", ""),
        format!("{}../shared", ""),
        format!("/home{}", "/"),
        format!("registry.npmjs{}", ".org"),
        format!("static.crates{}", ".io"),
        format!("index.crates{}", ".io"),
    ]
}

/// `file:line: word` for every such word in a tracked text file.
pub(super) fn violations(workspace: &Workspace) -> Result<Vec<String>> {
    let listed = tools::output(Command::new("git").current_dir(&workspace.root).args(["ls-files", "-z"]))?;
    let words = forbidden();
    let mut found = Vec::new();
    for name in listed.split('\0').filter(|name| !name.is_empty() && !EXEMPT.contains(name)) {
        // Binary files, and files deleted but not yet committed, have no lines to look at.
        let Ok(text) = fs::read_to_string(workspace.root.join(name)) else { continue };
        found
            .extend(matches(&text, &words).map(|(line, word)| format!("{name}:{line}: `{word}` does not belong here")));
    }
    Ok(found)
}

fn matches<'a>(text: &'a str, words: &'a [String]) -> impl Iterator<Item = (usize, &'a str)> {
    text.lines().zip(1..).flat_map(move |(line, number)| {
        words.iter().filter(move |word| line.contains(word.as_str())).map(move |word| (number, word.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_with_its_line() {
        let words = forbidden();
        let text = format!("fine\nsee {}x\n", words[0]);
        assert_eq!(matches(&text, &words).collect::<Vec<_>>(), [(2, words[0].as_str())]);
    }
}
