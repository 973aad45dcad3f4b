//! What the service says of itself.

use std::collections::BTreeSet;

use contracts::blog::{Post, PostInput, TermInput};
use kit::testing::Backend;

use crate::support::{Blog, path, public, write};

kit::on_both_databases!(every_route_is_described, no_address_is_that_of_a_route);

async fn every_route_is_described(backend: Backend) {
    let blog = Blog::start(backend).await;
    let document: serde_json::Value = blog.client.get("/openapi.json").await.json(200);
    let expected = [
        ("/api/posts", "get post"),
        ("/api/posts/bulk", "post"),
        ("/api/posts/featured", "get"),
        ("/api/posts/{slug}", "get put delete"),
        ("/api/posts/{slug}/restore", "post"),
        ("/api/posts/{slug}/revisions", "get"),
        ("/api/posts/{slug}/revisions/diff", "get"),
        ("/api/posts/{slug}/revisions/{id}", "get"),
        ("/api/posts/{slug}/revisions/{id}/restore", "post"),
        ("/api/drafts", "get post"),
        ("/api/drafts/{id}", "get put delete"),
        ("/api/drafts/{id}/publish", "post"),
        ("/api/categories", "get post"),
        ("/api/categories/{slug}", "get put delete"),
        ("/api/categories/{slug}/merge", "post"),
        ("/api/tags", "get post"),
        ("/api/tags/{slug}", "get put delete"),
        ("/api/tags/{slug}/merge", "post"),
        ("/internal/posts", "get"),
        ("/internal/posts/counts", "get"),
        ("/internal/posts/{id}", "get"),
        ("/internal/posts/{id}/exists", "get"),
        ("/internal/posts/{id}/visibility", "get"),
        ("/internal/drafts", "get"),
        ("/internal/redirects", "get"),
        ("/internal/import/posts", "put"),
        ("/internal/import/categories", "put"),
        ("/internal/import/tags", "put"),
        ("/internal/terms", "get"),
        ("/internal/reconcile", "post"),
        ("/internal/dead-letters", "get"),
    ];
    for (path, methods) in expected {
        for method in methods.split(' ') {
            let operation = &document["paths"][path][method];
            assert!(operation["responses"]["500"].is_object(), "{method} {path}: {operation}");
        }
    }
    // Every schema that is referred to is there.
    let text = document.to_string();
    for name in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

async fn no_address_is_that_of_a_route(backend: Backend) {
    let blog = Blog::start(backend).await;
    let document: serde_json::Value = blog.client.get("/openapi.json").await.json(200);
    let paths = document["paths"].as_object().expect("paths");
    let routes = |of: &str| -> BTreeSet<String> {
        let rest = paths.keys().filter_map(|path| path.strip_prefix(of)?.split('/').next());
        rest.filter(|word| !word.starts_with('{')).map(str::to_owned).collect()
    };
    let words = routes("/api/posts/");
    assert!(words.contains("featured") && words.contains("bulk"), "{words:?}");
    for word in words {
        let input = PostInput { slug: Some(word.clone()), ..public("x") };
        let refused = blog.author().post("/api/posts", &input).await;
        assert_eq!(refused.field_error(), ("slug".into(), "reserved".into()), "{word}");
        // Called so, it is read all the same.
        let post = write(&blog.author(), &public(&word)).await;
        blog.client.get(&path(&post)).await.json::<Post>(200);
    }
    for terms in ["categories", "tags"] {
        for word in routes(&format!("/api/{terms}/")) {
            let input = TermInput { name: "x".into(), slug: Some(word), ..TermInput::default() };
            assert_eq!(blog.admin().post(&format!("/api/{terms}"), &input).await.field_error().0, "slug");
        }
    }
}
