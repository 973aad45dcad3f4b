//! Names that hold across services.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::join::references;

const PREFIX: &str = "#/components/schemas/";

/// The schemas of all services under names that mean one thing each.
pub(super) struct Named {
    all: Vec<(&'static str, Map<String, Value>)>,
    /// Names under which services mean different things.
    ambiguous: BTreeSet<String>,
}

impl Named {
    pub(super) fn new<'a>(services: impl Iterator<Item = (&'static str, &'a Value)>) -> Self {
        let all: Vec<(&'static str, Map<String, Value>)> =
            services.map(|(service, schemas)| (service, schemas.as_object().cloned().unwrap_or_default())).collect();
        let mut ambiguous = differing(&all);
        // What refers to something ambiguous is ambiguous itself, if several have it.
        loop {
            let further: Vec<String> = shared(&all)
                .into_iter()
                .filter(|(name, schemas)| {
                    !ambiguous.contains(*name) && schemas.iter().any(|one| refers(one, &ambiguous))
                })
                .map(|(name, _)| name.clone())
                .collect();
            if further.is_empty() {
                return Self { all, ambiguous };
            }
            ambiguous.extend(further);
        }
    }

    /// Makes `value` of that service refer to schemas by their new names.
    pub(super) fn rename(&self, service: &str, value: &mut Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(to)) = members.get_mut("$ref")
                    && let Some(name) = to.strip_prefix(PREFIX)
                {
                    *to = format!("{PREFIX}{}", self.name(service, name));
                }
                members.values_mut().for_each(|value| self.rename(service, value));
            }
            Value::Array(items) => items.iter_mut().for_each(|value| self.rename(service, value)),
            _ => {}
        }
    }

    /// All schemas by their new names.
    pub(super) fn schemas(&self) -> Map<String, Value> {
        let mut schemas = Map::new();
        for (service, own) in &self.all {
            for (name, schema) in own {
                let mut schema = schema.clone();
                self.rename(service, &mut schema);
                schemas.insert(self.name(service, name), schema);
            }
        }
        schemas
    }

    fn name(&self, service: &str, name: &str) -> String {
        if self.ambiguous.contains(name) { capitalised(service) + name } else { name.to_owned() }
    }
}

/// Schemas that several services have, by name.
fn shared<'a>(all: &'a [(&'static str, Map<String, Value>)]) -> BTreeMap<&'a String, Vec<&'a Value>> {
    let mut by_name: BTreeMap<&String, Vec<&Value>> = BTreeMap::new();
    for (name, schema) in all.iter().flat_map(|(_, own)| own) {
        by_name.entry(name).or_default().push(schema);
    }
    by_name.retain(|_, schemas| schemas.len() > 1);
    by_name
}

fn differing(all: &[(&'static str, Map<String, Value>)]) -> BTreeSet<String> {
    let differ = |schemas: &[&Value]| schemas.windows(2).any(|two| two[0] != two[1]);
    shared(all).into_iter().filter(|(_, schemas)| differ(schemas)).map(|(name, _)| name.clone()).collect()
}

fn refers(schema: &Value, names: &BTreeSet<String>) -> bool {
    let mut found = Vec::new();
    references(schema, &mut found);
    found.iter().any(|name| names.contains(name))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// `GET /api/posts/{slug}` is `get_posts_by_slug`: one name for one operation, whatever services call it.
pub(super) fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_owned();
    for segment in path.split('/').filter(|segment| !segment.is_empty() && *segment != "api") {
        id.push('_');
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(parameter) => {
                id.push_str("by_");
                id.push_str(parameter.trim_start_matches('*'));
            }
            None => id.extend(segment.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })),
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::operation_id;

    #[test]
    fn an_operation_is_named_by_what_it_does() {
        assert_eq!(operation_id("get", "/api/posts"), "get_posts");
        assert_eq!(operation_id("put", "/api/bug-reports/{id}/response"), "put_bug_reports_by_id_response");
        assert_eq!(operation_id("get", "/.well-known/jwks.json"), "get__well_known_jwks_json");
    }
}
