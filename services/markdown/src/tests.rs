use crate::{Options, Picture, Pictures, Rendered, options::Flavour, sanitise};

fn render(source: &str, locale: Option<&str>) -> Rendered {
    crate::render(source, &Options::post().locale(locale))
}

fn html(source: &str) -> String {
    render(source, None).html
}

fn comment(source: &str) -> String {
    crate::render(source, &Options::comment()).html
}

#[test]
fn headings_have_unique_ids_and_fill_the_toc() {
    let rendered = render("# Top\n\n## Twice\n\n## Twice\n\n### `Code` & more\n\n## 마루 소개\n\n## main", None);
    let toc: Vec<_> = rendered.toc.iter().map(|entry| (entry.level, entry.id.as_str(), entry.text.as_str())).collect();
    // The post's own h1 moves everything down by one.
    assert_eq!(
        toc,
        [
            (2, "top", "Top"),
            (3, "twice", "Twice"),
            (3, "twice-2", "Twice"),
            (3, "마루-소개", "마루 소개"),
            (3, "section-main", "main"),
        ]
    );
    assert!(!rendered.html.contains("<h1"));
    assert!(html("### Only small ones").starts_with("<h2 id=\"only-small-ones\">"));
    assert!(rendered.html.contains("<h2 id=\"top\">Top<a class=\"anchor\" href=\"#top\""), "{}", rendered.html);
}

#[test]
fn gfm_is_there() {
    let html = html(
        "| a | b |\n|---|:-:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n~~gone~~ https://maru.example and[^1]\n\n\
        > [!WARNING]\n> Careful\n\n[^1]: A note.",
    );
    for part in [
        "<table>",
        "<td align=\"center\">2</td>",
        "<li><input checked=\"\" ",
        "<del>gone</del>",
        "<a href=\"https://maru.example\" rel=\"noopener\">",
        "class=\"markdown-alert markdown-alert-warning\"",
        "<section class=\"footnotes\">",
        "id=\"fn-1\"",
        "href=\"#fn-1\"",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
}

#[test]
fn code_is_highlighted_in_few_spans() {
    let html = html("```rust\nfn main() {\n    // hi <b>\n    let s = \"x\";\n}\n```");
    assert!(
        html.starts_with("<pre data-lang=\"Rust\"><code class=\"language-rust\"><span class=\"hl-k\">fn </span>"),
        "{html}"
    );
    assert!(html.contains("<span class=\"hl-c\">// hi &lt;b&gt;\n"), "{html}");
    assert!(html.contains("<span class=\"hl-s\">\"x\"</span>"), "{html}");
    assert!(html.matches("<span").count() <= 6, "{html}");
}

#[test]
fn unknown_languages_and_huge_blocks_are_plain() {
    assert_eq!(
        html("```nosuch\n<b>\n```"),
        "<pre data-lang=\"nosuch\"><code class=\"language-nosuch\">&lt;b&gt;\n</code></pre>\n"
    );
    let long = format!("```rust\n{}\n```", "let x = 1; ".repeat(20_000));
    assert!(!html(&long).contains("<span"));
}

#[test]
fn excerpt_and_language_come_from_the_prose() {
    let rendered =
        render("## Heading\n\n```\ncode\n```\n\nThe *first* `paragraph`.\n\n| t |\n|---|\n| x |\n\nSecond.", None);
    assert_eq!(rendered.excerpt, "The first paragraph. Second.");
    assert_eq!(render("안녕하세요, 마루입니다.", None).locale, "ko");
    assert_eq!(render("안녕하세요, 마루입니다.", Some("en")).locale, "en");
}

#[test]
fn images_are_lazy() {
    let html = html("![A cat](/media/cat.png \"Cat\")");
    assert!(html.contains("loading=\"lazy\"") && html.contains("decoding=\"async\""), "{html}");
    assert!(html.contains("src=\"/media/cat.png\" alt=\"A cat\" title=\"Cat\""), "{html}");
}

/// What must not survive, however it is written.
fn assert_harmless(source: &str) {
    let html = html(source).to_lowercase();
    for tag in ["<script", "<style", "<iframe", "<object", "<embed", "<form", "<svg", "<base", "<link", "<meta"] {
        assert!(!html.contains(tag), "{tag} in {html}\nfrom {source}");
    }
    // Outside tags everything is text; inside, look at each attribute.
    for tag in html.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
        let mut quoted = false;
        let names: String = tag
            .chars()
            .filter(|c| {
                quoted ^= *c == '"';
                !quoted
            })
            .collect();
        for attribute in names.split_whitespace().skip(1) {
            assert!(
                !attribute.starts_with("on") && !attribute.starts_with("style"),
                "{attribute} in <{tag}>\n{source}"
            );
        }
        for scheme in ["=\"javascript:", "=\"data:", "=\"vbscript:"] {
            assert!(!tag.replace(char::is_whitespace, "").contains(scheme), "{scheme} in <{tag}>\nfrom {source}");
        }
    }
}

