//! `GET /api/visitors`: how many people came, today and ever.

use axum::{Json, extract::State};
use contracts::analytics::Visitors;
use kit::ApiResult;

use crate::{
    app::App,
    domain::day,
    store::{
        reports::{self, Range, Scope},
        rollup, stats, unsigned,
    },
};

/// Visitors of the site
#[utoipa::path(get, path = "/api/visitors", tag = "numbers", responses((status = 200, body = Visitors)))]
pub(super) async fn handle(State(app): State<App>) -> ApiResult<Json<Visitors>> {
    rollup::run(&app.db).await?;
    let (today, yesterday) = (day::text(app.today()), day::text(day::before(app.today(), 1)));
    let range = Range { from: yesterday.clone(), to: today.clone() };
    let (days, total) =
        tokio::try_join!(reports::visitors(&app.db, &Scope::Site, &range), stats::visitors(&app.db, ""))?;
    let of = |day: &str| days.iter().find(|count| count.key == day).map_or(0, |count| unsigned(count.views));
    Ok(Json(Visitors { today: of(&today), yesterday: of(&yesterday), total: unsigned(total) }))
}
