//! What a bug report may hold.

use contracts::{
    analytics::{BugReportInput, BugResponseInput},
    problem::Problem,
};

/// Checks a report and tidies its texts.
pub(crate) fn check(input: BugReportInput) -> Result<BugReportInput, Problem> {
    let mut problem = Problem::validation();
    let title = line(&input.title);
    problem = length(problem, "title", &title, 3, 120);
    let description = text(&input.description);
    problem = length(problem, "description", &description, 10, 5_000);
    let screenshot = input.screenshot.as_deref().map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned);
    if screenshot.as_deref().is_some_and(|url| !is_media(url)) {
        problem = problem.with_field("screenshot", "invalid", "An image uploaded here: /media/….");
    }
    let page = input.page.as_deref().map(str::trim).filter(|page| !page.is_empty()).map(str::to_owned);
    if page.as_deref().is_some_and(|page| !is_path(page)) {
        problem = problem.with_field("page", "invalid", "A path of this site with at most 500 characters: /posts/….");
    }
    if !problem.errors.is_empty() {
        return Err(problem);
    }
    Ok(BugReportInput { title, description, screenshot, page, ..input })
}

/// Checks an answer and tidies its text.
pub(crate) fn check_response(input: BugResponseInput) -> Result<BugResponseInput, Problem> {
    let response = input.response.as_deref().map(text);
    if let Some(response) = &response {
        let problem = length(Problem::validation(), "response", response, 1, 5_000);
        if !problem.errors.is_empty() {
            return Err(problem);
        }
    }
    Ok(BugResponseInput { response, ..input })
}

/// Without control characters, in one line.
fn line(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect()
}

/// Without control characters but line breaks and tabs.
fn text(raw: &str) -> String {
    let text = raw.replace("\r\n", "\n");
    text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn length(problem: Problem, field: &str, value: &str, least: usize, most: usize) -> Problem {
    let count = value.chars().count();
    if count == 0 {
        problem.with_field(field, "required", format!("{least} to {most} characters."))
    } else if count < least {
        problem.with_field(field, "too_short", format!("At least {least} characters."))
    } else if count > most {
        problem.with_field(field, "too_long", format!("At most {most} characters."))
    } else {
        problem
    }
}

/// `/media/<digest>.<ext>` and nothing else: a report never makes a reader's browser call elsewhere.
fn is_media(url: &str) -> bool {
    let Some((digest, extension)) = url.strip_prefix("/media/").and_then(|name| name.split_once('.')) else {
        return false;
    };
    digest.len() == 40
        && digest.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
        && matches!(extension, "png" | "jpg" | "gif" | "webp")
}

/// A path of this site: never another host's, never a script.
fn is_path(page: &str) -> bool {
    page.starts_with('/')
        && !page.starts_with("//")
        && page.chars().count() <= 500
        && !page.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\')
}

#[cfg(test)]
mod tests {
    use contracts::analytics::BugReportInput;

    use super::check;

    fn report(title: &str, description: &str) -> BugReportInput {
        BugReportInput { title: title.into(), description: description.into(), ..BugReportInput::default() }
    }

    #[test]
    fn texts_are_tidied() {
        let checked = check(report(" The  menu\n is gone ", "  I pressed\r\nthe button.\u{7}  ")).expect("fine");
        assert_eq!(
            (checked.title.as_str(), checked.description.as_str()),
            ("The menu is gone", "I pressed\nthe button.")
        );
    }

    #[test]
    fn every_field_has_its_limits() {
        let media = format!("/media/{}.png", "0a".repeat(20));
        let with = |screenshot: &str, page: &str| BugReportInput {
            screenshot: Some(screenshot.to_owned()),
            page: Some(page.to_owned()),
            ..report("A title", "A long enough text")
        };
        assert!(check(with(&media, "/posts/마루?x=1")).is_ok());
        let codes = |input| {
            let problem = check(input).expect_err("refused");
            problem.errors.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes(report(" ", "short")), ["title required", "description too_short"]);
        assert_eq!(codes(report("ab", &"x".repeat(5001))), ["title too_short", "description too_long"]);
        for bad in ["https://evil.test/x.png", "/media/../x.png", "/media/x.png", "javascript:alert(1)"] {
            assert_eq!(codes(with(bad, "/")), ["screenshot invalid"], "{bad}");
        }
        for bad in ["//evil.test", "https://evil.test", "javascript:alert(1)", "/a b", "/\\evil.test"] {
            assert_eq!(codes(with(&media, bad)), ["page invalid"], "{bad}");
        }
    }
}
