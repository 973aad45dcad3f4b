//! A Ghost export: the JSON file of "Settings → Labs → Export content" (Ghost 1 to 6).

mod comments;
mod schema;

use std::{collections::HashMap, path::Path};

use serde_json::Value;

use self::schema::{Data, File, Id, Post, PostAuthor, PostMeta, PostTag, Tag, User};
use super::{
    authors::Author,
    dates,
    foreign::{Entry, Export, Unreadable, slug_or_title},
    html,
    meta::Meta,
    report::Note,
    source::Kind,
};

/// What stands for the site's address in exports.
const HERE: &str = "__GHOST_URL__";

/// Reads the text of an export.
///
/// # Errors
/// When it is not JSON, with the line, or not an export of Ghost.
pub(super) fn read(text: &str, folder: &Path) -> Result<Export, Unreadable> {
    let file: File = serde_json::from_str(text).map_err(|error| Unreadable {
        line: (error.line() > 0).then_some(error.line()),
        reason: format!(
            "this is not an export of Ghost ({error}); make one under Settings → Advanced → Import/Export → Export content"
        ),
    })?;
    let data = file.db.into_iter().next().map(|database| database.data).unwrap_or_default();
    let site = data.settings.iter().find(|setting| setting.key == "url").and_then(|setting| setting.value.as_str());
    let mut export = Export::new(site, folder, &["/content/images/"]);
    let tables = Tables::new(&data);
    let mut places = HashMap::new();
    for post in &data.posts {
        if let Some(place) = tables.read(post, folder, &mut export) {
            places.insert(post.id.clone(), place);
        }
    }
    comments::read(&data, &places, &mut export);
    Ok(export)
}

/// The tables, by what they are looked up by.
struct Tables<'a> {
    data: &'a Data,
    tags: HashMap<&'a Id, &'a Tag>,
    users: HashMap<&'a Id, &'a User>,
    /// By their posts; before Ghost 3 the posts had it themselves.
    extras: HashMap<&'a Id, &'a PostMeta>,
}

impl<'a> Tables<'a> {
    fn new(data: &'a Data) -> Self {
        Self {
            data,
            tags: data.tags.iter().map(|tag| (&tag.id, tag)).collect(),
            users: data.users.iter().map(|user| (&user.id, user)).collect(),
            extras: data.posts_meta.iter().map(|meta| (&meta.post_id, meta)).collect(),
        }
    }

    fn read(&self, post: &Post, folder: &Path, export: &mut Export) -> Option<usize> {
        let name = name(&post.id);
        let note = |reason: &str| Note { file: name.clone(), line: None, reason: reason.to_owned() };
        let title = post.title.clone().unwrap_or_default();
        let body = body(post);
        if title.is_empty() && body.is_empty() {
            export.report.skipped.push(note("it has neither a title nor a text"));
            return None;
        }
        let status = post.status.as_deref().unwrap_or("draft");
        let public = matches!(post.visibility.as_deref(), None | Some("public"));
        let kind = if post.page || post.kind.as_deref() == Some("page") { Kind::Page } else { Kind::Post };
        // Only posts wait for their time here.
        let waits = status == "scheduled" && public && kind == Kind::Post;
        let scheduled = post.published_at.as_ref().and_then(moment).filter(|_| waits);
        if (status == "scheduled" && scheduled.is_none()) || (!public && status == "published") {
            let why = if public { status } else { "for members" };
            export.report.warnings.push(note(&format!("it was {why} there and comes as a draft")));
        }
        // The first tag of a Ghost post is its primary one: what is a category elsewhere.
        let mut tags = self.tags(&post.id).into_iter();
        let extra = self.extras.get(&post.id);
        let either = |own: &Option<String>, beside: Option<&Option<String>>| {
            let both = [own.as_ref(), beside.and_then(Option::as_ref)];
            both.into_iter().flatten().find(|text| !text.trim().is_empty()).cloned()
        };
        let slug = slug_or_title(post.slug.as_deref(), &title, &post.id.0);
        let meta = Meta {
            authors: self.authors(post),
            category: tags.next(),
            tags: tags.collect(),
            draft: !(matches!(status, "published" | "sent") || scheduled.is_some()) || !public,
            scheduled,
            featured: post.featured,
            excerpt: post.custom_excerpt.clone().filter(|excerpt| !excerpt.is_empty()),
            cover: post.feature_image.as_ref().or(post.image.as_ref()).map(|image| here(image)),
            locale: post.locale.clone().filter(|locale| !locale.is_empty()),
            canonical: either(&post.canonical_url, extra.map(|extra| &extra.canonical_url)),
            seo_title: either(&post.meta_title, extra.map(|extra| &extra.meta_title)),
            seo_description: either(&post.meta_description, extra.map(|extra| &extra.meta_description)),
            updated: post.updated_at.as_ref().and_then(moment),
            ..Meta::default()
        };
        let published = [&post.published_at, &post.created_at].into_iter().flatten().find_map(moment);
        let published = published.filter(|_| scheduled.is_none());
        Some(export.add(Entry {
            kind,
            name,
            folder: folder.to_owned(),
            old_address: post.slug.as_ref().map(|slug| format!("/{slug}/")),
            slug,
            title: if title.is_empty() { "—".to_owned() } else { title },
            body,
            published,
            meta,
        }))
    }

