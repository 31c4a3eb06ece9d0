//! What the engine itself says in a report, in each language. Texts of rules are in their files.

use crate::language::Language;
use crate::tenant::schema::Collection;

/// The phrases of a language; `{0}`, `{1}`, … are replaced.
#[derive(Debug)]
#[rustfmt::skip] // a list, to be read beside that of a language
pub(crate) struct Phrases {
    /// Several values.
    pub(super) and: &'static str,
    pub(super) and_others: &'static str,
    pub(super) this_tenant: &'static str,
    pub(super) unknown_actor: &'static str,
    /// What of a request cannot be understood.
    pub(super) lacks: &'static str,
    pub(super) fits_several: &'static str,
    pub(super) is_application: &'static str,
    pub(super) unknown_property: &'static str,
    /// What an export cannot show of somebody whom a request before makes.
    pub(super) new_account: &'static str,
    /// Why a fix was not tried, or does not resolve everything.
    pub(super) no_effect: &'static str,
    pub(super) kept_apart: &'static str,
    pub(super) value_missing: &'static str,
    pub(super) would_cause: &'static str,
    pub(super) resolves_some: &'static str,
    /// What an object is called in front of its name, by collection.
    pub(super) nouns: &'static [(Collection, &'static str)],
    /// Roles that are called otherwise than in English.
    pub(super) roles: &'static [(&'static str, &'static str)],
    /// Words that native checks put into texts.
    pub(super) values: &'static [(&'static str, &'static str)],
    /// What is said of sources: as the reader writes it, and in this language.
    pub(super) notes: &'static [(&'static str, &'static str)],
    /// How dates are written.
    pub(super) date: &'static str,
}

/// The phrases of a language.
pub(crate) fn phrases(language: Language) -> &'static Phrases {
    match language {
        Language::English => &ENGLISH,
        Language::Dutch => &DUTCH,
    }
}

static ENGLISH: Phrases = Phrases {
    and: " and ",
    and_others: "{0} and {1} others",
    this_tenant: "this tenant",
    unknown_actor: "an unknown actor",
    lacks: "The request has no {0}.",
    fits_several: "{0} fits {1}: say which one ({2}).",
    is_application: "{0} is an application, and what its permissions allow is in no export.",
    unknown_property: "{0} is no property of a request: is {1} meant?",
    new_account: "the account that request {0} makes, with its usage location and licenses",
    no_effect: "its effect cannot be worked out from an export",
    kept_apart: "The account is in a restricted management administrative unit: it takes somebody whose role is assigned over that unit; a role for the whole directory does not reach it.",
    value_missing: "a value it needs is not in the export",
    would_cause: "for the others it would cause {0}",
    resolves_some: "it resolves {0} of {1}, tried on {2}",
    nouns: &[],
    roles: &[],
    values: &[],
    notes: &[],
    date: "%Y-%m-%d",
};

