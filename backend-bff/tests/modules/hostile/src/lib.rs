//! The server half that the BFF's tests publish: a plain shell, good pages, and under `/hostile` a
//! page for every way to misbehave.

use std::hint::black_box;

use contracts::module::{CachePolicy, Head, RenderRequest, RenderingMeta};

use bindings::{Guest, Rendering, get, get_many, log};

mod bindings {
    #![expect(unsafe_code, reason = "generated: the canonical ABI is raw memory")]
    wit_bindgen::generate!({ path: "../../../../contracts/wit", world: "module" });
    export!(Module with_types_in self);
    use super::Module;
}

struct Module;

impl Guest for Module {
    fn render(request: String) -> Rendering {
        let request: RenderRequest = serde_json::from_str(&request).unwrap_or_default();
        match &request.shell {
            Some(shell) => render_shell(&request, shell.status),
            None => match request.path.strip_prefix("/hostile/") {
                Some(trick) => misbehave(trick),
                None => render_page(&request),
            },
        }
    }
}

fn render_shell(request: &RenderRequest, status: u16) -> Rendering {
    assert!(!request.query.contains("break-shell"), "the shell breaks");
    let flash = request.flash.as_ref().map(|flash| flash.code.as_str()).unwrap_or_default();
    let nav: Vec<&str> = request.shell.iter().flat_map(|shell| &shell.nav).map(|entry| entry.label.as_str()).collect();
    let html = format!(
        "<header data-flash=\"{flash}\"><nav>{}</nav></header><div id=\"maru-outlet\"></div><footer>status {status}</footer>",
        nav.join("|")
    );
    answer(200, html, Vec::new())
}

/// A good page: what it was asked, and what it could read.
fn render_page(request: &RenderRequest) -> Rendering {
    let form = serde_json::to_string(&request.form).unwrap_or_default();
    let viewer = request.viewer.as_ref().map(|viewer| viewer.name.as_str()).unwrap_or_default();
    let mut html = format!("<article><h1>{}</h1><p>{viewer}</p><pre>{form}</pre>", request.path);
    let mut data = Vec::new();
    let read = match (request.path.strip_prefix("/good/post/"), request.path.strip_prefix("/good/read/")) {
        (Some(slug), _) => Some(format!("/bff/pages/post/{slug}")),
        (_, Some(page)) => Some(format!("/bff/pages/{page}")),
        _ => None,
    };
    if let Some(path) = read {
        match get(&path) {
            Ok(json) => {
                html.push_str("<p>read</p>");
                data.push((path, json));
            }
            Err(problem) => {
                let problem: contracts::problem::Problem = serde_json::from_str(&problem).unwrap_or_default();
                let meta = RenderingMeta { status: problem.status, location: problem.location, ..meta(200) };
                return rendering(&meta, "<p>no such post</p>".into(), data);
            }
        }
    }
    html.push_str("</article>");
    answer(200, html, data)
}

fn misbehave(trick: &str) -> Rendering {
    match trick {
        "loop" => loop {
            black_box(trick);
        },
        "alloc" => {
            let mut hoard = Vec::new();
            loop {
                hoard.push(black_box(vec![1u8; 1 << 20]));
            }
        }
        "panic" => panic!("this module panics on purpose"),
        "recurse" => answer(200, recurse(0).to_string(), Vec::new()),
        "sleep" => {
            std::thread::sleep(std::time::Duration::from_secs(60));
            answer(200, "rested".into(), Vec::new())
        }
        "exit" => std::process::exit(0),
        "garbage" => Rendering { meta: "not json".into(), html: "<p>garbage</p>".into(), data: Vec::new() },
        "garbage-data" => answer(200, String::new(), vec![("/x".into(), "</script><script>alert(1)".into())]),
        "flood" => {
            for _ in 0..17 {
                _ = get("/bff/pages/home");
            }
            answer(200, "<p>flooded</p>".into(), Vec::new())
        }
        "flood-at-once" => {
            _ = get_many(&vec!["/bff/pages/home".to_owned(); 17]);
            answer(200, "<p>flooded</p>".into(), Vec::new())
        }
        "huge" => answer(200, "x".repeat(20 << 20), Vec::new()),
        "stdout" => loop {
            println(&"noise ".repeat(1000));
        },
        "status" => answer(99, "<p>what status is that</p>".into(), Vec::new()),
        "away" => {
            let location = Some("//evil.example/".to_owned());
            rendering(&RenderingMeta { status: 303, location, ..meta(303) }, String::new(), Vec::new())
        }
        // Not hostile enough to be stopped: what it may not have it does not get.
        "pry" => {
            let paths = ["/internal/setup", "/bff/session", "/api/auth/me", "/bff/pages/../session", "/api/posts"];
            let refused = paths.iter().filter(|path| get(path).is_err_and(|problem| problem.contains("403"))).count();
            let files = std::fs::read_dir("/").map_or(0, Iterator::count);
            let variables = std::env::vars().count();
            let network = std::net::TcpStream::connect("127.0.0.1:80").is_ok();
            log(&"a line for the operator".repeat(10_000));
            answer(200, format!("<p>{refused} {files} {variables} {network}</p>"), Vec::new())
        }
        _ => answer(404, "<p>no such trick</p>".into(), Vec::new()),
    }
}

#[expect(unconditional_recursion, reason = "that is the trick")]
fn recurse(depth: u64) -> u64 {
    black_box(recurse(black_box(depth + 1)) + 1)
}

#[expect(clippy::print_stdout, reason = "that is the trick")]
fn println(text: &str) {
    println!("{text}");
}

fn meta(status: u16) -> RenderingMeta {
    RenderingMeta {
        status,
        location: None,
        head: Head {
            title: "A </title><script> title".into(),
            json_ld: Some(r#"{"name":"</script><script>alert(1)</script>"}"#.into()),
            canonical: Some("/good".into()),
            ..Head::default()
        },
        cache: CachePolicy { public: true, max_age: 60, ..CachePolicy::default() },
    }
}

fn answer(status: u16, html: String, data: Vec<(String, String)>) -> Rendering {
    rendering(&meta(status), html, data)
}

fn rendering(meta: &RenderingMeta, html: String, data: Vec<(String, String)>) -> Rendering {
    Rendering { meta: serde_json::to_string(meta).unwrap_or_default(), html, data }
}
