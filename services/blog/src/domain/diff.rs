//! What differs between two texts: by line, and within lines by word.

use std::time::{Duration, Instant};

use contracts::blog::{DiffHunk, DiffKind, DiffLine, DiffPart};
use similar::{ChangeTag, TextDiff};

/// Lines shown around a change.
const AROUND: usize = 3;
/// Two long texts that share nothing could take for ever; after this the answer is right still, but
/// coarser.
const PATIENCE: Duration = Duration::from_millis(500);

/// The difference of two texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) hunks: Vec<DiffHunk>,
    pub(crate) added: u32,
    pub(crate) removed: u32,
}

/// What must change in `before` to get `after`.
pub(crate) fn lines(before: &str, after: &str) -> Difference {
    let until = Instant::now() + PATIENCE;
    let diff = TextDiff::configure().deadline(until).diff_lines(before, after);
    let mut difference = Difference::default();
    for group in diff.grouped_ops(AROUND) {
        let mut hunk = DiffHunk::default();
        for op in &group {
            for change in diff.iter_inline_changes_deadline(op, Some(until)) {
                let kind = match change.tag() {
                    ChangeTag::Equal => DiffKind::Same,
                    ChangeTag::Insert => DiffKind::Added,
                    ChangeTag::Delete => DiffKind::Removed,
                };
                match kind {
                    DiffKind::Same => {}
                    DiffKind::Added => difference.added += 1,
                    DiffKind::Removed => difference.removed += 1,
                }
                hunk.lines.push(DiffLine {
                    kind,
                    old_line: change.old_index().map(number),
                    new_line: change.new_index().map(number),
                    parts: parts(change.values()),
                });
            }
        }
        difference.hunks.push(hunk);
    }
    difference
}

/// Neighbours of the same kind joined, the end of the line left out.
fn parts(values: &[(bool, &str)]) -> Vec<DiffPart> {
    let mut parts: Vec<DiffPart> = Vec::new();
    for (changed, text) in values {
        let text = text.trim_end_matches(['\r', '\n']);
        match parts.last_mut() {
            Some(last) if last.changed == *changed => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => parts.push(DiffPart { text: text.to_owned(), changed: *changed }),
        }
    }
    parts
}

fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use contracts::blog::DiffKind;

    use super::lines;

    #[test]
    fn changed_words_are_marked_within_their_line() {
        let difference =
            lines("one\nthe quick brown fox jumps\nthree\n", "one\nthe quick red fox jumps\nthree\nfour\n");
        assert_eq!((difference.added, difference.removed, difference.hunks.len()), (2, 1, 1));
        let shown: Vec<String> = difference.hunks[0]
            .lines
            .iter()
            .map(|line| {
                let mark = match line.kind {
                    DiffKind::Same => ' ',
                    DiffKind::Added => '+',
                    DiffKind::Removed => '-',
                };
                let text: String = line
                    .parts
                    .iter()
                    .map(|part| if part.changed { format!("[{}]", part.text) } else { part.text.clone() })
                    .collect();
                format!("{mark}{text}")
            })
            .collect();
        let expected = [" one", "-the quick [brown] fox jumps", "+the quick [red] fox jumps", " three", "+four"];
        assert_eq!(shown, expected);
        assert_eq!(difference.hunks[0].lines[4].new_line, Some(4));
    }

    #[test]
    fn far_apart_changes_are_hunks_of_their_own() {
        let text = |first: &str, last: &str| format!("{first}\n{}{last}\n", "same\n".repeat(20));
        assert_eq!(lines(&text("a", "b"), &text("A", "B")).hunks.len(), 2);
        assert_eq!(lines("x", "x").hunks.len(), 0);
        assert_eq!(lines("", "").hunks.len(), 0);
    }

    #[test]
    fn texts_without_anything_in_common_take_no_minutes() {
        let text = |seed: u64| {
            let mut state = seed;
            (0..8_000).fold(String::new(), |text, _| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text + &format!("{}\n", state >> 33)
            })
        };
        let difference = lines(&text(1), &text(2));
        assert_eq!((difference.added, difference.removed), (8_000, 8_000));
    }
}
