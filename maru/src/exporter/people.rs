//! Who wrote what.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use contracts::auth::UserCard;

use super::{Export, front_matter::Author};
use crate::importer::NOBODY;

/// Public cards of accounts by id; none of a deleted one.
#[derive(Default)]
pub(super) struct People(BTreeMap<String, Option<UserCard>>);

impl Export<'_> {
    /// Who signs: the account, then the others, each once.
    pub(super) async fn authors(&mut self, id: &str, name: &str, others: &[String]) -> Result<Vec<Author>> {
        let card = self.card(id).await?;
        // A deleted account leaves no name, and the importer asks for one.
        let name = if name.is_empty() { NOBODY } else { name };
        let avatar = card.as_ref().and_then(|card| card.avatar.as_deref());
        let avatar = self.bring_image(avatar).await?;
        let bio = card.map(|card| card.bio).unwrap_or_default();
        let mut authors = vec![Author { name: name.to_owned(), bio, avatar }];
        for other in others {
            if authors.iter().all(|author| author.name != *other) {
                authors.push(Author { name: other.clone(), ..Author::default() });
            }
        }
        Ok(authors)
    }

    async fn card(&mut self, id: &str) -> Result<Option<UserCard>> {
        if let Some(known) = self.people.0.get(id) {
            return Ok(known.clone());
        }
        let path = format!("/api/users?ids={id}");
        let cards: Vec<UserCard> = self.services.auth().get(&path).await.context("an author could not be read")?;
        let card = cards.into_iter().next();
        self.people.0.insert(id.to_owned(), card.clone());
        Ok(card)
    }
}
