use super::render;

fn html(source: &str) -> String {
    render(source, None).html
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
    assert!(html.starts_with("<pre><code class=\"language-rust\"><span class=\"hl-k\">fn </span>"), "{html}");
    assert!(html.contains("<span class=\"hl-c\">// hi &lt;b&gt;\n"), "{html}");
    assert!(html.contains("<span class=\"hl-s\">\"x\"</span>"), "{html}");
    assert!(html.matches("<span").count() <= 6, "{html}");
}

#[test]
fn unknown_languages_and_huge_blocks_are_plain() {
    assert_eq!(html("```nosuch\n<b>\n```"), "<pre><code class=\"language-nosuch\">&lt;b&gt;\n</code></pre>\n");
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
    for tag in
        ["<script", "<style", "<iframe", "<object", "<embed", "<form", "<svg", "<math", "<base", "<link", "<meta"]
    {
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

/// Pieces of attacks and of Markdown, stuck together at random: whatever the parser makes of them,
/// the result is harmless.
#[test]
fn random_mixtures_of_attacks_are_harmless() {
    let pieces: Vec<&str> = ATTACKS
        .iter()
        .flat_map(|attack| attack.split_inclusive(['<', '>', '"', '(', '=', ' ']))
        .chain(["\n\n", "```", "`", "|", "> ", "- ", "**", "](", "[", "!", "#", "\u{0}", "마루", "&#x3c;", "&lt;"])
        .collect();
    // A fixed seed: a failure can be repeated.
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = move |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit as u64).unwrap_or(0)
    };
    for _ in 0..2_000 {
        let source: String = (0..=next(30)).map(|_| pieces[next(pieces.len())]).collect();
        assert_harmless(&source);
    }
}
