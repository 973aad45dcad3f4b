//! Filters, pages and order.

use contracts::blog::{Paged, PostInput, PostSummary};
use kit::testing::Backend;

use crate::support::{Blog, encode, public, titles, write};

kit::on_both_databases!(pages_follow_publication, filters_combine, text_is_found_literally, odd_parameters_are_named);

async fn pages_follow_publication(backend: Backend) {
    let blog = Blog::start(backend).await;
    for title in ["One", "Two", "Three"] {
        write(&blog.author(), &public(title)).await;
        blog.shared.advance(time::Duration::minutes(1));
    }
    let page: Paged<PostSummary> = blog.client.get("/api/posts?size=2").await.json(200);
    assert_eq!((page.items.len(), page.total), (2, 3));
    assert_eq!(titles(&blog.client, "/api/posts?size=2&page=1").await, ["Three", "Two"]);
    assert_eq!(titles(&blog.client, "/api/posts?size=2&page=2").await, ["One"]);
    assert_eq!(titles(&blog.client, "/api/posts?size=2&page=9").await, Vec::<String>::new());
}

async fn filters_combine(backend: Backend) {
    let blog = Blog::start(backend).await;
    let tagged = |title: &str, tag: &str| PostInput { tags: vec![tag.to_owned()], ..public(title) };
    write(&blog.author(), &tagged("A", "Rust")).await;
    write(&blog.admin(), &tagged("B", "Rust")).await;
    write(&blog.author(), &tagged("C", "웹")).await;
    assert_eq!(titles(&blog.client, "/api/posts?tag=rust&sort=title").await, ["A", "B"]);
    assert_eq!(titles(&blog.client, "/api/posts?tag=rust&author=admin").await, ["B"]);
    assert_eq!(titles(&blog.client, &format!("/api/posts?tag={}", encode("웹"))).await, ["C"]);
    assert_eq!(titles(&blog.client, "/api/posts?category=none").await, Vec::<String>::new());
    assert_eq!(titles(&blog.client, "/api/posts?tag=&category=&q=&sort=title").await, ["A", "B", "C"]);
}

async fn text_is_found_literally(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &public("100% Rust_lang")).await;
    write(&blog.author(), &public("1000 rustXlang 마루")).await;
    let search = async |q: &str| titles(&blog.client, &format!("/api/posts?sort=title&q={}", encode(q))).await;
    assert_eq!(search("100%").await, ["100% Rust_lang"]);
    assert_eq!(search("rust_lang").await, ["100% Rust_lang"]);
    assert_eq!(search("RUST 마루").await, ["1000 rustXlang 마루"]);
    assert_eq!(search("' OR 1=1 --").await, Vec::<String>::new());
    assert_eq!(search("\\").await, Vec::<String>::new());
}

async fn odd_parameters_are_named(backend: Backend) {
    let blog = Blog::start(backend).await;
    let odd = [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=99999999999", "page"),
        ("size=101", "size"),
        ("size=-1", "size"),
        ("sort=random", "sort"),
        ("status=WHATEVER", "status"),
    ];
    for (query, field) in odd {
        let problem = blog.client.get(&format!("/api/posts?{query}")).await.problem(400);
        assert_eq!(problem.errors[0].field, field, "{query}: {problem:?}");
    }
    let sizes = [("posts/featured", 100), ("categories", 1000), ("tags", 1000), ("search", 50), ("search/suggest", 20)];
    for (list, most) in sizes {
        for size in [0, most + 1, u32::MAX] {
            let problem = blog.client.get(&format!("/api/{list}?size={size}")).await.problem(400);
            assert_eq!(problem.errors[0].field, "size", "{list}: {size}");
        }
        assert_eq!(blog.client.get(&format!("/api/{list}?size={most}")).await.status, 200, "{list}");
    }
}
