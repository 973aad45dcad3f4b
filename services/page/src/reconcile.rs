//! Recounts what events maintain, from its owners.

use contracts::{
    auth::UserCard,
    reconcile::{Check, Report},
};
use kit::ApiResult;

use crate::{app::App, store::authors};

/// Accounts looked at together: so many cards auth gives at once.
const ACCOUNTS: i64 = 100;

/// The copies of accounts against the auth service.
pub(crate) async fn run(app: &App) -> ApiResult<Report> {
    let mut check = Check { name: "author_copies".to_owned(), ..Check::default() };
    let mut after = String::new();
    loop {
        let page = authors::page(app.db.read(), &after, ACCOUNTS).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        let ids: Vec<&str> = page.iter().map(|author| author.id.as_str()).collect();
        let cards: Vec<UserCard> = app.peers.get("auth", &format!("/api/users?ids={}", ids.join(","))).await?;
        for author in &page {
            check.checked += 1;
            // One that auth does not know says nothing of what it is called.
            let Some(card) = cards.iter().find(|card| card.id == author.id) else { continue };
            if card.name != author.name || card.avatar != author.avatar {
                check.drift += 1;
                authors::set(app.db.write(), &card.id, &card.name, card.avatar.as_deref()).await?;
                check.repaired += 1;
            }
        }
    }
    Ok(Report { service: "page".to_owned(), checks: vec![check] })
}
