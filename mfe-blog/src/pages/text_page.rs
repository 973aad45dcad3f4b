use contracts::module::Head;
use contracts::pages::StaticPage;
use maud::{Markup, html};
use shared_ui::{day_of, encode, sanitised, set_cache, show};

use crate::components::badge;
use crate::text::text;

/// `/pages/:slug`, `/notices/:slug`
pub(crate) fn page(read: Option<String>, slug: &str) -> Markup {
    set_cache(60, 600, &["pages", &("page-slug:".to_owned() + slug)]);
    show::<StaticPage>(read, head, |page| view(&page))
}

fn folder(page: &StaticPage) -> &'static str {
    if page.kind == "NOTICE" { "/notices/" } else { "/pages/" }
}

fn head(page: &StaticPage) -> Head {
    let draft = page.published_at.is_none().then(|| "noindex".to_owned());
    let canonical = folder(page).to_owned() + &encode(&page.slug);
    Head { title: page.title.clone(), canonical: Some(canonical), robots: draft, ..Head::default() }
}

fn view(page: &StaticPage) -> Markup {
    let text = text();
    let notice = page.kind == "NOTICE";
    let class =
        ["post text-page text-page--", if page.template.is_empty() { "default" } else { &page.template }].concat();
    html! {
        article class=(class) data-count=[page.published_at.as_ref().map(|_| "/api/views/page/".to_owned() + &page.id)] {
            header.post-head {
                @if page.published_at.is_none() { p.callout-line { (text.draft_notice) } }
                @if notice { p.eyebrow { a href="/notices" { (text.notices) } (badge(&page.badge, false)) } }
                h1 { (page.title) }
                @if notice || page.can_edit {
                    div.post-meta {
                        p.byline {
                            @if !page.author_name.is_empty() { span.byline-author { (page.author_name) } }
                            @if let Some(time) = &page.published_at { (day_of(time)) }
                        }
                        @if page.can_edit {
                            a class="button button--small" href={ "/admin/pages/edit/" (page.id) } { (text.edit) }
                        }
                    }
                }
            }
            div.prose { (sanitised(&page.html)) }
        }
    }
}
