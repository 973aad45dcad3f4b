//! `GET /api/images?q=&folder=&mine=&page=&size=` (own; ADMIN: all).

use axum::{Json, extract::State};
use contracts::{module::Role, problem::Problem, storage::ImageList};
use kit::{ApiResult, auth::Viewer, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    routes::upload::quota,
    store::{
        images,
        list::{self, Filter},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Words of the file's name.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// Only those of this folder.
    folder: Option<String>,
    /// For an admin: only their own.
    #[serde(default)]
    mine: bool,
    #[serde(flatten)]
    #[param(inline)]
    paging: Paging,
}

/// Which page, and how long.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// From 1.
    page: Option<String>,
    /// 1 to 100; 24 when absent.
    size: Option<String>,
}

impl Paging {
    /// Page and size, or which of them makes no sense.
    pub(crate) fn read(&self) -> Result<(u32, u32), Problem> {
        let mut problem = Problem::new(400, "invalid_query", "A query parameter needs another look");
        let mut number = |name: &str, text: &Option<String>, otherwise: u32, most: u32| match text.as_deref() {
            None | Some("") => otherwise,
            Some(text) => text.parse().ok().filter(|number| (1..=most).contains(number)).unwrap_or_else(|| {
                let field = contracts::problem::FieldError {
                    field: name.to_owned(),
                    code: "invalid".to_owned(),
                    message: format!("1 to {most}."),
                };
                problem.errors.push(field);
                otherwise
            }),
        };
        let (page, size) = (number("page", &self.page, 1, 1_000_000), number("size", &self.size, 24, 100));
        if problem.errors.is_empty() { Ok((page, size)) } else { Err(problem) }
    }
}

/// Images, newest first
#[utoipa::path(get, path = "/api/images", tag = "images", params(Params), security(("bearer" = [])),
    responses((status = 200, body = ImageList)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<ImageList>> {
    let (page, size) = params.paging.read()?;
    if params.q.chars().count() > 200 {
        let problem = Problem::new(400, "invalid_query", "A query parameter needs another look");
        return Err(problem.with_field("q", "too_long", "At most 200 characters.").into());
    }
    let all = viewer.role() == Role::Admin && !params.mine;
    let filter = Filter {
        uploader: (!all).then(|| viewer.id().to_owned()),
        folder: params.folder.filter(|folder| !folder.is_empty()),
        words: params.q,
        unused_before: None,
    };
    let (items, total) = list::page(&app.db, &filter, page, size).await?;
    let used =
        if all { images::used_by_all(app.db.read()).await? } else { images::used(app.db.read(), viewer.id()).await? };
    Ok(Json(ImageList { items, total, used, quota: quota(&app, &viewer) }))
}
