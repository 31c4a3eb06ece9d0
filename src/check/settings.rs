//! What the user says of the tenant, which no export tells: `--settings FILE`, `--guests-need`, `settings` in a rule's test.

use serde_json::{Map, Value};

use crate::pack::fault::nearest;
use crate::pack::tables::EntraEdition;

/// The names of all settings, as the paths of rules and files spell them.
pub const NAMES: &[&str] = &["guests-need", "guest-billing", "conglomerate", "password-reset"];

/// The editions that guests may need, the lowest first.
const EDITIONS: [(&str, EntraEdition); 3] =
    [("Basic", EntraEdition::Basic), ("P1", EntraEdition::P1), ("P2", EntraEdition::P2)];

/// What the user says of the tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    values: Map<String, Value>,
}

impl Settings {
    /// Reads settings; the error says what is wrong, without a full stop.
    pub fn new(value: &Value) -> Result<Self, String> {
        let Some(values) = value.as_object() else { return Err("settings are names with values".to_owned()) };
        let mut settings = Self::default();
        for (name, value) in values {
            settings.set(name, value.clone())?;
        }
        Ok(settings)
    }

    /// Sets one of them; the error says what is wrong, without a full stop.
    pub fn set(&mut self, name: &str, value: Value) -> Result<(), String> {
        let one_of = |words: &[&str]| match value.as_str() {
            Some(word) if words.contains(&word) => Ok(()),
            _ => Err(format!("{name}: it is {}", words.join(" or "))),
        };
        match name {
            "guests-need" => editions(&value).map(drop)?,
            "guest-billing" => one_of(&["ratio", "mau"])?,
            "password-reset" => one_of(&["everyone", "selected", "none"])?,
            "conglomerate" => {
                let is_list = value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
                is_list.then_some(()).ok_or("conglomerate: it is a list of names")?;
            }
            other => {
                let near = nearest(other, NAMES.iter().copied());
                let help = near.map_or_else(|| NAMES.join(", "), |near| format!("did you mean {near}?"));
                return Err(format!("there is no setting {other} ({help})"));
            }
        }
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Takes those of another over its own.
    pub fn extend(&mut self, other: Self) {
        self.values.extend(other.values);
    }

    /// Reads `P1=50,Basic=100`; the error says what is wrong, without a full stop.
    pub fn set_guests_need(&mut self, text: &str) -> Result<(), String> {
        let mut need = Map::new();
        for part in text.split(',') {
            let pair = part.split_once('=').map(|(name, number)| (name.trim(), number.trim().parse::<u64>()));
            let Some((name, Ok(number))) = pair else {
                return Err(format!("\"{part}\" is no edition with a number, such as P1=50"));
            };
            need.insert(name.to_owned(), number.into());
        }
        self.set("guests-need", Value::Object(need))
    }

    /// The value of one of them, as JSON.
    pub(super) fn json(&self, name: &str) -> Option<Vec<u8>> {
        self.values.get(name).map(|value| value.to_string().into_bytes())
    }

    /// How many guests need at least each edition, Basic, P1, P2; those of a higher one are among those of a lower one.
    pub fn guests_need(&self) -> Option<[u64; 3]> {
        self.values.get("guests-need").and_then(|need| editions(need).ok())
    }

    /// Whose forgotten passwords may be reset by themselves: those of everyone, of a selected group, or none.
    pub fn password_reset(&self) -> Option<&str> {
        self.values.get("password-reset").and_then(Value::as_str)
    }

    /// Whether guests are billed by monthly active users, which no ratio limits.
    pub fn bills_active_guests(&self) -> bool {
        self.values.get("guest-billing").and_then(Value::as_str) == Some("mau")
    }

    /// The names of companies that belong together with this one.
    pub fn conglomerate(&self) -> impl Iterator<Item = &str> {
        self.values.get("conglomerate").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

fn editions(value: &Value) -> Result<[u64; 3], String> {
    let wrong = || "guests-need: it is a whole number for Basic, P1 or P2".to_owned();
    let mut need = [0; 3];
    for (name, number) in value.as_object().ok_or_else(wrong)? {
        let index = EDITIONS.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)).ok_or_else(wrong)?;
        need[index] = number.as_u64().ok_or_else(wrong)?;
    }
    for index in (0..2).rev() {
        need[index] = need[index].max(need[index + 1]);
    }
    Ok(need)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn guests_of_a_higher_edition_are_among_those_of_a_lower_one() {
        let need = |text: &str| {
            let mut settings = Settings::default();
            settings.set_guests_need(text).map(|()| settings.guests_need())
        };
        assert_eq!(need("P1=50,Basic=100"), Ok(Some([100, 50, 0])));
        assert_eq!(need("p2=5, P1=2"), Ok(Some([5, 5, 5])));
        for wrong in ["P3=1", "P1", "P1=-1", "P1=x", ""] {
            assert!(need(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn unknown_settings_are_refused() {
        assert!(Settings::new(&json!({ "guest-billing": "mau", "conglomerate": ["Litware"] })).is_ok());
        for wrong in [json!({ "guest-biling": "mau" }), json!({ "guest-billing": "x" }), json!({ "conglomerate": "x" })]
        {
            assert!(Settings::new(&wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            Settings::new(&json!({ "guest-biling": 1 })).err().as_deref(),
            Some("there is no setting guest-biling (did you mean guest-billing?)")
        );
    }
}