/// Roles as Microsoft's Dutch documentation calls them (Ingebouwde Microsoft Entra-rollen, Ingebouwde Azure-rollen); one that it
/// leaves in English, as Exchange Recipient Administrator, is left so here.
static DUTCH: Phrases = Phrases {
    and: " en ",
    and_others: "{0} en nog {1}",
    this_tenant: "deze tenant",
    unknown_actor: "een onbekende",
    lacks: "De aanvraag heeft geen {0}.",
    fits_several: "{0} past op {1}: zeg welke ({2}).",
    is_application: "{0} is een toepassing, en wat die met zijn machtigingen mag, staat in geen export.",
    unknown_property: "{0} is geen eigenschap van een aanvraag: is {1} bedoeld?",
    new_account: "het account dat aanvraag {0} maakt, met de gebruikslocatie en de licenties",
    no_effect: "het gevolg is niet uit een export af te leiden",
    kept_apart: "Het account zit in een beheereenheid met beperkt beheer: daarvoor is iemand nodig met een rol over die beheereenheid; een rol voor de hele directory reikt niet zover.",
    value_missing: "een waarde die ervoor nodig is, staat niet in de export",
    would_cause: "bij de andere zou het {0} veroorzaken",
    resolves_some: "het lost {0} van {1} op, geprobeerd op {2}",
    nouns: &[
        (Collection::Groups, "groep"),
        (Collection::Contacts, "contactpersoon"),
        (Collection::DeletedUsers, "verwijderde gebruiker"),
        (Collection::Subscriptions, "abonnement"),
        (Collection::Organization, "organisatie"),
        (Collection::Requests, "aanvraag"),
        (Collection::DirectoryAudits, "auditrecord"),
        (Collection::AdministrativeUnits, "beheereenheid"),
        (Collection::Applications, "toepassing"),
        (Collection::DeletedApplications, "verwijderde toepassing"),
        (Collection::ServicePrincipals, "service-principal"),
        (Collection::B2xUserFlows, "gebruikersstroom"),
        (Collection::IdentityProviders, "id-provider"),
        (Collection::AzureSubscriptions, "Azure-abonnement"),
        (Collection::AzureRoleAssignments, "Azure-roltoewijzing"),
    ],
    roles: &[
        ("Global Administrator", "Globale beheerder"),
        ("User Administrator", "Gebruikersbeheerder"),
        ("License Administrator", "Licentiebeheerder"),
        ("Billing Administrator", "Factureringsbeheerder"),
        ("Helpdesk Administrator", "Helpdeskbeheerder"),
        ("Password Administrator", "Wachtwoordbeheerder"),
        ("Guest Inviter", "Gastuitnodiger"),
        ("Privileged Role Administrator", "Beheerder voor bevoorrechte rollen"),
        ("Reports Reader", "Rapportlezer"),
        ("Global Reader", "Algemene lezer"),
        ("Privileged Authentication Administrator", "Bevoorrechte verificatiebeheerder"),
        ("Authentication Policy Administrator", "Verificatiebeleidsbeheerder"),
        ("Application Administrator", "Toepassingsbeheerder"),
        ("Cloud Application Administrator", "Cloudtoepassingsbeheerder"),
        ("Exchange Administrator", "Exchange-beheerder"),
        ("Groups Administrator", "Groepsbeheerder"),
        ("Domain Name Administrator", "Domeinnaambeheerder"),
        ("Administrator (other identity provider)", "Beheerder (andere id-provider)"),
        ("Hybrid Identity Administrator", "Hybrid Identity-beheerder"),
        ("External ID User Flow Administrator", "Beheerder van externe id-gebruikersstromen"),
        ("External Identity Provider Administrator", "Beheerder van externe id-providers"),
        ("Security Administrator", "Beveiligingsbeheerder"),
        ("Security Reader", "Beveiligingslezer"),
        ("Owner (Azure)", "Eigenaar (Azure)"),
        ("Contributor (Azure)", "Inzender (Azure)"),
        ("User Access Administrator (Azure)", "Beheerder van gebruikerstoegang (Azure)"),
        ("The eligible person (own account)", "Degene die ervoor in aanmerking komt (eigen account)"),
        ("The person who signs in (own account)", "Degene die zich aanmeldt (eigen account)"),
    ],
    values: &[
        ("actor", "aanvrager"),
        ("target", "doel"),
        ("license", "licentie"),
        ("no license", "geen licentie"),
        ("success", "gelukt"),
        ("failure", "mislukt"),
        ("create-user", "gebruiker maken"),
        ("assign-license", "licentie toewijzen"),
        ("remove-license", "licentie verwijderen"),
        ("invite-guest", "gast uitnodigen"),
        ("reset-password", "wachtwoord opnieuw instellen"),
        ("sign-in", "aanmelden"),
        ("sign-up", "registreren"),
        ("manage-directory", "directory beheren"),
        ("code page 850", "codepagina 850"),
        (
            "windows-1252 (or code page 850: the letters do not tell)",
            "windows-1252 (of codepagina 850: de letters zeggen het niet)",
        ),
        (
            "code page 850 (or windows-1252: the letters do not tell)",
            "codepagina 850 (of windows-1252: de letters zeggen het niet)",
        ),
        ("its first bytes", "de eerste bytes"),
        ("how its folders are laid out", "de indeling in mappen"),
        ("its key mocks", "de sleutel mocks"),
        ("its key responses", "de sleutel responses"),
        ("its key log", "de sleutel log"),
        ("its keys baseline_version and module_version", "de sleutels baseline_version en module_version"),
        ("its items with kind and data", "de items met kind en data"),
        ("its fields puser and ptenant", "de velden puser en ptenant"),
        ("its fields primDomain, LicJoined or CountUsed", "de velden primDomain, LicJoined of CountUsed"),
        ("RecipientTypeDetails or DomainType", "RecipientTypeDetails of DomainType"),
        ("properties of MSOnline's objects", "eigenschappen van objecten van MSOnline"),
        ("ObjectId with ObjectType or DirSyncEnabled", "ObjectId met ObjectType of DirSyncEnabled"),
        ("the column inviteeEmail", "de kolom inviteeEmail"),
        ("the columns passwordProfile and userPrincipalName", "de kolommen passwordProfile en userPrincipalName"),
        (
            "the columns User Name, First Name, Last Name, Display Name",
            "de kolommen User Name, First Name, Last Name, Display Name",
        ),
        ("the column RecipientTypeDetails or DomainType", "de kolom RecipientTypeDetails of DomainType"),
        ("columns that end in _s, _g, _b", "kolommen die eindigen op _s, _g, _b"),
        ("the column Soft deletion time stamp", "de kolom Soft deletion time stamp"),
        ("columns of MSOnline's objects", "kolommen van objecten van MSOnline"),
        ("the columns ObjectId and DirSyncEnabled", "de kolommen ObjectId en DirSyncEnabled"),
        ("the columns of Download users", "de kolommen van Gebruikers downloaden"),
        ("the columns Id and UserPrincipalName", "de kolommen Id en UserPrincipalName"),
        ("a column of sign-in names", "een kolom met aanmeldingsnamen"),
        ("--format-in", "--format-in"),
        ("a picture, which holds no objects", "een plaatje, zonder objecten"),
        ("a PDF file, which holds no objects", "een pdf-bestand, zonder objecten"),
        ("a Zero Trust Assessment report", "een rapport van Zero Trust Assessment"),
        (
            "a report of Maester, which holds findings and no objects",
            "een rapport van Maester, met bevindingen en zonder objecten",
        ),
        (
            "a report of Prowler or Monkey365, which holds findings and no objects",
            "een rapport van Prowler of Monkey365, met bevindingen en zonder objecten",
        ),
        ("ScubaGear's results", "de uitslag van ScubaGear"),
    ],
    notes: &[
        (
            "Objects that it says are gone: {0}. They are not there.",
            "Objecten die er volgens het bestand niet meer zijn: {0}. Ze tellen niet mee.",
        ),
        (
            "Some values are numbers whose meaning is not published; they are not known. Windows PowerShell writes them; PowerShell 7 has ConvertTo-Json -EnumsAsStrings.",
            "Sommige waarden zijn getallen waarvan de betekenis niet is gepubliceerd; ze zijn niet bekend. Windows PowerShell schrijft ze; PowerShell 7 heeft ConvertTo-Json -EnumsAsStrings.",
        ),
        (
            "Objects that stand in this file more than once, with another {0}: {1}. One of the values counts.",
            "Objecten die meer dan eens in dit bestand staan, met een andere {0}: {1}. Een van de waarden telt.",
        ),
        (
            "Objects whose {0} is another in {1}, which is older: {2}. The values of this file count.",
            "Objecten waarvan {0} anders is in {1}, dat ouder is: {2}. De waarden van dit bestand tellen.",
        ),
        (
            "Objects whose {0} is another in {1}, and nothing says which file is newer: {2}. The values of this file count.",
            "Objecten waarvan {0} anders is in {1}, en niets zegt welk bestand nieuwer is: {2}. De waarden van dit bestand tellen.",
        ),
        (
            "It is of {0}, another file of {1}: what was deleted in between is still in it.",
            "Het is van {0}, een ander bestand van {1}: wat intussen is verwijderd, staat er nog in.",
        ),
        (
            "It holds dates up to {0}, after the date given: ages count from the date given.",
            "Er staan datums in tot {0}, na de opgegeven datum: leeftijden tellen vanaf de opgegeven datum.",
        ),
        ("Told by {0}.", "Herkend aan {0}."),
        ("These parts of the folder are not read: {0}.", "Deze delen van de map worden niet gelezen: {0}."),
        (
            "The shape of this format is remembered, not documented: what is found in it is likely at most.",
            "De vorm van deze indeling is uit ervaring bekend, niet uit documentatie: wat erin wordt gevonden is hoogstens waarschijnlijk.",
        ),
        ("The run of AzureHound was stopped before its end.", "AzureHound is gestopt voordat het klaar was."),
        (
            "Lines that could not be read, since they have more or fewer cells than the header: {0}.",
            "Regels die niet konden worden gelezen, want ze hebben meer of minder cellen dan de kop: {0}.",
        ),
        ("{0} lines are broken; they were passed over.", "{0} regels zijn beschadigd; ze zijn overgeslagen."),
        (
            "Recipients of the type {0} are of no known kind; they were passed over.",
            "Geadresseerden van het type {0} zijn van een onbekende soort; ze zijn overgeslagen.",
        ),
        (
            "The call {0} of the batch was answered with status {1}; it brought nothing.",
            "De aanroep {0} van de batch kreeg als antwoord status {1}; die leverde niets op.",
        ),
        (
            "These names fit no product, or several; their holders have a license, but it is not known which: {0}.",
            "Bij deze namen hoort geen product, of meer dan één; wie het heeft, heeft een licentie, maar niet bekend is welke: {0}.",
        ),
        (
            "The name {0} fits no product, or several; its holders have a license, but it is not known which.",
            "Bij de naam {0} hoort geen product, of meer dan één; wie het heeft, heeft een licentie, maar niet bekend is welke.",
        ),
        (
            "Some objects are of no known kind; they were passed over.",
            "Sommige objecten zijn van een onbekende soort; ze zijn overgeslagen.",
        ),
        (
            "ScubaGear could not run {0}: what it would have brought is missing.",
            "ScubaGear kon {0} niet uitvoeren: wat dat had opgeleverd ontbreekt.",
        ),
        ("It is written in {0}.", "Het is geschreven in {0}."),
        ("It is {0}; it was passed over.", "Het is {0}; het is overgeslagen."),
        ("A part of it is {0}; it was passed over.", "Een deel ervan is {0}; dat is overgeslagen."),
        (
            "Objects of no known kind, which were passed over: {0}.",
            "Objecten van een onbekende soort, die zijn overgeslagen: {0}.",
        ),
        (
            "It holds exactly {0} {1}: perhaps only the first page.",
            "Het bevat precies {0} {1}: misschien alleen de eerste pagina.",
        ),
        (
            "{0} more keys name no collection that is known.",
            "Nog {0} sleutels zijn de naam van geen bekende verzameling.",
        ),
        ("It holds the answer to a call that failed: {0}", "Het bevat het antwoord op een aanroep die is mislukt: {0}"),
        (
            "\"{0}\" names no collection that is known; it was passed over.",
            "\"{0}\" is de naam van geen bekende verzameling; het is overgeslagen.",
        ),
    ],
    date: "%d-%m-%Y",
};

