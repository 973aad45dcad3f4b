use contracts::{
    blog::{Post, PostInput, PostStatus},
    problem::Problem,
};

use super::Submission;

/// The post in a form's fields. What the service checks is not checked here.
pub(super) fn from_form(submission: &Submission) -> Result<PostInput, Problem> {
    submission.require(&["title"])?;
    let status =
        match submission.trimmed("status") {
            "" => None,
            status => Some(PostStatus::parse(status).ok_or_else(|| {
                Problem::validation().with_field("status", "invalid", "One of DRAFT, PUBLIC, PRIVATE.")
            })?),
        };
    let optional = |name: &str| Some(submission.trimmed(name).to_owned()).filter(|value| !value.is_empty());
    let tags = submission.field("tags").split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned);
    Ok(PostInput {
        title: submission.trimmed("title").to_owned(),
        // Browsers send CRLF; Markdown and its readers expect LF.
        content: submission.field("content").replace("\r\n", "\n"),
        slug: optional("slug"),
        excerpt: optional("excerpt"),
        category: optional("category"),
        tags: tags.collect(),
        status,
        version: version(submission)?,
        ..PostInput::default()
    })
}

pub(super) fn version(submission: &Submission) -> Result<Option<u32>, Problem> {
    match submission.trimmed("version") {
        "" => Ok(None),
        version => version
            .parse()
            .map(Some)
            .map_err(|_| Problem::validation().with_field("version", "invalid", "A whole number.")),
    }
}

/// The same post, public.
pub(super) fn published(post: Post, version: Option<u32>) -> Result<PostInput, Problem> {
    let summary = post.summary;
    Ok(PostInput {
        title: summary.title,
        content: post.content.ok_or_else(Problem::forbidden)?,
        slug: Some(summary.slug),
        excerpt: post.written_excerpt,
        cover: summary.cover,
        category: summary.category.map(|category| category.slug),
        tags: summary.tags.into_iter().map(|tag| tag.name).collect(),
        status: Some(PostStatus::Public),
        locale: Some(summary.locale).filter(|locale| !locale.is_empty()),
        featured: None,
        version: version.or(Some(summary.version)),
        ..PostInput::default()
    })
}
