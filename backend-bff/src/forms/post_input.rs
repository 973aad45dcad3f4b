use contracts::{
    blog::{Post, PostInput, PostStatus},
    module::{Role, Viewer},
    problem::Problem,
};
use time::{OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339, macros::format_description};

use super::Submission;

/// The post in a form's fields. What the service checks is not checked here.
pub(super) fn from_form(form: &Submission, viewer: Option<&Viewer>) -> Result<PostInput, Problem> {
    form.require(&["title"])?;
    let (status, scheduled_at) = (status(form)?, moment(form, "scheduled_at")?);
    // What the form does not have stays as it is; what it has and is empty goes.
    let kept = |name: &str| form.has(name).then(|| form.trimmed(name).to_owned());
    let admin = viewer.is_some_and(|viewer| viewer.role == Role::Admin);
    Ok(PostInput {
        title: form.trimmed("title").to_owned(),
        content: form.lines("content"),
        slug: form.given("slug"),
        excerpt: form.given("excerpt"),
        cover: kept("cover"),
        category: form.given("category"),
        tags: tags(form),
        // A time without another wish is reason enough to wait for it.
        status: if scheduled_at.is_some() && status.is_none() { Some(PostStatus::Scheduled) } else { status },
        scheduled_at: scheduled_at.filter(|_| matches!(status, None | Some(PostStatus::Scheduled))),
        // A box that is not ticked is not sent: the form says by another field that it has the box.
        featured: (admin && form.has("has_featured")).then(|| form.checked("featured")),
        canonical: kept("canonical"),
        seo_title: kept("seo_title"),
        seo_description: kept("seo_description"),
        version: form.number("version")?,
        ..PostInput::default()
    })
}

/// The status that was chosen.
pub(super) fn status(form: &Submission) -> Result<Option<PostStatus>, Problem> {
    let invalid = || Problem::validation().with_field("status", "invalid", "One of DRAFT, PUBLIC, PRIVATE, SCHEDULED.");
    let parse = |status: String| PostStatus::parse(&status).ok_or_else(invalid);
    form.given("status").map(parse).transpose()
}

/// Tag names between commas.
pub(super) fn tags(form: &Submission) -> Vec<String> {
    let tags = form.field("tags").split(',').map(str::trim);
    tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// A time as RFC 3339, or as browsers send `datetime-local`: without an offset, taken as UTC.
pub(super) fn moment(form: &Submission, field: &str) -> Result<Option<String>, Problem> {
    let Some(text) = form.given(field) else { return Ok(None) };
    let parsed = parse_moment(&text).and_then(|moment| moment.format(&Rfc3339).ok());
    let rule = "A time, such as 2026-03-01T09:00.";
    parsed.map(Some).ok_or_else(|| Problem::validation().with_field(field, "invalid", rule))
}

fn parse_moment(text: &str) -> Option<OffsetDateTime> {
    let local = format_description!("[year]-[month]-[day]T[hour]:[minute][optional [:[second]]]");
    let offset = OffsetDateTime::parse(text, &Rfc3339).ok();
    offset.or_else(|| PrimitiveDateTime::parse(text, &local).ok().map(PrimitiveDateTime::assume_utc))
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

#[cfg(test)]
mod tests {
    use super::parse_moment;

    #[test]
    fn times_come_with_and_without_an_offset() {
        let same = parse_moment("2026-03-01T09:00:00+09:00");
        assert!(same.is_some());
        assert_eq!(parse_moment("2026-03-01T00:00"), same);
        assert_eq!(parse_moment("2026-03-01T00:00:00"), same);
        for nonsense in ["2026-02-30T09:00", "tomorrow", "2026-03-01", ""] {
            assert_eq!(parse_moment(nonsense), None, "{nonsense}");
        }
    }
}
