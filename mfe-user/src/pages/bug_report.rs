use maud::{Markup, html};
use shared_ui::{Field, member, set_head, use_form};

use super::{head, sheet};
use crate::text::text;

/// `/bug-report`
pub(crate) fn page(from: &str) -> Markup {
    let text = text();
    set_head(head(text.bug_report));
    let form = use_form("/forms/bug-reports").files();
    let fields = html! {
        (form.text(Field { name: "title", label: text.bug_title, ..Field::default() }))
        (form.area(Field { name: "description", label: text.description, rows: 6, value: from, ..Field::default() }))
        div.field-row {
            (form.select(Field { name: "category", label: text.category, ..Field::default() }, [
                ("BUG", text.bug), ("INTERFACE", text.interface), ("PERFORMANCE", text.performance),
                ("ACCOUNT", text.account), ("CONTENT", text.wrong_content), ("OTHER", text.other),
            ]))
            (form.select(Field { name: "priority", label: text.priority, value: "MEDIUM", ..Field::default() }, [
                ("LOW", text.low), ("MEDIUM", text.medium), ("HIGH", text.high), ("URGENT", text.urgent),
            ]))
        }
        @if member().is_some() {
            (form.file(Field { name: "screenshot", label: text.screenshot, optional: true, ..Field::default() }, "image/*"))
        } @else {
            (form.text(Field { name: "email", label: text.email, kind: "email", autocomplete: "email", optional: true, ..Field::default() }))
        }
        button class="button button--primary button--wide" type="submit" { (text.send) }
    };
    let body = html! {
        (form.show(fields))
        @if member().is_some() { p.sheet-foot { a href="/bug-reports" { (text.bug_reports) } } }
    };
    sheet(text.bug_report, text.bug_lead, &body)
}