impl Phrases {
    /// Every text that is said, to be looked through by tests.
    #[cfg(test)]
    pub(crate) fn said(&self) -> Vec<&'static str> {
        let mut said =
            vec![self.and, self.and_others, self.this_tenant, self.unknown_actor, self.no_effect, self.kept_apart];
        said.extend([self.lacks, self.fits_several, self.is_application, self.unknown_property]);
        said.extend([self.value_missing, self.would_cause, self.resolves_some]);
        said.extend(self.nouns.iter().map(|(_, text)| *text));
        said.extend([self.roles, self.values, self.notes].into_iter().flatten().map(|(_, text)| *text));
        said
    }

    /// The noun for an object of a collection.
    pub(super) fn noun(&self, collection: Collection) -> &'static str {
        let own = self.nouns.iter().find(|(known, _)| *known == collection);
        own.map_or(collection.schema().noun, |(_, noun)| noun)
    }

    /// What a role is called.
    pub(super) fn role<'r>(&self, name: &'r str) -> &'r str
    where
        'static: 'r,
    {
        self.roles.iter().find(|(known, _)| *known == name).map_or(name, |(_, own)| own)
    }

    /// A word that a native check provides.
    pub(super) fn value<'v>(&self, text: &'v str) -> &'v str
    where
        'static: 'v,
    {
        self.values.iter().find(|(known, _)| *known == text).map_or(text, |(_, own)| own)
    }

    /// A remark on a source.
    pub(super) fn note(&self, text: &str) -> String {
        let own = self.notes.iter().find_map(|(from, to)| {
            let values: Vec<&str> = values(text, from)?.into_iter().map(|value| self.value(value)).collect();
            Some(fill(to, &values))
        });
        own.unwrap_or_else(|| text.to_owned())
    }
}

