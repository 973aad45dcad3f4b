use contracts::pages::{AdminPageEditPage, EditablePage};
use maud::{Markup, html};
use shared_ui::{Field, encode, show, use_form};

use super::head;
use crate::components::{Section, frame, upload_into};
use crate::text::text;

/// `/admin/pages/new`, `/admin/pages/edit/:id`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<AdminPageEditPage>(read, |page| head(title(page)), |page| view(&page))
}

fn title(page: &AdminPageEditPage) -> &'static str {
    if page.page.is_some() { text().edit_page } else { text().new_page }
}

fn view(page: &AdminPageEditPage) -> Markup {
    let text = text();
    let new = EditablePage::default();
    let of = page.page.as_ref().unwrap_or(&new);
    let action = if of.id.is_empty() { "/forms/pages".to_owned() } else { ["/forms/pages/", &encode(&of.id)].concat() };
    let form = use_form(&action).class("form post-form");
    let kinds = [("STATIC", text.static_page), ("NOTICE", text.notice)];
    let statuses = [("DRAFT", text.draft), ("PUBLISHED", text.public)];
    let templates =
        [("default", text.template_default), ("wide", text.template_wide), ("resume", text.template_resume)];
    let body = form.show(html! {
        div.post-form-main {
            (form.text(Field { name: "title", label: text.title, value: &of.title, ..Field::default() }))
            (form.area(Field {
                name: "content", label: text.content, value: &of.content, rows: 22, class: "textarea textarea--code",
                hint: text.content_hint, ..Field::default()
            }))
            (upload_into(&form.field_id("content")))
        }
        div.post-form-side {
            (form.select(Field { name: "kind", label: text.kind, value: &of.kind, ..Field::default() }, kinds))
            (form.select(Field { name: "status", label: text.status, value: &of.status, ..Field::default() }, statuses))
            (form.text(Field { name: "slug", label: text.slug, value: &of.slug, optional: true, hint: text.slug_hint, ..Field::default() }))
            (form.select(Field { name: "template", label: text.template, value: &of.template, ..Field::default() }, templates))
            (form.text(Field { name: "badge", label: text.badge, value: &of.badge, optional: true, hint: text.badge_hint, ..Field::default() }))
            (form.check("pinned", text.pinned, of.pinned))
            @if !of.id.is_empty() { (form.hidden("version", &of.version.to_string())) }
            button class="button button--primary button--wide" type="submit" { (text.save) }
        }
    });
    frame(Section::Pages, title(page), &html! {}, &body)
}
