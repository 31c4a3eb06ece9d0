//! The packs and tables that come with the program, decoded from TOML when it was built.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::model::{Language, Pack};
use super::tables::Tables;

/// What `build.rs` wrote.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/packs.rs"));
}

/// The blobs in the program could not be read: the program file is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the built-in rules cannot be read: {0}")]
pub struct Damaged(#[from] postcard::Error);

/// The built-in packs by name, without the texts in other languages.
pub fn builtin() -> Result<Vec<Pack>, Damaged> {
    generated::PACKS.iter().map(|(_, blob)| postcard::from_bytes(blob).map_err(Damaged)).collect()
}

/// One built-in pack.
pub fn builtin_pack(name: &str) -> Result<Option<Pack>, Damaged> {
    let blob = generated::PACKS.iter().find(|(pack, _)| *pack == name);
    blob.map(|(_, blob)| postcard::from_bytes(blob).map_err(Damaged)).transpose()
}

/// The texts of the built-in rules in another language, by rule id; empty for a language that no rule has.
pub fn language(code: &str) -> Result<BTreeMap<String, Language>, Damaged> {
    match generated::LANGUAGES.iter().find(|(language, _)| *language == code) {
        Some((_, blob)) => postcard::from_bytes(blob).map_err(Damaged),
        None => Ok(BTreeMap::new()),
    }
}

/// The codes of the languages that the built-in rules have texts in, besides English.
pub fn languages() -> impl Iterator<Item = &'static str> {
    generated::LANGUAGES.iter().map(|(code, _)| *code)
}

/// The files of the built-in packs as they were written: the path below `rules/`, with `/`, and the text.
pub fn sources() -> &'static [(&'static str, &'static str)] {
    generated::SOURCES
}

/// The file of a built-in rule, as it was written.
pub fn source(rule: &str) -> Option<(&'static str, &'static str)> {
    let is_rule = |path: &str| path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")) == Some(rule);
    generated::SOURCES.iter().copied().find(|(path, _)| is_rule(path))
}

/// The text of `reserved-ids.txt`.
pub fn reserved_ids() -> &'static str {
    generated::RESERVED
}

