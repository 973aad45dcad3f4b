//! What is told of drafts: the images that they use, so that nobody takes them for orphans.

use contracts::{blog::Draft, events::ImagesUsed};
use kit::events::outbox;
use sea_orm::{DatabaseTransaction, DbErr};

use crate::{
    domain::images,
    store::{drafts, drafts::Whose},
};

/// URLs of the images that a draft uses.
pub(crate) fn images_of(draft: &Draft) -> Vec<String> {
    images::used(draft.cover.as_deref(), &draft.content)
}

/// From now on the draft uses these images.
pub(crate) async fn use_images(tx: &DatabaseTransaction, id: &str, images: Vec<String>, now: i64) -> Result<(), DbErr> {
    let event = ImagesUsed { by: "draft".to_owned(), id: id.to_owned(), images };
    outbox::add(tx, id, &event, now).await
}

/// Removes a draft as it was read. False when it was saved or removed since; then nothing is done.
pub(crate) async fn delete(tx: &DatabaseTransaction, draft: &Draft, now: i64) -> Result<bool, DbErr> {
    let id = &draft.summary.id;
    if !drafts::delete_at(tx, id, draft.summary.version).await? {
        return Ok(false);
    }
    if !images_of(draft).is_empty() {
        use_images(tx, id, Vec::new(), now).await?;
    }
    Ok(true)
}

/// Removes all drafts of a post or an author.
pub(crate) async fn delete_all(tx: &DatabaseTransaction, whose: Whose<'_>, now: i64) -> Result<(), DbErr> {
    for id in drafts::ids(tx, whose).await? {
        drafts::delete(tx, &id).await?;
        use_images(tx, &id, Vec::new(), now).await?;
    }
    Ok(())
}
