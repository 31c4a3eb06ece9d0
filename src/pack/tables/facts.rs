//! The tables that the program itself reads, row by row with names.

use std::cmp::Ordering;

use regex::Regex;

use super::{Cell, Table, Tables, Text};

/// A product that can be bought, also called SKU.
#[derive(Clone, Copy, Debug)]
pub struct Product<'t> {
    /// Its id, in lower case.
    pub sku_id: &'t str,
    /// Its part number (`ENTERPRISEPACK`).
    pub part_number: &'t str,
    /// Its name (Office 365 E3).
    pub name: &'t str,
    /// Whether it costs money.
    pub paid: Paid,
    /// Whom its seats are for.
    pub audience: Audience,
    /// The highest Entra edition in it.
    pub entra: EntraEdition,
    /// The ids of its plans, in lower case.
    pub plans: Plans<'t>,
}

/// The plans of a product.
#[derive(Clone, Copy, Debug)]
pub struct Plans<'t>(&'t Cell);

impl<'t> Plans<'t> {
    /// Their ids.
    pub fn iter(self) -> impl Iterator<Item = &'t str> {
        self.0.each()
    }
}

/// Whether a product costs money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// It is sold.
    Yes,
    /// Free, a trial, or for developers.
    No,
    /// Not certain.
    Unknown,
}

/// Whom the seats of a product are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// People.
    User,
    /// Rooms, shared devices and machines.
    Device,
}

/// An edition of Microsoft Entra ID; a higher one holds the lower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntraEdition {
    /// None that is sold.
    None,
    /// Basic.
    Basic,
    /// P1.
    P1,
    /// P2.
    P2,
}

/// A service plan: what a license consists of.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'t> {
    /// Its id, in lower case.
    pub id: &'t str,
    /// Its name (`EXCHANGE_S_ENTERPRISE`).
    pub name: &'t str,
    /// Its name for people; empty if none is known.
    pub display_name: &'t str,
}

/// A directory role.
#[derive(Clone, Copy, Debug)]
pub struct Role<'t> {
    /// Its template id, in lower case.
    pub id: &'t str,
    /// Its name.
    pub name: &'t str,
    /// Microsoft calls it privileged.
    pub privileged: bool,
    /// What it allows with a tenant-wide assignment.
    pub may: &'t [Text],
}

/// Whose password the holder of a role may reset.
#[derive(Clone, Copy, Debug)]
pub struct PasswordReset<'t> {
    /// The role of the person who resets, by name.
    pub resetter: &'t str,
    /// The roles of the other person, by name, and what stands in parentheses in the table.
    pub may_reset: &'t [Text],
}

/// A code of a license error.
#[derive(Clone, Copy, Debug)]
pub struct LicenseError<'t> {
    /// The code as recorded.
    pub code: &'t str,
    /// What it means.
    pub meaning: &'t str,
    /// What to do first.
    pub first: &'t str,
}

/// What a text that people paste means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorText<'t> {
    /// What it says, for the helpdesk.
    pub meaning: &'t str,
    /// What to look at first.
    pub check: &'t str,
    /// The rules that find it in a dump; none if there is only advice.
    pub rules: Vec<&'t str>,
    /// What the pattern found in the text, in lower case: a SKU's id, a domain, an address, …
    pub captures: Vec<String>,
}

/// A text as error texts compare: in lower case, with one kind of apostrophe, and blanks folded.
fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(['\u{2018}', '\u{2019}', '`'], "'").to_lowercase()
}

/// A row whose cells are found by name.
#[derive(Clone, Copy)]
struct Row<'t> {
    table: &'t Table,
    index: usize,
}

