//! Signals that come while the program starts.

use std::{fs, io::Write, path::PathBuf, process::Command, thread, time::Duration};

use kit::testing::eventually;
use tokio::{sync::oneshot, time::timeout};

use crate::site::Whole;

/// Longer than a start takes until it reads the file.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file that is read once at each start, and holds it up until it is written.
struct Gate(PathBuf);

impl Gate {
    fn at(path: PathBuf) -> Self {
        let gate = Self(path);
        gate.shut();
        gate
    }

    fn shut(&self) {
        assert!(Command::new("mkfifo").arg(&self.0).status().unwrap().success());
    }

    /// Waits until the program reads it. The next start finds another.
    async fn reached(&self) -> fs::File {
        let (tell, told) = oneshot::channel();
        let path = self.0.clone();
        // Nobody waits for this thread, should nobody ever read.
        thread::spawn(move || tell.send(fs::OpenOptions::new().write(true).open(path)));
        let file = timeout(PATIENCE, told).await.unwrap().unwrap().unwrap();
        fs::remove_file(&self.0).unwrap();
        self.shut();
        file
    }
}

fn pass(mut gate: fs::File) {
    gate.write_all(b"secret").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_wait_until_it_serves() {
    let site = Whole::new();
    let password = site.folder.path().join("password");
    site.configure(&format!(
        "[mail.smtp]\nhost = \"localhost\"\nsecurity = \"none\"\nusername = \"maru\"\npassword_file = {password:?}"
    ));
    let gate = Gate::at(password);
    let process = site.begin();
    let first = gate.reached().await;
    process.signal("-HUP");
    pass(first);
    site.ready().await;
    let reloaded = async || site.log().contains("the configuration was read again").then_some(());
    eventually("the configuration being read again", reloaded).await;

    process.signal("-USR2");
    let second = gate.reached().await;
    process.signal("-USR2");
    pass(second);
    pass(gate.reached().await);
    site.ready().await;
    process.end().await;
}
