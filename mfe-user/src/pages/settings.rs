use contracts::pages::SettingsPage;
use maud::{Markup, html};
use shared_ui::show;

use super::{head, my_page, sections};
use crate::text::text;

/// `/my/settings`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<SettingsPage>(read, |_| head(text().settings), |settings| view(&settings))
}

fn view(settings: &SettingsPage) -> Markup {
    let body = html! {
        (sections::profile(settings))
        (sections::picture(settings))
        (sections::password(settings))
        (sections::sessions(settings))
        (sections::export())
        (sections::delete(settings))
    };
    my_page(text().settings, &body)
}
