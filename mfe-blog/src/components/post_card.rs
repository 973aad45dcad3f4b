use contracts::pages::PostCard;
use leptos::either::Either;
use leptos::prelude::*;
use shared_ui::Day;

use super::{CategoryLink, category_class, post_url};
use crate::text::{reading_time, text};

/// The picture of a post, or a plate in its category's colour.
#[component]
pub(crate) fn Cover(
    cover: Option<String>,
    color: Option<u32>,
    title: String,
    #[prop(optional)] eager: bool,
) -> impl IntoView {
    match cover {
        Some(cover) => {
            let loading = if eager { "eager" } else { "lazy" };
            Either::Left(view! { <img class="cover" src=cover alt="" loading=loading decoding="async"/> })
        }
        None => {
            let class = color.map_or_else(|| "cover plate".to_owned(), |color| category_class(color) + " cover plate");
            let letter: String = title.chars().take(1).collect();
            Either::Right(view! { <span class=class aria-hidden="true">{letter}</span> })
        }
    }
}

/// Who, when, how long.
#[component]
fn Byline(author: String, published_at: String, minutes: u32) -> impl IntoView {
    view! {
        <p class="byline">
            <span class="byline-author">{author}</span>
            <Day time=published_at/>
            <span>{reading_time(minutes)}</span>
        </p>
    }
}

/// The post that leads the home page.
#[component]
pub(crate) fn Lead(post: PostCard) -> impl IntoView {
    let url = post_url(&post.slug);
    let color = post.category.as_ref().map(|category| category.color);
    view! {
        <article class="lead">
            <div class="lead-cover"><Cover cover=post.cover color title=post.title.clone() eager=true/></div>
            <div class="lead-text">
                <p class="eyebrow">
                    <span class="eyebrow-label">{text().featured}</span>
                    {post.category.map(|category| view! { <CategoryLink category/> })}
                </p>
                <h2 lang=post.locale.clone()><a class="stretched" href=url>{post.title}</a></h2>
                <p class="excerpt" lang=post.locale>{post.excerpt}</p>
                <Byline author=post.author_name published_at=post.published_at minutes=post.reading_minutes/>
            </div>
        </article>
    }
}

/// Posts as cards.
#[component]
pub(crate) fn PostList(posts: Vec<PostCard>) -> impl IntoView {
    if posts.is_empty() {
        return Either::Left(view! { <p class="empty">{text().no_posts}</p> });
    }
    // Beside pictures a card without one would be a hole, so it gets a plate; among its like it needs none.
    let covers = posts.iter().any(|post| post.cover.is_some());
    let items = posts.into_iter().map(|post| view! { <li><Card post covers/></li> }).collect::<Vec<_>>();
    Either::Right(view! { <ul class="cards">{items}</ul> })
}

#[component]
fn Card(post: PostCard, covers: bool) -> impl IntoView {
    let url = post_url(&post.slug);
    let color = post.category.as_ref().map(|category| category.color);
    view! {
        <article class="card">
            {covers.then(|| view! { <div class="card-cover"><Cover cover=post.cover color title=post.title.clone()/></div> })}
            <div class="card-text">
                {post.category.map(|category| view! { <p class="eyebrow"><CategoryLink category/></p> })}
                <h3 lang=post.locale.clone()><a class="stretched" href=url>{post.title}</a></h3>
                <p class="excerpt" lang=post.locale>{post.excerpt}</p>
                <Byline author=post.author_name published_at=post.published_at minutes=post.reading_minutes/>
            </div>
        </article>
    }
}
