//! `POST /api/views/post/:id` and `/api/views/page/:id`: somebody looks at it. Counted once for each
//! visitor and day, and not for bots.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
};
use contracts::{
    analytics::{ViewCounted, ViewInput},
    problem::Problem,
};
use kit::{
    ApiResult,
    extract::{Body, Path},
    id,
};

use super::client::Client;
use crate::{
    app::App,
    domain::{bots, day, origin, visitor},
    owners,
    sink::Sent,
    store::{
        salts, seats,
        targets::{Kind, Target},
        unsigned,
        views::{self, View},
    },
};

/// Largest body: a referrer.
const BODY_LIMIT: usize = 16 * 1024;

/// Counts a view of a post
#[utoipa::path(post, path = "/api/views/post/{id}", tag = "views",
    params(("id" = String, Path, description = "Id of the post")),
    request_body(content = Option<ViewInput>, description = "May be left out"),
    responses((status = 200, body = ViewCounted), (status = 404, description = "No such post, or not a public one")))]
pub(super) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    client: Client,
    request: Request,
) -> ApiResult<Json<ViewCounted>> {
    count(&app, Kind::Post, &id, &client, request).await
}

/// Counts a view of a page or notice
#[utoipa::path(post, path = "/api/views/page/{id}", tag = "views",
    params(("id" = String, Path, description = "Id of the page")),
    request_body(content = Option<ViewInput>, description = "May be left out"),
    responses((status = 200, body = ViewCounted), (status = 404, description = "No such page, or not a public one")))]
pub(super) async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    client: Client,
    request: Request,
) -> ApiResult<Json<ViewCounted>> {
    count(&app, Kind::Page, &id, &client, request).await
}

async fn count(app: &App, kind: Kind, id: &str, client: &Client, request: Request) -> ApiResult<Json<ViewCounted>> {
    let not_found = || Problem::not_found(kind.as_str());
    let id = id::parse(id).ok_or_else(not_found)?;
    let input = input(request).await?;
    let target = owners::public(app, kind, &id).await?.ok_or_else(not_found)?;
    let views = unsigned(target.views);
    if bots::is_bot(&client.user_agent) {
        return Ok(Json(ViewCounted { counted: false, views }));
    }
    let day = day::text(app.today());
    let salt = salts::of(&app.db, &day).await?;
    let pseudonym = |of: &str| visitor::pseudonym(&salt, client.address, of);
    let visitor = seats::counts_as(&app.db, &day, &pseudonym("network"), pseudonym(&client.user_agent)).await?;
    let referrer = origin::referrer_host(input.referrer.as_deref().unwrap_or_default(), &app.own_host);
    let view = View {
        day: &day,
        visitor: &visitor,
        kind,
        target_id: &id,
        author_id: target.author_id.as_deref().filter(|_| kind == Kind::Post),
        referrer: &referrer,
        country: &origin::country(&client.country),
        device: origin::device(&client.user_agent),
        at: app.clock.millis(),
    };
    let tx = app.db.begin().await?;
    let counted = views::add(&tx, &view).await?;
    tx.commit().await?;
    app.viewed.send_modify(|count| *count = count.wrapping_add(1));
    if counted {
        send_on(app, &target, &visitor, &referrer);
    }
    Ok(Json(ViewCounted { counted, views: views + u64::from(counted) }))
}

/// The body, where there is one.
async fn input(request: Request) -> ApiResult<ViewInput> {
    let (head, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| Problem::new(413, "too_large", "The body is too large"))?;
    if bytes.is_empty() {
        return Ok(ViewInput::default());
    }
    let request = Request::from_parts(head, axum::body::Body::from(bytes));
    Ok(Body::<Option<ViewInput>>::from_request(request, &()).await?.0.unwrap_or_default())
}

fn send_on(app: &App, target: &Target, visitor: &str, referrer: &str) {
    if app.sink.is_on() {
        app.sink.send(Sent {
            visitor: visitor.to_owned(),
            url: format!("{}{}", app.public_url, target.url),
            title: target.title.clone(),
            referrer: if referrer.is_empty() { String::new() } else { format!("https://{referrer}/") },
        });
    }
}
