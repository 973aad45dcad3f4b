//! Putting a document together: head, the shell's HTML with the area's inside, data.

use super::{OUTLET, escape, head::HeadParts};

/// All of a document.
pub(super) struct Page<'a> {
    pub(super) head: HeadParts<'a>,
    /// The shell's HTML.
    pub(super) shell: &'a str,
    /// What fills the outlet.
    pub(super) outlet: &'a str,
    /// `Boot` or `LeanBoot` as JSON.
    pub(super) boot: &'a str,
    /// What the shell and what the area read.
    pub(super) data: [&'a [(String, String)]; 2],
}

impl Page<'_> {
    /// The document; none when the shell's HTML has no outlet.
    pub(super) fn write(&self) -> Option<String> {
        let at = outlet(self.shell)?;
        let data: usize = self.data.iter().copied().flatten().map(|(path, answer)| path.len() + answer.len() + 8).sum();
        let size = self.shell.len() + self.outlet.len() + self.boot.len() + data;
        let mut out = String::with_capacity(size + 4096);
        out.push_str("<!doctype html><html lang=\"");
        escape::html(&mut out, self.head.locale);
        out.push_str("\" dir=\"ltr\">");
        self.head.write(&mut out);
        out.push_str("<body>");
        let (before, after) = self.shell.split_at(at);
        out.push_str(before);
        out.push_str(self.outlet);
        out.push_str(after);
        out.push_str("<script type=\"application/json\" id=\"maru-boot\">");
        escape::json(&mut out, self.boot);
        out.push_str("</script>");
        self.write_data(&mut out);
        out.push_str("</body></html>");
        Some(out)
    }

    /// What the modules want to have beside their HTML; most want nothing.
    fn write_data(&self, out: &mut String) {
        if self.data.iter().all(|data| data.is_empty()) {
            return;
        }
        out.push_str("<script type=\"application/json\" id=\"maru-data\">{");
        for (index, (path, answer)) in self.data.iter().copied().flatten().enumerate() {
            if index > 0 {
                out.push(',');
            }
            escape::json(out, &serde_json::to_string(path).unwrap_or_default());
            out.push(':');
            escape::json(out, answer);
        }
        out.push_str("}</script>");
    }
}

/// Where the content of the outlet begins.
fn outlet(shell: &str) -> Option<usize> {
    let id = shell.find(OUTLET)?;
    let end = shell[id..].find('>')?;
    Some(id + end + 1)
}

#[cfg(test)]
mod tests {
    use super::outlet;

    #[test]
    fn the_outlet_is_filled_behind_its_tag() {
        let shell = "<main><div id=\"maru-outlet\" data-area=\"blog\"></div></main>";
        assert_eq!(outlet(shell).map(|at| &shell[at..]), Some("</div></main>"));
        assert_eq!(outlet("<main></main>"), None);
        assert_eq!(outlet("<div id=\"maru-outlet\""), None);
    }
}
