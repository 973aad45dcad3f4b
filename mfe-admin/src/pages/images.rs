use contracts::pages::{AdminImagesPage, ImageRow};
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{Field, day_of, member, show, submit, use_form};

use super::head;
use crate::components::{Section, frame};
use crate::routes::{Filter, List};
use crate::text::{bytes, text};

/// `/admin/images`
pub(crate) fn page(read: Option<String>, filter: &Filter) -> Markup {
    show::<AdminImagesPage>(read, |_| head(text().images), |page| view(&page, filter))
}

fn view(page: &AdminImagesPage, by: &Filter) -> Markup {
    let text = text();
    let form = use_form("/forms/images").files().label(text.upload);
    let tabs =
        [("/admin/images", text.all_images, !page.orphans), ("/admin/images?orphans=true", text.orphans, page.orphans)];
    let here = by.url(List::Images);
    let body = html! {
        div.panel.upload-panel {
            (form.show(html! {
                (form.file(Field { name: "file", label: text.upload, hint: text.upload_hint, ..Field::default() }, "image/*"))
                div.form-foot { (submit(text.upload_submit)) }
            }))
        }
        // What nobody uses is of everybody, so it is for admins.
        @if member().is_some_and(|member| member.admin) {
            nav.tabs aria-label=(text.images) {
                @for (href, label, here) in tabs { a href=(href) aria-current=[here.then_some("page")] { (label) } }
            }
        }
        @if page.orphans && !page.items.is_empty() {
            div.bulk-bar {
                p { (text.orphans_hint) }
                (use_form("/forms/images/orphans/delete").asking(text.delete_orphans_question).button(text.delete_orphans, "button--danger", &[("next", &here)]))
            }
        }
        @if page.items.is_empty() { p.empty { (text.no_images) } }
        ul.gallery role="list" { @for item in &page.items { (image(item, &here)) } }
        (pager(page.page, page.size, page.total, &("/admin/images".to_owned() + &by.query())))
    };
    frame(Section::Images, text.images, &html! {}, &body)
}

fn image(item: &ImageRow, here: &str) -> Markup {
    let text = text();
    let delete = use_form(&["/forms/images/", &item.id, "/delete"].concat());
    // What is used cannot be deleted; when it has become so meanwhile, the form says it.
    let deletable = item.uses == 0 || delete.refused();
    let markdown = ["![](", &item.url, ")"].concat();
    html! {
        li.card.picture {
            a.picture-frame href=(item.url) rel="external" { img src=(item.thumbnail) alt=(item.filename) loading="lazy" width="320" height="200"; }
            div.picture-text {
                p.picture-name { (item.filename) }
                p.byline {
                    @if item.width > 0 { span { (item.width) " × " (item.height) } }
                    span { (bytes(u64::from(item.bytes))) }
                    @if !item.created_at.is_empty() { (day_of(&item.created_at)) }
                    span { (text.uses) " " (item.uses) }
                }
                input class="input input--small" type="text" readonly value=(markdown) aria-label={ "Markdown: " (item.filename) };
                @if deletable {
                    p.row-actions { (delete.asking(text.delete_image_question).button(text.delete, "button--danger", &[("next", here)])) }
                }
            }
        }
    }
}
