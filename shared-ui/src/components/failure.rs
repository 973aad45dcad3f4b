use contracts::module::Head;
use contracts::problem::Problem;
use leptos::prelude::*;

use crate::text::{failure_text, text};

/// What stands in place of a page that could not be shown, with a way on.
#[component]
pub fn Failure(
    /// Why.
    problem: Problem,
) -> impl IntoView {
    let (title, hint) = failure_text(&problem);
    crate::set_head(Head { title: title.to_owned(), robots: Some("noindex".to_owned()), ..Head::default() });
    view! {
        <section class="notice-page">
            <p class="notice-page__code" aria-hidden="true">{(problem.status >= 400).then(|| problem.status.to_string())}</p>
            <h1>{title}</h1>
            <p>{hint}</p>
            <p class="notice-page__actions"><a class="button button--primary" href="/">{text().home}</a></p>
        </section>
    }
}
