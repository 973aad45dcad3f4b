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
    use super::files;

    #[test]
    fn images_and_own_files_are_found_once() {
        let html = "<p><img alt=\"&lt;a href=> src=\" src=\"/media/a.png?x=1&amp;y=2\"><a href=\"/media/b.jpg\">b</a>\
            <a href=\"/posts/x\">x</a><img src=\"https://else.example/c.gif\"><a href=\"/media/b.jpg\">again</a></p>";
        assert_eq!(files(html), ["/media/a.png?x=1&y=2", "/media/b.jpg", "https://else.example/c.gif"]);
    }
}
