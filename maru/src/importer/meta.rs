//! What front matter says about a post, in the habits of Zola, Hugo, Jekyll and Astro.

use contracts::page::PageTemplate;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{authors, dates, front_matter::scalar, source::Kind};

/// What front matter says; everything is optional there.
#[derive(Debug, Default)]
pub(super) struct Meta {
    pub(super) title: Option<String>,
    pub(super) published: Option<OffsetDateTime>,
    pub(super) updated: Option<OffsetDateTime>,
    pub(super) authors: Vec<authors::Author>,
    pub(super) category: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) draft: bool,
    pub(super) featured: bool,
    pub(super) slug: Option<String>,
    /// Path of the old site, without a leading slash.
    pub(super) path: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) excerpt: Option<String>,
    pub(super) cover: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) canonical: Option<String>,
    /// A page of its own or a notice rather than a post: `type = "page"`, `type = "notice"`.
    pub(super) kind: Kind,
    /// Finished, but for its author alone: `status = "private"`.
    pub(super) private: bool,
    /// When it becomes public: with `status = "scheduled"`.
    pub(super) scheduled: Option<OffsetDateTime>,
    pub(super) seo_title: Option<String>,
    pub(super) seo_description: Option<String>,
    pub(super) translation_group: Option<String>,
    /// Whether readers may comment, where it says so.
    pub(super) comments: Option<bool>,
    /// A word beside the title of a page.
    pub(super) badge: Option<String>,
    /// A page that stands before the others.
    pub(super) pinned: bool,
    /// How a page is laid out.
    pub(super) template: PageTemplate,
}

/// A field whose value makes no sense.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub(super) struct FieldMistake {
    /// Name of the field as it was written.
    pub(super) field: String,
    message: String,
}

