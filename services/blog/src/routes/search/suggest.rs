//! `GET /api/search/suggest?q=&size=`: what somebody who typed so much may be looking for.

use axum::{Json, extract::State};
use contracts::search::{Suggestion, SuggestionKind, Suggestions};
use kit::{ApiResult, extract::Query};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

use super::find::text;
use crate::{
    app::App,
    routes::page::refused,
    store::{beside, terms::Kind},
};

const DEFAULT_SIZE: u32 = 8;
const MAX_SIZE: u32 = 20;
/// Terms of each kind.
const TERMS: u32 = 3;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// What was typed so far.
    #[param(max_length = 200)]
    q: Option<String>,
    /// From 1 to 20; 8 when absent.
    #[param(minimum = 1, maximum = 20)]
    size: Option<u32>,
}

#[utoipa::path(get, path = "/api/search/suggest", tag = "search", params(Params),
    responses((status = 200, description = "The best first", body = Suggestions)))]
pub(crate) async fn handle(State(app): State<App>, Query(params): Query<Params>) -> ApiResult<Json<Suggestions>> {
    let size = params.size.unwrap_or(DEFAULT_SIZE);
    if !(1..=MAX_SIZE).contains(&size) {
        return Err(refused("size", format!("From 1 to {MAX_SIZE}.")).into());
    }
    let typed = text(params.q.as_deref())?;
    if typed.is_empty() {
        return Ok(Json(Suggestions::default()));
    }
    let size = usize::try_from(size).unwrap_or_default();
    let (ids, words) = app.search()?.suggest(typed.clone(), size).await?;
    let mut items: Vec<Suggestion> = words.into_iter().map(word).collect();
    for kind in [Kind::Category, Kind::Tag] {
        let found = beside::terms_beginning(&app.db, kind, &typed, TERMS).await?;
        items.extend(found.into_iter().map(|(name, slug)| term(kind, name, &slug)));
    }
    let posts = beside::public_in_order(&app.db, &ids).await?;
    items.extend(posts.into_iter().map(|post| Suggestion {
        kind: SuggestionKind::Post,
        path: format!("/posts/{}", post.slug),
        text: post.title,
    }));
    items.truncate(size);
    Ok(Json(Suggestions { items }))
}

fn word(text: String) -> Suggestion {
    let path = format!("/search?q={}", utf8_percent_encode(&text, NON_ALPHANUMERIC));
    Suggestion { kind: SuggestionKind::Word, path, text }
}

fn term(kind: Kind, name: String, slug: &str) -> Suggestion {
    let (plural, kind) = match kind {
        Kind::Category => ("categories", SuggestionKind::Category),
        Kind::Tag => ("tags", SuggestionKind::Tag),
    };
    Suggestion { kind, text: name, path: format!("/{plural}/{slug}") }
}
