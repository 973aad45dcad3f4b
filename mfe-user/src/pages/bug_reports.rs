use contracts::pages::{BugReportRow, BugReportsPage};
use maud::{Markup, html};
use shared_ui::components::{page_href, pager};
use shared_ui::{Field, day_of, encode, show, submit, use_form};

use super::head;
use crate::text::text;

/// `/bug-reports`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<BugReportsPage>(read, |_| head(text().bug_reports), |page| view(&page))
}

/// The statuses and what each is called.
fn statuses() -> [(&'static str, &'static str); 3] {
    let text = text();
    [("PENDING", text.pending), ("IN_PROGRESS", text.in_progress), ("RESOLVED", text.resolved)]
}

fn view(page: &BugReportsPage) -> Markup {
    let text = text();
    let base = if page.status.is_empty() {
        "/bug-reports?".to_owned()
    } else {
        ["/bug-reports?status=", &encode(&page.status), "&"].concat()
    };
    let here = page_href(&base, page.page);
    html! {
        div.my {
            header.my-head.my-head--row {
                h1 { (text.bug_reports) }
                a class="button button--primary" href="/bug-report" { (text.bug_report) }
            }
            form.list-filter action="/bug-reports" method="get" aria-label=(text.status) {
                label.visually-hidden for="bug-status" { (text.status) }
                select.select id="bug-status" name="status" {
                    option value="" { (text.status) ": " (text.all) }
                    @for (value, label) in statuses() { option value=(value) selected[value == page.status] { (label) } }
                }
                button class="button" type="submit" { (text.show) }
            }
            @if page.items.is_empty() { p.empty { (text.no_reports) } }
            ul.rows role="list" { @for item in &page.items { (report(item, page.can_respond.then_some(&*here))) } }
            (pager(page.page, page.size, page.total, &base))
        }
    }
}

fn report(item: &BugReportRow, respond_from: Option<&str>) -> Markup {
    let text = text();
    let status = statuses().iter().find(|(value, _)| *value == item.status).map_or("", |(_, label)| label);
    let class = match item.status.as_str() {
        "RESOLVED" => "badge badge--public",
        "IN_PROGRESS" => "badge badge--private",
        _ => "badge badge--draft",
    };
    html! {
        li.row {
            div.row-wide {
                h2.row-title { (item.title) " " span class=(class) { (status) } }
                p.byline { span { (priority(&item.priority)) } (day_of(&item.created_at)) }
                p.plain { (item.description) }
                @if let Some(picture) = &item.screenshot { a href=(picture) rel="external" { img.shot src=(picture) alt=(text.screenshot) loading="lazy"; } }
                @if !item.response.is_empty() {
                    blockquote.answer { p.answer-head { (text.response) @if let Some(time) = &item.responded_at { " · " (day_of(time)) } } p.plain { (item.response) } }
                }
                @if let Some(here) = respond_from { (respond(item, here)) }
            }
        }
    }
}

fn priority(priority: &str) -> &'static str {
    let text = text();
    match priority {
        "LOW" => text.low,
        "HIGH" => text.high,
        "URGENT" => text.urgent,
        _ => text.medium,
    }
}

fn respond(item: &BugReportRow, here: &str) -> Markup {
    let text = text();
    let form = use_form(&["/forms/bug-reports/", &item.id, "/response"].concat()).label(&item.title);
    html! {
        details open[form.refused()] {
            summary { (text.response) }
            (form.show(html! {
                input type="hidden" name="next" value=(here);
                @if item.version > 0 { (form.hidden("version", &item.version.to_string())) }
                (form.select(Field { name: "status", label: text.status, value: &item.status, ..Field::default() }, statuses()))
                (form.area(Field { name: "response", label: text.response, value: &item.response, ..Field::default() }))
                div.form-foot { (submit(text.respond)) }
            }))
        }
    }
}
