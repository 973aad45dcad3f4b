use contracts::pages::AdminAnalyticsPage;
use maud::{Markup, html};
use shared_ui::show;

use super::head;
use crate::components::{Section, bars, columns, figures, frame};
use crate::text::text;

/// `/admin/analytics`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<AdminAnalyticsPage>(read, |_| head(text().analytics), |page| view(&page))
}

fn view(page: &AdminAnalyticsPage) -> Markup {
    let text = text();
    let numbers = [
        (text.views_today, page.numbers.views_today),
        (text.visitors_today, page.numbers.visitors_today),
        (text.views_range, page.numbers.views),
        (text.visitors_range, page.numbers.visitors),
    ];
    let body = html! {
        form.filter action="/admin/analytics" method="get" aria-label=(text.range) {
            label.label for="from" { (text.from) }
            input class="input input--date" id="from" type="date" name="from" value=(page.from);
            label.label for="to" { (text.to) }
            input class="input input--date" id="to" type="date" name="to" value=(page.to);
            button.button type="submit" { (text.show) }
        }
        @if !page.missing.is_empty() { p.notice { (text.partly_away) } }
        (figures(&numbers))
        section.panel aria-labelledby="days" { h2 id="days" { (text.views_by_day) } (columns(text.views, &page.numbers.by_day)) }
        div.panels {
            (bars("pages", text.by_page, &page.pages))
            (bars("referrers", text.by_referrer, &page.referrers))
            (bars("countries", text.by_country, &page.countries))
            (bars("devices", text.by_device, &page.devices))
        }
    };
    frame(Section::Analytics, text.analytics, &html! {}, &body)
}
