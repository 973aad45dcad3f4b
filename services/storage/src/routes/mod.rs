//! One file a route.

mod backups;
mod images;
mod internal;
mod media;
mod operator;
mod upload;

use axum::extract::DefaultBodyLimit;
use contracts::problem::Problem;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, domain::format::Refusal};

/// Largest image.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Images in one request.
const MAX_FILES: usize = 20;
/// Largest request: several images and what multipart puts around them. The gateway lets less through.
const MAX_BODY: usize = 5 * MAX_BYTES;

/// All routes.
pub(crate) fn router(app: App) -> OpenApiRouter {
    let uploads = OpenApiRouter::new()
        .routes(routes!(upload::handle))
        .routes(routes!(internal::import::handle))
        .layer(DefaultBodyLimit::max(MAX_BODY));
    let archives = OpenApiRouter::new().routes(routes!(backups::bring::handle)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::new()
        .merge(uploads)
        .merge(archives)
        .routes(routes!(media::handle))
        .routes(routes!(images::list::handle))
        .routes(routes!(images::orphans::list, images::orphans::remove))
        .routes(routes!(images::delete::handle))
        .routes(routes!(backups::list::list, backups::start::handle))
        .routes(routes!(backups::list::read, backups::delete::handle))
        .routes(routes!(backups::download::handle))
        .routes(routes!(backups::verify::handle))
        .routes(routes!(backups::restore::handle))
        .routes(routes!(internal::lookup::handle))
        .routes(routes!(internal::reconcile::handle))
        .with_state(app)
}

fn too_large() -> Problem {
    Problem::new(413, "too_large", "The body is too large").with_detail("An image has at most 10 MB.")
}

fn refused(refusal: Refusal) -> Problem {
    let (code, message) = match refusal {
        Refusal::NotAnImage => ("not_an_image", "A whole PNG, JPEG, GIF or WebP."),
        Refusal::TooManyPixels => {
            ("too_many_pixels", "An image has at most 40 megapixels, an animation 400 in at most 500 frames.")
        }
    };
    Problem::validation().with_field("file", code, message)
}

/// The last part of a path, without what no name should hold.
fn tidy_filename(filename: &str) -> String {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: &char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().filter(|c| !hidden(c)).take(200).collect()
}