const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](vbscript:x)",
    "<svg onload=alert(1)><script>1</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc=\"<script>1</script>\"></iframe>",
    "<p style=\"background:url(javascript:1)\" onclick='x'>hi</p>",
    "<style>*{display:none}</style>",
    "<form action=/forms/logout><input name=x type=submit></form>",
    "<base href=//evil.example><meta http-equiv=refresh content=0>",
    "<a href=\"\u{1}javascript:alert(1)\">x</a>",
    "```\"><script>\ncode\n```",
    "# <script>alert(1)</script>",
    "# \" onmouseover=\"alert(1)",
    "> [!NOTE] <img src=x onerror=alert(1)>\n> x",
    "[^a]\n\n[^a]: <script>1</script>",
    "| <script> |\n|---|\n| <img src=x onerror=1> |",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<div id=\"maru-data\" class=\"dialog hl-k\">x</div>",
];

#[test]
fn attacks_come_to_nothing() {
    for attack in ATTACKS {
        assert_harmless(attack);
    }
    assert_eq!(html("<div id=\"maru-data\" class=\"dialog hl-k\">x</div>").trim(), "<div class=\"hl-k\">x</div>");
    let field = html("<input name=\"password\">");
    assert!(field.contains("type=\"checkbox\"") && field.contains("disabled") && !field.contains("name="), "{field}");
}

/// Pieces of attacks and of Markdown.
fn pieces() -> Vec<&'static str> {
    let markdown = [
        "\n\n",
        "```",
        "`",
        "|",
        "> ",
        "- ",
        "**",
        "](",
        "[",
        "!",
        "#",
        "\u{0}",
        "마루",
        "&#x3c;",
        "&lt;",
        "$",
        "$$",
        "\\frac",
        "\\text{",
        "{",
        "}",
        "</math>",
        "<math>",
        "<mi>",
        "<mtext>",
        "<annotation-xml encoding=\"text/html\">",
        "<svg>",
        "<style>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "[^1]",
        "https://youtu.be/x",
        "<iframe src='//youtu.be/x'>",
    ];
    ATTACKS.iter().flat_map(|attack| attack.split_inclusive(['<', '>', '"', '(', '=', ' '])).chain(markdown).collect()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Whatever the parser makes of it, the result is harmless, and reads back as what it was: no
    /// browser sees another document in it than the sanitiser did.
    #[test]
    fn mixtures_of_attacks_are_harmless(source in proptest::collection::vec(proptest::sample::select(pieces()), 0..40)) {
        let source = source.concat();
        assert_harmless(&source);
        let html = html(&source);
        proptest::prop_assert_eq!(sanitise::clean(&html, Flavour::Article), html);
        let html = comment(&source);
        proptest::prop_assert_eq!(sanitise::clean(&html, Flavour::Comment), html);
    }

    /// Whatever is in it, another process with other seeds makes the same of it.
    #[test]
    fn the_same_text_comes_out_the_same(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "![a](/media/a.png \"t\")", "- [x] done\n", "- [ ] open\n", "<img decoding=sync src=/media/b.png alt=b>",
            "<img loading=eager srcset='https://else.example/x 1w' src=c.png>", "<input type=text checked name=x>",
            "[l](/x)", "\n\n", "text ", "# h\n", "|a|\n|-|\n|b|\n",
        ]), 0..20)
    ) {
        let html = html(&pieces.concat());
        proptest::prop_assert_eq!(sanitise::clean_by(&sanitise::article(), &html), html);
    }

    #[test]
    fn any_text_can_be_rendered(source in "\\PC{0,200}") {
        assert_harmless(&source);
        comment(&source);
    }

    #[test]
    fn any_formula_can_be_rendered(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "\\frac", "\\sqrt", "\\begin{matrix}", "\\end{matrix}", "\\left(", "\\right)", "{", "}", "_", "^", "&", "\\\\",
            "x", "1", "\\sum", "\\text{a<b}", "\\color{red}", "'", "\\hline", "[2ex]", "\\middle|", "~", "%", "#1", "한",
        ]), 0..30)
    ) {
        let tex = pieces.concat();
        assert_harmless(&format!("$${tex}$$"));
        assert_harmless(&format!("${tex}$"));
    }
}

