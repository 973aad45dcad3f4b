//! Both ways in which mails leave: the same happens, whichever it is.

use auth::settings::{MailSettings, MailTransport, SmtpSecurity, SmtpSettings};
use contracts::auth::{MailSent, ResetRequest, SignInOptions};
use kit::{
    Secret,
    db::sql,
    testing::{Backend, eventually},
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde::Deserialize;
use tempfile::TempDir;
use time::Duration;

use crate::{
    eml::Mail,
    servers::{Server, counted, free_port},
    support::Auth,
};

kit::on_both_databases!(
    mails_arrive_in_files,
    mails_arrive_over_tls,
    mails_arrive_after_starttls,
    mails_arrive_without_tls_on_this_machine,
    a_refused_mail_is_not_sent_again,
    a_mail_waits_for_its_server,
    a_server_that_is_not_the_one_meant_gets_nothing,
    a_mail_that_is_of_no_use_any_more_is_not_sent,
);

async fn ask(auth: &Auth, email: &str) {
    let input = ResetRequest { email: email.into(), ..ResetRequest::default() };
    auth.client.post("/api/auth/password-reset", &input).await.json::<MailSent>(202);
}

/// What every transport has to hand over.
fn check(mail: &Mail) {
    assert_eq!(mail.to, "a@example.com");
    assert_eq!(mail.from, "Maru <mail@maru.test>");
    assert!(mail.head.contains("Subject: Choose a new password for Maru"), "{}", mail.head);
    let id = mail.head.lines().find(|line| line.starts_with("Message-ID: <")).expect("an id");
    assert!(id.ends_with("@maru.test>"), "{id}");
    assert_eq!(mail.token("https://maru.test/reset/").len(), 64);
    assert!(mail.html.contains(&format!("href=\"https://maru.test/reset/{}\"", mail.token("/reset/"))));
}

fn from() -> Option<String> {
    Some("Maru <mail@maru.test>".to_owned())
}

#[derive(Deserialize)]
struct Received {
    from: String,
    to: Vec<String>,
    raw: String,
}

/// A mail server with a certificate of its own.
struct Smtp {
    server: Server,
    settings: SmtpSettings,
    _folder: TempDir,
}

impl Smtp {
    async fn start(security: SmtpSecurity) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let (key, certificate) = (folder.path().join("key.pem"), folder.path().join("cert.pem"));
        std::fs::write(&key, signing_key.serialize_pem()).expect("written");
        std::fs::write(&certificate, cert.pem()).expect("written");
        let name = match security {
            SmtpSecurity::Tls => "tls",
            SmtpSecurity::StartTls => "starttls",
            SmtpSecurity::None => "plain",
        };
        let (key, cert) = (key.display().to_string(), certificate.display().to_string());
        let server = Server::start("smtp.mjs", &[name, "0", &key, &cert]).await;
        let is_private = security != SmtpSecurity::None;
        let settings = SmtpSettings {
            host: "localhost".into(),
            port: Some(server.place.parse().expect("a port")),
            security,
            username: is_private.then(|| "maru".to_owned()),
            password: is_private.then(|| Secret::new("secret")),
            root_certificates: if is_private { vec![certificate] } else { Vec::new() },
        };
        Self { server, settings, _folder: folder }
    }

    async fn auth(&self, backend: Backend) -> Auth {
        let settings = self.settings.clone();
        Auth::start_with(backend, |auth| {
            auth.mail = MailSettings { from: from(), transport: MailTransport::Smtp(settings) };
        })
        .await
    }

    async fn receive(&self) -> Received {
        serde_json::from_str(&self.server.line().await).expect("JSON")
    }
}

async fn somebody(auth: &Auth, email: &str) {
    auth.member(email, contracts::module::Role::User).await;
}

async fn mails_arrive_in_files(backend: Backend) {
    use std::os::unix::fs::PermissionsExt;
    let auth = Auth::start_with(backend, |settings| settings.mail.from = from()).await;
    somebody(&auth, "a@example.com").await;
    ask(&auth, "a@example.com").await;
    check(&auth.mail("a@example.com", 1).await);
    auth.settle().await;
    let files: Vec<_> = std::fs::read_dir(auth.data.path().join("outbox-mail")).expect("there").flatten().collect();
    assert_eq!(files.len(), 1, "nothing half-written is left");
    assert_eq!(files[0].metadata().expect("there").permissions().mode() & 0o777, 0o600, "it holds a link");
}

