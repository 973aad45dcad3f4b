//! The state of one rendering and the functions that the guest may call.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::problem::Problem;
use futures_util::future::join_all;
use tracing::Instrument;
use wasmtime_wasi::{ResourceTable, WasiCtx, WasiCtxView, WasiView, p2::pipe::MemoryOutputPipe};

use super::{bindings::ModuleImports, engine::Limits};
use crate::paths;

/// Where a guest's reads are answered, on behalf of the visitor of one request.
#[async_trait]
pub trait Reads: Send + Sync {
    /// The JSON body of `path`, or a JSON `Problem`. The path was judged and is one the guest may read.
    async fn get(&self, path: &str) -> Result<String, String>;
}

/// Per request, so it stays light: WASI state is only made when the guest asks for any.
pub(super) struct RenderState {
    reads: Arc<dyn Reads>,
    allowed: Arc<[String]>,
    label: Arc<str>,
    reads_left: usize,
    bytes_left: usize,
    log_left: usize,
    /// Epoch ticks that it may still compute for.
    pub(super) ticks_left: u32,
    /// Set when the deadline ended it.
    pub(super) late: bool,
    wasi: Option<Wasi>,
    table: ResourceTable,
}

struct Wasi {
    ctx: WasiCtx,
    output: MemoryOutputPipe,
}

/// Bytes of standard output and error that are kept: enough for a panic message.
const OUTPUT_CAP: usize = 16 * 1024;
/// Bytes of `log` messages per rendering.
const LOG_CAP: usize = 8 * 1024;

impl RenderState {
    pub(super) fn new(reads: Arc<dyn Reads>, allowed: Arc<[String]>, label: Arc<str>, limits: &Limits) -> Self {
        Self {
            reads,
            allowed,
            label,
            reads_left: limits.reads,
            bytes_left: limits.read_bytes,
            log_left: LOG_CAP,
            ticks_left: limits.compute_ticks,
            late: false,
            wasi: None,
            table: ResourceTable::new(),
        }
    }

    /// What it wrote to standard output and error.
    pub(super) fn last_words(&self) -> String {
        let Some(wasi) = &self.wasi else { return String::new() };
        String::from_utf8_lossy(&wasi.output.contents()).trim().chars().take(500).collect()
    }

    fn spend_reads(&mut self, count: usize) -> wasmtime::Result<()> {
        self.reads_left = self.reads_left.checked_sub(count).ok_or_else(|| wasmtime::format_err!("too many reads"))?;
        Ok(())
    }

    fn spend_bytes(&mut self, answer: &Result<String, String>) -> wasmtime::Result<()> {
        let (Ok(body) | Err(body)) = answer;
        self.bytes_left =
            self.bytes_left.checked_sub(body.len()).ok_or_else(|| wasmtime::format_err!("read too many bytes"))?;
        Ok(())
    }
}

async fn read(reads: &dyn Reads, allowed: &[String], path: &str) -> Result<String, String> {
    match judge(path, allowed) {
        Ok(()) => reads.get(path).instrument(tracing::debug_span!("get", path = kind(path))).await,
        Err(problem) => Err(serde_json::to_string(&problem).unwrap_or_default()),
    }
}

/// What a path is about: its first segments, since the last may be what is not for anybody's eyes.
fn kind(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    path.match_indices('/').nth(3).map_or(path, |(end, _)| &path[..end])
}

/// Whether the guest may read `path`.
fn judge(path: &str, allowed: &[String]) -> Result<(), Problem> {
    let refused = |detail: String| Problem::forbidden().with_detail(detail);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if query.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'#' || byte == b'\\') {
        return Err(refused("The query is not percent-encoded.".into()));
    }
    let decoded = paths::decode(path).map_err(|fault| refused(format!("Not a readable path: {fault}.")))?;
    let readable = decoded.starts_with("/bff/pages/") || allowed.iter().any(|prefix| paths::is_under(&decoded, prefix));
    if !readable || path.contains('#') || !path.is_ascii() {
        return Err(refused("The manifest does not declare this read.".into()));
    }
    Ok(())
}

impl ModuleImports for RenderState {
    async fn get(&mut self, path: String) -> wasmtime::Result<Result<String, String>> {
        self.spend_reads(1)?;
        let answer = read(&*self.reads, &self.allowed, &path).await;
        self.spend_bytes(&answer)?;
        Ok(answer)
    }

    async fn get_many(&mut self, paths: Vec<String>) -> wasmtime::Result<Vec<Result<String, String>>> {
        self.spend_reads(paths.len())?;
        let (reads, allowed) = (&*self.reads, &*self.allowed);
        let answers = join_all(paths.iter().map(|path| read(reads, allowed, path))).await;
        answers.iter().try_for_each(|answer| self.spend_bytes(answer))?;
        Ok(answers)
    }

    async fn log(&mut self, message: String) -> wasmtime::Result<()> {
        if let Some(left) = self.log_left.checked_sub(message.len()) {
            self.log_left = left;
            tracing::info!(module = %self.label, "{}", message.escape_debug());
        }
        Ok(())
    }
}

impl WasiView for RenderState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let wasi = self.wasi.get_or_insert_with(|| {
            let output = MemoryOutputPipe::new(OUTPUT_CAP);
            let ctx = WasiCtx::builder().stdout(output.clone()).stderr(output.clone()).build();
            Wasi { ctx, output }
        });
        WasiCtxView { ctx: &mut wasi.ctx, table: &mut self.table }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_show_no_token() {
        assert_eq!(kind("/bff/pages/reset/secret?x=secret"), "/bff/pages/reset");
        assert_eq!(kind("/bff/pages/home"), "/bff/pages/home");
    }

    #[test]
    fn a_guest_reads_pages_and_what_it_declares() {
        let declared = ["/api/posts".to_owned()];
        for allowed in ["/bff/pages/home", "/bff/pages/posts?page=2", "/api/posts", "/api/posts/%EB%A7%88?x=1"] {
            assert!(judge(allowed, &declared).is_ok(), "{allowed}");
        }
        for refused in [
            "/bff/session",
            "/bff/pages",
            "/api/auth/me",
            "/api/postscript",
            "/bff/pages/../session",
            "/bff/pages/%2e%2e/session",
            "/bff/pages//x",
            "/bff/pages/a%2fb",
            "/bff/pages/a\\b",
            "/bff/pages/a\nb",
            "/bff/pages/a?b c",
            "/bff/pages/마루",
            "/internal/posts",
            "http://example.org/bff/pages/home",
            "/",
            "",
        ] {
            assert!(judge(refused, &declared).is_err(), "{refused}");
        }
    }
}
