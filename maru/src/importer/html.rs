//! HTML of other systems as Markdown.

use std::sync::LazyLock;

use htmd::{
    Element, HtmlToMarkdown,
    element_handler::{HandlerResult, Handlers},
    options::{BulletListMarker, CodeBlockFence, Options},
};

static CONVERTER: LazyLock<HtmlToMarkdown> = LazyLock::new(|| {
    let options = Options {
        bullet_list_marker: BulletListMarker::Dash,
        code_block_fence: CodeBlockFence::Backticks,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        ..Options::default()
    };
    HtmlToMarkdown::builder()
        .options(options)
        .skip_tags(vec!["script", "style", "noscript", "template"])
        // What is embedded becomes a link to it: a line of its own, which the blog may show as a card.
        .add_handler(vec!["iframe", "video", "audio", "embed"], embedded)
        .build()
});

fn embedded(_: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let address = element.attrs.iter().find(|attribute| &*attribute.name.local == "src")?.value.to_string();
    let address = if let Some(rest) = address.strip_prefix("//") { format!("https://{rest}") } else { address };
    let address = watch_page(&address).unwrap_or(address);
    Some(HandlerResult::from(format!("\n\n<{address}>\n\n")))
}

/// The page of a video, for the address of its player.
fn watch_page(player: &str) -> Option<String> {
    let url = url::Url::parse(player).ok()?;
    let last = url.path_segments()?.next_back()?.to_owned();
    match url.host_str()?.trim_start_matches("www.") {
        "youtube.com" | "youtube-nocookie.com" if url.path().starts_with("/embed/") => {
            Some(format!("https://www.youtube.com/watch?v={last}"))
        }
        "player.vimeo.com" => Some(format!("https://vimeo.com/{last}")),
        _ => None,
    }
}

/// `html` as Markdown; none when it cannot be read as HTML.
pub(super) fn to_markdown(html: &str) -> Option<String> {
    let markdown = CONVERTER.convert(html).ok()?;
    Some(markdown.trim().to_owned())
}

/// Elements that stand by themselves: text between them is a paragraph, they are not in one.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "iframe",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "video",
];

/// What WordPress does when it shows a text of its classic editor: blank lines part paragraphs, other line ends
/// are kept. Left alone in `<pre>`.
pub(super) fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.as_str();
    while let Some(start) = find_tag(rest, "<pre") {
        let end = rest[start..].find("</pre>").map_or(rest.len(), |end| start + end + "</pre>".len());
        flow(&mut out, &rest[..start]);
        out.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    flow(&mut out, rest);
    out
}

fn flow(out: &mut String, text: &str) {
    for part in text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()) {
        if is_block(part) {
            out.push_str(part);
        } else {
            out.push_str("<p>");
            out.push_str(&part.replace('\n', "<br>\n"));
            out.push_str("</p>");
        }
        out.push('\n');
    }
}

/// Whether the text begins with a tag, opening or closing, of a block.
fn is_block(text: &str) -> bool {
    let Some(tag) = text.strip_prefix('<') else { return false };
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let name = tag.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default();
    BLOCKS.contains(&name.to_ascii_lowercase().as_str())
}

fn find_tag(text: &str, tag: &str) -> Option<usize> {
    text.match_indices(tag)
        .map(|(at, _)| at)
        .find(|at| text[at + tag.len()..].starts_with(|next: char| next == '>' || next.is_ascii_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_readable_markdown() {
        let html = "<h2>마루</h2><p>A <strong>hall</strong> &amp; <a href=\"/x\">more</a></p><ul><li>one</li><li>two</li></ul>\
                    <pre><code class=\"language-rust\">fn main() {}\n</code></pre><script>alert(1)</script>";
        let markdown = to_markdown(html).unwrap();
        assert!(markdown.contains("## 마루"), "{markdown}");
        assert!(markdown.contains("A **hall** & [more](/x)"), "{markdown}");
        assert!(markdown.contains("- one\n- two"), "{markdown}");
        assert!(markdown.contains("```rust\nfn main() {}\n```"), "{markdown}");
        assert!(!markdown.contains("alert"), "{markdown}");
    }

    #[test]
    fn what_is_embedded_becomes_a_link() {
        let markdown =
            to_markdown("<p>a</p><iframe src=\"https://www.youtube.com/embed/abc_1\"></iframe><p>b</p>").unwrap();
        assert!(markdown.contains("<https://www.youtube.com/watch?v=abc_1>"), "{markdown}");
    }

    #[test]
    fn classic_texts_get_their_paragraphs() {
        let html = paragraphs("One\r\ntwo\n\n<h2>Head</h2>\n\nThree\n\n<pre>a\n\nb</pre>\nFour");
        assert_eq!(html, "<p>One<br>\ntwo</p>\n<h2>Head</h2>\n<p>Three</p>\n<pre>a\n\nb</pre><p>Four</p>\n");
        assert_eq!(paragraphs(""), "");
    }
}
