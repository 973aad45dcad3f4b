//! Images in lists.

use contracts::storage::Image;
use kit::db::{Db, sql};
use sea_orm::{DbErr, Value};

use super::{
    images::{self, Row, SELECT},
    small,
};

/// Which images.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) uploader: Option<String>,
    pub(crate) folder: Option<String>,
    /// Words of the file's name.
    pub(crate) words: String,
    /// Unused since before this moment.
    pub(crate) unused_before: Option<i64>,
}

impl Filter {
    fn sql(&self) -> (String, Vec<Value>) {
        let mut conditions = vec!["TRUE".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        let mut and = |condition: &str, value: Value| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("${}", values.len())));
        };
        if let Some(uploader) = &self.uploader {
            and("i.uploader_id = ?", uploader.as_str().into());
        }
        if let Some(folder) = &self.folder {
            and("i.folder = ?", folder.as_str().into());
        }
        for word in self.words.split_whitespace().take(8) {
            and("LOWER(i.filename) LIKE ? ESCAPE '\\'", format!("%{}%", escape_like(&word.to_lowercase())).into());
        }
        if let Some(before) = self.unused_before {
            and("i.unused_since < ?", before.into());
        }
        (conditions.join(" AND "), values)
    }
}

/// One page of what passes, newest first, and how many do.
pub(crate) async fn page(db: &Db, filter: &Filter, page: u32, size: u32) -> Result<(Vec<Image>, u32), DbErr> {
    let (chosen, mut values) = filter.sql();
    let count = format!("SELECT COUNT(*) AS n FROM images i WHERE {chosen}");
    let total = sql::number(db.read(), &count, values.clone()).await?;
    let (limit, offset) = (values.len() + 1, values.len() + 2);
    let query = format!("{SELECT} FROM images i WHERE {chosen} ORDER BY i.id DESC LIMIT ${limit} OFFSET ${offset}");
    values.push(i64::from(size).into());
    values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
    let rows = sql::all::<Row, _>(db.read(), &query, values).await?;
    Ok((images::with_variants(db.read(), rows).await?, small(total)))
}

fn escape_like(word: &str) -> String {
    word.chars().fold(String::with_capacity(word.len()), |mut text, c| {
        if matches!(c, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(c);
        text
    })
}