async fn arrives(backend: Backend, security: SmtpSecurity) {
    let smtp = Smtp::start(security).await;
    let auth = smtp.auth(backend).await;
    // Where mails are really sent, addresses are confirmed before there is an account.
    assert!(auth.client.get("/api/auth/options").await.json::<SignInOptions>(200).verify_email);
    somebody(&auth, "a@example.com").await;
    for _ in 0..2 {
        ask(&auth, "a@example.com").await;
        let received = smtp.receive().await;
        assert_eq!((received.from.as_str(), received.to.as_slice()), ("mail@maru.test", &["a@example.com".into()][..]));
        check(&Mail::parse(&received.raw));
    }
    auth.settle().await;
}

async fn mails_arrive_over_tls(backend: Backend) {
    arrives(backend, SmtpSecurity::Tls).await;
}

async fn mails_arrive_after_starttls(backend: Backend) {
    arrives(backend, SmtpSecurity::StartTls).await;
}

async fn mails_arrive_without_tls_on_this_machine(backend: Backend) {
    arrives(backend, SmtpSecurity::None).await;
}

async fn a_refused_mail_is_not_sent_again(backend: Backend) {
    let smtp = Smtp::start(SmtpSecurity::None).await;
    let auth = smtp.auth(backend).await;
    for email in ["refused@example.com", "a@example.com"] {
        somebody(&auth, email).await;
        ask(&auth, email).await;
    }
    // One that is refused does not hold up the others.
    check(&Mail::parse(&smtp.receive().await.raw));
    let db = auth.db.connect().await;
    counted(&db, "SELECT COUNT(*) AS n FROM mails WHERE failed_at IS NOT NULL AND text = ''", 1).await;
    auth.settle().await;
}

async fn a_mail_waits_for_its_server(backend: Backend) {
    let smtp = Smtp::start(SmtpSecurity::None).await;
    let auth = smtp.auth(backend).await;
    somebody(&auth, "later@example.com").await;
    ask(&auth, "later@example.com").await;
    let db = auth.db.connect().await;
    counted(&db, "SELECT COUNT(*) AS n FROM mails WHERE attempts = 1 AND last_error IS NOT NULL", 1).await;
    auth.shared.advance(Duration::seconds(10));
    assert_eq!(smtp.receive().await.to, ["later@example.com"]);
    auth.settle().await;

    // A server that is away altogether.
    let port = free_port();
    let auth = Auth::start_with(backend, |auth| {
        let settings = SmtpSettings { port: Some(port), ..smtp.settings.clone() };
        auth.mail = MailSettings { from: from(), transport: MailTransport::Smtp(settings) };
    })
    .await;
    somebody(&auth, "a@example.com").await;
    ask(&auth, "a@example.com").await;
    let db = auth.db.connect().await;
    counted(&db, "SELECT COUNT(*) AS n FROM mails WHERE attempts = 1 AND last_error IS NOT NULL", 1).await;
    let server = Server::start("smtp.mjs", &["plain", &port.to_string()]).await;
    auth.shared.advance(Duration::seconds(10));
    let received: Received = serde_json::from_str(&server.line().await).expect("JSON");
    check(&Mail::parse(&received.raw));
    auth.settle().await;
}

async fn a_server_that_is_not_the_one_meant_gets_nothing(backend: Backend) {
    for security in [SmtpSecurity::Tls, SmtpSecurity::StartTls] {
        let smtp = Smtp::start(security).await;
        let settings = SmtpSettings { root_certificates: Vec::new(), ..smtp.settings.clone() };
        let auth = Auth::start_with(backend, |auth| {
            auth.mail = MailSettings { from: from(), transport: MailTransport::Smtp(settings) };
        })
        .await;
        somebody(&auth, "a@example.com").await;
        ask(&auth, "a@example.com").await;
        let db = auth.db.connect().await;
        counted(&db, "SELECT COUNT(*) AS n FROM mails WHERE attempts >= 1 AND last_error IS NOT NULL", 1).await;
        counted(&db, "SELECT COUNT(*) AS n FROM mails", 1).await;
    }
}

async fn a_mail_that_is_of_no_use_any_more_is_not_sent(backend: Backend) {
    let smtp = Smtp::start(SmtpSecurity::None).await;
    let auth = smtp.auth(backend).await;
    somebody(&auth, "later@example.com").await;
    ask(&auth, "later@example.com").await;
    let db = auth.db.connect().await;
    counted(&db, "SELECT COUNT(*) AS n FROM mails WHERE attempts = 1 AND last_error IS NOT NULL", 1).await;
    // The link has ended by now.
    auth.shared.advance(Duration::minutes(31));
    eventually("giving up", || async {
        let query = "SELECT COUNT(*) AS n FROM mails WHERE failed_at IS NOT NULL";
        (sql::number(db.read(), query, []).await.expect("counted") == 1).then_some(())
    })
    .await;
}
