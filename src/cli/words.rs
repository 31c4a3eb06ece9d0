//! What the pages of `explain` and `inspect`, and the remarks of `check`, say besides what rules and reports say themselves.

use crate::language::Language;

/// The phrases of a language; `{0}`, `{1}`, … are replaced.
#[derive(Debug)]
#[allow(missing_docs)] // what a phrase says is best read in the language below
pub(crate) struct Words {
    // The page about a rule.
    pub(crate) in_pack: &'static str,
    pub(crate) switched_off: &'static str,
    pub(crate) finds: &'static str,
    pub(crate) by_table: &'static str,
    pub(crate) range: &'static str,
    pub(crate) severities: [&'static str; 5],
    pub(crate) likely: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) causes: &'static str,
    pub(crate) effects: &'static str,
    pub(crate) to_do: &'static str,
    pub(crate) places: [&'static str; 3],
    pub(crate) safeties: [&'static str; 3],
    pub(crate) note: &'static str,
    pub(crate) who: &'static str,
    pub(crate) portal: &'static str,
    pub(crate) when: &'static str,
    pub(crate) only_if: &'static str,
    pub(crate) command: &'static str,
    pub(crate) verify: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) decides: &'static str,
    pub(crate) in_order: &'static str,
    pub(crate) where_selected: &'static str,
    pub(crate) reads: &'static str,
    pub(crate) script: &'static str,
    pub(crate) limits: &'static str,
    pub(crate) limit_complete: &'static str,
    pub(crate) limit_absent: &'static str,
    pub(crate) limit_date: &'static str,
    pub(crate) limit_hint: &'static str,
    pub(crate) limit_elsewhere: &'static str,
    pub(crate) limit_settings: &'static str,
    pub(crate) limit_request: &'static str,
    pub(crate) errors: &'static str,
    pub(crate) references: &'static str,
    // A text that somebody pasted.
    pub(crate) means: &'static str,
    pub(crate) look_at: &'static str,
    pub(crate) rules: &'static str,
    pub(crate) advice: &'static str,
    // What an export holds.
    pub(crate) not_enough: &'static str,
    pub(crate) enough: &'static str,
    pub(crate) by_name: &'static str,
    pub(crate) by_content: &'static str,
    pub(crate) exported: &'static str,
    pub(crate) formats: &'static [(&'static str, &'static str)],
    pub(crate) byte: &'static str,
    pub(crate) bytes: &'static str,
    pub(crate) decimal: char,
    pub(crate) incomplete: &'static str,
    pub(crate) incomplete_because: &'static str,
    pub(crate) without: &'static str,
    pub(crate) has: &'static str,
    pub(crate) lacks: &'static str,
    pub(crate) and_more: &'static str,
    pub(crate) reasons: &'static [(&'static str, &'static str)],
    pub(crate) refused: &'static str,
    pub(crate) in_part: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) missing_of: &'static str,
    pub(crate) get_it: &'static str,
    pub(crate) takes: &'static str,
    // The seat table.
    pub(crate) license: &'static str,
    pub(crate) seats: [&'static str; 4],
    pub(crate) no_licenses: &'static str,
    pub(crate) expiring: &'static str,
    // Remarks.
    pub(crate) one_person: &'static str,
    pub(crate) people: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) nothing_assessed: &'static str,
    pub(crate) nothing_of: &'static str,
}

/// The phrases of a language.
pub(crate) const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Dutch => &DUTCH,
    }
}

/// A phrase with its values in place.
pub(crate) fn fill(phrase: &str, values: &[&str]) -> String {
    let mut text = String::with_capacity(phrase.len());
    let mut rest = phrase;
    while let Some(start) = rest.find('{') {
        let number = rest.get(start + 1..start + 2).and_then(|digit| digit.parse::<usize>().ok());
        text.push_str(&rest[..start]);
        text.push_str(number.and_then(|number| values.get(number)).copied().unwrap_or_default());
        rest = rest.get(start + 3..).unwrap_or_default();
    }
    text + rest
}

