//! A WordPress export: the XML file of "Tools → Export" (WXR 1.1 and 1.2).

mod comments;

use std::{collections::HashMap, path::Path, sync::LazyLock};

use regex::Regex;
use roxmltree::{Document, Node, ParsingOptions};
use time::OffsetDateTime;

use super::{
    authors::Author,
    dates,
    foreign::{Entry, Export, Unreadable, slug_or_title},
    html,
    meta::Meta,
    report::Note,
    source::Kind,
};

/// Reads the text of an export. Entries that are no posts or pages are passed over.
///
/// # Errors
/// When it is not XML, with the line, or not an export of WordPress.
pub(super) fn read(text: &str, folder: &Path) -> Result<Export, Unreadable> {
    // Exports carry control characters that editors pasted, which XML does not allow.
    let text: String =
        text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t')).collect();
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options).map_err(|error| Unreadable {
        line: usize::try_from(error.pos().row).ok(),
        reason: format!("this is not well-formed XML: {error}"),
    })?;
    let channel = document
        .descendants()
        .find(|node| node.has_tag_name("channel"))
        .filter(|channel| child(*channel, "wxr_version").is_some())
        .ok_or_else(|| Unreadable {
            line: None,
            reason: "this is not an export of WordPress: it has no wp:wxr_version; make one under Tools → Export"
                .to_owned(),
        })?;
    let site = ["base_blog_url", "base_site_url", "link"].into_iter().find_map(|name| text_of(channel, name));
    let mut export = Export::new(site.as_deref(), folder, &["/wp-content/uploads/"]);
    let authors = authors(channel);
    let items: Vec<Node<'_, '_>> = channel.children().filter(|node| node.has_tag_name("item")).collect();
    let attachments: HashMap<String, String> =
        items.iter().filter_map(|item| Some((text_of(*item, "post_id")?, text_of(*item, "attachment_url")?))).collect();
    let item = Item { authors: &authors, attachments: &attachments, folder };
    for node in items {
        item.read(node, &mut export);
    }
    Ok(export)
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    // Prefixes are namespaces that change with the version of the export; the names are the same.
    node.children().find(|child| child.tag_name().name() == name)
}

fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.children()
        .find(|child| child.tag_name().name() == name)
        .and_then(|child| child.text())
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// `content:encoded` and `excerpt:encoded` differ by their namespace alone.
fn encoded(node: Node<'_, '_>, what: &str) -> String {
    node.children()
        .find(|child| {
            child.tag_name().name() == "encoded"
                && child.tag_name().namespace().is_some_and(|namespace| namespace.contains(what))
        })
        .and_then(|child| child.text())
        .unwrap_or_default()
        .to_owned()
}

/// People by the name they sign in with.
fn authors(channel: Node<'_, '_>) -> HashMap<String, Author> {
    channel
        .children()
        .filter(|node| node.tag_name().name() == "author")
        .filter_map(|node| {
            let login = text_of(node, "author_login")?;
            let name = text_of(node, "author_display_name").unwrap_or_else(|| login.clone());
            Some((login, Author { name, ..Author::default() }))
        })
        .collect()
}

fn moment(text: Option<String>) -> Option<OffsetDateTime> {
    text.filter(|text| !text.starts_with("0000")).and_then(|text| dates::parse(&text))
}

struct Item<'a> {
    authors: &'a HashMap<String, Author>,
    attachments: &'a HashMap<String, String>,
    folder: &'a Path,
}

