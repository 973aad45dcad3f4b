use contracts::pages::{AdminHomePage, ModuleRow, ReconciliationRow};
use maud::{Markup, html};
use shared_ui::{day_of, encode, sanitised, show};

use super::head;
use crate::components::{Section, columns, figures, frame, panel, post_table, table};
use crate::text::text;

/// `/admin`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<AdminHomePage>(read, |_| head(text().dashboard), |home| view(&home))
}

fn view(home: &AdminHomePage) -> Markup {
    let text = text();
    let mut numbers = vec![(text.published_posts, home.public_posts), (text.drafts, home.drafts)];
    numbers.extend(home.users.map(|users| (text.users, users)));
    numbers.extend(home.held_comments.map(|comments| (text.waiting_comments, comments)));
    if let Some(views) = &home.numbers {
        numbers.extend([(text.views_today, views.views_today), (text.visitors_today, views.visitors_today)]);
    }
    numbers.extend([(text.categories, home.categories), (text.tags, home.tags)]);
    let body = html! {
        @if !home.missing.is_empty() { p.notice { (text.partly_away) } }
        (figures(&numbers))
        @if let Some(views) = &home.numbers {
            @if !views.by_day.is_empty() { (panel("views", text.views_by_day, &columns(text.views, &views.by_day))) }
        }
        (panel("recent", text.recent, &post_table(&home.recent, None)))
        @if !home.comments.is_empty() { (panel("comments", text.latest_comments, &comments(home))) }
        @if !home.services.is_empty() {
            (panel("services", text.services, &html! {
                ul.services role="list" {
                    @for service in &home.services {
                        li { span class=(if service.ready { "badge badge--public" } else { "badge badge--trashed" }) { (service.name) ": " (if service.ready { text.ready } else { text.not_ready }) } }
                    }
                }
                @if let Some(last) = &home.reconciliation { (reconciliation(last)) }
            }))
        }
        @if !home.modules.is_empty() { (panel("modules", text.modules, &modules(&home.modules))) }
    };
    frame(
        Section::Dashboard,
        text.dashboard,
        &html! { a class="button button--primary" href="/admin/posts/new" { (text.new_post) } },
        &body,
    )
}

/// What the last reconciliation found, in one line.
fn reconciliation(last: &ReconciliationRow) -> Markup {
    let text = text();
    html! {
        p {
            a href="/admin/dead-letters" { (text.reconciliation) } " (" (day_of(&last.at)) "): "
            @if last.drift == 0 { (text.no_drift) } @else { span class="badge badge--trashed" { (text.drift) ": " (last.drift) } }
            @if !last.failed.is_empty() { "; " (text.not_counted) ": " (last.failed.join(", ")) }
        }
    }
}

fn comments(home: &AdminHomePage) -> Markup {
    let text = text();
    html! {
        ul.rows role="list" {
            @for comment in &home.comments {
                li.row {
                    div.row-wide {
                        p.byline {
                            span.byline-author { (comment.author_name) }
                            @if !comment.post_slug.is_empty() {
                                a href={ "/posts/" (encode(&comment.post_slug)) "?comment=" (comment.id) "#comment-" (comment.id) } { (comment.post_title) }
                            }
                            (day_of(&comment.created_at))
                        }
                        div.comment-text { (sanitised(&comment.html)) }
                    }
                }
            }
        }
        p { a.more href="/admin/comments" { (text.all_comments) } }
    }
}

fn modules(modules: &[ModuleRow]) -> Markup {
    let text = text();
    let numbers = [text.renders, text.failures].map(|label| ["#", label].concat());
    let headings = [text.module, text.version, text.released, &numbers[0], &numbers[1]];
    table(
        text.modules,
        &headings,
        &html! {
            @for module in modules {
                tr {
                    th scope="row" { (module.name) }
                    td { (module.version) }
                    td.nowrap { (day_of(&module.released_at)) }
                    td.number { (module.renders) }
                    td.number { (module.failures) }
                }
            }
        },
    )
}