#[rustfmt::skip] // one phrase, one line
static ENGLISH: Words = Words {
    in_pack: "{0}, in the pack {1}, since {2}",
    switched_off: "It is switched off: {0}",
    finds: "What it finds",
    by_table: "by table",
    range: "{0} to {1}",
    severities: ["info", "low", "medium", "high", "critical"],
    likely: "likely",
    hint: "a hint",
    causes: "What may cause it",
    effects: "What it causes",
    to_do: "What to do",
    places: ["", " (on-premises)", " (in Exchange Online PowerShell)"],
    safeties: ["", " (decide first)", " (loses something for good)"],
    note: "Note:",
    who: "Who:",
    portal: "Where:",
    when: "When:",
    only_if: "Only if:",
    command: "Command:",
    verify: "Check:",
    undo: "Undo:",
    decides: "How it decides",
    in_order: "The first of these that holds counts; an unknown value makes the answer unknown.",
    where_selected: "In these, each line must hold:",
    reads: "What it reads",
    script: "The script that exports it:",
    limits: "What it cannot know",
    limit_complete: "It is only clear if {0} were exported completely.",
    limit_absent: "That nothing is found in {0} is only said if all of it was exported.",
    limit_date: "Ages count from the date of the export. If that is only its newest date, nothing is called too young.",
    limit_hint: "What is marked as a hint or as likely is no proof: look before you change anything.",
    limit_elsewhere: "{0} is not in Microsoft Graph: without an export of the other service it stays unknown.",
    limit_settings: "It follows what --settings says: {0}.",
    limit_request: "It answers a request: without one nobody is asked about.",
    errors: "What people see",
    references: "More about it",
    means: "What it means",
    look_at: "Look at first:",
    rules: "Rules that find it in an export",
    advice: "No rule finds it in an export: this is advice only.",
    not_enough: "Rules that this export is not enough for: {0} of {1}",
    enough: "It is enough for every rule",
    by_name: "told by its name only",
    by_content: "told by its content",
    exported: "; exported {0}",
    formats: &[
        ("graph-bundle", "Collections under their names"), ("graph-pages", "Pages of Microsoft Graph"), ("graph-page", "Pages of Microsoft Graph"),
        ("graph-objects", "Objects of Microsoft Graph"), ("powershell-objects", "Objects of Microsoft Graph PowerShell"), ("unknown", "Nothing that was understood"),
    ],
    byte: "1 byte",
    bytes: "{0} bytes",
    decimal: '.',
    incomplete: ", not complete",
    incomplete_because: ", not complete: {0}",
    without: "without:",
    has: "has:",
    lacks: "lacks:",
    and_more: "{0} and {1} more",
    reasons: &[
        ("next-link", "a page says that another follows, and it is not there"), ("delta-link", "it holds only what changed"), ("error", "one of the calls for it failed"),
        ("cut-off", "the file ends too early"), ("not-collected", "not in the export"), ("unreadable-source", "another file could not be read"),
    ],
    refused: "the call for it was refused: {0}",
    in_part: " (in part)",
    missing: "missing:",
    missing_of: "{0} of {1}",
    get_it: "get it with:",
    takes: "It takes the permission {0} and the role {1}.",
    license: "License",
    seats: ["Bought", "Expiring", "In use", "Free"],
    no_licenses: "The export holds no licenses (subscribedSkus). This exports them:",
    expiring: "Expiring seats still work, until Microsoft suspends the subscription.",
    one_person: "1 person",
    people: "{0} people",
    keep: "the report contains {0}: keep it where the export may be kept",
    nothing_assessed: "nothing could be assessed; what is missing: aaddoctor inspect, and the export again: aaddoctor collect-script",
    nothing_of: "nothing of {0} could be assessed; the export that it takes: aaddoctor collect-script --for {0}",
};

