//! A `maru serve` to measure, and the little HTTP that this takes.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A running server; ends with us.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts one on a free port and waits until it listens.
    pub(super) fn start(program: &Path, data: &Path, modules: &Path) -> Result<Self> {
        Self::start_with(program, data, modules, &[])
    }

    /// Starts one that is configured otherwise than usual.
    pub(super) fn start_with(program: &Path, data: &Path, modules: &Path, set: &[(&str, &str)]) -> Result<Self> {
        let mut command = Command::new(program);
        command.envs(set.iter().copied());
        command.args(["serve", "--listen", "127.0.0.1:0", "--operator-listen", "127.0.0.1:0"]);
        command.arg("--data").arg(data).arg("--modules").arg(modules);
        Self::run(&mut command)
    }

    /// Starts a program that says where it listens.
    pub(super) fn run(command: &mut Command) -> Result<Self> {
        // All measurements are one client.
        command.env("MARU_LOG__LEVEL", "warn").env("MARU_LIMITS__ENABLED", "false");
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("the server's output is piped")?;
        let mut lines = BufReader::new(output).lines();
        let Some(address) = lines.by_ref().map_while(Result::ok).find_map(|line| listening(&line)) else {
            // Never leave it behind, whatever it is doing.
            child.kill()?;
            bail!("maru ended before it listened");
        };
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Body of a page.
    pub(super) fn get(&self, path: &str) -> Result<Vec<u8>> {
        let (head, body) = self.ask(&format!("GET {} HTTP/1.0\r\n", encode(path)), "")?;
        match head.lines().next() {
            Some(status) if status.contains(" 200 ") => Ok(body),
            status => bail!("{path}: {}", status.unwrap_or_default()),
        }
    }

    /// The cookies of a new account, made with this form.
    pub(super) fn sign_up(&self, form: &str) -> Result<String> {
        let head = format!(
            "POST /forms/register HTTP/1.0\r\nOrigin: http://localhost:{}\r\nAccept: application/json\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            self.address.port(),
            form.len()
        );
        let (head, body) = self.ask(&head, form)?;
        let cookies: Vec<&str> = head
            .lines()
            .filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
            .filter_map(|(_, cookie)| cookie.split(';').next())
            .collect();
        if cookies.is_empty() {
            bail!("no account was made: {}", String::from_utf8_lossy(&body));
        }
        Ok(cookies.join("; "))
    }

    /// Head and body of the answer to a request that begins like this.
    fn ask(&self, head: &str, body: &str) -> Result<(String, Vec<u8>)> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(stream, "{head}Host: localhost:{}\r\nConnection: close\r\n\r\n{body}", self.address.port())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end =
            answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without an end of headers")?;
        let body = answer.split_off(end + 4);
        Ok((String::from_utf8_lossy(&answer).into_owned(), body))
    }

    /// A JSON answer.
    pub(super) fn json(&self, path: &str) -> Result<Value> {
        serde_json::from_slice(&self.get(path)?).with_context(|| format!("{path} is not JSON"))
    }

    /// Bytes of memory that the process holds.
    pub(super) fn resident(&self) -> Result<u64> {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).context("memory is only known on Linux")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in `listening on http://localhost:8080`; whatever the name, it is this machine.
fn listening(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once("listening on http://")?;
    let port = address.split_whitespace().next()?.trim_end_matches('/').rsplit(':').next()?.parse().ok()?;
    Some(SocketAddr::from(([127, 0, 0, 1], port)))
}

/// Percent-encodes what may not stand in a request line.
pub(super) fn encode(path: &str) -> String {
    path.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_found() {
        let address = Some(SocketAddr::from(([127, 0, 0, 1], 8081)));
        assert_eq!(listening("maru is listening on http://localhost:8081/"), address);
        assert_eq!(listening("listening on http://127.0.0.1:8081 (private)"), address);
        assert_eq!(listening("hello"), None);
    }

    #[test]
    fn hangul_is_encoded() {
        assert_eq!(encode("/posts/한"), "/posts/%ED%95%9C");
    }
}