/// All Markdown below the folder in `MARU_CORPUS`, where there is one.
#[test]
fn the_corpus_renders() {
    let Some(root) = std::env::var_os("MARU_CORPUS") else { return };
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "md")
                && let Ok(source) = std::fs::read_to_string(&entry)
            {
                let rendered = render(&source, None);
                let again = sanitise::clean(&rendered.html, Flavour::Article);
                assert_eq!(again, rendered.html, "{}", entry.display());
            }
        }
    }
}

#[test]
fn formulas_become_mathml() {
    let inline = html("Then $a^2 + b^2 = c^2$ holds, for $5 and $10.");
    assert!(inline.contains("<math") && inline.contains("<msup><mi>a</mi><mn>2</mn></msup>"), "{inline}");
    assert!(inline.contains("for $5 and $10."), "{inline}");
    for display in ["$$\n\\sum_{i=1}^n i = \\frac{n(n+1)}{2}\n$$", "```math\n\\sqrt{x}\n```"] {
        assert!(html(display).contains("<math display=\"block\""), "{}", html(display));
    }
    assert!(html("$`x < y`$").contains("<math"), "{}", html("$`x < y`$"));
    // A heading keeps its formula, and the table of contents what was typed.
    assert_eq!(render("## The $x^2$ case", None).toc[0].text, "The x^2 case");
}

#[test]
fn what_is_no_formula_is_shown_as_it_was_typed() {
    for source in ["$\\frac{1$", "$\\nosuchcommand{x}$", "$\\def\\a{\\b\\b}\\a$"] {
        let html = html(source);
        assert!(html.contains("<code class=\"math-error\">\\") && !html.contains("<math"), "{html}");
    }
}

#[test]
fn callouts_have_titles_in_the_language_of_the_text() {
    assert!(html("> [!TIP]\n> Try it").contains("<p class=\"markdown-alert-title\">Tip</p>"));
    let korean = render("> [!WARNING]\n> 조심하세요", None).html;
    assert!(korean.contains("<p class=\"markdown-alert-title\">주의</p>"), "{korean}");
    assert!(html("> [!NOTE] My title\n> x").contains(">My title</p>"));
}

#[test]
fn code_of_many_languages_is_coloured_and_named() {
    for (token, label, code) in [
        ("toml", "TOML", "[package]\nname = \"x\""),
        ("ts", "TypeScript", "const x: string = \"a\";"),
        ("tsx", "TypeScriptReact", "const x = <p>a</p>;"),
        ("kotlin", "Kotlin", "fun main() {}"),
        ("dockerfile", "Dockerfile", "FROM scratch"),
        ("sh", "Shell", "echo \"hi\""),
        ("json", "JSON", "{\"a\": 1}"),
        ("go", "Go", "func main() {}"),
    ] {
        let html = html(&format!("```{token}\n{code}\n```"));
        assert!(html.starts_with(&format!("<pre data-lang=\"{label}\">")), "{html}");
        assert!(html.contains("<span class=\"hl-"), "{html}");
    }
}