impl Item<'_> {
    fn read(&self, node: Node<'_, '_>, export: &mut Export) {
        let id = text_of(node, "post_id").unwrap_or_default();
        let name = format!("item {id}");
        let note = |reason: &str| Note { file: name.clone(), line: None, reason: reason.to_owned() };
        let kind = match text_of(node, "post_type").as_deref() {
            Some("post") => Kind::Post,
            Some("page") => Kind::Page,
            // Files come along where a text shows them.
            Some("attachment" | "nav_menu_item" | "revision" | "wp_global_styles" | "custom_css") => return,
            other => {
                let other = other.unwrap_or("nothing");
                return export.report.skipped.push(note(&format!("a {other} is neither a post nor a page")));
            }
        };
        let status = text_of(node, "status").unwrap_or_default();
        if matches!(status.as_str(), "trash" | "auto-draft" | "inherit") {
            return export.report.skipped.push(note(&format!("its status is {status}")));
        }
        let title = text_of(node, "title").unwrap_or_default();
        let content = encoded(node, "content");
        if title.is_empty() && content.trim().is_empty() {
            return export.report.skipped.push(note("it has neither a title nor a text"));
        }
        let (category, tags) = terms(node);
        let wanted = text_of(node, "post_name");
        let published =
            ["post_date_gmt", "post_date"].into_iter().find_map(|name| moment(text_of(node, name))).or_else(|| {
                text_of(node, "pubDate")
                    .and_then(|text| OffsetDateTime::parse(&text, &time::format_description::well_known::Rfc2822).ok())
            });
        let protected = text_of(node, "post_password").is_some();
        // Only posts wait for their time here.
        let scheduled = published.filter(|_| status == "future" && !protected && kind == Kind::Post);
        if protected || status == "private" || (status == "future" && scheduled.is_none()) {
            let why = if protected { "protected by a password" } else { &status };
            export.report.warnings.push(note(&format!("it was {why} there and comes as a draft")));
        }
        let thumbnail = post_meta(node, "_thumbnail_id").and_then(|id| self.attachments.get(&id).cloned());
        let login = text_of(node, "creator").unwrap_or_default();
        let known = self.authors.get(&login).cloned();
        let author = known.or_else(|| (!login.is_empty()).then(|| Author { name: login, ..Author::default() }));
        let body = markdown(&content).unwrap_or_default();
        let excerpt = encoded(node, "excerpt");
        let meta = Meta {
            authors: author.into_iter().collect(),
            category,
            tags,
            draft: (status != "publish" && scheduled.is_none()) || protected,
            scheduled,
            featured: text_of(node, "is_sticky").as_deref() == Some("1"),
            excerpt: html::to_markdown(&excerpt).filter(|excerpt| !excerpt.is_empty()),
            cover: thumbnail,
            updated: ["post_modified_gmt", "post_modified"].into_iter().find_map(|name| moment(text_of(node, name))),
            ..Meta::default()
        };
        let post = export.add(Entry {
            kind,
            name: name.clone(),
            folder: self.folder.to_owned(),
            slug: slug_or_title(wanted.as_deref(), &title, &id),
            title: if title.is_empty() { "—".to_owned() } else { title },
            body,
            published: published.filter(|_| scheduled.is_none()),
            old_address: text_of(node, "link"),
            meta,
        });
        comments::read(node, &name, post, export);
    }
}

/// The first category that says something, and the tags; further categories become tags.
fn terms(node: Node<'_, '_>) -> (Option<String>, Vec<String>) {
    let (mut category, mut tags) = (None, Vec::new());
    for term in node.children().filter(|node| node.tag_name().name() == "category") {
        let Some(name) = term.text().map(str::trim).filter(|name| !name.is_empty()) else { continue };
        match term.attribute("domain") {
            Some("category") if term.attribute("nicename") == Some("uncategorized") => {}
            Some("category") if category.is_none() => category = Some(name.to_owned()),
            Some("category" | "post_tag") if !tags.iter().any(|tag| tag == name) => tags.push(name.to_owned()),
            _ => {}
        }
    }
    (category, tags)
}

fn post_meta(node: Node<'_, '_>, key: &str) -> Option<String> {
    node.children()
        .filter(|node| node.tag_name().name() == "postmeta")
        .find(|meta| text_of(*meta, "meta_key").as_deref() == Some(key))
        .and_then(|meta| text_of(meta, "meta_value"))
}

// Patterns that are written here and tested below.
#[expect(clippy::expect_used, reason = "a constant pattern")]
static COMMENTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)<!--.*?-->").expect("a pattern"));
#[expect(clippy::expect_used, reason = "a constant pattern")]
static CAPTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)\[caption[^\]]*\](.*?</a>|.*?<img[^>]*>)(.*?)\[/caption\]").expect("a pattern"));
#[expect(clippy::expect_used, reason = "a constant pattern")]
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?s)\[(?:source)?code(?:[^\]]*?(?:lang|language)=["']?([\w+#-]+)["']?)?[^\]]*\](.*?)\[/(?:source)?code\]"#,
    )
    .expect("a pattern")
});
#[expect(clippy::expect_used, reason = "a constant pattern")]
static EMBED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[embed[^\]]*\]\s*(\S+?)\s*\[/embed\]").expect("a pattern"));

/// The text of a post or page as Markdown.
fn markdown(content: &str) -> Option<String> {
    // The block editor marks its blocks with comments and writes whole paragraphs; the classic one does neither.
    let blocks = content.contains("<!-- wp:");
    let text = COMMENTS.replace_all(content, "");
    let text = CODE.replace_all(&text, |found: &regex::Captures<'_>| {
        let language = found.get(1).map_or(String::new(), |name| format!(" class=\"language-{}\"", name.as_str()));
        format!("<pre><code{language}>{}</code></pre>", found[2].trim_matches(['\r', '\n']))
    });
    let text = CAPTION.replace_all(&text, "<figure>$1<figcaption>$2</figcaption></figure>");
    let text = EMBED.replace_all(&text, "<p><a href=\"$1\">$1</a></p>");
    if blocks { html::to_markdown(&text) } else { html::to_markdown(&html::paragraphs(&text)) }
}

