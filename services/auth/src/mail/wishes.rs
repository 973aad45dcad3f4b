//! Turns wishes for mails into mails. Only here it is found out whether there is an account, after
//! the one who asked has their answer.

use contracts::auth::LinkPurpose;
use sea_orm::{DatabaseTransaction, DbErr};

use super::Letter;
use crate::{
    app::App,
    store::{
        audit::{Happening, Note},
        links::{self, Owner},
        mails::{self, Wish, WishKind},
        registrations, users,
    },
};

pub(super) async fn fulfil(app: &App) -> Result<(), DbErr> {
    loop {
        let wishes = mails::wishes(app.db.read()).await?;
        if wishes.is_empty() {
            return Ok(());
        }
        for id in wishes {
            let tx = app.db.begin().await?;
            if let Some(wish) = mails::take_wish(&tx, &id).await? {
                match wish.kind {
                    WishKind::Reset => reset(app, &tx, &wish).await?,
                    WishKind::Registration => registration(app, &tx, &wish).await?,
                    WishKind::Resend => resend(app, &tx, &wish).await?,
                }
            }
            tx.commit().await?;
        }
    }
}

async fn reset(app: &App, tx: &DatabaseTransaction, wish: &Wish) -> Result<(), DbErr> {
    let user = users::by_email(tx, &wish.email).await?.filter(users::User::is_active);
    let Some(user) = user else { return Ok(()) };
    let now = app.clock.millis();
    let token = links::add(tx, LinkPurpose::PasswordReset, Owner::User(&user.id), &wish.email, now).await?;
    let locale = user.locale.as_deref().or(wish.locale.as_deref());
    app.site.post(tx, &wish.email, locale, &Letter::ResetPassword { token: &token }, now).await?;
    Note::new(Happening::PasswordResetAsked).about(&user.id).write(tx, now).await
}

async fn registration(app: &App, tx: &DatabaseTransaction, wish: &Wish) -> Result<(), DbErr> {
    let Some(id) = &wish.registration_id else { return Ok(()) };
    let now = app.clock.millis();
    if let Some(user) = users::by_email(tx, &wish.email).await? {
        registrations::remove(tx, id).await?;
        let locale = user.locale.as_deref().or(wish.locale.as_deref());
        return app.site.post(tx, &wish.email, locale, &Letter::AccountExists, now).await;
    }
    // It may have ended before its turn came.
    if registrations::by_id(tx, id).await?.is_none() {
        return Ok(());
    }
    let token = links::add(tx, LinkPurpose::Registration, Owner::Registration(id), &wish.email, now).await?;
    app.site.post(tx, &wish.email, wish.locale.as_deref(), &Letter::ConfirmRegistration { token: &token }, now).await
}

async fn resend(app: &App, tx: &DatabaseTransaction, wish: &Wish) -> Result<(), DbErr> {
    let now = app.clock.millis();
    if let Some(user) = users::by_email(tx, &wish.email).await? {
        if user.email_verified_at.is_some() || !user.is_active() {
            return Ok(());
        }
        let token = links::add(tx, LinkPurpose::Address, Owner::User(&user.id), &wish.email, now).await?;
        let letter = Letter::ConfirmAddress { token: &token };
        return app.site.post(tx, &wish.email, user.locale.as_deref(), &letter, now).await;
    }
    let Some(waiting) = registrations::newest(tx, &wish.email, now).await? else { return Ok(()) };
    let token = links::add(tx, LinkPurpose::Registration, Owner::Registration(&waiting.id), &wish.email, now).await?;
    let letter = Letter::ConfirmRegistration { token: &token };
    app.site.post(tx, &wish.email, waiting.locale.as_deref(), &letter, now).await
}
