//! What happens to categories and tags.

use contracts::{
    blog::{Term, TermInput},
    problem::Problem,
};
use kit::{ApiError, ApiResult};
use sea_orm::{DatabaseTransaction, DbErr};

use super::events;
use crate::{
    domain::{fields::Fields as Rules, slug::slugify},
    store::{
        term_writes::{self, COLORS, Fields},
        terms::{self, Kind},
    },
};

const MAX_NAME: usize = 50;
const MAX_DESCRIPTION: usize = 500;
const MAX_ICON: usize = 32;

/// Id of the term of that name, made when it does not exist. None when no slug can be made of it.
pub(crate) async fn ensure(
    tx: &DatabaseTransaction,
    kind: Kind,
    name: &str,
    now: i64,
) -> Result<Option<String>, DbErr> {
    let slug = slugify(name);
    if slug.is_empty() {
        return Ok(None);
    }
    // One with an address of its own choosing is meant by its name; what was merged or renamed, by its old one, too.
    if let Some(id) = terms::id_by_name(tx, kind, name).await? {
        return Ok(Some(id));
    }
    if let Some(id) = terms::id_of(tx, kind, &slug).await? {
        return Ok(Some(id));
    }
    make(tx, kind, &Fields { name, slug: &slug, ..Fields::default() }, now).await.map(Some)
}

/// What an import says of a term: its id, made when it does not exist. None when no slug can be made of it.
pub(crate) async fn bring(
    tx: &DatabaseTransaction,
    kind: Kind,
    fields: &Fields<'_>,
    aliases: &[String],
    now: i64,
) -> Result<Option<String>, DbErr> {
    let id = if fields.slug.is_empty() {
        ensure(tx, kind, fields.name, now).await?
    } else if let Some(term) = terms::by_slug(tx, kind, fields.slug).await? {
        Some(term.id)
    } else {
        Some(make(tx, kind, fields, now).await?)
    };
    if let Some(id) = &id {
        for alias in aliases.iter().map(|alias| slugify(alias)).filter(|alias| !alias.is_empty()) {
            if terms::by_slug(tx, kind, &alias).await?.is_none() {
                term_writes::lead(tx, kind, &alias, id).await?;
            }
        }
    }
    Ok(id)
}

async fn make(tx: &DatabaseTransaction, kind: Kind, fields: &Fields<'_>, now: i64) -> Result<String, DbErr> {
    let id = term_writes::insert(tx, kind, fields).await?;
    term_writes::stay(tx, kind, fields.slug).await?;
    events::term(tx, kind, &id, vec![fields.slug.to_owned()], now).await?;
    Ok(id)
}

/// Gives the post exactly these tags, by name; unknown ones are made. Answers their ids.
pub(crate) async fn set_tags(
    tx: &DatabaseTransaction,
    post_id: &str,
    names: &[String],
    now: i64,
) -> Result<Vec<String>, DbErr> {
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        if let Some(id) = ensure(tx, Kind::Tag, name, now).await?
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    term_writes::set_tags(tx, post_id, &ids).await?;
    Ok(ids)
}

/// A checked body of `POST` or `PUT`.
#[derive(Debug)]
pub(crate) struct Checked {
    name: String,
    slug: Option<String>,
    description: Option<String>,
    icon: Option<String>,
    color: Option<i32>,
    pub(crate) version: Option<u32>,
}

/// Checks what is said of a term.
pub(crate) fn check(kind: Kind, input: TermInput) -> Result<Checked, Problem> {
    let mut rules = Rules::new();
    let tidy = |text: Option<String>| text.map(|text| text.trim().replace('\0', "")).filter(|text| !text.is_empty());
    let long = |text: &Option<String>, max: usize| text.as_ref().is_some_and(|text| text.chars().count() > max);
    let mut name = input.name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.retain(|c| !c.is_control());
    let (typed, description, icon) = (tidy(input.slug), tidy(input.description), tidy(input.icon));
    if name.is_empty() {
        rules.refuse("name", "required", "It needs a name.");
    } else if name.chars().count() > MAX_NAME {
        rules.refuse("name", "too_long", format!("A name has at most {MAX_NAME} characters."));
    } else if typed.is_none() && slugify(&name).is_empty() {
        rules.refuse("name", "invalid", "It needs at least one letter or digit.");
    }
    let slug = typed.map(|typed| slugify(&typed));
    if slug.as_deref() == Some("") {
        rules.refuse("slug", "invalid", "An address needs a letter or a digit.");
    }
    if long(&description, MAX_DESCRIPTION) {
        rules.refuse("description", "too_long", format!("A description has at most {MAX_DESCRIPTION} characters."));
    }
    if long(&icon, MAX_ICON) {
        rules.refuse("icon", "too_long", format!("An icon has at most {MAX_ICON} characters."));
    }
    if input.color.is_some_and(|color| i64::from(color) >= COLORS) {
        rules.refuse("color", "invalid", format!("A colour is its index in the palette, 0 to {}.", COLORS - 1));
    }
    if kind == Kind::Tag {
        for (field, given) in
            [("description", description.is_some()), ("icon", icon.is_some()), ("color", input.color.is_some())]
        {
            if given {
                rules.refuse(field, "unknown", "Only categories have that.");
            }
        }
    }
    rules.done()?;
    let color = input.color.and_then(|color| i32::try_from(color).ok());
    Ok(Checked { name, slug, description, icon, color, version: input.version })
}

