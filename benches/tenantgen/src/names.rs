//! What people, places and companies are called. All of it is invented; domains are below `.example`.

/// A name as it is shown, and in the letters that an address may hold.
pub(crate) struct Name {
    pub(crate) shown: &'static str,
    pub(crate) plain: &'static str,
}

const fn name(shown: &'static str, plain: &'static str) -> Name {
    Name { shown, plain }
}

pub(crate) static GIVEN_NAMES: &[Name] = &[
    name("Anna", "anna"),
    name("Jan", "jan"),
    name("Zoë", "zoe"),
    name("Müge", "muge"),
    name("Pieter", "pieter"),
    name("Inés", "ines"),
    name("Sören", "soren"),
    name("Marie-Claire", "marie-claire"),
    name("Thomas", "thomas"),
    name("Fatima", "fatima"),
    name("Ludovic", "ludovic"),
    name("Hannah", "hannah"),
    name("José", "jose"),
    name("Noor", "noor"),
    name("Emma", "emma"),
    name("明", "akira"),
    name("Chloé", "chloe"),
    name("Oskar", "oskar"),
    name("Priya", "priya"),
    name("Wouter", "wouter"),
    name("Björn", "bjorn"),
    name("Łucja", "lucja"),
    name("Daniel", "daniel"),
    name("Sofia", "sofia"),
    name("Ruben", "ruben"),
    name("Aoife", "aoife"),
    name("Mehmet", "mehmet"),
    name("Olga", "olga"),
    name("Samuel", "samuel"),
    name("Yara", "yara"),
    name("Victor", "victor"),
    name("Grace", "grace"),
];

pub(crate) static SURNAMES: &[Name] = &[
    name("de Vries", "devries"),
    name("Jansen", "jansen"),
    name("Müller", "muller"),
    name("O'Brien", "obrien"),
    name("Nuñez", "nunez"),
    name("van den Berg", "vandenberg"),
    name("Dubois", "dubois"),
    name("Østergaard", "ostergaard"),
    name("Kowalski", "kowalski"),
    name("Smith", "smith"),
    name("漢", "han"),
    name("Lefèvre", "lefevre"),
    name("Schröder", "schroder"),
    name("Peeters", "peeters"),
    name("Rossi", "rossi"),
    name("García", "garcia"),
    name("Novák", "novak"),
    name("Haddad", "haddad"),
    name("Yılmaz", "yilmaz"),
    name("Okafor", "okafor"),
    name("Lindqvist", "lindqvist"),
    name("Bakker", "bakker"),
    name("Patel", "patel"),
    name("Tanaka", "tanaka"),
    name("Weiß", "weiss"),
    name("Bouchard", "bouchard"),
    name("Visser", "visser"),
    name("Morel", "morel"),
    name("Hughes", "hughes"),
    name("Costa", "costa"),
    name("Petrov", "petrov"),
    name("Maes", "maes"),
    name("Nilsen", "nilsen"),
    name("Keller", "keller"),
    name("Adeyemi", "adeyemi"),
    name("Wong", "wong"),
];

pub(crate) static DEPARTMENTS: &[&str] = &[
    "Sales",
    "Finance",
    "Legal \"Claims\"",
    "Engineering",
    "Human Resources",
    "Ship Operations",
    "Forschung & Entwicklung",
    "Service desk",
    "Marketing\\Events",
    "Facilities",
    "Logistique côtière",
    "Procurement",
];

pub(crate) static JOB_TITLES: &[&str] = &[
    "Account Manager",
    "Senior Engineer",
    "Chef d'équipe",
    "Controller",
    "Service Desk Agent",
    "Planner",
    "Sachbearbeiter für Zölle",
    "Deck Officer",
    "Team Lead",
    "Analyst",
];

/// An office.
pub(crate) struct Place {
    /// ISO 3166-1 alpha-2.
    pub(crate) code: &'static str,
    pub(crate) country: &'static str,
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) street: &'static str,
    pub(crate) post: &'static str,
    pub(crate) dial: &'static str,
    pub(crate) language: &'static str,
}

const fn place(code: &'static str, country: &'static str, city: &'static str, rest: [&'static str; 5]) -> Place {
    let [state, street, post, dial, language] = rest;
    Place { code, country, city, state, street, post, dial, language }
}

pub(crate) static PLACES: &[Place] = &[
    place("NL", "Netherlands", "Rotterdam", ["Zuid-Holland", "Wilhelminakade", "3072 AP", "+31 10 555", "nl-NL"]),
    place("NL", "Netherlands", "Delfzijl", ["Groningen", "Handelskade Oost", "9934 AA", "+31 596 555", "nl-NL"]),
    place("BE", "Belgium", "Liège", ["Wallonie", "Quai de Maestricht", "4000", "+32 4 555", "fr-BE"]),
    place("DE", "Germany", "Lübeck", ["Schleswig-Holstein", "An der Untertrave", "23552", "+49 451 555", "de-DE"]),
    place("FR", "France", "Saint-Nazaire", ["Pays de la Loire", "Boulevard René Coty", "44600", "+33 2 5555", "fr-FR"]),
    place("DK", "Denmark", "Ærøskøbing", ["Syddanmark", "Havnepladsen", "5970", "+45 5555", "da-DK"]),
    place("GB", "United Kingdom", "Hull", ["East Riding", "Humber Quays", "HU1 2BN", "+44 1482 555", "en-GB"]),
    place("US", "United States", "Baltimore", ["MD", "South Clinton Street", "21224", "+1 410 555", "en-US"]),
    place("JP", "Japan", "横浜", ["神奈川県", "Minato Mirai", "220-0012", "+81 45 555", "ja-JP"]),
];

/// Domains of other companies, where guests come from.
pub(crate) static GUEST_DOMAINS: &[&str] =
    &["nordwerft.example", "azur-transit.example", "blueharbor.example", "pilotage.example", "tugboat-co.example"];

/// Domains of other companies, where contacts are; no guest comes from there.
pub(crate) static CONTACT_DOMAINS: &[&str] = &["chandlers.example", "surveyors.example", "customs-broker.example"];
