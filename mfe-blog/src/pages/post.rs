use contracts::blog::PostStatus;
use contracts::pages::{PostPage, TocEntry};
use leptos::prelude::*;
use shared_ui::components::Avatar;
use shared_ui::{Day, encode, set_cache, use_page};

use crate::components::{CategoryLink, Cover, TagList};
use crate::head;
use crate::text::{reading_time, text};

/// `/posts/:slug`
pub(crate) fn page(read: Option<String>, slug: String) -> impl IntoView {
    set_cache(60, 600, &["posts", &("post-slug:".to_owned() + &slug)]);
    use_page::<PostPage>(read).show(head::article, view)
}

fn view(post: PostPage) -> impl IntoView {
    let text = text();
    let PostPage { card, html, toc, updated_at, co_authors, author_bio, canonical, status, can_edit, .. } = post;
    let lang = card.locale.clone();
    let edit = can_edit.then(|| "/admin/posts/edit/".to_owned() + &encode(&card.slug));
    let color = card.category.as_ref().map(|category| category.color);
    let has_cover = card.cover.is_some();
    let class = if toc.len() > 2 { "post with-toc" } else { "post" };
    view! {
        <article class=class>
            <header class="post-head">
                {(status != PostStatus::Public).then(|| view! { <p class="callout-line">{text.draft_notice}</p> })}
                {card.category.map(|category| view! { <p class="eyebrow"><CategoryLink category/></p> })}
                <h1 lang=lang.clone()>{card.title.clone()}</h1>
                <div class="post-meta">
                    <Avatar name=card.author_name.clone() picture=card.author_avatar.clone()/>
                    <p class="byline">
                        <span class="byline-author">{card.author_name.clone()}</span>
                        <Day time=card.published_at/>
                        <span>{reading_time(card.reading_minutes)}</span>
                        {updated_at.map(|time| view! { <span>{text.updated}" "<Day time/></span> })}
                    </p>
                    {edit.map(|href| view! { <a class="button button--small" href=href>{text.edit}</a> })}
                </div>
            </header>
            {has_cover.then(|| view! { <div class="post-cover"><Cover cover=card.cover color title=card.title eager=true/></div> })}
            <Contents toc/>
            <div class="prose" data-html="" lang=lang inner_html=html></div>
            <footer class="post-foot">
                {canonical.map(|url| view! {
                    <p class="first-published">{text.first_published}" "<a href=url.clone() rel="external">{url.clone()}</a></p>
                })}
                <TagList tags=card.tags/>
                <section class="author-card" aria-label=text.written_by>
                    <Avatar name=card.author_name.clone() picture=card.author_avatar/>
                    <div>
                        <p class="author-name">{card.author_name}</p>
                        {(!co_authors.is_empty()).then(|| view! { <p class="author-with">{text.with}": "{co_authors.join(", ")}</p> })}
                        {author_bio.map(|bio| view! { <p class="author-bio">{bio}</p> })}
                    </div>
                </section>
            </footer>
        </article>
    }
}

/// The table of contents; nothing when there is little to list.
#[component]
fn Contents(toc: Vec<TocEntry>) -> impl IntoView {
    (toc.len() > 2).then(|| {
        let items = toc
            .into_iter()
            .map(|entry| {
                let class = if entry.level > 2 { "toc-sub" } else { "toc-main" };
                view! { <li class=class><a href="#".to_owned() + &entry.id>{entry.text}</a></li> }
            })
            .collect::<Vec<_>>();
        view! {
            <details class="toc" open=true>
                <summary>{text().contents}</summary>
                <nav aria-label=text().contents><ol>{items}</ol></nav>
            </details>
        }
    })
}
