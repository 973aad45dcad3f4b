//! Heads of the blog's pages: what programs read.

use contracts::module::Head;
use contracts::pages::PostPage;
use shared_ui::encode;

/// Head of the page that introduces the whole site. Its title is the site's name, which the BFF adds.
pub(crate) fn site() -> Head {
    Head { canonical: Some("/".to_owned()), ..Head::default() }
}

/// Head of an article.
pub(crate) fn article(post: &PostPage) -> Head {
    let card = &post.card;
    let title = post.seo_title.clone().unwrap_or_else(|| card.title.clone());
    if cfg!(feature = "client") {
        return Head { title, ..Head::default() };
    }
    let description = post.seo_description.clone().unwrap_or_else(|| card.excerpt.clone());
    let canonical = post.canonical.clone().unwrap_or_else(|| "/posts/".to_owned() + &encode(&card.slug));
    let mut open_graph = vec![
        ("type".to_owned(), "article".to_owned()),
        ("title".to_owned(), title.clone()),
        ("description".to_owned(), description.clone()),
        ("article:published_time".to_owned(), card.published_at.clone()),
        ("article:author".to_owned(), card.author_name.clone()),
    ];
    open_graph.extend(card.cover.clone().map(|cover| ("image".to_owned(), cover)));
    open_graph.extend(card.tags.iter().map(|tag| ("article:tag".to_owned(), tag.name.clone())));
    Head {
        json_ld: Some(json_ld(post, &title)),
        title,
        description: Some(description),
        canonical: Some(canonical),
        robots: (post.status != contracts::blog::PostStatus::Public).then(|| "noindex".to_owned()),
        open_graph,
        lang: Some(card.locale.clone()).filter(|lang| !lang.is_empty()),
        ..Head::default()
    }
}

/// schema.org `BlogPosting`.
fn json_ld(post: &PostPage, title: &str) -> String {
    let card = &post.card;
    let mut json = String::from(r#"{"@context":"https://schema.org","@type":"BlogPosting""#);
    let mut member = |name: &str, value: &str| {
        json.push_str(",\"");
        json.push_str(name);
        json.push_str("\":");
        push_json_string(&mut json, value);
    };
    member("headline", title);
    member("datePublished", &card.published_at);
    if let Some(time) = &post.updated_at {
        member("dateModified", time);
    }
    member("inLanguage", &card.locale);
    if let Some(cover) = &card.cover {
        member("image", cover);
    }
    json.push_str(r#","author":{"@type":"Person","name":"#);
    push_json_string(&mut json, &card.author_name);
    json.push_str("}}");
    json
}

fn push_json_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                json.push('\\');
                json.push(character);
            }
            control if control < ' ' => json.push(' '),
            other => json.push(other),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_stay_strings() {
        let mut json = String::new();
        push_json_string(&mut json, "a \"b\" \\ c\n마루");
        assert_eq!(json, r#""a \"b\" \\ c 마루""#);
    }
}