    /// Names in the order of the post; internal tags (`#news`) organise a theme and are no tags here.
    fn tags(&self, post: &Id) -> Vec<String> {
        let mut rows: Vec<&PostTag> = self.data.posts_tags.iter().filter(|row| row.post_id == *post).collect();
        rows.sort_by_key(|row| row.sort_order);
        let public = |tag: &&&Tag| tag.visibility.as_deref() != Some("internal") && !tag.name.starts_with('#');
        rows.into_iter()
            .filter_map(|row| self.tags.get(&row.tag_id).filter(public))
            .map(|tag| tag.name.clone())
            .collect()
    }

    fn authors(&self, post: &Post) -> Vec<Author> {
        let mut rows: Vec<&PostAuthor> = self.data.posts_authors.iter().filter(|row| row.post_id == post.id).collect();
        rows.sort_by_key(|row| row.sort_order);
        let mut ids: Vec<&Id> = rows.into_iter().map(|row| &row.author_id).collect();
        if ids.is_empty() {
            ids.extend(&post.author_id);
        }
        ids.into_iter()
            .filter_map(|id| self.users.get(id))
            .map(|user| Author {
                name: user.name.clone(),
                bio: user.bio.clone().unwrap_or_default(),
                avatar: user.profile_image.as_ref().map(|image| here(image)),
            })
            .collect()
    }
}

/// How notes call a post, and what identifies it across imports.
fn name(post: &Id) -> String {
    format!("post {}", post.0)
}

/// Markdown of a post: from its HTML, or as it was written when it is one card of Markdown and no HTML came.
fn body(post: &Post) -> String {
    match post.html.as_deref().filter(|html| !html.trim().is_empty()) {
        Some(html) => html::to_markdown(&here(html)).unwrap_or_default(),
        None => post.mobiledoc.as_deref().and_then(markdown_card).map(|text| here(&text)).unwrap_or_default(),
    }
}

