use contracts::pages::{AdminTermsPage, TermCard};
use maud::{Markup, html};
use shared_ui::{Field, encode, show, submit, use_form};

use super::head;
use crate::components::{Section, frame, panel};
use crate::routes::Taxonomy;
use crate::text::text;

/// `/admin/categories`, `/admin/tags`
pub(crate) fn page(read: Option<String>, taxonomy: Taxonomy) -> Markup {
    show::<AdminTermsPage>(read, |_| head(title(taxonomy)), |page| view(&page, taxonomy))
}

fn title(taxonomy: Taxonomy) -> &'static str {
    match taxonomy {
        Taxonomy::Categories => text().categories,
        Taxonomy::Tags => text().tags,
    }
}

fn view(page: &AdminTermsPage, taxonomy: Taxonomy) -> Markup {
    let text = text();
    let section = if taxonomy == Taxonomy::Categories { Section::Categories } else { Section::Tags };
    let new = if taxonomy == Taxonomy::Categories { text.new_category } else { text.new_tag };
    let body = html! {
        (panel("new", new, &fields(["/forms/", taxonomy.path()].concat().as_str(), taxonomy, &TermCard::default())))
        section.panel aria-labelledby="terms" {
            h2 id="terms" { (title(taxonomy)) }
            @if page.items.is_empty() { p.empty { (text.no_terms) } }
            ul.rows role="list" { @for item in &page.items { (term(item, page, taxonomy)) } }
        }
    };
    frame(section, title(taxonomy), &html! {}, &body)
}

fn fields(action: &str, taxonomy: Taxonomy, term: &TermCard) -> Markup {
    let text = text();
    let form = use_form(action).label(if term.name.is_empty() { text.new_term } else { &term.name });
    let colors: Vec<(String, String)> =
        (0..12).map(|color: u32| (color.to_string(), [text.color, " ", &(color + 1).to_string()].concat())).collect();
    let color = term.color.to_string();
    form.show(html! {
        div.field-row {
            (form.text(Field { name: "name", label: text.name, value: &term.name, ..Field::default() }))
            (form.text(Field { name: "slug", label: text.slug, value: &term.slug, optional: true, ..Field::default() }))
        }
        @if taxonomy == Taxonomy::Categories {
            (form.text(Field {
                name: "description", label: text.description, value: term.description.as_deref().unwrap_or_default(),
                optional: true, ..Field::default()
            }))
            div.field-row {
                (form.select(
                    Field { name: "color", label: text.color, value: &color, ..Field::default() },
                    colors.iter().map(|(value, label)| (value.as_str(), label.as_str())),
                ))
                (form.text(Field { name: "icon", label: text.icon, value: &term.icon, optional: true, ..Field::default() }))
            }
        }
        div.form-foot { (submit(text.save)) }
    })
}

fn term(term: &TermCard, page: &AdminTermsPage, taxonomy: Taxonomy) -> Markup {
    let text = text();
    let path = taxonomy.path();
    let base = ["/forms/", path, "/", &encode(&term.slug)].concat();
    let into = page
        .items
        .iter()
        .filter(|other| other.slug != term.slug)
        .map(|other| (other.slug.as_str(), other.name.as_str()));
    let merge = use_form(&[&base, "/merge"].concat()).asking(text.merge_question).label(text.merge);
    let class = if taxonomy == Taxonomy::Categories {
        ["category c", &(term.color % 12).to_string()].concat()
    } else {
        "tag".to_owned()
    };
    let open = use_form(&base).refused() || merge.refused();
    html! {
        li.row {
            details.row-wide open[open] {
                summary { span class=(class) { (term.name) } " " span.count { (term.posts) } }
                div.row-body {
                    (fields(&base, taxonomy, term))
                    @if page.items.len() > 1 {
                        (merge.show(html! {
                            div.field-row {
                                (merge.select(Field { name: "into", label: text.merge_into, ..Field::default() }, into))
                                div.form-foot { button.button type="submit" { (text.merge) } }
                            }
                        }))
                    }
                    p.row-actions {
                        a class="button button--small" href={ "/" (path) "/" (encode(&term.slug)) } { (text.view_post) }
                        (use_form(&[&base, "/delete"].concat()).asking(text.delete_term_question).button(text.delete, "button--danger", &[]))
                    }
                }
            }
        }
    }
}
