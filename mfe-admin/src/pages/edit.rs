use contracts::blog::PostStatus;
use contracts::pages::{AdminPostEditPage, EditablePost};
use maud::{Markup, html};
use shared_ui::{Field, Form, encode, show, use_form, use_form_over};

use super::head;
use crate::components::{Section, frame, status_badge, upload_into};
use crate::text::text;

/// `/admin/posts/new`, `/admin/posts/edit/:slug`, `/admin/drafts/:id`
pub(crate) fn page(read: Option<String>, draft: bool) -> Markup {
    show::<AdminPostEditPage>(read, |page| head(title(page, draft)), |page| view(&page, draft))
}

fn title(page: &AdminPostEditPage, draft: bool) -> &'static str {
    match (&page.post, draft) {
        (_, true) => text().edit_draft,
        (Some(_), false) => text().edit_post,
        (None, false) => text().new_post,
    }
}

fn view(page: &AdminPostEditPage, draft: bool) -> Markup {
    let section = if draft { Section::Drafts } else { Section::Posts };
    let post = page.post.as_ref();
    let body = html! {
        @if let Some(post) = post.filter(|_| !draft) { (standing(post)) }
        (form(page, draft))
        @if let Some(post) = post.filter(|post| !draft && post.status != PostStatus::Trashed) { (danger(post)) }
    };
    frame(section, title(page, draft), &html! {}, &body)
}

/// Where the post stands, and ways to look at it.
fn standing(post: &EditablePost) -> Markup {
    let text = text();
    html! {
        p.standing {
            (status_badge(post.status))
            a href={ "/posts/" (encode(&post.slug)) } { (text.view_post) }
            a href={ "/admin/posts/revisions/" (encode(&post.slug)) } { (text.revisions) }
        }
    }
}

fn form(page: &AdminPostEditPage, draft: bool) -> Markup {
    let text = text();
    let new = EditablePost::default();
    let post = page.post.as_ref().unwrap_or(&new);
    let action = match (&page.post, draft) {
        (Some(post), true) => ["/forms/drafts/", &encode(&post.id)].concat(),
        (Some(post), false) => ["/forms/posts/", &encode(&post.slug)].concat(),
        (None, _) => "/forms/posts".to_owned(),
    };
    // One form for both: what was refused of keeping a new post as a draft stands here, too.
    let refused = page.post.is_none() && use_form("/forms/drafts").refused();
    let form = match (draft, refused) {
        (true, _) => use_form_over(&action, &action),
        (false, true) => use_form_over(&action, "/forms/drafts"),
        (false, false) => use_form(&action),
    };
    let form = form.class("form post-form");
    form.show(html! {
        div.post-form-main {
            (form.text(Field { name: "title", label: text.title, value: &post.title, ..Field::default() }))
            (form.area(Field {
                name: "content", label: text.content, value: &post.content, rows: 22, class: "textarea textarea--code",
                hint: text.content_hint, ..Field::default()
            }))
            (upload_into(&form.field_id("content")))
        }
        div.post-form-side {
            (side(&form, page, post, draft))
            @if page.post.is_some() { (form.hidden("version", &post.version.to_string())) }
            (buttons(&action, draft, page.post.is_some()))
        }
    })
}

fn buttons(action: &str, draft: bool, existing: bool) -> Markup {
    let text = text();
    html! {
        @if draft {
            button class="button button--primary button--wide" type="submit" { (text.save_draft) }
            button class="button button--wide" type="submit" formaction={ (action) "/publish" } { (text.publish) }
        } @else {
            button class="button button--primary button--wide" type="submit" { (text.save) }
            @if !existing {
                button class="button button--wide" type="submit" formaction="/forms/drafts" { (text.save_draft) }
            }
        }
    }
}

fn side(form: &Form, page: &AdminPostEditPage, post: &EditablePost, draft: bool) -> Markup {
    let text = text();
    let categories = page.categories.iter().map(|category| (category.slug.as_str(), category.name.as_str()));
    let statuses =
        [("DRAFT", text.draft), ("PUBLIC", text.public), ("PRIVATE", text.private), ("SCHEDULED", text.scheduled)];
    // A date field takes no seconds and no zone.
    let scheduled = post.scheduled_at.get(..16).unwrap_or_default();
    html! {
        @if draft {
            (form.text(Field {
                name: "at", label: text.scheduled_at, kind: "datetime-local", value: scheduled, optional: true,
                hint: text.publish_at_hint, ..Field::default()
            }))
        } @else {
            (form.select(Field { name: "status", label: text.status, value: post.status.as_str(), ..Field::default() }, statuses))
            (form.text(Field {
                name: "scheduled_at", label: text.scheduled_at, kind: "datetime-local", value: scheduled, optional: true,
                hint: text.scheduled_hint, ..Field::default()
            }))
            (form.text(Field { name: "slug", label: text.slug, value: &post.slug, optional: true, hint: text.slug_hint, ..Field::default() }))
        }
        (form.select(
            Field { name: "category", label: text.category, value: &post.category, ..Field::default() },
            [("", text.none)].into_iter().chain(categories),
        ))
        (form.text(Field { name: "tags", label: text.tags, value: &post.tags, optional: true, hint: text.tags_hint, ..Field::default() }))
        (form.area(Field { name: "excerpt", label: text.excerpt, value: &post.excerpt, optional: true, hint: text.excerpt_hint, ..Field::default() }))
        (form.text(Field { name: "cover", label: text.cover, value: &post.cover, optional: true, hint: text.cover_hint, ..Field::default() }))
        @if !draft {
            (form.check("featured", text.featured, post.featured))
            // Tells a box that is not ticked from a form without one.
            input type="hidden" name="has_featured" value="true";
            details.more-fields {
                summary { (text.for_search) }
                div.form {
                    (form.text(Field { name: "seo_title", label: text.seo_title, value: &post.seo_title, optional: true, ..Field::default() }))
                    (form.area(Field { name: "seo_description", label: text.seo_description, value: &post.seo_description, optional: true, rows: 3, ..Field::default() }))
                    (form.text(Field { name: "canonical", label: text.canonical, kind: "url", value: &post.canonical, optional: true, ..Field::default() }))
                }
            }
        }
    }
}

/// The way into the trash, apart from everything else.
fn danger(post: &EditablePost) -> Markup {
    let text = text();
    let delete = use_form(&["/forms/posts/", &encode(&post.slug), "/delete"].concat()).asking(text.delete_question);
    html! {
        section.panel.danger-panel aria-labelledby="danger" {
            div { h2 id="danger" { (text.danger) } p { (text.danger_hint) } }
            (delete.button(text.delete, "button--danger", &[("version", &post.version.to_string())]))
        }
    }
}
