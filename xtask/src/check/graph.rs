//! The crate graph against the table in ARCHITECTURE.md.

use std::collections::BTreeSet;

use crate::workspace::Workspace;

/// Crate, and which of ours it may use. A new edge is a change here that somebody reviews.
const ALLOWED: &[(&str, &[&str])] = &[
    ("analytics", &["contracts", "kit"]),
    ("auth", &["contracts", "kit"]),
    ("backend-bff", &["contracts", "kit"]),
    ("blog", &["contracts", "kit", "markdown"]),
    ("content", &["contracts", "kit", "markdown"]),
    ("contracts", &[]),
    ("hostile-module", &["contracts"]),
    ("kit", &["contracts"]),
    ("maru", &["analytics", "auth", "backend-bff", "blog", "content", "contracts", "kit", "page", "storage"]),
    ("markdown", &["contracts"]),
    ("mfe-admin", &["contracts", "shared-ui"]),
    ("mfe-blog", &["contracts", "shared-ui"]),
    ("mfe-user", &["contracts", "shared-ui"]),
    ("page", &["contracts", "kit", "markdown"]),
    ("shared-ui", &["contracts"]),
    ("shell", &["contracts", "shared-ui"]),
    ("storage", &["contracts", "kit"]),
    ("xtask", &[]),
];

/// Crates from outside that only some of ours may name.
const RESERVED: &[(&str, &[&str])] = &[
    // 45 kB in every module that links it; the shell owns history, clicks, scrolling and focus.
    ("leptos_router", &["shell"]),
    ("wasmtime", &["backend-bff"]),
];

/// Edges that the tables do not have.
pub(super) fn violations(workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    for krate in workspace.crates.values() {
        match ALLOWED.iter().find(|(name, _)| *name == krate.name) {
            Some((_, allowed)) => found.extend(unexpected(&krate.name, &krate.uses, allowed)),
            None => found.push(format!("{}: not in the table of xtask/src/check/graph.rs", krate.name)),
        }
        for (outside, users) in RESERVED {
            if krate.names.contains(*outside) && !users.contains(&krate.name.as_str()) {
                found.push(format!("{} uses {outside}; only {} may", krate.name, users.join(", ")));
            }
        }
    }
    found
}

fn unexpected(name: &str, uses: &BTreeSet<String>, allowed: &[&str]) -> Vec<String> {
    let unexpected = uses.iter().filter(|used| !allowed.contains(&used.as_str()));
    unexpected.map(|used| format!("{name} may not depend on {used}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_outside_the_table_is_named() {
        let uses = ["contracts", "shell"].map(String::from).into();
        assert_eq!(unexpected("mfe-blog", &uses, &["contracts", "shared-ui"]), ["mfe-blog may not depend on shell"]);
    }
}
