use maud::{Markup, html};

use crate::text::text;

/// Rows under headings; a heading that begins with `#` stands above numbers. Scrolls within itself.
pub(crate) fn table(label: &str, headings: &[&str], rows: &Markup) -> Markup {
    html! {
        div.table-wrap role="group" aria-label=(label) tabindex="0" {
            table.table {
                thead {
                    tr {
                        @for heading in headings {
                            @let label = heading.trim_start_matches('#');
                            th scope="col" class=[(label.len() < heading.len()).then_some("number")] { (label) }
                        }
                    }
                }
                tbody { (rows) }
            }
        }
    }
}

/// Ticks or clears all boxes of a form.
pub(crate) fn all_box() -> Markup {
    html! {
        label class="check needs-script" { input type="checkbox" data-all="ids"; span { (text().select_all) } }
    }
}

/// Takes a row along into what is done with several.
pub(crate) fn choice_box(id: &str, label: &str) -> Markup {
    html! { input type="checkbox" name="ids" value=(id) aria-label=(label); }
}

/// A choice of a filter.
pub(crate) struct Filtering<'a> {
    /// Key of the query.
    pub(crate) name: &'a str,
    /// What it is called.
    pub(crate) label: &'a str,
    /// What is chosen.
    pub(crate) value: &'a str,
    /// What there is to choose: value and label. Without any it is a search box.
    pub(crate) choices: Vec<(&'a str, &'a str)>,
}

/// A plain form that narrows a list.
pub(crate) fn filter(action: &str, fields: &[Filtering<'_>]) -> Markup {
    html! {
        form.filter action=(action) method="get" role="search" {
            @for field in fields {
                @let id = ["filter-", field.name].concat();
                label.visually-hidden for=(id) { (field.label) }
                @if field.choices.is_empty() {
                    input.input id=(id) type="search" name=(field.name) value=(field.value) placeholder=(field.label);
                } @else {
                    select.select id=(id) name=(field.name) {
                        @for (value, label) in &field.choices {
                            option value=(value) selected[*value == field.value] { (label) }
                        }
                    }
                }
            }
            button.button type="submit" { (text().search) }
        }
    }
}

/// Numbers that stand for themselves.
pub(crate) fn figures(figures: &[(&str, u32)]) -> Markup {
    html! {
        dl.figures { @for (label, number) in figures { div.figure { dt { (label) } dd { (number) } } } }
    }
}

/// A part of a page with a heading.
pub(crate) fn panel(id: &str, title: &str, body: &Markup) -> Markup {
    html! { section.panel aria-labelledby=(id) { h2 id=(id) { (title) } (body) } }
}
