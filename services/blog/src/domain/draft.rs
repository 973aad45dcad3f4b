//! What somebody wants a post to be, checked field by field.

use contracts::{blog::PostInput, problem::Problem};

use super::slug::{is_reserved, slugify};

const MAX_TITLE: usize = 200;
const MAX_CONTENT: usize = 500_000;
const MAX_EXCERPT: usize = 500;
const MAX_TAGS: usize = 20;
const MAX_TAG: usize = 50;
const MAX_COVER: usize = 2_000;

/// The slug of a post: wished for, or made from the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SlugWish {
    /// The author typed it: when it is taken, they are asked again.
    Exactly(String),
    /// Made from the title: when it is taken, it gets a number.
    From(String),
}

/// Checks `input` and tidies it: trimmed, empty means absent, tags without repetition.
pub(crate) fn check(mut input: PostInput) -> Result<(PostInput, SlugWish), Problem> {
    let mut problem = Problem::validation();
    input.title = input.title.split_whitespace().collect::<Vec<_>>().join(" ");
    if input.title.is_empty() {
        problem = problem.with_field("title", "required", "A post needs a title.");
    } else if input.title.chars().count() > MAX_TITLE {
        problem = problem.with_field("title", "too_long", format!("A title has at most {MAX_TITLE} characters."));
    }
    if input.content.chars().count() > MAX_CONTENT {
        problem = problem.with_field("content", "too_long", format!("A text has at most {MAX_CONTENT} characters."));
    }
    // PostgreSQL cannot keep it, and no text means it.
    input.content.retain(|c| c != '\0');
    input.title.retain(|c| !c.is_control());
    input.excerpt = tidy(input.excerpt);
    if input.excerpt.as_ref().is_some_and(|excerpt| excerpt.chars().count() > MAX_EXCERPT) {
        problem =
            problem.with_field("excerpt", "too_long", format!("An excerpt has at most {MAX_EXCERPT} characters."));
    }
    if input.cover.as_deref().is_some_and(|cover| !is_image_url(cover.trim())) {
        problem = problem.with_field("cover", "invalid", "A cover is a path on this site or an https:// address.");
    }
    if !matches!(input.locale.as_deref(), None | Some("" | "ko" | "en")) {
        problem = problem.with_field("locale", "invalid", "The language is `ko` or `en`.");
    }
    input.tags = tidy_tags(&input.tags);
    if input.tags.len() > MAX_TAGS {
        problem = problem.with_field("tags", "too_many", format!("A post has at most {MAX_TAGS} tags."));
    }
    if input.tags.iter().any(|tag| tag.chars().count() > MAX_TAG) {
        problem = problem.with_field("tags", "too_long", format!("A tag has at most {MAX_TAG} characters."));
    }
    if input.tags.iter().any(|tag| slugify(tag).is_empty()) {
        problem = problem.with_field("tags", "invalid", "A tag needs a letter or a digit.");
    }
    let wish = match tidy(input.slug.take()) {
        None => SlugWish::From(from_title(&input.title)),
        Some(typed) => {
            let slug = slugify(&typed);
            if slug.is_empty() {
                problem = problem.with_field("slug", "invalid", "An address needs a letter or a digit.");
            } else if is_reserved(&slug) {
                problem = problem.with_field("slug", "reserved", format!("`{slug}` is used by the site itself."));
            }
            SlugWish::Exactly(slug)
        }
    };
    if problem.errors.is_empty() { Ok((input, wish)) } else { Err(problem) }
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

/// Trimmed, without repetitions (by slug), in the given order.
pub(crate) fn tidy_tags(tags: &[String]) -> Vec<String> {
    let mut seen = Vec::new();
    let mut kept = Vec::new();
    for tag in tags {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
        let slug = slugify(&tag);
        if !tag.is_empty() && !seen.contains(&slug) {
            seen.push(slug);
            kept.push(tag);
        }
    }
    kept
}

fn tidy(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().replace('\0', "")).filter(|text| !text.is_empty())
}

fn is_image_url(url: &str) -> bool {
    let local = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    url.is_empty()
        || (url.len() <= MAX_COVER && !url.contains(char::is_control) && (local || url.starts_with("https://")))
}

#[cfg(test)]
mod tests {
    use contracts::blog::PostInput;

    use super::{SlugWish, check};

    fn input(title: &str) -> PostInput {
        PostInput { title: title.to_owned(), ..PostInput::default() }
    }

    fn broken(input: PostInput) -> Vec<(String, String)> {
        let problem = check(input).expect_err("must be refused");
        problem.errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn all_broken_fields_are_named_at_once() {
        let input = PostInput {
            title: "  ".into(),
            slug: Some("Featured".into()),
            cover: Some("javascript:alert(1)".into()),
            tags: vec!["x".repeat(51), "🦀".into()],
            locale: Some("fr".into()),
            ..PostInput::default()
        };
        let fields: Vec<_> = broken(input).into_iter().map(|(field, code)| format!("{field}:{code}")).collect();
        assert_eq!(
            fields,
            ["title:required", "cover:invalid", "locale:invalid", "tags:too_long", "tags:invalid", "slug:reserved"]
        );
    }

    #[test]
    fn slugs_come_from_the_author_or_the_title() {
        let (_, wish) = check(input("마루 소개")).expect("good");
        assert_eq!(wish, SlugWish::From("마루-소개".into()));
        let (_, wish) = check(PostInput { slug: Some("My Slug".into()), ..input("x") }).expect("good");
        assert_eq!(wish, SlugWish::Exactly("my-slug".into()));
        let (_, wish) = check(input("New")).expect("good");
        assert_eq!(wish, SlugWish::From("new-post".into()));
    }

    #[test]
    fn tags_are_tidied() {
        let tags = vec![" Rust ".into(), "rust".into(), "".into(), "Web  Assembly".into()];
        let (input, _) = check(PostInput { tags, ..input("x") }).expect("good");
        assert_eq!(input.tags, ["Rust", "Web Assembly"]);
    }
}
