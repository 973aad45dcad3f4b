use contracts::pages::HomePage;
use leptos::prelude::*;
use shared_ui::{set_cache, use_page};

use crate::components::{Lead, PostList, TermCloud};
use crate::head;
use crate::text::text;

/// `/`
pub(crate) fn page(read: Option<String>) -> impl IntoView {
    set_cache(30, 300, &["posts"]);
    use_page::<HomePage>(read).show(|_| head::site(), view)
}

fn view(home: HomePage) -> impl IntoView {
    let text = text();
    let site = shared_ui::site_name();
    let HomePage { featured, latest, tags, categories, total, .. } = home;
    view! {
        <div class="home">
            <h1 class="visually-hidden">{site}</h1>
            {featured.map(|post| view! { <Lead post/> })}
            <section class="section" aria-labelledby="latest">
                <header class="section-head">
                    <h2 id="latest">{text.latest}</h2>
                    <a class="more" href="/posts">{text.all_posts}<span class="count">{total.to_string()}</span></a>
                </header>
                <PostList posts=latest/>
            </section>
            <div class="home-terms">
                {(!categories.is_empty()).then(|| view! {
                    <section class="section" aria-labelledby="categories">
                        <header class="section-head"><h2 id="categories">{text.categories}</h2></header>
                        <TermCloud terms=categories base="/categories" class="category-list"/>
                    </section>
                })}
                {(!tags.is_empty()).then(|| view! {
                    <section class="section" aria-labelledby="topics">
                        <header class="section-head"><h2 id="topics">{text.topics}</h2></header>
                        <TermCloud terms=tags base="/tags" class="tags"/>
                    </section>
                })}
            </div>
        </div>
    }
}
