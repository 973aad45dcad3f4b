//! What makes a comment wait for review, or refuses it.

use contracts::{content::CommentSettings, problem::Problem};

use super::text::{Check, one_line};

const MAX_LINKS: u32 = 100;
const MAX_REPORTS: u32 = 100;
const MAX_WORDS: usize = 200;
const MIN_WORD: usize = 2;
const MAX_WORD: usize = 50;

/// A comment on its way in.
pub(crate) struct Arriving<'a> {
    pub(crate) content: &'a str,
    pub(crate) html: &'a str,
    pub(crate) is_guest: bool,
    /// An admin approved something of this guest before.
    pub(crate) is_known: bool,
}

/// Why it has to wait; empty when it does not.
///
/// # Errors
/// When it is refused altogether.
pub(crate) fn held_for(settings: &CommentSettings, arriving: &Arriving<'_>) -> Result<Vec<&'static str>, Problem> {
    let links = count_links(arriving.html);
    if reaches(links, settings.refuse_links) {
        let message = format!("At most {} links, please.", settings.refuse_links - 1);
        return Err(Problem::validation().with_field("content", "too_many_links", message));
    }
    let mut reasons = Vec::new();
    if arriving.is_guest && settings.hold_guests {
        reasons.push("guest");
    } else if arriving.is_guest && settings.hold_first_guest && !arriving.is_known {
        reasons.push("first_comment");
    }
    if reaches(links, settings.hold_links) {
        reasons.push("links");
    }
    if has_banned_word(arriving.content, &settings.banned_words) {
        reasons.push("banned_word");
    }
    Ok(reasons)
}

/// Whether `count` is at a limit, where 0 is no limit.
pub(crate) fn reaches(count: u32, limit: u32) -> bool {
    limit > 0 && count >= limit
}

fn count_links(html: &str) -> u32 {
    u32::try_from(html.matches("<a ").count()).unwrap_or(u32::MAX)
}

fn has_banned_word(content: &str, words: &[String]) -> bool {
    let content = content.to_lowercase();
    words.iter().any(|word| content.contains(&word.to_lowercase()))
}

/// Settings as an admin may make them, tidied.
pub(crate) fn check(mut settings: CommentSettings) -> Result<CommentSettings, Problem> {
    let mut check = Check::new();
    let limits = [
        ("hold_links", settings.hold_links, MAX_LINKS),
        ("refuse_links", settings.refuse_links, MAX_LINKS),
        ("hold_reports", settings.hold_reports, MAX_REPORTS),
    ];
    for (field, value, max) in limits {
        if value > max {
            check.refuse(field, "too_large", format!("From 0 to {max}."));
        }
    }
    let mut words: Vec<String> = settings.banned_words.iter().map(|word| one_line(word).to_lowercase()).collect();
    words.retain(|word| !word.is_empty());
    words.sort();
    words.dedup();
    if words.len() > MAX_WORDS {
        check.refuse("banned_words", "too_many", format!("At most {MAX_WORDS} words."));
    }
    if words.iter().any(|word| !(MIN_WORD..=MAX_WORD).contains(&word.chars().count())) {
        check.refuse("banned_words", "invalid", format!("A word has {MIN_WORD} to {MAX_WORD} characters."));
    }
    settings.banned_words = words;
    check.finish()?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use contracts::content::CommentSettings;

    use super::{Arriving, check, held_for};

    fn reasons(settings: &CommentSettings, html: &str, is_guest: bool, is_known: bool) -> Vec<&'static str> {
        held_for(settings, &Arriving { content: html, html, is_guest, is_known }).expect("not refused")
    }

    #[test]
    fn each_rule_holds_on_its_own() {
        let settings = CommentSettings { banned_words: vec!["casino".into()], ..CommentSettings::default() };
        assert_eq!(reasons(&settings, "hi", true, false), ["first_comment"]);
        assert!(reasons(&settings, "hi", true, true).is_empty());
        assert!(reasons(&settings, "hi", false, false).is_empty());
        assert_eq!(reasons(&settings, "<a href><a href>", false, false), ["links"]);
        assert_eq!(reasons(&settings, "CASINO", false, false), ["banned_word"]);
        let strict = CommentSettings { hold_guests: true, hold_links: 0, ..settings };
        assert_eq!(reasons(&strict, "<a href><a href>", true, true), ["guest"]);
        assert!(
            held_for(&strict, &Arriving { content: "", html: &"<a ".repeat(8), is_guest: false, is_known: true })
                .is_err()
        );
    }

    #[test]
    fn settings_have_limits() {
        let odd = CommentSettings {
            hold_links: 101,
            banned_words: vec!["x".into(), " Two  words ".into(), "two words".into()],
            ..CommentSettings::default()
        };
        let problem = check(odd.clone()).expect_err("two fields are wrong");
        let fields: Vec<_> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["hold_links", "banned_words"]);
        let tidy = check(CommentSettings {
            hold_links: 1,
            banned_words: vec!["  Two  words ".into(), "two words".into()],
            ..odd
        });
        assert_eq!(tidy.expect("good").banned_words, ["two words"]);
    }
}
