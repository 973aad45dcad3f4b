//! Front matter as the importer reads it.

use anyhow::Result;
use contracts::{
    blog::{Post, PostStatus, WholeTerm},
    page::{Page, PageKind, PageStatus, PageTemplate},
};
use serde::Serialize;

#[derive(Default, Serialize)]
struct Front<'a> {
    title: &'a str,
    slug: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    featured: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    lang: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    translation_group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'a [String],
    // Tables stand last: TOML has no way back to the top.
    authors: &'a [Author],
}

/// Who wrote something.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Author {
    pub(super) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) bio: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) avatar: Option<String>,
}

/// The front matter of a post.
pub(super) fn of_post(post: &Post, aliases: &[String], authors: &[Author], cover: Option<&str>) -> Result<String> {
    let summary = &post.summary;
    let status = match summary.status {
        PostStatus::Draft | PostStatus::Trashed => Some("draft"),
        PostStatus::Scheduled => Some("scheduled"),
        PostStatus::Private => Some("private"),
        PostStatus::Public => None,
    };
    Ok(toml::to_string(&Front {
        title: &summary.title,
        slug: &summary.slug,
        date: summary.published_at.as_deref(),
        updated: Some(&summary.updated_at),
        status,
        scheduled: summary.scheduled_at.as_deref(),
        category: summary.category.as_ref().map(|category| category.name.as_str()),
        tags: summary.tags.iter().map(|tag| tag.name.as_str()).collect(),
        description: post.written_excerpt.as_deref(),
        cover,
        featured: summary.featured,
        lang: &summary.locale,
        translation_group: post.translation_group.as_deref(),
        canonical: post.canonical.as_deref(),
        seo_title: post.seo_title.as_deref(),
        seo_description: post.seo_description.as_deref(),
        comments: (!post.comments_allowed).then_some(false),
        aliases,
        authors,
        ..Front::default()
    })?)
}

/// The front matter of a page or notice.
pub(super) fn of_page(page: &Page, aliases: &[String], authors: &[Author]) -> Result<String> {
    let summary = &page.summary;
    Ok(toml::to_string(&Front {
        title: &summary.title,
        slug: &summary.slug,
        kind: Some(match summary.kind {
            PageKind::Static => "page",
            PageKind::Notice => "notice",
        }),
        date: summary.published_at.as_deref(),
        updated: Some(&summary.updated_at),
        status: (summary.status != PageStatus::Published).then_some("draft"),
        lang: &summary.locale,
        badge: summary.badge.as_deref(),
        pinned: summary.pinned,
        template: match summary.template {
            PageTemplate::Default => None,
            PageTemplate::Wide => Some("wide"),
            PageTemplate::Resume => Some("resume"),
        },
        aliases,
        authors,
        ..Front::default()
    })?)
}

#[derive(Serialize)]
struct Section<'a> {
    title: &'a str,
    slug: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<Extra>,
}

#[derive(Serialize)]
struct Extra {
    color: u32,
}

/// The front matter of a category's section page.
pub(super) fn of_category(category: &WholeTerm) -> Result<String> {
    section(category, Some(Extra { color: category.term.color }))
}

/// The front matter of a tag's section page.
pub(super) fn of_tag(tag: &WholeTerm) -> Result<String> {
    section(tag, None)
}

fn section(WholeTerm { term, aliases }: &WholeTerm, extra: Option<Extra>) -> Result<String> {
    Ok(toml::to_string(&Section {
        title: &term.name,
        slug: &term.slug,
        description: term.description.as_deref(),
        icon: term.icon.as_deref(),
        aliases,
        extra,
    })?)
}
