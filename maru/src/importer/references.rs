//! Finds the images and links in Markdown, and rewrites where they lead. Code is left alone.

use std::ops::Range;

use comrak::{Arena, Options, nodes::NodeValue, parse_document};

/// A place in the text that leads elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// Where the destination stands, without `<` and `>`.
    pub(super) range: Range<usize>,
    /// Whether the text shows it as an image. Definitions are not known to; their ending decides.
    pub(super) image: bool,
}

/// Every inline destination, reference definition, and `src` or `href` of raw HTML, in order.
pub(super) fn find(text: &str) -> Vec<Reference> {
    let code = code_ranges(text);
    let mut found = Vec::new();
    let mut position = 0;
    let mut next_code = code.iter().peekable();
    while position < text.len() {
        if let Some(range) = next_code.next_if(|range| range.start <= position) {
            position = position.max(range.end);
            continue;
        }
        let rest = &text[position..];
        let reference = if rest.starts_with("](") {
            destination(text, position + 2).map(|range| Reference { image: opened_as_image(text, position), range })
        } else if rest.starts_with('[') && starts_line(text, position) {
            definition(text, position).map(|range| Reference { range, image: false })
        } else if rest.starts_with('<') {
            attribute(text, position)
        } else {
            None
        };
        match reference {
            Some(reference) => {
                position = reference.range.end.max(position + 1);
                found.push(reference);
            }
            None => position += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// `text` with each reference replaced for which `replace` has something else.
pub(super) fn rewrite(text: &str, mut replace: impl FnMut(&Reference, &str) -> Option<String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for reference in find(text) {
        if let Some(new) = replace(&reference, &text[reference.range.clone()]) {
            result.push_str(&text[copied..reference.range.start]);
            result.push_str(&new);
            copied = reference.range.end;
        }
    }
    result.push_str(&text[copied..]);
    result
}

/// Byte ranges of code blocks and code spans, in order.
fn code_ranges(text: &str) -> Vec<Range<usize>> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
    let offset = |line: usize, column: usize| {
        starts.get(line.saturating_sub(1)).map_or(text.len(), |start| (start + column).min(text.len()))
    };
    let arena = Arena::new();
    let root = parse_document(&arena, text, &Options::default());
    let mut ranges: Vec<Range<usize>> = root
        .descendants()
        .filter_map(|node| {
            let node = node.data();
            let place = node.sourcepos;
            match &node.value {
                // Whole lines: the columns of a block say nothing about its last line.
                NodeValue::CodeBlock(_) => Some(offset(place.start.line, 0)..offset(place.end.line + 1, 0)),
                NodeValue::Code(_) => Some(
                    offset(place.start.line, place.start.column.saturating_sub(1))
                        ..offset(place.end.line, place.end.column),
                ),
                _ => None,
            }
        })
        .filter(|range| {
            range.start < range.end && text.is_char_boundary(range.start) && text.is_char_boundary(range.end)
        })
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// The destination that starts at `from`, after optional white space.
fn destination(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text[from..].find(|character: char| !character.is_whitespace())?;
    if text[start..].starts_with('<') {
        let end = text[start..].find(['>', '\n']).filter(|end| text[start + end..].starts_with('>'))?;
        return Some(start + 1..start + end);
    }
    let mut depth = 0usize;
    let mut escaped = false;
    let length = text[start..]
        .find(|character: char| {
            let was_escaped = escaped;
            escaped = character == '\\' && !was_escaped;
            match character {
                '(' if !was_escaped => depth += 1,
                ')' if !was_escaped && depth == 0 => return true,
                ')' if !was_escaped => depth -= 1,
                _ => return character.is_whitespace(),
            }
            false
        })
        .unwrap_or(text.len() - start);
    (length > 0).then_some(start..start + length)
}

/// Whether the `[` that belongs to the `]` at `close` follows a `!`.
fn opened_as_image(text: &str, close: usize) -> bool {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    for index in (0..close).rev() {
        match bytes[index] {
            b']' => depth += 1,
            b'[' if depth == 0 => return index > 0 && bytes[index - 1] == b'!',
            b'[' => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Whether only indentation and block quote marks stand before `position` on its line.
fn starts_line(text: &str, position: usize) -> bool {
    let line = &text[text[..position].rfind('\n').map_or(0, |index| index + 1)..position];
    line.chars().all(|character| matches!(character, ' ' | '>'))
}

/// The destination of `[label]: destination`. A footnote (`[^1]:`) is text.
fn definition(text: &str, position: usize) -> Option<Range<usize>> {
    let rest = &text[position + 1..];
    let label = rest.find([']', '\n'])?;
    if rest.starts_with('^') || label == 0 || !rest[label..].starts_with("]:") {
        return None;
    }
    let from = position + 1 + label + 2;
    // On the same line, or else this is something unusual that is better left as it is.
    let line_end = text[from..].find('\n').map_or(text.len(), |end| from + end);
    let start = from + text[from..line_end].find(|character: char| !character.is_whitespace())?;
    if text[start..line_end].starts_with('<') {
        let end = text[start..line_end].find('>')?;
        return Some(start + 1..start + end);
    }
    let length = text[start..line_end].find(char::is_whitespace).unwrap_or(line_end - start);
    Some(start..start + length)
}

/// The address in the `<img>` or `<a>` that starts at `position`.
fn attribute(text: &str, position: usize) -> Option<Reference> {
    let rest = &text[position..];
    let tag_end = rest.find('>')?;
    let tag = &rest[..tag_end];
    let name_end = tag[1..].find(|character: char| !character.is_ascii_alphanumeric())? + 1;
    let (wanted, image) = match tag[1..name_end].to_ascii_lowercase().as_str() {
        "img" => ("src", true),
        "a" => ("href", false),
        _ => return None,
    };
    let lower = tag.to_ascii_lowercase();
    let (index, _) = lower.match_indices(wanted).find(|(index, _)| {
        lower[..*index].ends_with(|character: char| character.is_ascii_whitespace())
            && lower[index + wanted.len()..].trim_start().starts_with('=')
    })?;
    let equals = index + tag[index..].find('=')? + 1;
    let value = equals + tag[equals..].find(|character: char| !character.is_ascii_whitespace())?;
    let (start, end) = match tag[value..].chars().next()? {
        quote @ ('"' | '\'') => (value + 1, value + 1 + tag[value + 1..].find(quote)?),
        _ => (
            value,
            tag[value..].find(|character: char| character.is_ascii_whitespace()).map_or(tag_end, |end| value + end),
        ),
    };
    (start < end).then(|| Reference { range: position + start..position + end, image })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destinations(text: &str) -> Vec<(&str, bool)> {
        find(text).into_iter().map(|reference| (&text[reference.range], reference.image)).collect()
    }

    #[test]
    fn finds_images_links_definitions_and_html() {
        let text = "A ![picture](a.png \"title\") and [![nested](b.png)](c.md#x), [x](<d e.md>).\n\n\
                    > [ref]: e.svg\n[other]: <f.md> 'T'\n\n<p><img alt=\"g\" src='g.jpg'> <a class=b href=h.md>h</a></p>\n\n[w](i_(1).md)";
        assert_eq!(
            destinations(text),
            [
                ("a.png", true),
                ("b.png", true),
                ("c.md#x", false),
                ("d e.md", false),
                ("e.svg", false),
                ("f.md", false),
                ("g.jpg", true),
                ("h.md", false),
                ("i_(1).md", false),
            ]
        );
    }

    #[test]
    fn leaves_code_and_footnotes_alone() {
        let text = "`![a](a.png)` 마루 ``[b](b.png)``\n\n```md\n![c](c.png)\n[d]: d.png\n```\n\n    ![e](e.png)\n\n\
                    - item\n\n  ```\n  <img src=\"f.png\">\n  ```\n\n[^1]: note.md\n\n> ~~~\n> ![g](g.png)\n> ~~~\n\n![h](h.png)\n";
        assert_eq!(destinations(text), [("h.png", true)]);
    }

    #[test]
    fn rewrites_only_what_changes() {
        let text = "한옥 ![마루](마루.png) 그리고 [글](글.md)";
        let new =
            rewrite(text, |reference, destination| reference.image.then(|| format!("/media/{}", destination.len())));
        assert_eq!(new, "한옥 ![마루](/media/10) 그리고 [글](글.md)");
    }

    #[test]
    fn survives_broken_markup() {
        for text in [
            "](",
            "[a](",
            "[a](<b",
            "<img",
            "<img src",
            "<img src=\"a",
            "[a]:",
            "](\n",
            "![",
            "<a href=>",
            "`",
            "[\u{0}](\u{feff})",
        ] {
            let _ = find(text);
        }
    }
}
