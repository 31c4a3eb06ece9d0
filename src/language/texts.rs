//! Every Dutch text there is, beside its English one: it is there, it is Dutch, and it says what Microsoft's Dutch interface says.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::Language;
use crate::pack::embedded;
use crate::pack::model::{Message, Template, TemplatePart};

/// An English text and its Dutch, and where they are.
struct Pair {
    place: String,
    english: String,
    dutch: String,
}

fn shown(template: &Template) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.clone(),
        // What stands in for a value is a text as well.
        TemplatePart::Placeholder { fallback, .. } => fallback.clone().unwrap_or_else(|| "7".to_owned()),
    };
    template.parts.iter().map(part).collect()
}

/// The texts of all rules.
fn rules() -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut texts = embedded::language("nl").unwrap();
    for rule in embedded::builtin().unwrap().into_iter().flat_map(|pack| pack.rules) {
        let dutch = texts.remove(&rule.id).unwrap_or_else(|| panic!("{} has no Dutch", rule.id));
        let mut add = |place: &str, english: &str, dutch: &str| {
            let place = format!("{}: {place}", rule.id);
            pairs.push(Pair { place, english: english.to_owned(), dutch: dutch.to_owned() });
        };
        add("title", &rule.title, &dutch.title);
        add("why", &rule.why, &dutch.why);
        for check in &rule.checks {
            let forms = |message: &Message| (shown(&message.one), message.many.as_ref().map(shown).unwrap_or_default());
            let (one, many) = forms(&check.message);
            let (dutch_one, dutch_many) = forms(&dutch.checks[&check.name]);
            add(&format!("check {}", check.name), &one, &dutch_one);
            add(&format!("check {}, many", check.name), &many, &dutch_many);
        }
        for fix in &rule.fixes {
            let texts = &dutch.fixes[&fix.id];
            let text = |template: &Option<Template>| template.as_ref().map(shown).unwrap_or_default();
            add(&format!("fix {}", fix.id), &shown(&fix.title), &shown(&texts.title));
            add(&format!("fix {}, note", fix.id), &text(&fix.note), &text(&texts.note));
            add(&format!("fix {}, only if", fix.id), &text(&fix.only_if), &text(&texts.only_if));
            add(&format!("fix {}, portal", fix.id), &text(&fix.portal), &text(&texts.portal));
            add(&format!("fix {}, worked when", fix.id), &text(&fix.worked_when), &text(&texts.worked_when));
            add(&format!("fix {}, takes effect", fix.id), &text(&fix.takes_effect), &text(&texts.takes_effect));
        }
    }
    pairs
}

/// The texts of the tables that say what errors mean.
fn tables() -> Vec<Pair> {
    let tables = embedded::tables();
    let mut pairs = Vec::new();
    for (name, columns) in [("error-texts", ["meaning", "check"]), ("licensing-errors", ["meaning", "first"])] {
        let table = tables.table(name).unwrap();
        for row in 0..table.len() {
            for column in columns {
                let english = table.cell(row, column).text();
                let dutch = tables.say(english, "nl");
                let place = format!("{name}.{column}, row {row}");
                pairs.push(Pair { place, english: english.to_owned(), dutch: dutch.to_owned() });
            }
        }
    }
    pairs
}

