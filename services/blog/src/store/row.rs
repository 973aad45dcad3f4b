//! A post as it is read: joined with its author, category and tags in one query.

use contracts::blog::{Post, PostStatus, PostSummary, TermRef, Translation};
use kit::clock::rfc3339;
use sea_orm::{DbBackend, FromQueryResult};

/// The columns of [`SummaryRow`].
pub(super) fn summary_columns(backend: DbBackend) -> String {
    format!(
        "p.id, p.slug, p.title, p.excerpt, p.cover, p.author_id, a.name AS author_name, a.avatar AS author_avatar,
        c.name AS category_name, c.slug AS category_slug, c.color AS category_color, p.reading_minutes, p.status,
        p.featured, p.published_at, p.scheduled_at, p.trashed_at, p.updated_at, p.locale, p.version, p.views, p.likes,
        p.comments, {} AS tags",
        tags(backend)
    )
}

/// Where the columns come from.
pub(super) const FROM: &str =
    " FROM posts p JOIN authors a ON a.id = p.author_id LEFT JOIN categories c ON c.id = p.category_id ";

/// The columns of [`PostRow`] beside those of [`SummaryRow`].
pub(super) fn text_columns(backend: DbBackend) -> String {
    format!(
        "p.written_excerpt, p.co_authors, p.canonical, p.seo_title, p.seo_description, p.translation_group,
        p.comments_allowed, p.created_at, {} AS translations, x.toc, x.content, x.html",
        translations(backend)
    )
}

/// What [`text_columns`] need after [`FROM`].
pub(super) const TEXTS: &str = " JOIN post_texts x ON x.post_id = p.id ";

/// The tags of a post as a JSON array, in the author's order.
fn tags(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "(SELECT COALESCE(json_agg(json_build_object('name', t.name, 'slug', t.slug) ORDER BY pt.position), '[]')::text
            FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id = p.id)"
        }
        _ => {
            "(SELECT json_group_array(json_object('name', name, 'slug', slug)) FROM (SELECT t.name, t.slug
            FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id = p.id ORDER BY pt.position))"
        }
    }
}

/// The other public posts of the translation group as a JSON array.
fn translations(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "(SELECT COALESCE(json_agg(json_build_object('locale', o.locale, 'slug', o.slug) ORDER BY o.locale, o.slug),
            '[]')::text FROM posts o
            WHERE o.translation_group = p.translation_group AND o.status = 'PUBLIC' AND o.id <> p.id)"
        }
        _ => {
            "(SELECT json_group_array(json_object('locale', locale, 'slug', slug)) FROM (SELECT o.locale, o.slug
            FROM posts o WHERE o.translation_group = p.translation_group AND o.status = 'PUBLIC' AND o.id <> p.id
            ORDER BY o.locale, o.slug))"
        }
    }
}

/// A post in a list.
#[derive(Debug, FromQueryResult)]
pub(crate) struct SummaryRow {
    id: String,
    slug: String,
    title: String,
    excerpt: String,
    cover: Option<String>,
    author_id: String,
    author_name: String,
    author_avatar: Option<String>,
    category_name: Option<String>,
    category_slug: Option<String>,
    category_color: Option<i32>,
    reading_minutes: i32,
    status: String,
    featured: bool,
    published_at: Option<i64>,
    scheduled_at: Option<i64>,
    trashed_at: Option<i64>,
    updated_at: i64,
    locale: String,
    version: i32,
    views: i64,
    likes: i32,
    comments: i32,
    tags: String,
}

/// A whole post.
#[derive(Debug, FromQueryResult)]
pub(crate) struct PostRow {
    #[sea_orm(nested)]
    pub(crate) summary: SummaryRow,
    written_excerpt: Option<String>,
    co_authors: String,
    canonical: Option<String>,
    seo_title: Option<String>,
    seo_description: Option<String>,
    translation_group: Option<String>,
    comments_allowed: bool,
    created_at: i64,
    translations: String,
    toc: String,
    content: String,
    html: String,
}

impl SummaryRow {
    pub(crate) fn author_id(&self) -> &str {
        &self.author_id
    }

    pub(crate) fn status(&self) -> PostStatus {
        // The table's CHECK admits nothing else.
        PostStatus::parse(&self.status).unwrap_or_default()
    }

    pub(crate) fn into_summary(self) -> PostSummary {
        let status = self.status();
        let category = self.category_name.zip(self.category_slug);
        let color = unsigned(self.category_color.unwrap_or_default());
        PostSummary {
            id: self.id,
            slug: self.slug,
            title: self.title,
            excerpt: self.excerpt,
            cover: self.cover,
            author_id: self.author_id,
            author_name: self.author_name,
            author_avatar: self.author_avatar,
            category: category.map(|(name, slug)| TermRef { name, slug, color }),
            tags: json(&self.tags),
            reading_minutes: unsigned(self.reading_minutes),
            status,
            featured: self.featured,
            published_at: self.published_at.map(rfc3339),
            scheduled_at: self.scheduled_at.map(rfc3339),
            trashed_at: self.trashed_at.map(rfc3339),
            updated_at: rfc3339(self.updated_at),
            locale: self.locale,
            version: unsigned(self.version),
            views: u32::try_from(self.views).unwrap_or(u32::MAX),
            likes: unsigned(self.likes),
            comments: unsigned(self.comments),
        }
    }
}

impl PostRow {
    /// The post, with its source when `for_editing`.
    pub(crate) fn into_post(self, for_editing: bool) -> Post {
        Post {
            summary: self.summary.into_summary(),
            content: for_editing.then_some(self.content),
            written_excerpt: self.written_excerpt.filter(|_| for_editing),
            html: self.html,
            toc: json(&self.toc),
            co_authors: json(&self.co_authors),
            canonical: self.canonical,
            seo_title: self.seo_title,
            seo_description: self.seo_description,
            translation_group: self.translation_group,
            translations: json::<Vec<Translation>>(&self.translations),
            comments_allowed: self.comments_allowed,
            created_at: rfc3339(self.created_at),
        }
    }
}

/// JSON that we wrote ourselves.
pub(super) fn json<T: serde::de::DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// The columns are never negative; the databases only have signed integers.
pub(crate) fn unsigned(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or_default()
}
