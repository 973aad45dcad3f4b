//! SVG: what draws stays; what runs, loads or links goes.

/// The picture with nothing in it but allowed elements and attributes; `None` when it is none.
pub(super) fn sanitise(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut filter = svg_hush::Filter::new();
    // Pictures inside the picture: as data, of kinds that cannot hold a script.
    filter.set_data_url_filter(svg_hush::data_url_filter::allow_standard_images);
    let mut clean = Vec::with_capacity(bytes.len());
    filter.filter(bytes, &mut clean).ok()?;
    (!clean.is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::sanitise;

    #[test]
    fn what_draws_stays_and_what_runs_goes() {
        let svg = br##"<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x "y">]>
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="4" height="5"
                onload="alert(1)" viewBox="0 0 4 5">
            <script>alert(2)</script><foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>
            <defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>
            <style>rect{fill:url(#g)} @import 'bad.css';</style>
            <a xlink:href="javascript:alert(3)"><rect width="4" height="5" fill="url(#g)"/></a>
            <image href="https://evil.test/track.png"/><use href="https://evil.test/x.svg#a"/>
            <text style="font-family:sans-serif">Maru</text></svg>"##;
        let clean = String::from_utf8(sanitise(svg).expect("a picture")).expect("UTF-8");
        for gone in ["script", "alert", "onload", "foreignObject", "evil.test", "javascript", "ENTITY", "import"] {
            assert!(!clean.contains(gone), "{gone}: {clean}");
        }
        for stays in ["<rect", "linearGradient", "viewBox", "Maru", "width=\"4\""] {
            assert!(clean.contains(stays), "{stays}: {clean}");
        }
    }

    #[test]
    fn entities_do_not_explode() {
        let bomb = br#"<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
            <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
            <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>
            <svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>"#;
        assert!(sanitise(bomb).is_none_or(|clean| clean.len() < 1_000_000));
    }
}
