//! Asking the storage whose a screenshot is. An image that a report shows cannot be removed, so nobody is to do that to
//! somebody else's.

use contracts::{
    problem::Problem,
    storage::{Lookup, LookupInput, Picture},
};
use kit::{ApiResult, auth::Viewer};

use crate::app::App;

/// Where the storage puts what is sent as a screenshot.
const FOLDER: &str = "screenshots";

/// Whether `viewer` may show it; a storage of an older version does not tell.
fn is_for(picture: &Picture, viewer: &Viewer) -> bool {
    picture.folder.as_deref().is_none_or(|folder| folder == FOLDER)
        || picture.uploader_id.as_deref() == Some(viewer.id())
}

/// 422 unless there is such an image, sent by `viewer` or as a screenshot. Guests cannot send any.
pub(crate) async fn check(app: &App, viewer: Option<&Viewer>, url: &str) -> ApiResult<()> {
    let refused = || Problem::validation().with_field("screenshot", "invalid", "An image that you uploaded for this.");
    let viewer = viewer.ok_or_else(refused)?;
    // Without a storage nothing can be kept from being removed.
    if !app.peers.knows("storage") {
        return Ok(());
    }
    let input = LookupInput { urls: vec![url.to_owned()] };
    let found: Lookup = app.peers.post("storage", "/internal/images/lookup", &input).await?;
    if found.items.iter().any(|picture| is_for(picture, viewer)) { Ok(()) } else { Err(refused().into()) }
}
