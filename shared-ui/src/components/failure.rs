use contracts::module::Head;
use contracts::problem::Problem;
use maud::{Markup, html};

use crate::text::{failure_text, text};

/// What stands in place of a page that could not be shown, with a way on.
pub fn failure(problem: &Problem) -> Markup {
    let (title, hint) = failure_text(problem);
    crate::set_head(Head { title: title.to_owned(), robots: Some("noindex".to_owned()), ..Head::default() });
    html! {
        section.notice-page {
            p.notice-page__code aria-hidden="true" { @if problem.status >= 400 { (u32::from(problem.status)) } }
            h1 { (title) }
            p { (hint) }
            p.notice-page__actions { a.button."button--primary" href="/" { (text().home) } }
        }
    }
}

/// A path of an area that is no page.
pub fn not_found() -> Markup {
    #[cfg(feature = "server")]
    crate::server::set_status(404, None);
    failure(&Problem::not_found("page"))
}