impl FieldMistake {
    fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

const COVERS: [&str; 9] =
    ["cover", "image", "hero", "heroImage", "hero_image", "featured_image", "thumbnail", "banner", "ogImage"];

/// Reads the fields that matter to a post and passes over all others.
pub(super) fn read(fields: &Map<String, Value>) -> Result<Meta, FieldMistake> {
    let fields = Fields(fields);
    let (mut category, mut tags) = (fields.text(&["category"])?, fields.list(&["tags", "tag", "keywords"])?);
    for name in fields.list(&["categories"])? {
        match category {
            None => category = Some(name),
            Some(ref first) if *first == name => {}
            Some(_) => tags.push(name),
        }
    }
    let mut seen = Vec::new();
    tags.retain(|tag| {
        let key = tag.to_lowercase();
        let fresh = !seen.contains(&key);
        seen.push(key);
        fresh
    });
    Ok(Meta {
        title: fields.text(&["title"])?,
        published: fields.date(&["date", "pubDate", "publishDate", "published_at", "pubDatetime", "published"])?,
        updated: fields.date(&["updated", "lastmod", "updatedDate", "modDatetime", "last_modified_at", "modified"])?,
        authors: fields.first(&["authors", "author"]).map(|(_, value)| authors::read(value)).unwrap_or_default(),
        category,
        tags,
        draft: fields.is("draft", true)
            || fields.is("published", false)
            || fields.text(&["status"])?.as_deref() == Some("draft"),
        featured: fields.is("featured", true) || fields.is("pinned", true),
        slug: fields.text(&["slug"])?,
        path: fields.text(&["path", "permalink", "url"])?.as_deref().and_then(site_path),
        aliases: fields.lines(&["aliases", "alias", "redirect_from", "redirects"])?,
        excerpt: fields.text(&["description", "summary", "excerpt", "subtitle"])?,
        cover: fields.cover(),
        locale: fields.text(&["lang", "language", "locale"])?.as_deref().and_then(locale),
        canonical: fields.text(&["canonical", "canonical_url", "canonicalUrl", "canonicalURL"])?,
        kind: match fields.text(&["type"])?.as_deref() {
            Some("page") => Kind::Page,
            Some("notice") => Kind::Notice,
            _ => Kind::Post,
        },
        private: fields.text(&["status"])?.as_deref() == Some("private"),
        scheduled: match fields.text(&["status"])?.as_deref() {
            Some("scheduled") => Some(fields.date(&["scheduled"])?.ok_or_else(|| {
                FieldMistake::new("status", "`scheduled` says when the post becomes public, and is missing")
            })?),
            _ => None,
        },
        seo_title: fields.text(&["seo_title"])?,
        seo_description: fields.text(&["seo_description"])?,
        translation_group: fields.text(&["translation_group", "translationKey"])?,
        comments: match (fields.is("comments", true), fields.is("comments", false)) {
            (false, false) => None,
            (allowed, _) => Some(allowed),
        },
        badge: fields.text(&["badge"])?,
        pinned: fields.is("pinned", true),
        template: match fields.text(&["template", "layout"])?.as_deref() {
            Some("wide") => PageTemplate::Wide,
            Some("resume") => PageTemplate::Resume,
            _ => PageTemplate::Default,
        },
    })
}

/// The path in `text`, which may be a path or a URL; none when it is a pattern such as Jekyll's
/// `/:categories/:title/`.
fn site_path(text: &str) -> Option<String> {
    let path = match url::Url::parse(text) {
        Ok(url) if url.has_host() => url.path().to_owned(),
        _ => text.to_owned(),
    };
    let path = path.trim_matches('/');
    (!path.is_empty() && !path.split('/').any(|segment| segment.starts_with(':'))).then(|| path.to_owned())
}

/// `ko-KR` → `ko`.
pub(super) fn locale(text: &str) -> Option<String> {
    let primary = text.split(['-', '_']).next()?.to_ascii_lowercase();
    ((2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(primary)
}

struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The first of `names` with a value: at the top, or where Zola and Hugo keep what is not theirs.
    fn first(&self, names: &[&'a str]) -> Option<(&'a str, &'a Value)> {
        let homes = ["extra", "params", "taxonomies"].map(|home| self.0.get(home).and_then(Value::as_object));
        [Some(self.0)].into_iter().chain(homes).flatten().find_map(|home| {
            names.iter().find_map(|name| home.get(*name).filter(|value| !value.is_null()).map(|value| (*name, value)))
        })
    }

    fn text(&self, names: &[&'a str]) -> Result<Option<String>, FieldMistake> {
        let Some((name, value)) = self.first(names) else { return Ok(None) };
        let text = scalar(value).ok_or_else(|| FieldMistake::new(name, "a text was expected"))?;
        let text = text.trim();
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    fn date(&self, names: &[&'a str]) -> Result<Option<OffsetDateTime>, FieldMistake> {
        let Some((name, value)) = self.first(names) else { return Ok(None) };
        // Jekyll's `published: false` is no date.
        if value.is_boolean() {
            return Ok(None);
        }
        let text = scalar(value).unwrap_or_default();
        if text.trim().is_empty() {
            return Ok(None);
        }
        dates::parse(&text).map(Some).ok_or_else(|| {
            FieldMistake::new(
                name,
                format!("`{text}` is not a date; write it like 2019-11-07 or 2019-11-07T09:30:00+09:00"),
            )
        })
    }

    /// A list, or a text of items between commas or, without any, spaces.
    fn list(&self, names: &[&'a str]) -> Result<Vec<String>, FieldMistake> {
        self.items(names, |text| {
            let comma = text.contains(',');
            text.split(move |character: char| if comma { character == ',' } else { character.is_whitespace() })
                .map(str::to_owned)
                .collect()
        })
    }

    /// A list, or a single text.
    fn lines(&self, names: &[&'a str]) -> Result<Vec<String>, FieldMistake> {
        self.items(names, |text| vec![text.to_owned()])
    }

    fn items(&self, names: &[&'a str], split: impl Fn(&str) -> Vec<String>) -> Result<Vec<String>, FieldMistake> {
        let Some((name, value)) = self.first(names) else { return Ok(Vec::new()) };
        let items = match value {
            Value::Array(items) => items
                .iter()
                .map(|item| scalar(item).ok_or_else(|| FieldMistake::new(name, "a list of texts was expected")))
                .collect::<Result<_, _>>()?,
            Value::Object(_) => return Err(FieldMistake::new(name, "a list of texts was expected")),
            other => split(&scalar(other).unwrap_or_default()),
        };
        Ok(items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect())
    }

    fn is(&self, name: &'a str, wanted: bool) -> bool {
        match self.first(&[name]) {
            Some((_, Value::Bool(flag))) => *flag == wanted,
            Some((_, Value::String(text))) => text == if wanted { "true" } else { "false" },
            _ => false,
        }
    }

    fn cover(&self) -> Option<String> {
        let (_, value) = self.first(&COVERS)?;
        match value {
            Value::Object(parts) => {
                ["image", "src", "url", "path"].iter().find_map(|key| parts.get(*key).and_then(scalar))
            }
            Value::Array(items) => items.first().and_then(scalar),
            other => scalar(other),
        }
        .filter(|text| !text.is_empty() && text != "true" && text != "false")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(text: &str) -> Result<Meta, FieldMistake> {
        read(&super::super::front_matter::split(text).unwrap().fields)
    }

    #[test]
    fn reads_zola() {
        let meta = meta(
            "+++\ntitle = \"T\"\npath = \"2019/11/07/Async\"\nauthors = [\"A\", \"B\"]\naliases = [\"old.html\"]\n\
             [taxonomies]\ntags = [\"Rust\", \"rust\", \"async\"]\ncategories = [\"News\", \"Extra\"]\n[extra]\nhero = \"a.png\"\n+++\n",
        )
        .unwrap();
        assert_eq!(meta.path.as_deref(), Some("2019/11/07/Async"));
        assert_eq!(meta.authors.len(), 2);
        assert_eq!(meta.category.as_deref(), Some("News"));
        assert_eq!(meta.tags, ["Rust", "async", "Extra"]);
        assert_eq!(meta.aliases, ["old.html"]);
        assert_eq!(meta.cover.as_deref(), Some("a.png"));
    }

    #[test]
    fn reads_hugo_jekyll_and_astro() {
        let hugo =
            meta("---\ntitle: T\nlastmod: 2020-01-01\ncover:\n  image: a.png\nurl: /x/y/\nlang: ko-KR\n---\n").unwrap();
        assert!(hugo.updated.is_some());
        assert_eq!((hugo.cover.as_deref(), hugo.path.as_deref()), (Some("a.png"), Some("x/y")));
        assert_eq!(hugo.locale.as_deref(), Some("ko"));

        let jekyll = meta(
            "---\ntitle: T\npublished: false\ntags: one two\ncategory: Web Design\npermalink: /:categories/:title/\nredirect_from: /old/\n---\n",
        )
        .unwrap();
        assert!(jekyll.draft && jekyll.published.is_none() && jekyll.path.is_none());
        assert_eq!(jekyll.tags, ["one", "two"]);
        assert_eq!(jekyll.category.as_deref(), Some("Web Design"));
        assert_eq!(jekyll.aliases, ["/old/"]);

        let astro = meta("---\ntitle: T\npubDate: 'Jul 08 2022'\nheroImage: './a.png'\ndraft: true\n---\n").unwrap();
        assert!(astro.published.is_some() && astro.draft);
        assert_eq!(astro.cover.as_deref(), Some("./a.png"));
    }

    #[test]
    fn reads_what_an_export_says() {
        let post = meta(
            "+++\ntitle = \"T\"\nstatus = \"scheduled\"\nscheduled = \"2030-01-01T00:00:00Z\"\ncomments = false\n\
             seo_title = \"S\"\ntranslation_group = \"g\"\n+++\n",
        )
        .unwrap();
        assert!(post.scheduled.is_some() && post.comments == Some(false) && !post.draft);
        assert_eq!((post.seo_title.as_deref(), post.translation_group.as_deref()), (Some("S"), Some("g")));
        let notice =
            meta("+++\ntitle = \"T\"\ntype = \"notice\"\npinned = true\nbadge = \"New\"\ntemplate = \"wide\"\n+++\n")
                .unwrap();
        assert_eq!((notice.kind, notice.pinned, notice.template), (Kind::Notice, true, PageTemplate::Wide));
        assert_eq!(meta("---\ntitle: T\nstatus: scheduled\n---\n").unwrap_err().field, "status");
    }

    #[test]
    fn names_the_field_that_makes_no_sense() {
        let date = meta("---\ntitle: T\npubDate: soon\n---\n").unwrap_err();
        assert_eq!(date.field, "pubDate");
        assert!(date.to_string().contains("`soon` is not a date"), "{date}");
        assert_eq!(meta("---\ntitle: [a]\n---\n").unwrap_err().field, "title");
        assert_eq!(meta("---\ntags: {a: b}\n---\n").unwrap_err().field, "tags");
    }
}
