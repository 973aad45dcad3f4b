//! What columns a table has, and their values as JSON and back.

use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Value};
use serde_json::{Map, Value as Json};

use crate::db::sql;

/// How a column's values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Boolean,
    Real,
    /// As base64.
    Blob,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(FromQueryResult)]
struct Found {
    name: String,
    declared: String,
}

/// The columns of a table, in order.
pub(super) async fn of<C: ConnectionTrait>(db: &C, table: &str) -> Result<Vec<Column>, DbErr> {
    let query = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT column_name::text AS name, data_type::text AS declared FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'
            ORDER BY ordinal_position"
        }
        _ => "SELECT name, type AS declared FROM pragma_table_info($1) ORDER BY cid",
    };
    let found = sql::all::<Found, _>(db, query, [table.into()]).await?;
    if found.is_empty() {
        return Err(DbErr::Custom(format!("there is no table {table}")));
    }
    found
        .into_iter()
        .map(|column| match kind(&column.declared) {
            Some(kind) => Ok(Column { name: column.name, kind }),
            None => {
                Err(DbErr::Custom(format!("{table}.{} is {}, which no backup holds", column.name, column.declared)))
            }
        })
        .collect()
}

fn kind(declared: &str) -> Option<Kind> {
    let declared = declared.to_ascii_lowercase();
    Some(match declared.split('(').next().unwrap_or_default().trim() {
        "text" | "varchar" | "character varying" | "char" | "character" => Kind::Text,
        "integer" | "int" | "bigint" | "smallint" => Kind::Integer,
        "boolean" | "bool" => Kind::Boolean,
        "real" | "double precision" | "double" => Kind::Real,
        "blob" | "bytea" => Kind::Blob,
        _ => return None,
    })
}

/// A row as JSON.
pub(super) fn to_json(row: &QueryResult, columns: &[Column]) -> Result<Map<String, Json>, DbErr> {
    let mut map = Map::with_capacity(columns.len());
    for Column { name, kind } in columns {
        let value = match kind {
            Kind::Text => row.try_get::<Option<String>>("", name)?.map(Json::from),
            Kind::Integer => row.try_get::<Option<i64>>("", name)?.map(Json::from),
            Kind::Boolean => row.try_get::<Option<bool>>("", name)?.map(Json::from),
            Kind::Real => row.try_get::<Option<f64>>("", name)?.map(Json::from),
            Kind::Blob => row.try_get::<Option<Vec<u8>>>("", name)?.map(|bytes| STANDARD.encode(bytes).into()),
        };
        map.insert(name.clone(), value.unwrap_or(Json::Null));
    }
    Ok(map)
}

/// A column's value from JSON. What is not there is NULL.
pub(super) fn from_json(value: Option<&Json>, kind: Kind) -> Option<Value> {
    let value = value.unwrap_or(&Json::Null);
    if value.is_null() {
        return Some(match kind {
            Kind::Text => Value::String(None),
            Kind::Integer => Value::BigInt(None),
            Kind::Boolean => Value::Bool(None),
            Kind::Real => Value::Double(None),
            Kind::Blob => Value::Bytes(None),
        });
    }
    Some(match kind {
        Kind::Text => value.as_str()?.into(),
        Kind::Integer => value.as_i64()?.into(),
        Kind::Boolean => value.as_bool()?.into(),
        Kind::Real => value.as_f64()?.into(),
        Kind::Blob => STANDARD.decode(value.as_str()?).ok()?.into(),
    })
}

/// The columns as a list for SELECT; integers of any width come as 64 bits.
pub(super) fn select(columns: &[Column], backend: DbBackend) -> String {
    let one = |column: &Column| {
        let name = format!("\"{}\"", column.name);
        match (backend, column.kind) {
            (DbBackend::Postgres, Kind::Integer) => format!("{name}::bigint AS {name}"),
            (DbBackend::Postgres, Kind::Real) => format!("{name}::double precision AS {name}"),
            _ => name,
        }
    };
    columns.iter().map(one).collect::<Vec<_>>().join(", ")
}
