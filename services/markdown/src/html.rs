//! Reading the sanitiser's output, which always looks the same: attributes in double quotes, `&`
//! and quotes in them escaped.

/// URLs of images, and of this site's files that are linked to.
pub(crate) fn files(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        let length = tag_length(tag);
        let url = match tag.split_once(' ').map(|(name, _)| name) {
            Some("img") => attribute(&tag[..length], "src"),
            Some("a") => attribute(&tag[..length], "href").filter(|url| url.starts_with("/media/")),
            _ => None,
        };
        if let Some(url) = url.filter(|url| !found.contains(url)) {
            found.push(url);
        }
        rest = &tag[length..];
    }
    found
}

/// The same HTML for readers elsewhere: links and images lead to `site` (`https://…`, without a slash at
/// the end), anchors to `page`.
pub fn absolute(html: &str, site: &str, page: &str) -> String {
    let mut output = String::with_capacity(html.len() + 256);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + 1 + tag_length(&rest[start + 1..]);
        output.push_str(&rest[..start]);
        let tag = &rest[start..end];
        for (place, piece) in tag.split('"').enumerate() {
            // Names and values take turns.
            if place > 0 {
                output.push('"');
            }
            let name = tag.split('"').nth(place.wrapping_sub(1)).unwrap_or_default().trim_end_matches('=');
            match name.rsplit(' ').next().unwrap_or_default() {
                "href" | "src" if place % 2 == 1 => lead(&mut output, piece, site, page),
                "srcset" if place % 2 == 1 => output.push_str(&piece.replace("/media/", &format!("{site}/media/"))),
                _ => output.push_str(piece),
            }
        }
        rest = &rest[end..];
    }
    output.push_str(rest);
    output
}

fn lead(output: &mut String, url: &str, site: &str, page: &str) {
    if url.starts_with('#') {
        output.push_str(page);
    } else if url.starts_with('/') && !url.starts_with("//") {
        output.push_str(site);
    }
    output.push_str(url);
}

/// The same HTML with the attributes `names` behind the others, in this order, in every tag that is called one of
/// `tags`.
pub(crate) fn move_last(html: &str, tags: &[&str], names: &[&str]) -> String {
    let mut output = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + 1 + tag_length(&rest[start + 1..]);
        output.push_str(&rest[..start]);
        match rest[start + 1..end].split_once(' ') {
            Some((tag, attributes)) if tags.contains(&tag) => {
                let place = |attribute: &&str| {
                    let name = attribute.trim_start().split('=').next().unwrap_or_default();
                    names.iter().position(|last| *last == name).map_or(0, |place| place + 1)
                };
                let mut attributes: Vec<&str> = split_attributes(attributes).collect();
                attributes.sort_by_key(place);
                output.push('<');
                output.push_str(tag);
                for attribute in attributes {
                    output.push(' ');
                    output.push_str(attribute.trim_start());
                }
            }
            _ => output.push_str(&rest[start..end]),
        }
        rest = &rest[end..];
    }
    output.push_str(rest);
    output
}

/// Each `name="value"` of a tag.
fn split_attributes(attributes: &str) -> impl Iterator<Item = &str> {
    let mut quotes = 0;
    attributes
        .split_inclusive(move |letter| {
            quotes += usize::from(letter == '"');
            letter == '"' && quotes % 2 == 0
        })
        .filter(|attribute| !attribute.trim().is_empty())
}

/// Where the tag ends: at the first `>` outside quotes.
fn tag_length(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.unwrap_or(tag.len())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut pieces = tag.split('"');
    while let (Some(before), Some(value)) = (pieces.next(), pieces.next()) {
        if before.strip_suffix('=').is_some_and(|before| before.rsplit(' ').next() == Some(name)) {
            return Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{absolute, files, move_last};

    #[test]
    fn attributes_are_moved_whole() {
        let html =
            "a <img type=\"\" src=\"a b> type=&quot;\" alt=\"\">b<input checked=\"\"><br><p type=\"x\" id=\"y\">";
        assert_eq!(
            move_last(html, &["img", "input"], &["type"]),
            "a <img src=\"a b> type=&quot;\" alt=\"\" type=\"\">b<input checked=\"\"><br><p type=\"x\" id=\"y\">"
        );
    }

    #[test]
    fn elsewhere_links_lead_back() {
        let html = "<p id=\"a\"><a href=\"/posts/x\">href=\"/x\"</a><a href=\"#a\" class=\"anchor\"></a>\
            <img src=\"/media/a.png\" srcset=\"/media/b.webp 1w, /media/c.webp 2w\"><a href=\"https://e.example/\">e</a></p>";
        assert_eq!(
            absolute(html, "https://s.example", "https://s.example/posts/me"),
            "<p id=\"a\"><a href=\"https://s.example/posts/x\">href=\"/x\"</a><a \
            href=\"https://s.example/posts/me#a\" class=\"anchor\"></a><img src=\"https://s.example/media/a.png\" \
            srcset=\"https://s.example/media/b.webp 1w, https://s.example/media/c.webp 2w\"><a \
            href=\"https://e.example/\">e</a></p>"
        );
    }

    #[test]
    fn images_and_own_files_are_found_once() {
        let html = "<p><img alt=\"&lt;a href=> src=\" src=\"/media/a.png?x=1&amp;y=2\"><a href=\"/media/b.jpg\">b</a>\
            <a href=\"/posts/x\">x</a><img src=\"https://else.example/c.gif\"><a href=\"/media/b.jpg\">again</a></p>";
        assert_eq!(files(html), ["/media/a.png?x=1&y=2", "/media/b.jpg", "https://else.example/c.gif"]);
    }
}