/// The texts of the Markdown cards of an old editor's document.
fn markdown_card(mobiledoc: &str) -> Option<String> {
    let document: Value = serde_json::from_str(mobiledoc).ok()?;
    let cards = document.get("cards")?.as_array()?;
    let texts: Vec<&str> = cards
        .iter()
        .filter(|card| matches!(card.get(0).and_then(Value::as_str), Some("markdown" | "card-markdown")))
        .filter_map(|card| card.get(1)?.get("markdown")?.as_str())
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn here(text: &str) -> String {
    text.replace(HERE, "")
}

/// A text, or milliseconds in old exports.
fn moment(value: &Value) -> Option<time::OffsetDateTime> {
    match value {
        Value::String(text) => dates::parse(text),
        Value::Number(number) => time::OffsetDateTime::from_unix_timestamp(number.as_i64()? / 1000).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = r##"{"db":[{"meta":{"version":"6.0.0"},"data":{
      "posts":[
        {"id":"a1","title":"Hello","slug":"hello","html":"<p>A <a href=\"__GHOST_URL__/second/\">link</a></p><img src=\"__GHOST_URL__/content/images/2020/a.png\">",
         "feature_image":"__GHOST_URL__/content/images/cover.png","featured":1,"type":"post","status":"published","visibility":"public",
         "published_at":"2020-01-02T03:04:05.000Z","custom_excerpt":"Short"},
        {"id":"a2","title":"About","slug":"about","html":"<p>Us</p>","type":"page","status":"published","published_at":"2020-01-01T00:00:00.000Z"},
        {"id":3,"title":"Old","slug":"old","html":null,"mobiledoc":"{\"cards\":[[\"markdown\",{\"markdown\":\"# As *written*\"}]]}","page":0,"status":"draft","created_at":1577836800000},
        {"id":"a4","title":"Paid","slug":"paid","html":"<p>x</p>","status":"published","visibility":"paid","published_at":"2020-01-01T00:00:00.000Z"}],
      "tags":[{"id":"t1","name":"News"},{"id":"t2","name":"#hidden","visibility":"internal"},{"id":"t3","name":"Rust"}],
      "posts_tags":[{"post_id":"a1","tag_id":"t3","sort_order":2},{"post_id":"a1","tag_id":"t2","sort_order":1},{"post_id":"a1","tag_id":"t1","sort_order":0}],
      "users":[{"id":"u1","name":"Ada","bio":"Counts","profile_image":null}],
      "posts_authors":[{"post_id":"a1","author_id":"u1","sort_order":0}],
      "comments":[{"id":"c1","post_id":"a1","member_id":"m1","html":"<p>Nice</p>","status":"published","created_at":"2020-01-03T00:00:00.000Z"},
                  {"id":"c2","post_id":"a1","member_id":"m1","html":"<p>Gone</p>","status":"deleted"}],
      "members":[{"id":"m1","name":"Lin"}]}}]}"##;

    #[test]
    fn posts_pages_tags_authors_and_comments() {
        let export = read(EXPORT, Path::new(".")).unwrap();
        let [hello, about, old, paid] = export.entries.as_slice() else { panic!("{:?}", export.entries) };
        assert_eq!((hello.kind, about.kind), (Kind::Post, Kind::Page));
        assert!(
            hello.body.contains("[link](/second/)") && hello.body.contains("![](/content/images/2020/a.png)"),
            "{}",
            hello.body
        );
        assert_eq!(hello.meta.category.as_deref(), Some("News"));
        assert_eq!(hello.meta.tags, ["Rust"]);
        assert_eq!((hello.meta.authors[0].name.as_str(), hello.meta.featured), ("Ada", true));
        assert_eq!(hello.old_address.as_deref(), Some("/hello/"));
        assert_eq!((old.body.as_str(), old.meta.draft), ("# As *written*", true));
        assert_eq!(old.published.map(|time| time.year()), Some(2020));
        assert!(paid.meta.draft);
        assert_eq!(export.report.warnings.len(), 1);
        assert_eq!(export.report.skipped.len(), 1, "{}", export.report);
        let [comment] = export.comments.as_slice() else { panic!("{:?}", export.comments) };
        assert_eq!((comment.author.as_str(), comment.content.as_str(), comment.post), ("Lin", "Nice", 0));
    }

    #[test]
    fn other_files_are_refused_with_a_reason() {
        for text in ["{}", "[1]", "nonsense", "{\"db\":3}"] {
            let refused = read(text, Path::new(".")).unwrap_err();
            assert!(refused.reason.contains("Export content"), "{refused:?}");
        }
    }
}
