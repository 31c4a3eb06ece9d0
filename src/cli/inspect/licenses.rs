//! The seat table: what was bought, what is in use, what is free.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::cli::page::Page;
use crate::cli::words::Words;
use crate::engine::seats::Seat;
use crate::report::visible;

/// The table for programs.
pub(crate) fn json(seats: &[Seat]) -> Value {
    let seat = |seat: &Seat| {
        json!({
            "product": seat.product, "skuPartNumber": seat.part_number, "skuId": seat.sku_id, "status": seat.status, "enabled": seat.enabled,
            "warning": seat.warning, "suspended": seat.suspended, "consumed": seat.consumed, "free": seat.free,
            "assignedInDump": seat.assigned_in_dump,
        })
    };
    seats.iter().map(seat).collect()
}

/// The table for people: the product's name takes what the numbers leave, and goes on below where that is too little.
pub(crate) fn table(seats: &[Seat], width: usize, color: bool, words: &Words) -> String {
    let mut page = Page::new(width, color);
    if seats.is_empty() {
        page.text(0, words.no_licenses);
        page.code(2, &crate::tenant::collect::remedy(crate::tenant::schema::Collection::SubscribedSkus, &[]).command);
        return page.finish();
    }
    let rows: Vec<[String; 4]> = seats
        .iter()
        .map(|seat| [number(seat.enabled), number(seat.warning), number(seat.consumed), number(seat.free)])
        .collect();
    let column = |index: usize| {
        let cells = rows.iter().map(|row| row[index].len());
        cells.chain([words.seats[index].len()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..words.seats.len()).map(column).collect();
    let left = page.width().saturating_sub(widths.iter().map(|width| width + 2).sum()).max(20);
    let names: Vec<String> = seats.iter().map(name).collect();
    let widest = names.iter().map(|name| name.width()).max().unwrap_or_default().min(left).max(words.license.len());
    let line = |name: &str, cells: &[&str]| {
        let mut text = format!("{name}{}", " ".repeat(widest.saturating_sub(name.width())));
        for (cell, width) in cells.iter().zip(&widths) {
            text.push_str(&format!("  {cell:>width$}"));
        }
        text.trim_end().to_owned()
    };
    page.heading(&line(words.license, &words.seats));
    for ((name, row), seat) in names.iter().zip(&rows).zip(seats) {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        for (index, part) in textwrap::wrap(name, widest).iter().enumerate() {
            page.plain(0, &line(part, if index == 0 { &cells } else { &[] }));
        }
        // By these, too, commands and questions name the product.
        let codes: Vec<&str> =
            [seat.part_number.as_str(), seat.sku_id.as_str()].into_iter().filter(|code| !code.is_empty()).collect();
        if !codes.is_empty() {
            page.faint(2, &codes.join(", "));
        }
    }
    if seats.iter().any(|seat| seat.warning.is_some_and(|expiring| expiring > 0.0)) {
        page.gap().text(0, words.expiring);
    }
    page.finish()
}

fn name(seat: &Seat) -> String {
    let mut name = if seat.product.is_empty() { seat.part_number.clone() } else { seat.product.clone() };
    if !seat.status.is_empty() && !seat.status.eq_ignore_ascii_case("Enabled") {
        name.push_str(&format!(" ({})", seat.status));
    }
    visible(&name).into_owned()
}

/// A number of seats; a question mark where the export does not tell.
fn number(seats: Option<f64>) -> String {
    seats.map_or_else(|| "?".to_owned(), |seats| format!("{seats:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(product: &str, status: &str, numbers: [Option<f64>; 4]) -> Seat {
        let [enabled, warning, consumed, free] = numbers;
        Seat {
            product: product.to_owned(),
            part_number: "X".to_owned(),
            sku_id: "id".to_owned(),
            status: status.to_owned(),
            enabled,
            warning,
            suspended: None,
            consumed,
            free,
            assigned_in_dump: None,
        }
    }

    #[test]
    fn seats_stand_in_columns() {
        let seats = [
            seat("Office 365 E3", "Enabled", [Some(25.0), Some(0.0), Some(25.0), Some(0.0)]),
            seat(
                "Microsoft 365 Business Premium (no Teams), bought with a promotion that ends",
                "Warning",
                [Some(0.0), Some(10000.0), Some(3.0), None],
            ),
            seat("", "Enabled", [Some(1.0), None, Some(2.0), Some(-1.0)]),
        ];
        let text = table(&seats, 80, false, crate::cli::words::words(crate::language::Language::English));
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        insta::assert_snapshot!(text, @r"
        License                                           Bought  Expiring  In use  Free
        Office 365 E3                                         25         0      25     0
          X, id
        Microsoft 365 Business Premium (no Teams),             0     10000       3     ?
        bought with a promotion that ends (Warning)
          X, id
        X                                                      1         ?       2    -1
          X, id

        Expiring seats still work, until Microsoft suspends the subscription.
        ");
    }

    #[test]
    fn no_licenses_are_not_an_empty_table() {
        insta::assert_snapshot!(table(&[], 80, false, crate::cli::words::words(crate::language::Language::English)), @r"
        The export holds no licenses (subscribedSkus). This exports them:
          ConvertTo-Json -Depth 10 -InputObject @(Get-MgSubscribedSku -All) | Out-File subscribedSkus.json -Encoding utf8
        ");
    }
}
