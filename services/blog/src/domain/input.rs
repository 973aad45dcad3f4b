//! What somebody wants a post or a draft to be, checked field by field.

use contracts::{
    blog::{DraftInput, PostInput, PostStatus},
    problem::Problem,
};

use super::{
    fields::{Fields, trimmed},
    slug::{is_reserved, slugify},
};

/// The slug of a post: wished for, or made from the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SlugWish {
    /// The author typed it: when it is taken, they are asked again.
    Exactly(String),
    /// Made from the title: when it is taken, it gets a number.
    From(String),
}

/// A post that keeps all rules but those that need the database.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// Trimmed, tags without repetition.
    pub(crate) input: PostInput,
    pub(crate) slug: SlugWish,
    pub(crate) scheduled_at: Option<i64>,
}

/// Checks `input` and tidies it.
pub(crate) fn check(mut input: PostInput, now: i64) -> Result<Checked, Problem> {
    let mut fields = Fields::new();
    for text in [
        &mut input.slug,
        &mut input.excerpt,
        &mut input.cover,
        &mut input.category,
        &mut input.locale,
        &mut input.canonical,
        &mut input.seo_title,
        &mut input.seo_description,
        &mut input.translation_group,
    ] {
        trimmed(text);
    }
    fields.title(&mut input.title, false);
    fields.content(&mut input.content);
    fields.excerpt(input.excerpt.as_deref());
    fields.cover(input.cover.as_deref());
    fields.locale(input.locale.as_deref());
    fields.canonical(input.canonical.as_deref());
    fields.seo(input.seo_title.as_deref(), input.seo_description.as_deref());
    fields.group(input.translation_group.as_deref());
    fields.tags(&mut input.tags);
    if input.status == Some(PostStatus::Trashed) {
        fields.refuse("status", "invalid", "Delete the post to move it to the trash.");
    }
    let scheduled_at = fields.future("scheduled_at", input.scheduled_at.as_deref(), now);
    let slug = match input.slug.take().filter(|slug| !slug.is_empty()) {
        None => SlugWish::From(from_title(&input.title)),
        Some(typed) => {
            let slug = slugify(&typed);
            if slug.is_empty() {
                fields.refuse("slug", "invalid", "An address needs a letter or a digit.");
            } else if is_reserved(&slug) {
                fields.refuse("slug", "reserved", format!("`{slug}` is used by the site itself."));
            }
            SlugWish::Exactly(slug)
        }
    };
    fields.done()?;
    input.excerpt = input.excerpt.filter(|text| !text.is_empty());
    input.category = input.category.filter(|text| !text.is_empty());
    input.locale = input.locale.filter(|text| !text.is_empty());
    Ok(Checked { input, slug, scheduled_at })
}

/// Checks a draft: the same limits, but nothing need be there yet.
pub(crate) fn check_draft(mut input: DraftInput) -> Result<DraftInput, Problem> {
    let mut fields = Fields::new();
    for text in [
        &mut input.slug,
        &mut input.excerpt,
        &mut input.cover,
        &mut input.category,
        &mut input.locale,
        &mut input.canonical,
        &mut input.seo_title,
        &mut input.seo_description,
        &mut input.translation_group,
        &mut input.post,
    ] {
        trimmed(text);
        *text = text.take().filter(|text| !text.is_empty());
    }
    fields.title(&mut input.title, true);
    fields.content(&mut input.content);
    fields.excerpt(input.excerpt.as_deref());
    fields.cover(input.cover.as_deref());
    fields.locale(input.locale.as_deref());
    fields.canonical(input.canonical.as_deref());
    fields.seo(input.seo_title.as_deref(), input.seo_description.as_deref());
    fields.group(input.translation_group.as_deref());
    fields.tags(&mut input.tags);
    for (field, text) in [("slug", &input.slug), ("category", &input.category)] {
        if text.as_ref().is_some_and(|text| text.chars().count() > 200) {
            fields.refuse(field, "too_long", "At most 200 characters.");
        }
    }
    fields.done()?;
    Ok(input)
}

/// A slug for a title, whatever it is.
pub(crate) fn from_title(title: &str) -> String {
    let slug = slugify(title);
    if slug.is_empty() {
        "post".to_owned()
    } else if is_reserved(&slug) {
        format!("{slug}-post")
    } else {
        slug
    }
}

#[cfg(test)]
mod tests {
    use contracts::blog::PostInput;

    use super::{SlugWish, check};

    fn input(title: &str) -> PostInput {
        PostInput { title: title.to_owned(), ..PostInput::default() }
    }

    fn broken(input: PostInput) -> Vec<String> {
        let problem = check(input, 0).expect_err("must be refused");
        problem.errors.into_iter().map(|error| format!("{}:{}", error.field, error.code)).collect()
    }

    #[test]
    fn all_broken_fields_are_named_at_once() {
        let fields = broken(PostInput {
            title: "  ".into(),
            slug: Some("Featured".into()),
            cover: Some("javascript:alert(1)".into()),
            tags: vec!["x".repeat(51), "🦀".into()],
            locale: Some("fr".into()),
            canonical: Some("ftp://x".into()),
            translation_group: Some("a b".into()),
            scheduled_at: Some("2026-02-30T00:00:00Z".into()),
            ..PostInput::default()
        });
        let expected = [
            "title:required",
            "cover:invalid",
            "locale:invalid",
            "canonical:invalid",
            "translation_group:invalid",
            "tags:too_long",
            "tags:invalid",
            "scheduled_at:invalid",
            "slug:reserved",
        ];
        assert_eq!(fields, expected);
        let at = |time: &str| broken(PostInput { scheduled_at: Some(time.into()), ..input("x") });
        assert_eq!(at("1969-01-01T00:00:00Z"), ["scheduled_at:past"]);
        assert_eq!(at("1999-01-01T00:00:00Z"), ["scheduled_at:too_far"]);
    }

    #[test]
    fn slugs_come_from_the_author_or_the_title() {
        let wish = |input| check(input, 0).expect("good").slug;
        assert_eq!(wish(input("마루 소개")), SlugWish::From("마루-소개".into()));
        let typed = PostInput { slug: Some("My Slug".into()), ..input("x") };
        assert_eq!(wish(typed), SlugWish::Exactly("my-slug".into()));
        assert_eq!(wish(input("New")), SlugWish::From("new-post".into()));
    }

    #[test]
    fn tags_are_tidied() {
        let tags = vec![" Rust ".into(), "rust".into(), String::new(), "Web  Assembly".into()];
        let checked = check(PostInput { tags, ..input("x") }, 0).expect("good");
        assert_eq!(checked.input.tags, ["Rust", "Web Assembly"]);
    }
}
