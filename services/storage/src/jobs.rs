//! What happens by itself: smaller images, backups and restores.

use std::time::Duration;

use kit::{Shared, error::Chain};

use crate::{
    app::App,
    backup,
    domain::{
        clean::{self, Trust},
        format::{Format, Refusal},
        name,
        variants::{self as making, Smaller},
    },
    store::{
        images::Row,
        objects, orphans,
        variants::{self, NewVariant, Outcome},
    },
};

/// Both look by themselves this often, for what nobody told them of.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// An image that was taken up comes up again after so long, if it was not finished.
const LEASE_MS: i64 = 2 * 60 * 1000;
/// One that did not work is tried again after so long.
const RETRY_MS: i64 = 30 * 1000;

/// Starts them as background tasks that end at shutdown.
pub(crate) fn spawn(app: &App, shared: &Shared) {
    for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4) {
        let app = app.clone();
        shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
            loop {
                match make_next(&app).await {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(error) => tracing::error!(cause = %Chain(&*error), "smaller images could not be made"),
                }
                let _ = tokio::time::timeout(LOOK_EVERY, app.to_make.notified()).await;
            }
        }));
    }
    let (app, bus) = (app.clone(), shared.bus.clone());
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        // A restore that was broken off goes on at once, and calls services that may start after this one.
        bus.opened().await;
        loop {
            if let Err(error) = backup::work(&app).await {
                tracing::error!(cause = %Chain(&*error), "backups could not be worked on");
            }
            let _ = tokio::time::timeout(LOOK_EVERY, app.to_move.notified()).await;
        }
    }));
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Why nothing came of an image this time.
enum Trouble {
    /// It never will.
    Picture(Refusal),
    /// It may another time.
    Moment(AnyError),
}

impl<E: Into<AnyError>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Moment(error.into())
    }
}

/// Makes the smaller ones of the next image; says whether there was one.
pub(crate) async fn make_next(app: &App) -> Result<bool, AnyError> {
    let Some(row) = variants::next(&app.db, app.clock.millis(), LEASE_MS).await? else { return Ok(false) };
    match make(app, &row).await {
        Ok(()) => {}
        Err(Trouble::Picture(refusal)) => {
            tracing::warn!(image = %row.name, ?refusal, "an image does not decode; it has no smaller ones");
            variants::failed(app.db.write(), &row.name).await?;
        }
        Err(Trouble::Moment(error)) => {
            tracing::warn!(image = %row.name, cause = %Chain(&*error), "smaller images are tried again later");
            variants::later(app.db.write(), &row.name, app.clock.millis() + RETRY_MS).await?;
        }
    }
    Ok(true)
}

async fn make(app: &App, row: &Row) -> Result<(), Trouble> {
    let format = Format::of_media_type(&row.media_type).ok_or(Trouble::Picture(Refusal::NotAnImage))?;
    let file = objects::get(&app.images, &row.name).await?.ok_or("its file is not there")?;
    let pixels = u64::try_from(row.width).unwrap_or_default() * u64::try_from(row.height).unwrap_or_default();
    let mut row = row.clone();
    let mut file = file;
    if row.state == "raw" {
        // Of an older version: cleaned in its place. Its name is the digest of what was sent already.
        let sent = file.clone();
        let cleaned = app.pool.run_behind(pixels, move || clean::clean(&sent, Trust::Operator)).await?;
        let cleaned = cleaned.map_err(Trouble::Picture)?;
        file = cleaned.bytes.into();
        objects::put(&app.images, &row.name, file.clone()).await?;
        let size = (cleaned.size.width, cleaned.size.height);
        variants::cleaned(app.db.write(), &row.name, file.len(), size, cleaned.animated).await?;
        row.animated = i32::from(cleaned.animated);
    }
    if matches!(format, Format::Svg | Format::Avif) {
        let tx = app.db.begin().await?;
        variants::done(&tx, Outcome { row: &row, blurhash: None, variants: Vec::new() }).await?;
        return Ok(tx.commit().await?);
    }
    let animated = row.animated != 0;
    let made =
        app.pool.run_behind(pixels, move || making::make(format, &file, animated)).await?.map_err(Trouble::Picture)?;
    let mut variants = Vec::with_capacity(made.smaller.len());
    for Smaller { width, height, bytes } in made.smaller {
        let name = name::of_variant(&row.name, width);
        variants.push(NewVariant { name: name.clone(), width, height, size: bytes.len() });
        objects::put(&app.images, &name, bytes.into()).await?;
    }
    let names: Vec<String> = variants.iter().map(|variant| variant.name.clone()).collect();
    let tx = app.db.begin().await?;
    let there = variants::done(&tx, Outcome { row: &row, blurhash: made.blurhash, variants }).await?;
    tx.commit().await?;
    if !there {
        // It was removed meanwhile.
        orphans::delete_files(app, &row.stem, &names).await?;
    }
    Ok(())
}
