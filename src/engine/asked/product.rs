//! Products as people call them: by id, by part number, by name, or by a few words of a name.

use std::collections::{BTreeMap, BTreeSet};

use super::LICENSES;
use crate::check::world::World;
use crate::engine::about::{Unclear, has_words};
use crate::json::Raw;
use crate::pack::fault::nearest;
use crate::pack::tables::Product;
use crate::tenant::Object;
use crate::tenant::schema::Collection;

/// A product that the tenant has.
struct Held {
    id: String,
    part_number: Option<String>,
    name: String,
}

impl Held {
    fn all(world: &World<'_>) -> Vec<Self> {
        let skus = world.tenant.all(Collection::SubscribedSkus);
        let held = skus.filter_map(|sku| {
            let id = sku.text("skuId")?;
            Some(Self { name: world.product_name(&id), part_number: sku.text("skuPartNumber"), id })
        });
        held.collect()
    }

    fn has_part_number(&self, wanted: &str) -> bool {
        self.part_number.as_ref().is_some_and(|part| part.eq_ignore_ascii_case(wanted))
    }
}

/// How a name came to mean a product.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// It is the product's own: its id, part number or whole name.
    Name,
    /// Some words of its name are.
    Words,
}

/// The id of the product that somebody calls so: by its id, by its part number or whole name one of the tenant's, else by some words
/// of it the only one of them, else one of the table by its part number or whole name.
///
/// # Errors
///
/// If several are called so, or none.
pub(super) fn product(name: &str, option: &'static str, world: &World<'_>) -> Result<String, Unclear> {
    found(name, option, world).map(|(id, _)| id)
}

fn found(name: &str, option: &'static str, world: &World<'_>) -> Result<(String, By), Unclear> {
    let typed = name.trim();
    let held = Held::all(world);
    if world.tables.product(typed).is_some() || held.iter().any(|sku| sku.id.eq_ignore_ascii_case(typed)) {
        return Ok((typed.to_owned(), By::Name));
    }
    if let Some(own) = held.iter().find(|sku| sku.has_part_number(typed)) {
        return Ok((own.id.clone(), By::Name));
    }
    let wanted = everyday(typed);
    let several = |fits: Vec<String>| Unclear::of(option, typed, fits);
    let same: Vec<&Held> = held.iter().filter(|sku| everyday(&sku.name) == wanted).collect();
    match same.as_slice() {
        [] => {}
        [own] => return Ok((own.id.clone(), By::Name)),
        _ => return Err(several(labels(&same))),
    }
    // The table writes names out.
    let is_called =
        |product: &Product<'_>| [wanted.as_str(), typed].iter().any(|name| product.name.eq_ignore_ascii_case(name));
    let in_table: Vec<Product<'_>> = world.tables.products().filter(is_called).collect();
    let by_words: Vec<&Held> = held.iter().filter(|sku| has_words(&everyday(&sku.name), &wanted)).collect();
    // A name that is a product's own, which the tenant does not have, is that product's before it is a word of another.
    match (by_words.as_slice(), in_table.first()) {
        ([], _) => {}
        ([only], None) => return Ok((only.id.clone(), By::Words)),
        (fits, own) => {
            let own = own.map(|own| format!("{} ({}, which is not in this tenant)", own.name, own.part_number));
            return Err(several(labels(fits).into_iter().chain(own).collect()));
        }
    }
    match (world.tables.product_by_part_number(typed), in_table.as_slice()) {
        (Some(only), _) => Ok((only.sku_id.to_owned(), By::Name)),
        (None, [only]) => Ok((only.sku_id.to_owned(), By::Name)),
        (None, []) => {
            let near = nearest(&wanted, held.iter().map(|sku| sku.name.as_str())).into_iter().map(str::to_owned);
            Err(Unclear { near: near.collect(), held: labels(&held.iter().collect::<Vec<_>>()), ..several(Vec::new()) })
        }
        (None, same) => {
            Err(several(same.iter().map(|product| format!("{} ({})", product.name, product.part_number)).collect()))
        }
    }
}

/// What products are called where one of them is to be chosen, sorted: those that share a name are told apart by their part numbers.
fn labels(products: &[&Held]) -> Vec<String> {
    let is_shared = |name: &str| products.iter().filter(|other| other.name == name).count() > 1;
    let label = |sku: &&Held| match &sku.part_number {
        Some(part) if is_shared(&sku.name) => format!("{} ({part})", sku.name),
        _ => sku.name.clone(),
    };
    let labels: BTreeSet<String> = products.iter().map(label).collect();
    labels.into_iter().collect()
}

/// A name of a product with the words that people shorten written out, in lower case.
fn everyday(name: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    let name = name.to_lowercase();
    for word in name.split_whitespace() {
        match word {
            "m365" | "ms365" => words.extend(["microsoft", "365"]),
            "o365" => words.extend(["office", "365"]),
            "ms" => words.push("microsoft"),
            // What Microsoft Entra ID was called before.
            "aad" => words.extend(["entra", "id"]),
            "ad" | "directory" if words.ends_with(&["azure"]) || words.ends_with(&["azure", "active"]) => {
                words.truncate(words.iter().rposition(|word| *word == "azure").unwrap_or(0));
                words.extend(["entra", "id"]);
            }
            "premium" if words.ends_with(&["entra", "id"]) => {}
            "p1" | "p2" if words.last() == Some(&"entra") => words.extend(["id", word]),
            _ => words.push(word),
        }
    }
    words.join(" ")
}

/// The products that a request names by a word of their names: as they are written, and as they are called.
pub(in crate::engine) fn read_as(request: &Object, world: &World<'_>) -> BTreeMap<String, String> {
    // What was put right is laid over what was written.
    let Some(written) = request.parts.last().map(|part| Raw::new(&part.text)) else { return BTreeMap::new() };
    let names = LICENSES.iter().filter_map(|list| written.get(list)).flat_map(named);
    let by_words = |name: &str| found(name, "", world).ok().filter(|(_, by)| *by == By::Words).map(|(id, _)| id);
    names.filter_map(|name| Some((name.trim().to_owned(), world.product_name(&by_words(&name)?)))).collect()
}

/// The products in a list of licenses, as they are written.
pub(in crate::engine) fn named(list: Raw<'_>) -> impl Iterator<Item = String> {
    let names = list.items().filter_map(|item| if item.is_text() { item.text() } else { item.get("skuId")?.text() });
    names.map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_shorten_is_written_out() {
        for (typed, meant) in [
            ("M365 E3", "microsoft 365 e3"),
            ("o365  E5", "office 365 e5"),
            ("AAD P1", "entra id p1"),
            ("Azure AD Premium P2", "entra id p2"),
            ("Azure Active Directory Premium P1", "entra id p1"),
            ("Entra P2", "entra id p2"),
            ("Microsoft Entra ID P2", "microsoft entra id p2"),
            ("Microsoft 365 Business Premium", "microsoft 365 business premium"),
            ("Azure Active Directory Basic", "entra id basic"),
        ] {
            assert_eq!(everyday(typed), meant, "{typed}");
        }
    }
}