impl<'t> Row<'t> {
    fn cell(self, column: &str) -> &'t Cell {
        self.table.cell(self.index, column)
    }

    fn text(self, column: &str) -> &'t str {
        self.cell(column).text()
    }

    fn texts(self, column: &str) -> &'t [Text] {
        self.cell(column).texts()
    }

    fn product(self) -> Product<'t> {
        Product {
            sku_id: self.text("sku_id"),
            part_number: self.text("part_number"),
            name: self.text("display_name"),
            paid: match self.text("paid") {
                "yes" => Paid::Yes,
                "no" => Paid::No,
                _ => Paid::Unknown,
            },
            audience: if self.text("for") == "device" { Audience::Device } else { Audience::User },
            entra: match self.text("entra") {
                "basic" => EntraEdition::Basic,
                "p1" => EntraEdition::P1,
                "p2" => EntraEdition::P2,
                _ => EntraEdition::None,
            },
            plans: Plans(self.cell("plans")),
        }
    }

    fn plan(self) -> Plan<'t> {
        Plan { id: self.text("id"), name: self.text("name"), display_name: self.text("display_name") }
    }

    fn role(self) -> Role<'t> {
        Role {
            id: self.text("id"),
            name: self.text("name"),
            privileged: *self.cell("privileged") == Cell::Flag(true),
            may: self.texts("may"),
        }
    }
}

