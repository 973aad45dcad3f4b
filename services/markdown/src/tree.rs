//! What is changed in a parsed text before it is written.

use comrak::{
    Arena,
    nodes::{AlertType, AstNode, Node, NodeLink, NodeValue},
};

use crate::{Options, embeds, highlight, math, options::Flavour};

/// Fits the text into the page that it will stand on. `root` is the parsed text.
pub(crate) fn prepare<'a>(arena: &'a Arena<'a>, root: Node<'a>, options: &Options, locale: &str) {
    match options.flavour() {
        Flavour::Article => article(root, options, locale),
        Flavour::Comment => comment(arena, root),
    }
}

/// The texts of all headings, in their order.
pub(crate) fn heading_texts<'a>(root: Node<'a>) -> Vec<String> {
    let is_heading = |node: &Node<'a>| matches!(node.data().value, NodeValue::Heading(_));
    root.descendants().filter(is_heading).map(|node| node.collect_text()).collect()
}

/// URLs of all images, each once.
pub(crate) fn pictures<'a>(root: Node<'a>) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for node in root.descendants() {
        if let NodeValue::Image(image) = &node.data().value
            && !urls.contains(&image.url)
        {
            urls.push(image.url.clone());
        }
    }
    urls
}

fn article<'a>(root: Node<'a>, options: &Options, locale: &str) {
    fit_headings_into_the_page(root);
    // An image's alternative text is read from its children: they stand after it, unchanged so far.
    for node in root.descendants().collect::<Vec<_>>() {
        if let Some(html) = instead(node, options, locale) {
            node.children().collect::<Vec<_>>().into_iter().for_each(|child| child.detach());
            node.data_mut().value = NodeValue::Raw(html);
        }
    }
}

/// The HTML that replaces a node, for those that comrak does not write as we want them.
fn instead<'a>(node: Node<'a>, options: &Options, locale: &str) -> Option<String> {
    let mut data = node.data_mut();
    match &mut data.value {
        NodeValue::Math(found) => Some(math::html(&found.literal, found.display_math)),
        NodeValue::CodeBlock(code) if code.info.trim() == "math" => {
            Some(format!("<p>{}</p>\n", math::html(&code.literal, true)))
        }
        NodeValue::CodeBlock(code) => Some(highlight::block(&code.info, &code.literal)),
        NodeValue::Image(link) => {
            let (url, title) = (link.url.clone(), link.title.clone());
            drop(data);
            Some(options.known_pictures().tag(&url, &node.collect_text(), &title))
        }
        NodeValue::Paragraph => {
            drop(data);
            lonely_link(node).and_then(|(url, text)| embeds::card(&url, &text, locale))
        }
        NodeValue::HtmlBlock(block) => {
            block.literal = embeds::replace_frames(&block.literal, locale);
            None
        }
        NodeValue::HtmlInline(tag) => {
            *tag = embeds::replace_frames(tag, locale);
            None
        }
        NodeValue::Alert(alert) if alert.title.is_none() && locale == "ko" => {
            alert.title = Some(korean(&alert.alert_type).to_owned());
            None
        }
        _ => None,
    }
}

/// URL and text of the link that is all there is in a paragraph.
fn lonely_link<'a>(paragraph: Node<'a>) -> Option<(String, String)> {
    let link = paragraph.first_child()?;
    let url = match &link.data().value {
        NodeValue::Link(link) => link.url.clone(),
        _ => return None,
    };
    link.next_sibling().is_none().then(|| (url, link.collect_text()))
}

fn korean(alert: &AlertType) -> &'static str {
    match alert {
        AlertType::Note => "참고",
        AlertType::Tip => "도움말",
        AlertType::Important => "중요",
        AlertType::Warning => "주의",
        AlertType::Caution => "경고",
    }
}

/// The page's h1 is the title, so the highest heading of a text becomes an h2 and the others move
/// with it: the outline stays, and no level is left out above it.
fn fit_headings_into_the_page<'a>(root: Node<'a>) {
    let level = |node: Node<'a>| match &node.data().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    };
    let Some(highest) = root.descendants().filter_map(level).min() else { return };
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            heading.level = (heading.level + 2 - highest).min(6);
        }
    }
}

/// Headings become bold lines, images links: a comment is no place for either.
fn comment<'a>(arena: &'a Arena<'a>, root: Node<'a>) {
    for node in root.descendants().collect::<Vec<_>>() {
        let mut data = node.data_mut();
        match &mut data.value {
            NodeValue::Heading(_) => {
                data.value = NodeValue::Paragraph;
                drop(data);
                let bold: Node<'a> = arena.alloc(AstNode::from(NodeValue::Strong));
                bold.extend(node.children().collect::<Vec<_>>());
                node.append(bold);
            }
            NodeValue::Image(image) => {
                let url = std::mem::take(&mut image.url);
                data.value = NodeValue::Link(Box::new(NodeLink { url: url.clone(), title: String::new() }));
                drop(data);
                if node.first_child().is_none() {
                    node.append(arena.alloc(AstNode::from(NodeValue::Text(url.into()))));
                }
            }
            NodeValue::CodeBlock(code) => {
                let html = highlight::block(&code.info, &code.literal);
                data.value = NodeValue::Raw(html);
            }
            _ => {}
        }
    }
}
