//! The keys: what each takes, what it is called in the environment, how a refusal reads.

use std::fmt::Debug;

use figment::providers::Env;

/// Every key that the environment may set as well, and what it takes: told when a value is refused.
pub(super) const KEYS: &[(&str, &str)] = &[
    ("data", "a folder"),
    ("listen", "an address and port such as 127.0.0.1:8080"),
    ("operator_listen", "an address and port such as 127.0.0.1:0"),
    ("public_url", "an address such as https://blog.example, without a path"),
    ("modules", "a folder"),
    ("site.name", "a name of 1 to 60 characters"),
    ("database.analytics", DATABASE),
    ("database.auth", DATABASE),
    ("database.bff", DATABASE),
    ("database.blog", DATABASE),
    ("database.content", DATABASE),
    ("database.page", DATABASE),
    ("database.storage", DATABASE),
    ("cache.pages_megabytes", "a number of megabytes; 0 keeps no pages"),
    ("services.bus", "the address of a RabbitMQ, amqp://user@host/"),
    ("services.cache", "the address of a Redis, redis://host/"),
    ("services.token_file", "a file"),
    ("services.urls.analytics", SERVICE),
    ("services.urls.auth", SERVICE),
    ("services.urls.blog", SERVICE),
    ("services.urls.content", SERVICE),
    ("services.urls.page", SERVICE),
    ("services.urls.storage", SERVICE),
    ("network.trusted_proxies", "a list of addresses and networks such as 10.0.0.0/8"),
    ("network.country_header", "the name of a header such as cf-ipcountry"),
    ("limits.enabled", "true or false"),
    ("limits.per_minute.login", PER_MINUTE),
    ("limits.per_minute.auth", PER_MINUTE),
    ("limits.per_minute.blog", PER_MINUTE),
    ("limits.per_minute.content", PER_MINUTE),
    ("limits.per_minute.page", PER_MINUTE),
    ("limits.per_minute.analytics", PER_MINUTE),
    ("limits.per_minute.storage", PER_MINUTE),
    ("limits.per_minute.pages", PER_MINUTE),
    ("limits.per_minute.forms", PER_MINUTE),
    ("limits.per_minute.documents", PER_MINUTE),
    ("limits.per_minute.media", PER_MINUTE),
    ("limits.per_minute.reports", PER_MINUTE),
    ("limits.in_flight", "a number of requests; 0 for any number"),
    ("limits.queue_ms", "a number of milliseconds"),
    ("limits.connections", "a number of connections, 1 or more"),
    ("limits.connections_per_address", "a number of connections, 1 or more"),
    ("cors.origins", "a list of origins such as https://app.example (without a path), or *"),
    ("cors.credentials", "a list of origins such as https://app.example, without a path"),
    ("tls.certificate", "a file"),
    ("tls.key", "a file"),
    ("tls.redirect", "an address and port such as 0.0.0.0:80"),
    ("analytics.utc_offset_minutes", "minutes from -840 to 840"),
    ("analytics.retention_days", "a number of days, 31 or more"),
    ("analytics.google.measurement_id", "an id such as G-ABC123"),
    ("analytics.google.api_secret_file", "a file"),
    ("analytics.google.endpoint", "an http or https address"),
    ("storage.author_quota_mib", "a number of mebibytes, 0 for no limit"),
    ("storage.reader_quota_mib", "a number of mebibytes, 0 for no limit"),
    ("s3.endpoint", "an http or https address"),
    ("s3.region", "a region as the provider calls it"),
    ("s3.bucket", "the name of a bucket"),
    ("s3.access_key", "an access key id"),
    ("s3.secret_key_file", "a file"),
    ("accounts.audit_days", "a number of days, 1 or more"),
    ("mail.from", "an address such as Maru <no-reply@example.com>"),
    ("mail.smtp.host", "the name of a mail server"),
    ("mail.smtp.port", "a port"),
    ("mail.smtp.security", "tls, starttls or none"),
    ("mail.smtp.username", "a name"),
    ("mail.smtp.password_file", "a file"),
    ("mail.smtp.root_certificates", "a list of files"),
    ("log.level", "error, warn, info, debug, trace, or directives such as info,blog=debug"),
    ("log.format", "auto, text or json"),
    ("telemetry.otlp_endpoint", "the address of an OTLP collector such as http://localhost:4318"),
    ("telemetry.sample_ratio", "a number from 0 to 1"),
    ("lifecycle.notice", "a number of seconds"),
    ("lifecycle.drain", "a number of seconds"),
    ("reconciliation.at", "a time of day in UTC such as 03:30, or nothing"),
];

const PER_MINUTE: &str = "a number of requests per minute; 0 for any number";
const DATABASE: &str = "sqlite://path?mode=rwc or postgres://user@host/database";
const SERVICE: &str = "the address of that service, http://host:port";

/// What the environment sets. Other `MARU_*` names belong to other programs.
pub(super) fn environment() -> Env {
    let names: Vec<String> = KEYS.iter().map(|(key, _)| key.replace('.', "__")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Env::prefixed("MARU_").only(&names).split("__")
}

/// Says that `value` is refused, and what is allowed.
pub(crate) fn refused(key: &str, value: impl Debug) -> String {
    let allowed = KEYS.iter().find(|(name, _)| *name == key).map_or("another value", |(_, allowed)| allowed);
    format!("{key} = {value:?} is refused; allowed is {allowed}")
}

pub(super) fn in_words(error: figment::Error) -> anyhow::Error {
    let lines: Vec<String> = error
        .into_iter()
        .map(|error| {
            let key = error.path.join(".");
            let source = error.metadata.as_ref().map(|metadata| match &metadata.source {
                Some(figment::Source::Code(_)) => " (from the command line)".to_owned(),
                Some(source) => format!(" (from {source})"),
                None => format!(" (from {})", metadata.name),
            });
            let source = source.unwrap_or_default();
            match KEYS.iter().find(|(name, _)| *name == key) {
                Some((_, allowed)) => format!("{key} is refused: {}; allowed is {allowed}{source}", error.kind),
                None if key.is_empty() => format!("{}{source}", error.kind),
                None => format!("{key}: {}{source}", error.kind),
            }
        })
        .collect();
    anyhow::anyhow!("the configuration is not right:\n  {}", lines.join("\n  "))
}