impl Tables {
    fn all(&self, table: &str) -> impl Iterator<Item = Row<'_>> {
        let table = self.table(table);
        let count = table.map_or(0, Table::len);
        (0..count).filter_map(move |index| table.map(|table| Row { table, index }))
    }

    /// The row whose cell in a column is a text, whatever its case.
    fn find(&self, table: &str, column: &str, text: &str) -> Option<Row<'_>> {
        let table = self.table(table)?;
        let cell = table.column(column)?;
        let index = table.rows().position(|row| row[cell].text().eq_ignore_ascii_case(text))?;
        Some(Row { table, index })
    }

    /// The row whose first cell is a text, in a table that is sorted by it.
    fn search(&self, table: &str, key: &str) -> Option<Row<'_>> {
        let table = self.table(table)?;
        let lower = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
        let wanted = lower(key);
        let (mut low, mut high) = (0, table.len());
        while low < high {
            let index = low.midpoint(high);
            let cell = table.row(index).first().map_or("", Cell::text);
            match cell.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(wanted.iter().copied()) {
                Ordering::Less => low = index + 1,
                Ordering::Greater => high = index,
                Ordering::Equal => return Some(Row { table, index }),
            }
        }
        None
    }

    /// A product by its SKU id.
    pub fn product(&self, sku_id: &str) -> Option<Product<'_>> {
        self.search("products", sku_id).map(Row::product)
    }

    /// A product by its part number, if no other product shares it.
    pub fn product_by_part_number(&self, part_number: &str) -> Option<Product<'_>> {
        let table = self.table("products")?;
        let column = table.column("part_number")?;
        let name_of = |&index: &u32| table.row(index as usize)[column].text();
        let order = self.part_numbers.get_or_init(|| {
            let mut order: Vec<u32> = (0..u32::try_from(table.len()).unwrap_or(0)).collect();
            order.sort_by_key(|index| name_of(index).to_ascii_uppercase());
            order
        });
        let wanted = part_number.to_ascii_uppercase();
        let start = order.partition_point(|index| name_of(index).to_ascii_uppercase() < wanted);
        let mut same = order[start..].iter().take_while(|index| name_of(index).eq_ignore_ascii_case(part_number));
        match (same.next(), same.next()) {
            (Some(&index), None) => Some(Row { table, index: index as usize }.product()),
            _ => None,
        }
    }

    /// The SKU id of the product with this part number or display name, if only one has it.
    pub fn sku_called(&self, name: &str) -> Option<String> {
        let named = || {
            let mut same = self.products().filter(|product| product.name.eq_ignore_ascii_case(name));
            same.next().filter(|_| same.next().is_none())
        };
        self.product_by_part_number(name).or_else(named).map(|product| product.sku_id.to_owned())
    }

    /// All products, by SKU id.
    pub fn products(&self) -> impl Iterator<Item = Product<'_>> {
        self.all("products").map(Row::product)
    }

    /// A plan by its id.
    pub fn plan(&self, id: &str) -> Option<Plan<'_>> {
        self.search("plans", id).map(Row::plan)
    }

    /// All plans, by id.
    pub fn plans(&self) -> impl Iterator<Item = Plan<'_>> {
        self.all("plans").map(Row::plan)
    }

    /// A role by its template id.
    pub fn role(&self, template_id: &str) -> Option<Role<'_>> {
        self.find("roles", "id", template_id).map(Row::role)
    }

    /// A role by its name of today.
    pub fn role_by_name(&self, name: &str) -> Option<Role<'_>> {
        self.find("roles", "name", name).map(Row::role)
    }

    /// A role by a name it had before.
    pub fn role_by_former_name(&self, name: &str) -> Option<Role<'_>> {
        let mut rows = self.all("roles");
        let row = rows.find(|row| row.texts("formerly").iter().any(|former| former.eq_ignore_ascii_case(name)))?;
        Some(row.role())
    }

    /// All roles, by name.
    pub fn roles(&self) -> impl Iterator<Item = Role<'_>> {
        self.all("roles").map(Row::role)
    }

    /// The names of all roles.
    pub fn role_names(&self) -> Vec<&str> {
        self.roles().map(|role| role.name).collect()
    }

    /// What a role allows; nothing for a role that is not known.
    pub fn may(&self, template_id: &str) -> &[Text] {
        self.role(template_id).map_or(&[], |role| role.may)
    }

    /// What people may do without a role, by the template id of their kind of account.
    pub fn everyone_may(&self, template_id: &str) -> &[Text] {
        self.find("everyone", "id", template_id).map_or(&[], |row| row.texts("may"))
    }

    /// The actions of which a custom role needs one for an operation.
    pub fn actions(&self, operation: &str) -> &[Text] {
        self.find("operations", "name", operation).map_or(&[], |row| row.texts("actions"))
    }

    /// The operations that roles may allow, by name.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.all("operations").map(|row| row.text("name"))
    }

    /// Who may reset whose password.
    pub fn password_resets(&self) -> impl Iterator<Item = PasswordReset<'_>> {
        let rows = self.all("password-reset");
        rows.map(|row| PasswordReset { resetter: row.text("resetter"), may_reset: row.texts("may-reset") })
    }

    /// What a text that somebody pasted means: of the texts and patterns in it, the longest.
    pub fn error_text(&self, pasted: &str) -> Option<ErrorText<'_>> {
        let patterns = self.error_patterns.get_or_init(|| {
            let rows = self.all("error-texts");
            rows.map(|row| Regex::new(&format!("(?i){}", row.text("pattern"))).ok()).collect()
        });
        let folded = fold(pasted);
        let length = |index: usize, row: Row<'_>| {
            let text = fold(row.text("text"));
            if !text.is_empty() {
                return folded.contains(&text).then_some(text.len());
            }
            let pattern = patterns.get(index)?.as_ref()?;
            pattern.find(&folded).map(|found| found.len()).filter(|length| *length > 0)
        };
        let rows = self.all("error-texts").enumerate();
        let matched = rows.filter_map(|(index, row)| Some((length(index, row)?, std::cmp::Reverse(index), row)));
        let (_, std::cmp::Reverse(index), row) = matched.max_by_key(|(length, index, _)| (*length, *index))?;
        let pattern = patterns.get(index).and_then(Option::as_ref).filter(|_| !row.text("pattern").is_empty());
        let captured = pattern.and_then(|pattern| pattern.captures(&folded));
        let captures = captured.iter().flat_map(|captured| captured.iter().skip(1).flatten());
        Some(ErrorText {
            captures: captures.map(|capture| capture.as_str().to_owned()).collect(),
            meaning: row.text("meaning"),
            check: row.text("check"),
            rules: row.cell("rule").each().chain(row.cell("also").each()).collect(),
        })
    }

    /// A text of the tables in another language, if the table called as its code has it.
    pub fn say<'t>(&'t self, text: &'t str, language: &str) -> &'t str {
        self.find(language, "en", text).map_or(text, |row| row.text("text"))
    }

    /// What a recorded license error means.
    pub fn license_error(&self, code: &str) -> Option<LicenseError<'_>> {
        let row = self.find("licensing-errors", "code", code)?;
        Some(LicenseError { code: row.text("code"), meaning: row.text("meaning"), first: row.text("first") })
    }
}