/// The fact tables. Nothing is decoded until a table is asked for.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables::from_blobs(generated::TABLES))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::pack::decode::{Context, decode_rule};
    use crate::pack::tables::{EntraEdition, Paid};
    use std::path::Path;

    #[test]
    fn packs_are_what_their_files_say() {
        let context = Context { tables: Some(tables()), builtin: true };
        for mut pack in builtin().unwrap() {
            assert!(pack.builtin && pack.digest.len() == 32, "{}", pack.name);
            for rule in &mut pack.rules {
                let (path, text) = source(&rule.id).unwrap();
                assert_eq!(path, format!("{}/{}.toml", pack.name, rule.id));
                for code in languages() {
                    if let Some(texts) = language(code).unwrap().remove(&rule.id) {
                        rule.languages.insert(code.to_owned(), texts);
                    }
                }
                assert_eq!(decode_rule(Path::new(path), &pack.name, text, &context).rule.as_ref(), Some(&*rule));
            }
            assert_eq!(builtin_pack(&pack.name).unwrap().map(|found| found.digest), Some(pack.digest));
        }
    }

    #[test]
    fn every_table_can_be_read() {
        assert!(tables().names().len() >= 10);
        for name in tables().names() {
            assert!(!tables().table(name).unwrap().is_empty(), "{name}");
        }
    }

    #[test]
    fn products_and_plans_are_found_in_any_case() {
        let e3 = tables().product("6FD2C87F-B296-42F0-B197-1E91E994B900").unwrap();
        assert_eq!((e3.part_number, e3.name, e3.paid), ("ENTERPRISEPACK", "Office 365 E3", Paid::Yes));
        assert_eq!(tables().product_by_part_number("enterprisepack").map(|product| product.sku_id), Some(e3.sku_id));
        assert_eq!(tables().product("x").map(|product| product.name), None);
        let exchange =
            e3.plans.iter().find_map(|id| tables().plan(id).filter(|plan| plan.name == "EXCHANGE_S_ENTERPRISE"));
        assert_eq!(exchange.map(|plan| plan.id), Some("efb87545-963c-4e0d-99df-69c6916d9eb0"));
        assert_eq!(
            tables().product_by_part_number("AAD_PREMIUM_P2").map(|product| product.entra),
            Some(EntraEdition::P2)
        );
        for product in tables().products() {
            assert_eq!(tables().product(product.sku_id).map(|found| found.name), Some(product.name));
            assert!(product.plans.iter().all(|plan| tables().plan(plan).is_some()), "{}", product.name);
        }
    }

    #[test]
    fn plans_in_other_tables_are_ids() {
        for (table, column) in
            [("plan-conflicts", "plans"), ("plan-dependencies", "plan"), ("plan-dependencies", "needs")]
        {
            let table = tables().table(table).unwrap();
            for id in table.values(table.column(column).unwrap()) {
                assert!(tables().plan(id).is_some(), "{id}");
            }
        }
    }

    #[test]
    fn error_texts_belong_to_rules_that_have_an_id() {
        let reserved = crate::pack::lint::reserved_ids(reserved_ids());
        let table = tables().table("error-texts").unwrap();
        for row in 0..table.len() {
            let text = |column: &str| table.cell(row, column).text();
            assert!(text("text").is_empty() != text("pattern").is_empty(), "row {row}");
            assert!(regex::Regex::new(text("pattern")).is_ok(), "{}", text("pattern"));
            let advice = *table.cell(row, "advice") == crate::pack::tables::Cell::Flag(true);
            assert!(advice == text("rule").is_empty(), "row {row}");
            for rule in table.cell(row, "rule").each().chain(table.cell(row, "also").each()) {
                assert!(reserved.contains(rule), "{rule}");
            }
        }
    }

    #[test]
    fn roles_are_found_by_id_and_by_names_old_and_new() {
        let global = tables().role("62E90394-69F5-4237-9190-012177145E10").unwrap();
        assert_eq!(global.name, "Global Administrator");
        assert_eq!(tables().role_by_former_name("Company Administrator").map(|role| role.id), Some(global.id));
        assert!(tables().may(global.id).iter().any(|operation| &**operation == "create-user"));
        assert!(tables().may("nobody").is_empty());
        assert!(!tables().actions("create-user").is_empty());
        let operations: Vec<_> = tables().operations().collect();
        assert!(tables().roles().flat_map(|role| role.may).all(|operation| operations.contains(&&**operation)));
        let guest = "10dae51f-b6af-4016-8d66-8c2a99b929b3";
        assert_eq!(tables().everyone_may(guest).iter().map(|may| &**may).collect::<Vec<_>>(), ["invite-guest"]);
        let resetters: Vec<_> = tables().password_resets().collect();
        assert!(resetters.iter().all(|row| tables().role_by_name(row.resetter).is_some() && !row.may_reset.is_empty()));
        assert!(tables().license_error("countviolation").is_some_and(|error| !error.meaning.is_empty()));
    }

    #[test]
    fn a_table_of_a_test_stands_in_for_the_programs() {
        let rows =
            serde_json::json!([{ "sku_id": "B", "display_name": "Second" }, { "sku_id": "a", "plans": ["P1", "P2"] }]);
        let rows = rows.as_array().unwrap().iter().map(|row| row.as_object().unwrap().clone()).collect();
        let tables = tables().clone().with_json(&BTreeMap::from([("products".to_owned(), rows)]));
        assert_eq!(tables.products().count(), 2);
        assert_eq!(tables.product("b").map(|product| product.name), Some("Second"));
        assert_eq!(tables.product("A").map(|product| product.plans.iter().collect::<Vec<_>>()), Some(vec!["P1", "P2"]));
        assert!(tables.role_by_name("User Administrator").is_some());
    }
}
