//! nginx, to compare with: before the same service, and with the same bytes on disk.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{progress, tools};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// What Maru is compared with; ends with us.
pub(super) struct Nginx {
    /// The service has processes of its own: a proxy that is its own service would be spared the way between.
    _processes: [Process; 2],
    /// Serves files below `files`.
    pub(super) files: SocketAddr,
    /// Answers everything with one JSON document: the service behind both gateways.
    pub(super) service: SocketAddr,
    /// Passes everything on to that service.
    pub(super) proxy: SocketAddr,
}

impl Nginx {
    /// Starts it in `place`, with a service that answers `answer`.
    pub(super) fn start(program: &Path, place: &Path, answer: &str) -> Result<Self> {
        for folder in ["files", "service", "temp"] {
            fs::create_dir_all(place.join(folder))?;
        }
        fs::write(place.join("service/answer.json"), answer)?;
        let [files, service, proxy] = free_ports()?;
        let behind = Process::start(program, place, "service", &behind(place, service), service)?;
        let before = Process::start(program, place, "nginx", &before(place, files, service, proxy), proxy)?;
        Ok(Self { _processes: [before, behind], files, service, proxy })
    }
}

/// One nginx with its workers.
struct Process(Child);

impl Process {
    /// Starts one that is configured by `servers` and listens on `address`.
    fn start(program: &Path, place: &Path, name: &str, servers: &str, address: SocketAddr) -> Result<Self> {
        let (configuration, errors) = (place.join(name).with_extension("conf"), place.join(name).with_extension("log"));
        fs::write(&configuration, around(place, name, servers))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(place).arg("-c").arg(configuration).args(["-g", "daemon off;"]);
        command.stdout(Stdio::null()).stderr(fs::File::create(&errors)?);
        let mut process = Self(command.spawn().context("nginx does not start")?);
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = process.0.try_wait()? {
                bail!("nginx ended ({status}): {}", fs::read_to_string(errors)?);
            }
            if begun.elapsed() > PATIENCE {
                bail!("nginx does not listen");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(process)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its workers end with it when it is asked; killed, they would stay.
        let asked = Command::new("kill").arg("-QUIT").arg(self.0.id().to_string()).status();
        if asked.is_err() {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

fn free_ports() -> Result<[SocketAddr; 3]> {
    // All held at once, so that they differ.
    let held = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0"));
    let [a, b, c] = held.map(|one| one.and_then(|listener| listener.local_addr()));
    Ok([a?, b?, c?])
}

/// As one would set it up to be fast: workers on all cores, connections kept, open files remembered, no log.
fn around(place: &Path, name: &str, servers: &str) -> String {
    let place = place.display();
    format!(
        "worker_processes auto;
pid {place}/{name}.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=100;
    client_body_temp_path {place}/temp/body;
    proxy_temp_path {place}/temp/proxy;
    fastcgi_temp_path {place}/temp/fastcgi;
    uwsgi_temp_path {place}/temp/uwsgi;
    scgi_temp_path {place}/temp/scgi;
    types {{ text/html html; application/json json; }}
{servers}}}
"
    )
}

fn behind(place: &Path, service: SocketAddr) -> String {
    let place = place.display();
    format!(
        "    server {{
        listen {service};
        root {place}/service;
        location / {{ try_files /answer.json =404; }}
    }}
"
    )
}

fn before(place: &Path, files: SocketAddr, service: SocketAddr, proxy: SocketAddr) -> String {
    let place = place.display();
    format!(
        "    upstream service {{ server {service}; keepalive 64; keepalive_requests 100000000; }}
    server {{
        listen {files};
        root {place}/files;
        gzip_static on;
    }}
    server {{
        listen {proxy};
        location / {{
            proxy_pass http://service;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
    }}
"
    )
}

/// The nginx of this machine; where there is none, Debian's, unpacked into `place`: a package that is installed
/// would start a server of its own.
pub(super) fn program(place: &Path) -> Result<PathBuf> {
    if let Some(found) = tools::find("nginx") {
        return Ok(found);
    }
    let unpacked = place.join("usr/sbin/nginx");
    // Which of the packages has the program depends on the release of Debian.
    for name in ["nginx", "nginx-light"] {
        if !unpacked.is_file() {
            unpack(name, place)?;
        }
    }
    if !unpacked.is_file() {
        bail!("no package of this machine's has nginx: install it");
    }
    Ok(unpacked)
}

fn unpack(name: &str, place: &Path) -> Result<()> {
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::create_dir_all(place)?;
    let mut download = Command::new("apt-get");
    // Its own user may not write here.
    download.args(["download", "-qq", "-o", "APT::Sandbox::User=root", name]).current_dir(place);
    progress::command(&format!("downloading {name}"), &mut download)
        .context("install nginx, or run `apt-get update`")?;
    let package = fs::read_dir(place)?.flatten().map(|file| file.path());
    let package = package.into_iter().find(|file| file.extension().is_some_and(|end| end == "deb"));
    let package = package.context("apt-get downloaded nothing")?;
    tools::output(Command::new("dpkg").arg("-x").arg(package).arg(place)).map(|_| ())
}