/// The texts between quotes in what is printed of a struct of texts, in its order.
fn texts_of(words: &dyn Debug) -> Vec<String> {
    let printed = format!("{words:?}").replace("\\\"", "\u{201d}").replace("\\'", "'");
    printed.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What the program itself says.
fn program() -> Vec<Pair> {
    let of = |language: Language| {
        let mut texts = texts_of(&language.words());
        texts.extend(texts_of(&crate::cli::words::words(language)));
        texts
    };
    let (english, dutch) = (of(Language::English), of(Language::Dutch));
    assert_eq!(english.len(), dutch.len(), "one of the languages lacks a phrase");
    let pair = |(index, (english, dutch)): (usize, (String, String))| Pair {
        place: format!("phrase {index}"),
        english,
        dutch,
    };
    english.into_iter().zip(dutch).enumerate().map(pair).collect()
}

fn all() -> Vec<Pair> {
    let mut pairs = rules();
    pairs.extend(tables());
    pairs.extend(program());
    // Of the engine's words only the second of a pair is Dutch; the first is what it stands for.
    let own = crate::engine::phrases::phrases(Language::Dutch).said();
    pairs.extend(own.into_iter().map(|dutch| Pair {
        place: "engine".to_owned(),
        english: String::new(),
        dutch: dutch.to_owned(),
    }));
    // Codes and formats stand in both lists as they are.
    let is_code = |pair: &Pair| pair.english == pair.dutch && !pair.english.contains(' ');
    pairs.retain(|pair| !is_code(pair));
    pairs
}

/// Words of English that are none of Dutch.
const ENGLISH: &[&str] = &[
    "the", "and", "this", "that", "with", "you", "your", "are", "not", "for", "from", "which", "who", "its", "they",
    "there", "if", "when", "by", "an", "been", "will", "it", "to", "or", "what", "then", "has", "have", "cannot",
    "into", "their", "these", "does", "only", "user", "users",
];

/// Words of Dutch that are none of English.
const DUTCH: &[&str] = &[
    "de", "het", "een", "en", "van", "niet", "voor", "met", "aan", "dat", "wordt", "worden", "zijn", "er", "geen",
    "deze", "dit", "als", "naar", "bij", "uit", "om", "ook", "nog", "maar", "kan", "heeft", "te", "wat", "wie", "hoe",
];

/// A text in one line, without what stands between quotes or backticks: that is somebody else's.
fn own(text: &str) -> String {
    let mut own = String::new();
    for (index, part) in text.split(['`', '\u{201c}', '\u{201d}', '"']).enumerate() {
        if index % 2 == 0 {
            own.push_str(part);
        }
    }
    own.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many words of a text are in a list.
fn count(text: &str, list: &[&str]) -> usize {
    let own = own(text);
    let words = own.split(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '\''));
    words.filter(|word| list.contains(&word.to_lowercase().as_str())).count()
}

/// Whether a text, or a part of it, is in English.
fn is_english(text: &str) -> bool {
    let (english, dutch) = (count(text, ENGLISH), count(text, DUTCH));
    english > 1 || english == 1 && dutch == 0
}

#[test]
fn every_text_has_its_dutch() {
    // What is the same in both: names, signs, and words that Dutch has from English.
    let is_same_in_both = |text: &str| {
        let words: BTreeSet<&str> =
            text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() > 2).collect();
        !text.contains(' ') || !is_english(text) && words.len() < 5
    };
    let missing: Vec<String> = all()
        .iter()
        .filter(|pair| pair.dutch.trim().is_empty() || pair.dutch == pair.english && !is_same_in_both(&pair.english))
        .map(|pair| format!("{}: {}", pair.place, pair.english))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn no_english_sentence_is_left() {
    let left: Vec<String> = all()
        .iter()
        .filter(|pair| is_english(&pair.dutch))
        .map(|pair| format!("{}: {}", pair.place, pair.dutch))
        .collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn an_english_sentence_would_be_noticed() {
    let is_sentence =
        |pair: &Pair| !pair.english.is_empty() && (pair.place.ends_with("why") || pair.place.contains("note"));
    let english: Vec<Pair> = rules().into_iter().filter(is_sentence).collect();
    let unnoticed: Vec<&str> =
        english.iter().map(|pair| pair.english.as_str()).filter(|text| !is_english(text)).collect();
    assert!(english.len() > 30 && unnoticed.len() * 20 < english.len(), "{}", unnoticed.join("\n"));
}

/// Mistranslations of the old guides, marked as such in the facts: readers may paste them, the program never says them.
const MISTRANSLATED: &[&str] = &[
    "mapreplicatie",
    "locatie van de map",
    "gast-invite",
    "proxy waarde",
    "gebruikers stroom",
    "licentie activiteiten",
    "toewijzing conflict",
    "hoofdbeheerder",
    "gastnodiger",
    "gebruiks locatie",
    "licentie toewijzing",
];

#[test]
fn no_mistranslation_of_the_old_guides_is_said() {
    for pair in all() {
        let text = pair.dutch.to_lowercase();
        let said = MISTRANSLATED.iter().find(|wrong| text.contains(*wrong));
        assert_eq!(said, None, "{}: {}", pair.place, pair.dutch);
    }
}

/// Terms of the English interface, and the stems of what the Dutch one says: from Microsoft's Dutch documentation of the admin centers.
const TERMS: &[(&str, &[&str])] = &[
    ("usage location", &["gebruikslocatie"]),
    ("license", &["licentie"]),
    ("administrative unit", &["beheereenhe"]),
    ("user flow", &["gebruikersstro"]),
    ("guest user", &["gastgebruiker", "gast"]),
    ("proxy address", &["proxyadres"]),
    ("shared mailbox", &["gedeeld postvak", "gedeelde postvak"]),
    ("public folder", &["openbare map"]),
    ("verified domain", &["geverifieerd"]),
    ("federated", &["federati"]),
    ("invitation", &["uitnodig"]),
    ("group-based licensing", &["groep"]),
    ("password writeback", &["terugschrijven"]),
    ("cross-tenant access settings", &["toegangsinstellingen", "toegang tussen tenants"]),
    ("External collaboration settings", &["nstellingen voor externe samenwerking"]),
    ("Active users", &["Actieve gebruikers"]),
    ("Deleted users", &["Verwijderde gebruikers"]),
    ("Licenses and apps", &["Licenties en apps"]),
    ("Manage roles", &["Rollen beheren"]),
    ("Your products", &["Uw producten"]),
    ("Global Administrator", &["lobale beheerder"]),
    ("License Administrator", &["icentiebeheerder"]),
    ("User Administrator", &["ebruikersbeheerder"]),
    ("Guest Inviter", &["astuitnodiger"]),
];

#[test]
fn terms_are_those_of_the_dutch_interface() {
    let mut wrong = Vec::new();
    for pair in all() {
        let (own_english, own_dutch) = (own(&pair.english), own(&pair.dutch));
        for (english, dutch) in TERMS {
            let is_name = english.starts_with(char::is_uppercase);
            // A way through a portal is made of names; those that no source has in Dutch are left out.
            if !is_name && pair.place.ends_with("portal") {
                continue;
            }
            let said = if is_name {
                dutch.iter().any(|form| own_dutch.contains(form))
            } else {
                let lower = own_dutch.to_lowercase();
                dutch.iter().any(|form| lower.contains(form))
            };
            if own_english.contains(english) && !said {
                wrong.push(format!("{}: \"{english}\" is {}: {}", pair.place, dutch.join(" or "), pair.dutch));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
