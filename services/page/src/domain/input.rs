//! What somebody wants a page to be, checked field by field.

use contracts::{
    page::{PageInput, PageStatus},
    problem::Problem,
};

use super::slug::{from_title, is_reserved, slugify};

const MAX_TITLE: usize = 200;
const MAX_CONTENT: usize = 200_000;
const MAX_BADGE: usize = 20;

/// The slug of a page: wished for, or made from the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SlugWish {
    /// Somebody typed it: when it is taken, they are asked again.
    Exactly(String),
    /// Made from the title: when it is taken, it gets a number.
    From(String),
}

/// Checks `input` and tidies it: trimmed, empty means absent.
pub(crate) fn check(mut input: PageInput) -> Result<(PageInput, SlugWish), Problem> {
    let mut problem = Problem::validation();
    input.title = one_line(&input.title);
    if input.title.is_empty() {
        problem = problem.with_field("title", "required", "A page needs a title.");
    } else if input.title.chars().count() > MAX_TITLE {
        problem = problem.with_field("title", "too_long", format!("A title has at most {MAX_TITLE} characters."));
    }
    input.content.retain(|c| c != '\0');
    if input.content.chars().count() > MAX_CONTENT {
        problem = problem.with_field("content", "too_long", format!("A text has at most {MAX_CONTENT} characters."));
    }
    input.badge = input.badge.map(|badge| one_line(&badge)).filter(|badge| !badge.is_empty());
    if input.badge.as_ref().is_some_and(|badge| badge.chars().count() > MAX_BADGE) {
        problem = problem.with_field("badge", "too_long", format!("A badge has at most {MAX_BADGE} characters."));
    }
    input.locale = input.locale.filter(|locale| !locale.is_empty());
    if !matches!(input.locale.as_deref(), None | Some("ko" | "en")) {
        problem = problem.with_field("locale", "invalid", "The language is `ko` or `en`.");
    }
    if input.status == Some(PageStatus::Trashed) {
        problem = problem.with_field("status", "invalid", "Delete the page to move it to the trash.");
    }
    let wish = match input.slug.take().filter(|slug| !slug.trim().is_empty()) {
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

/// Without control characters and repeated blanks.
pub(crate) fn one_line(text: &str) -> String {
    let visible: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use contracts::page::{PageInput, PageStatus};

    use super::{SlugWish, check};

    #[test]
    fn all_broken_fields_are_named_at_once() {
        let input = PageInput {
            title: " \u{0} ".into(),
            badge: Some("x".repeat(21)),
            locale: Some("fr".into()),
            status: Some(PageStatus::Trashed),
            slug: Some("New".into()),
            ..PageInput::default()
        };
        let problem = check(input).expect_err("five fields are wrong");
        let fields: Vec<_> = problem.errors.iter().map(|error| format!("{}:{}", error.field, error.code)).collect();
        assert_eq!(fields, ["title:required", "badge:too_long", "locale:invalid", "status:invalid", "slug:reserved"]);
    }

    #[test]
    fn slugs_come_from_who_types_them_or_from_the_title() {
        let input =
            |slug: &str| PageInput { title: "마루 소개".into(), slug: Some(slug.into()), ..PageInput::default() };
        assert_eq!(check(input(" ")).expect("good").1, SlugWish::From("마루-소개".into()));
        assert_eq!(check(input("About Us")).expect("good").1, SlugWish::Exactly("about-us".into()));
    }
}
