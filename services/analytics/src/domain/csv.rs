//! Reports for spreadsheets.

use contracts::analytics::Report;

/// The report as CSV (RFC 4180), with a byte-order mark, without which Excel misreads Hangul.
pub(crate) fn of(report: &Report) -> String {
    let timed = report.items.iter().any(|row| row.visitors.is_some());
    let mut text = String::from("\u{feff}key,label,url,views");
    text.push_str(if timed { ",visitors\r\n" } else { "\r\n" });
    for row in &report.items {
        let mut cells = vec![cell(&row.key), cell(&row.label), cell(row.url.as_deref().unwrap_or_default())];
        cells.push(row.views.to_string());
        if timed {
            cells.push(row.visitors.unwrap_or_default().to_string());
        }
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A text that no spreadsheet takes for a formula.
fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if formula { format!("'{value}") } else { value.to_owned() };
    if value.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
}

#[cfg(test)]
mod tests {
    use contracts::analytics::{Report, ReportRow};

    use super::of;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let row = |label: &str| ReportRow { key: "k".into(), label: label.into(), views: 3, ..ReportRow::default() };
        let report = Report { items: vec![row("a, \"b\""), row("=HYPERLINK(1)"), row("마루")], ..Report::default() };
        assert_eq!(
            of(&report),
            "\u{feff}key,label,url,views\r\nk,\"a, \"\"b\"\"\",,3\r\nk,'=HYPERLINK(1),,3\r\nk,마루,,3\r\n"
        );
    }
}