impl Checked {
    fn fields<'a>(&'a self, slug: &'a str) -> Fields<'a> {
        Fields {
            name: &self.name,
            slug,
            description: self.description.as_deref(),
            icon: self.icon.as_deref(),
            color: self.color,
        }
    }
}

/// Makes a term. One whose name or slug is there already is refused.
pub(crate) async fn create(tx: &DatabaseTransaction, kind: Kind, input: &Checked, now: i64) -> ApiResult<Term> {
    let slug = input.slug.clone().unwrap_or_else(|| slugify(&input.name));
    free(tx, kind, &slug, None, input.slug.is_some()).await?;
    let id = term_writes::insert(tx, kind, &input.fields(&slug)).await?;
    term_writes::stay(tx, kind, &slug).await?;
    events::term(tx, kind, &id, vec![slug.clone()], now).await?;
    found(tx, kind, &slug).await
}

/// Changes the term at `slug`. A new slug leaves the old one leading here.
pub(crate) async fn update(
    tx: &DatabaseTransaction,
    kind: Kind,
    slug: &str,
    input: &Checked,
    now: i64,
) -> ApiResult<Term> {
    let current = terms::by_slug(tx, kind, slug).await?.ok_or_else(|| Problem::not_found(kind.name()))?;
    if let Some(yours) = input.version
        && yours != current.version
    {
        return Err(ApiError::stale(yours, current.version, &current));
    }
    let wanted = input.slug.clone().unwrap_or_else(|| current.slug.clone());
    free(tx, kind, &wanted, Some(&current.id), true).await?;
    term_writes::update(tx, kind, &current.id, &input.fields(&wanted)).await?;
    let mut slugs = vec![wanted.clone()];
    if wanted != current.slug {
        term_writes::stay(tx, kind, &wanted).await?;
        term_writes::lead(tx, kind, &current.slug, &current.id).await?;
        slugs.push(current.slug);
    }
    events::term(tx, kind, &current.id, slugs, now).await?;
    found(tx, kind, &wanted).await
}

/// Gives the posts of the term at `from` to the one at `into`; `from` leads there.
pub(crate) async fn merge(tx: &DatabaseTransaction, kind: Kind, from: &str, into: &str, now: i64) -> ApiResult<Term> {
    let from = terms::by_slug(tx, kind, from).await?.ok_or_else(|| Problem::not_found(kind.name()))?;
    let unknown = || Problem::validation().with_field("into", "unknown", format!("There is no such {}.", kind.name()));
    let into = terms::by_slug(tx, kind, &slugify(into)).await?.ok_or_else(unknown)?;
    if from.id == into.id {
        return Err(Problem::validation().with_field("into", "invalid", "It cannot be merged into itself.").into());
    }
    term_writes::move_posts(tx, kind, &from.id, &into.id).await?;
    term_writes::delete(tx, kind, &from.id).await?;
    term_writes::lead(tx, kind, &from.slug, &into.id).await?;
    match kind {
        Kind::Tag => term_writes::recount(tx, [into.id.clone()], None).await?,
        Kind::Category => term_writes::recount(tx, None, [into.id.clone()]).await?,
    }
    events::term(tx, kind, &from.id, vec![from.slug.clone(), into.slug.clone()], now).await?;
    found(tx, kind, &into.slug).await
}

/// Removes the term at `slug`; its posts stay without it.
pub(crate) async fn delete(
    tx: &DatabaseTransaction,
    kind: Kind,
    slug: &str,
    version: Option<u32>,
    now: i64,
) -> ApiResult<()> {
    let current = terms::by_slug(tx, kind, slug).await?.ok_or_else(|| Problem::not_found(kind.name()))?;
    if let Some(yours) = version
        && yours != current.version
    {
        return Err(ApiError::stale(yours, current.version, &current));
    }
    term_writes::delete(tx, kind, &current.id).await?;
    Ok(events::term(tx, kind, &current.id, vec![current.slug], now).await?)
}

/// Refuses a slug that another term has, naming a free one.
async fn free(tx: &DatabaseTransaction, kind: Kind, slug: &str, except: Option<&str>, typed: bool) -> ApiResult<()> {
    let taken = async |slug: &str| -> Result<bool, DbErr> {
        Ok(terms::by_slug(tx, kind, slug).await?.is_some_and(|term| Some(term.id.as_str()) != except))
    };
    if !taken(slug).await? {
        return Ok(());
    }
    let mut number = 2;
    let free = loop {
        let candidate = crate::domain::slug::numbered(slug, number);
        if !taken(&candidate).await? {
            break candidate;
        }
        number += 1;
    };
    let field = if typed { "slug" } else { "name" };
    let message = format!("Another {} has the address `{slug}`; `{free}` is free.", kind.name());
    Err(Problem::validation().with_field(field, "taken", message).into())
}

async fn found(tx: &DatabaseTransaction, kind: Kind, slug: &str) -> ApiResult<Term> {
    let term = terms::by_slug(tx, kind, slug).await?;
    term.ok_or_else(|| ApiError::internal("the term that was just written is gone"))
}
