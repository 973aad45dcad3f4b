//! Images that come along.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{Export, files};
use crate::importer::{references_of, rewrite_references};

impl Export<'_> {
    /// The text with its images beside it. Lines end as they do everywhere but in forms.
    pub(super) async fn bring_images(&mut self, text: &str) -> Result<String> {
        let text = text.replace("\r\n", "\n");
        let mut places = BTreeMap::new();
        for url in references_of(&text) {
            if let Some(place) = self.bring_image(Some(&url)).await? {
                places.insert(url, place);
            }
        }
        Ok(rewrite_references(&text, |url| places.get(url).filter(|place| *place != url).cloned()))
    }

    /// Where an image stands now: in the folder when it is this site's, else where it was.
    pub(super) async fn bring_image(&mut self, url: Option<&str>) -> Result<Option<String>> {
        let Some(url) = url else { return Ok(None) };
        let (path, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
        let Some(name) = path.strip_prefix("/media/").filter(|name| files::is_plain(name)) else {
            return Ok(Some(url.to_owned()));
        };
        if !self.folder.has_image(name) {
            let bytes = match self.services.storage().get_bytes(path).await {
                Ok(bytes) => bytes,
                // A broken reference stays one.
                Err(error) if error.is_not_found() => return Ok(Some(url.to_owned())),
                Err(error) => return Err(error).with_context(|| url.to_owned()),
            };
            self.folder.write_image(name, &bytes)?;
        }
        Ok(Some(format!("../media/{name}{rest}")))
    }
}