#[rustfmt::skip] // one phrase, one line
static DUTCH: Words = Words {
    in_pack: "{0}, in het pakket {1}, sinds {2}",
    switched_off: "De regel is uitgeschakeld: {0}",
    finds: "Wat de regel vindt",
    by_table: "volgens tabel",
    range: "{0} tot {1}",
    severities: ["info", "laag", "middel", "hoog", "kritiek"],
    likely: "waarschijnlijk",
    hint: "een aanwijzing",
    causes: "Waar het door kan komen",
    effects: "Wat het veroorzaakt",
    to_do: "Wat te doen",
    places: ["", " (on-premises)", " (in Exchange Online PowerShell)"],
    safeties: ["", " (beslis eerst)", " (er gaat iets voorgoed verloren)"],
    note: "Let op:",
    who: "Wie:",
    portal: "Waar:",
    when: "Wanneer:",
    only_if: "Alleen als:",
    command: "Opdracht:",
    verify: "Controleren:",
    undo: "Terugdraaien:",
    decides: "Hoe de regel beslist",
    in_order: "De eerste hiervan die klopt, telt; een onbekende waarde maakt het antwoord onbekend.",
    where_selected: "Hierin moet elke regel kloppen:",
    reads: "Wat de regel leest",
    script: "Het script dat dit exporteert:",
    limits: "Wat de regel niet kan weten",
    limit_complete: "Het is alleen in orde als {0} volledig zijn geëxporteerd.",
    limit_absent: "Dat er niets staat in {0}, wordt alleen gezegd als alles ervan is geëxporteerd.",
    limit_date: "Hoe oud iets is, telt vanaf de datum van de export. Is dat alleen de nieuwste datum erin, dan heet niets te jong.",
    limit_hint: "Wat een aanwijzing of waarschijnlijk heet, is geen bewijs: kijk voordat u iets wijzigt.",
    limit_elsewhere: "{0} staat niet in Microsoft Graph: zonder export van de andere dienst blijft dit onbekend.",
    limit_settings: "De regel volgt wat --settings zegt: {0}.",
    limit_request: "De regel beantwoordt een aanvraag: zonder aanvraag wordt er naar niemand gevraagd.",
    errors: "Wat mensen te zien krijgen",
    references: "Meer hierover",
    means: "Wat het betekent",
    look_at: "Kijk eerst hiernaar:",
    rules: "Regels die dit in een export vinden",
    advice: "Geen regel vindt dit in een export: dit is alleen advies.",
    not_enough: "Regels waarvoor deze export niet genoeg is: {0} van {1}",
    enough: "Genoeg voor elke regel",
    by_name: "alleen aan de naam herkend",
    by_content: "aan de inhoud herkend",
    exported: "; geëxporteerd {0}",
    formats: &[
        ("graph-bundle", "Verzamelingen onder hun naam"), ("graph-pages", "Pagina's van Microsoft Graph"), ("graph-page", "Pagina's van Microsoft Graph"),
        ("graph-objects", "Objecten van Microsoft Graph"), ("powershell-objects", "Objecten van Microsoft Graph PowerShell"), ("unknown", "Niets dat te begrijpen was"),
    ],
    byte: "1 byte",
    bytes: "{0} bytes",
    decimal: ',',
    incomplete: ", niet volledig",
    incomplete_because: ", niet volledig: {0}",
    without: "zonder:",
    has: "heeft:",
    lacks: "mist:",
    and_more: "{0} en nog {1}",
    reasons: &[
        ("next-link", "volgens een pagina volgt er nog een, en die is er niet"), ("delta-link", "er staat alleen in wat veranderd is"), ("error", "een van de aanroepen ervoor is mislukt"),
        ("cut-off", "het bestand houdt te vroeg op"), ("not-collected", "niet in de export"), ("unreadable-source", "een ander bestand kon niet worden gelezen"),
    ],
    refused: "de aanroep ervoor is geweigerd: {0}",
    in_part: " (voor een deel)",
    missing: "ontbreekt:",
    missing_of: "{0} van {1}",
    get_it: "zo krijgt u het:",
    takes: "Daarvoor zijn de machtiging {0} en de rol {1} nodig.",
    license: "Licentie",
    seats: ["Gekocht", "Verloopt", "In gebruik", "Vrij"],
    no_licenses: "De export bevat geen licenties (subscribedSkus). Zo exporteert u ze:",
    expiring: "Licenties die verlopen werken nog, totdat Microsoft het abonnement onderbreekt.",
    one_person: "1 persoon",
    people: "{0} personen",
    keep: "het rapport bevat {0}: bewaar het waar ook de export bewaard mag worden",
    nothing_assessed: "er kon niets worden beoordeeld; wat er ontbreekt: aaddoctor inspect, en opnieuw exporteren: aaddoctor collect-script",
    nothing_of: "van {0} kon niets worden beoordeeld; de export die ervoor nodig is: aaddoctor collect-script --for {0}",
};

impl Words {
    /// All phrases, to be looked through by tests.
    #[cfg(test)]
    pub(crate) fn all(&self) -> Vec<String> {
        // Every phrase is a text between quotes in what is printed of it.
        let printed = format!("{self:?}");
        printed.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    }
}