/// What a role is called.
pub(crate) fn role_name(name: &str, language: Language) -> &str {
    phrases(language).role(name)
}

/// A phrase with its values in place.
pub(super) fn fill(phrase: &str, values: &[&str]) -> String {
    let mut text = phrase.to_owned();
    for (index, value) in values.iter().enumerate() {
        text = text.replacen(&format!("{{{index}}}"), value, 1);
    }
    text
}

/// The values in a text that was made of a phrase whose places come in order.
fn values<'t>(text: &'t str, phrase: &str) -> Option<Vec<&'t str>> {
    let mut parts = phrase.split(['{', '}']).enumerate();
    let (_, first) = parts.next()?;
    let mut rest = text.strip_prefix(first)?;
    let mut values = Vec::new();
    for (_, part) in parts.filter(|(index, _)| index % 2 == 0) {
        let at = if part.is_empty() { rest.len() } else { rest.find(part)? };
        values.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_keep_their_values() {
        let dutch = phrases(Language::Dutch);
        assert_eq!(dutch.note("It is written in UTF-16LE."), "Het is geschreven in UTF-16LE.");
        assert_eq!(
            dutch.note("It holds exactly 100 users: perhaps only the first page."),
            "Het bevat precies 100 users: misschien alleen de eerste pagina."
        );
        assert_eq!(
            dutch.note("It holds the answer to a call that failed: 403: no"),
            "Het bevat het antwoord op een aanroep die is mislukt: 403: no"
        );
        assert_eq!(dutch.note("Something else."), "Something else.");
        assert_eq!(phrases(Language::English).note("It is written in UTF-16LE."), "It is written in UTF-16LE.");
    }

    /// Whoever looks for a role in a Dutch admin center finds it under its Dutch name only.
    #[test]
    fn roles_that_rules_name_have_their_dutch_names() {
        let dutch = phrases(Language::Dutch);
        let packs = crate::pack::load::Packs::builtin().unwrap();
        let named = packs.rules().flat_map(|rule| &rule.fixes).flat_map(|fix| &fix.roles);
        let mut english: Vec<&str> = named.map(String::as_str).filter(|role| dutch.role(role) == *role).collect();
        english.sort_unstable();
        english.dedup();
        assert_eq!(
            english,
            [
                "Account Administrator (Azure billing)",
                "Domain Administrator (on-premises)",
                "Exchange Recipient Administrator",
                "Invoice manager (Azure billing)"
            ]
        );
    }

    #[test]
    fn roles_and_words_have_their_own_names() {
        let dutch = phrases(Language::Dutch);
        assert_eq!((dutch.role("License Administrator"), dutch.role("Own role")), ("Licentiebeheerder", "Own role"));
        assert_eq!((dutch.noun(Collection::Groups), dutch.noun(Collection::Users)), ("groep", "user"));
    }
}
