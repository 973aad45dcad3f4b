//! Front matter as the importer reads it.

use anyhow::Result;
use contracts::{
    auth::UserCard,
    blog::{Post, PostStatus, Term},
    page::Page,
};
use serde::Serialize;

#[derive(Serialize)]
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
    canonical: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'a [String],
    // Tables stand last: TOML has no way back to the top.
    authors: Vec<Author<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    bio: &'a str,
}

/// The front matter of a post.
pub(super) fn of_post(
    post: &Post,
    aliases: &[String],
    author: Option<&UserCard>,
    cover: Option<&str>,
) -> Result<String> {
    let summary = &post.summary;
    let status = match summary.status {
        // One that waits for its time comes back as a draft: nothing is published by an import.
        PostStatus::Draft | PostStatus::Scheduled | PostStatus::Trashed => Some("draft"),
        PostStatus::Private => Some("private"),
        PostStatus::Public => None,
    };
    let bio = author.map(|author| author.bio.as_str()).unwrap_or_default();
    let mut authors = vec![Author { name: &summary.author_name, bio }];
    authors.extend(post.co_authors.iter().map(|name| Author { name, bio: "" }));
    Ok(toml::to_string(&Front {
        title: &summary.title,
        slug: &summary.slug,
        kind: None,
        date: summary.published_at.as_deref().or(Some(&summary.updated_at)),
        updated: Some(&summary.updated_at),
        status,
        category: summary.category.as_ref().map(|category| category.name.as_str()),
        tags: summary.tags.iter().map(|tag| tag.name.as_str()).collect(),
        description: post.written_excerpt.as_deref(),
        cover,
        featured: summary.featured,
        lang: &summary.locale,
        canonical: post.canonical.as_deref(),
        aliases,
        authors,
    })?)
}

/// The front matter of a page or notice.
pub(super) fn of_page(page: &Page) -> Result<String> {
    let summary = &page.summary;
    Ok(toml::to_string(&Front {
        title: &summary.title,
        slug: &summary.slug,
        kind: Some("page"),
        date: summary.published_at.as_deref().or(Some(&summary.created_at)),
        updated: Some(&summary.updated_at),
        status: None,
        category: None,
        tags: Vec::new(),
        description: None,
        cover: None,
        featured: false,
        lang: &summary.locale,
        canonical: None,
        aliases: &[],
        authors: vec![Author { name: &summary.author_name, bio: "" }],
    })?)
}

#[derive(Serialize)]
struct Section<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    extra: Extra,
}

#[derive(Serialize)]
struct Extra {
    color: u32,
}

/// The front matter of a category's section page.
pub(super) fn of_category(category: &Term) -> Result<String> {
    let extra = Extra { color: category.color };
    Ok(toml::to_string(&Section { title: &category.name, description: category.description.as_deref(), extra })?)
}
