//! The last step: only what is known to be harmless is left.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use super::headings::belongs_to_the_page;

/// Classes that this service writes itself; nothing else can dress up as a part of the page.
const CLASSES: &[&str] = &[
    "anchor",
    "footnotes",
    "footnote-ref",
    "footnote-backref",
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

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
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
        .attribute_filter(attribute);
    for tag in ["h2", "h3", "h4", "h5", "h6", "li", "sup", "section", "div", "p", "span", "td", "tr", "table"] {
        builder.add_tag_attributes(tag, &["id"]);
    }
    for tag in ["code", "span", "div", "p", "section", "sup"] {
        builder.add_tag_attributes(tag, &["class"]);
    }
    builder
});

pub(super) fn clean(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

fn attribute<'a>(_element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match name {
        "class" => {
            let kept: Vec<&str> = value.split_ascii_whitespace().filter(|class| is_known(class)).collect();
            (!kept.is_empty()).then(|| kept.join(" ").into())
        }
        "id" => (!belongs_to_the_page(value)).then_some(value.into()),
        _ => Some(value.into()),
    }
}

fn is_known(class: &str) -> bool {
    let is_language =
        |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_'));
    CLASSES.contains(&class) || class.strip_prefix("language-").is_some_and(is_language)
}
