//! `maru bench-render`: how fast the blog renders a post in the sandbox, on this machine.

use std::{collections::HashMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use backend_bff::sandbox::bench_render;
use clap::Args;
use contracts::{
    blog::TermRef,
    module::RenderRequest,
    pages::{PostCard, PostPage, TocEntry},
};

use super::tell;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of built modules
    #[arg(long, value_name = "DIR")]
    modules: PathBuf,
    /// How often it is rendered
    #[arg(long, default_value_t = 3000)]
    rounds: u32,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let path = arguments.modules.join("blog").join("server.wasm");
    let component = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let request = RenderRequest {
        path: "/posts/bench".to_owned(),
        origin: "http://localhost:8080".to_owned(),
        locale: "en".to_owned(),
        site_name: "Maru".to_owned(),
        ..RenderRequest::default()
    };
    let answers = HashMap::from([("/bff/pages/post/bench".to_owned(), serde_json::to_string(&post())?)]);
    let figures = bench_render(&component, &serde_json::to_string(&request)?, answers, arguments.rounds).await?;
    let micros = figures.instantiate.as_secs_f64() * 1e6;
    tell(&if arguments.json {
        serde_json::json!({
            "instantiate_us": micros,
            "renders_per_second": figures.renders_per_second,
            "html_bytes": figures.html_bytes,
        })
        .to_string()
    } else {
        let (renders, bytes) = (figures.renders_per_second, figures.html_bytes);
        format!("instantiate {micros:.1} µs, a post page {renders:.0}/s, {bytes} bytes of HTML")
    });
    Ok(())
}

/// A post of ordinary size: twelve sections, about 14 kB of HTML.
fn post() -> PostPage {
    let paragraph = "<p>The maru belongs to none of the rooms. It is where you pass from one to the <em>next</em>, \
                     where guests sit, and where the <a href=\"/tags/jujubes\">jujubes</a> dry in autumn.</p>";
    let section = |number: u32| format!("<h2 id=\"part-{number}\">Part {number}</h2>{}", paragraph.repeat(6));
    let term = |name: &str| TermRef { name: name.to_owned(), slug: name.to_lowercase(), color: 3 };
    PostPage {
        id: "01900000-0000-7000-8000-000000000000".to_owned(),
        card: PostCard {
            slug: "bench".to_owned(),
            title: "What is a maru?".to_owned(),
            excerpt: "In a Korean house the maru is the wooden hall between the rooms.".to_owned(),
            author_name: "Ondol".to_owned(),
            published_at: "2026-03-02T00:00:00Z".to_owned(),
            reading_minutes: 7,
            category: Some(term("Making")),
            tags: ["maru", "hanok", "architecture"].map(term).to_vec(),
            locale: "en".to_owned(),
            ..PostCard::default()
        },
        html: (1..=12).map(section).collect(),
        toc: (1..=12)
            .map(|number| TocEntry { level: 2, id: format!("part-{number}"), text: format!("Part {number}") })
            .collect(),
        ..PostPage::default()
    }
}
