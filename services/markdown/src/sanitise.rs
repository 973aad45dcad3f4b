//! The last step: only what is known to be harmless is left.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use crate::{headings::belongs_to_the_page, html::move_last, options::Flavour};

/// Attributes that the sanitiser sets, in an order that is another one in every process.
const SET: [&str; 4] = ["decoding", "disabled", "loading", "type"];

/// Classes that this crate writes itself; nothing else can dress up as a part of the page.
const CLASSES: &[&str] = &[
    "anchor",
    "footnotes",
    "footnote-ref",
    "footnote-backref",
    "math-error",
    "embed",
    "embed-codepen",
    "embed-site",
    "embed-title",
    "embed-vimeo",
    "embed-youtube",
    "markdown-alert",
    "markdown-alert-title",
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
    "hl-a",
    "hl-c",
    "hl-f",
    "hl-k",
    "hl-n",
    "hl-s",
    "hl-t",
];

/// What formulas are made of; without `annotation-xml`, `maction` and links, nothing in it acts.
const MATH: &[&str] = &[
    "math",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mrow",
    "mfrac",
    "msqrt",
    "mroot",
    "mstyle",
    "merror",
    "mpadded",
    "mphantom",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "mtable",
    "mtr",
    "mtd",
    "menclose",
];

/// Attributes of formulas: sizes, forms and switches.
const MATH_ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "class",
    "columnspan",
    "depth",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

static ARTICLE: LazyLock<Builder<'static>> = LazyLock::new(article);

/// The rules for what authors write.
pub(crate) fn article() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(&["section", "input"])
        // Landmarks and the h1 belong to the page.
        .rm_tags(&["h1", "nav", "header", "footer", "hgroup", "map", "area", "center"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener"))
        .add_tag_attributes("a", &["id", "class", "aria-label"])
        .add_tag_attributes("input", &["checked"])
        // The only field there is: the box of a task list.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("img", "loading", "lazy")
        .set_tag_attribute_value("img", "decoding", "async")
        .add_tag_attributes("img", &["srcset", "sizes"])
        .add_tag_attributes("pre", &["data-lang"])
        .add_tags(MATH)
        .add_tag_attributes("math", &["display"])
        .attribute_filter(attribute);
    for tag in MATH {
        builder.add_tag_attributes(tag, MATH_ATTRIBUTES);
    }
    for tag in ["h2", "h3", "h4", "h5", "h6", "li", "sup", "section", "div", "p", "span", "td", "tr", "table"] {
        builder.add_tag_attributes(tag, &["id"]);
    }
    for tag in ["code", "span", "div", "p", "section", "sup"] {
        builder.add_tag_attributes(tag, &["class"]);
    }
    builder
}

/// What anybody may write: no ids, no images, nothing that is placed or sized.
static COMMENT: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "hr",
            "em",
            "strong",
            "del",
            "code",
            "pre",
            "span",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
        ]))
        .add_tag_attributes("a", &["href", "title"])
        .add_tag_attributes("ol", &["start"])
        .add_tag_attributes("code", &["class"])
        .add_tag_attributes("span", &["class"])
        .add_tag_attributes("pre", &["data-lang"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow ugc noopener"))
        .attribute_filter(attribute);
    builder
});

/// Leaves what a text of this kind may hold.
pub(crate) fn clean(html: &str, flavour: Flavour) -> String {
    let sanitiser: &Builder<'_> = match flavour {
        Flavour::Article => &ARTICLE,
        Flavour::Comment => &COMMENT,
    };
    clean_by(sanitiser, html)
}

/// The same text always comes out the same, so that what is rendered anew is seen to be unchanged.
pub(crate) fn clean_by(sanitiser: &Builder<'_>, html: &str) -> String {
    move_last(&sanitiser.clean(html).to_string(), &["img", "input"], &SET)
}

fn attribute<'a>(_element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match name {
        "class" => {
            let kept: Vec<&str> = value.split_ascii_whitespace().filter(|class| is_known(class)).collect();
            (!kept.is_empty()).then(|| kept.join(" ").into())
        }
        // Only what this site's storage keeps: elsewhere nobody checked what the URLs are.
        "srcset" => value.split(',').all(|part| part.trim_start().starts_with("/media/")).then_some(value.into()),
        "data-lang" => (value.len() <= 40).then_some(value.into()),
        "id" => (!belongs_to_the_page(value)).then_some(value.into()),
        _ => Some(value.into()),
    }
}

fn is_known(class: &str) -> bool {
    let is_language =
        |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_'));
    let is_formula = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    CLASSES.contains(&class)
        || ["menv-", "cell-"].iter().any(|start| class.strip_prefix(start).is_some_and(is_formula))
        || class.strip_prefix("language-").is_some_and(is_language)
}