#[test]
fn images_of_this_site_have_sizes_and_variants() {
    let picture = Picture {
        width: 2000,
        height: 1000,
        variants: vec![(640, "/media/a-640.webp".into()), (320, "/media/a-320.webp".into())],
        pending: false,
    };
    let pictures: Pictures = [("/media/a.jpg".to_owned(), picture)].into_iter().collect();
    let rendered = crate::render("![A \"cat\"](/media/a.jpg)", &Options::post().pictures(pictures));
    for part in [
        "alt=\"A &quot;cat&quot;\"",
        "width=\"2000\" height=\"1000\"",
        "srcset=\"/media/a-320.webp 320w, /media/a-640.webp 640w, /media/a.jpg 2000w\"",
        "sizes=\"(max-width: 43rem) 100vw, 43rem\"",
        "loading=\"lazy\"",
    ] {
        assert!(rendered.html.contains(part), "{part} is missing in {}", rendered.html);
    }
    assert_eq!(rendered.images, ["/media/a.jpg"]);
    let foreign = html("<img src=\"/media/a.jpg\" srcset=\"https://tracker.example/x 1w\">");
    assert!(!foreign.contains("srcset"), "{foreign}");
}

#[test]
fn links_to_films_become_cards() {
    let html = html("Look:\n\n[A talk](https://youtu.be/abc)\n\nhttps://vimeo.com/1 is inside a sentence.");
    assert!(
        html.contains("<p class=\"embed embed-youtube\"><a href=\"https://www.youtube.com/watch?v=abc\""),
        "{html}"
    );
    assert!(!html.contains("embed-vimeo") && !html.contains("<iframe"), "{html}");
}

#[test]
fn comments_are_limited() {
    let html = comment(
        "# Big\n\n**bold** <b>html</b> <script>x</script>\nnext ![pic](https://e.example/x.png) https://e.example\n\n\
        ```rust\nfn main() {}\n```\n\n| a |\n|---|\n| b |\n\n$x$ [bad](javascript:alert(1)) [^1]\n\n[^1]: note",
    );
    for part in [
        "<p><strong>Big</strong></p>",
        "<strong>bold</strong> &lt;b&gt;html&lt;/b&gt; &lt;script&gt;",
        "<br>\nnext <a href=\"https://e.example/x.png\" rel=\"nofollow ugc noopener\">pic</a>",
        "<a href=\"https://e.example\" rel=\"nofollow ugc noopener\">https://e.example</a>",
        "<pre data-lang=\"Rust\">",
        "| a |",
        "$x$ ",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    for part in ["<img", "<h", "<table", "<math", "javascript:", " id=", "<sup"] {
        assert!(!html.contains(part), "{part} in {html}");
    }
    assert!(comment("![](https://e.example/x.png)").contains(">https://e.example/x.png</a>"));
}

#[test]
fn all_text_is_there_for_the_search() {
    let rendered =
        render("## Head\n\nProse `code` $x$\n\n```\nblock\n```\n\n| cell |\n|---|\n\n![alt](/media/x.png)", None);
    for part in ["Head", "Prose code x", "block", "cell", "alt"] {
        assert!(rendered.text.contains(part), "{part} is missing in {}", rendered.text);
    }
    assert_eq!(rendered.excerpt, "Prose code x");
}

/// Whoever nests deep gets their page, and takes nobody's stack.
#[test]
fn deep_nesting_is_survived() {
    let depth = 20_000;
    for source in [
        "> ".repeat(depth),
        format!("{}x{}", "*".repeat(depth), "*".repeat(depth)),
        "<div>".repeat(depth),
        format!("{}x{}", "[".repeat(depth), "](/)".repeat(depth)),
        (0..300).map(|level| format!("{}- x\n", "  ".repeat(level))).collect(),
        format!("${}x{}$", "{".repeat(depth), "}".repeat(depth)),
        format!("$ {} x$", "\\sqrt".repeat(600)),
        format!("$ {} x$", "^{a".repeat(45)),
    ] {
        render(&source, None);
        comment(&source);
    }
}