#[cfg(test)]
mod tests {
    use contracts::content::CommentState;

    use super::*;

    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login><![CDATA[ada]]></wp:author_login><wp:author_display_name><![CDATA[Ada L.]]></wp:author_display_name></wp:author>"#;

    fn export(items: &str) -> Export {
        read(&format!("{HEAD}{items}</channel></rss>"), Path::new(".")).unwrap()
    }

    #[test]
    fn a_post_with_its_terms_and_comments() {
        let export = export(
            r#"<item><title>안녕</title><link>https://old.example/2020/01/hello/</link><dc:creator><![CDATA[ada]]></dc:creator>
<content:encoded><![CDATA[<!-- wp:paragraph --><p>Text <b>bold</b></p><!-- /wp:paragraph -->]]></content:encoded>
<excerpt:encoded><![CDATA[Short]]></excerpt:encoded><wp:post_id>7</wp:post_id><wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt>
<wp:post_name>%ec%95%88%eb%85%95</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:is_sticky>1</wp:is_sticky>
<category domain="category" nicename="uncategorized">Uncategorized</category><category domain="category" nicename="n">News</category>
<category domain="post_tag" nicename="r">Rust</category><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Lin</wp:comment_author><wp:comment_date_gmt>2020-01-03 00:00:00</wp:comment_date_gmt>
<wp:comment_content>First</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_content>Buy</wp:comment_content><wp:comment_approved>spam</wp:comment_approved></wp:comment>
<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_author>Ada</wp:comment_author><wp:comment_content>Second</wp:comment_content><wp:comment_approved>0</wp:comment_approved><wp:comment_parent>1</wp:comment_parent></wp:comment>
</item><item><title>pic</title><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type><wp:attachment_url>https://old.example/wp-content/uploads/a.png</wp:attachment_url></item>
<item><title>x</title><wp:post_id>10</wp:post_id><wp:post_type>product</wp:post_type></item>"#,
        );
        let [post] = export.entries.as_slice() else { panic!("{:?}", export.entries) };
        assert_eq!((post.kind, post.slug.as_str(), post.title.as_str()), (Kind::Post, "안녕", "안녕"));
        assert_eq!(post.body, "Text **bold**");
        assert_eq!(post.meta.category.as_deref(), Some("News"));
        assert_eq!(post.meta.tags, ["Rust"]);
        assert_eq!(post.meta.authors[0].name, "Ada L.");
        assert_eq!(post.meta.cover.as_deref(), Some("https://old.example/wp-content/uploads/a.png"));
        assert!(post.meta.featured && !post.meta.draft);
        assert_eq!(post.published.map(|time| time.date().to_string()).as_deref(), Some("2020-01-02"));
        let comments: Vec<_> = export
            .comments
            .iter()
            .map(|comment| (comment.id.as_str(), comment.parent.as_deref(), comment.state))
            .collect();
        assert_eq!(comments, [("1", None, CommentState::Visible), ("3", Some("1"), CommentState::Pending)]);
        let skipped: Vec<_> = export.report.skipped.iter().map(ToString::to_string).collect();
        assert_eq!(
            skipped,
            ["item 7: 1 comment was left out (spam)", "item 10: a product is neither a post nor a page"]
        );
    }

    #[test]
    fn classic_texts_and_their_shortcodes() {
        let text = "One\ntwo\n\n[caption id=\"x\" width=\"3\"]<img src=\"a.png\"> A view[/caption]\n\n[code lang=\"rust\"]\nlet a = 1;\n[/code]\n\n[embed]https://youtu.be/x[/embed]";
        let markdown = markdown(text).unwrap();
        assert!(markdown.contains("![](a.png)") && markdown.contains("A view"), "{markdown}");
        assert!(markdown.contains("```rust\nlet a = 1;"), "{markdown}");
        assert!(markdown.contains("https://youtu.be/x"), "{markdown}");
    }

    #[test]
    fn other_files_are_refused_with_a_reason() {
        let broken = read("<rss><channel></rss>", Path::new(".")).unwrap_err();
        assert!(broken.line.is_some(), "{broken:?}");
        let other = read("<rss><channel/></rss>", Path::new(".")).unwrap_err();
        assert!(other.reason.contains("Tools → Export"), "{other:?}");
    }
}
