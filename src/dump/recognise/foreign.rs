//! The formats of other tools, told by their first keys or by the header of a table.
//!
//! Sources: the files, code and documentation that each format's own module names.

use super::Keys;
use crate::dump::dialect::{Dialect, Sheet};
use crate::json::skip_space;

/// What the beginning of a file is, if it is in the format of another tool, and by what it was told.
pub(in crate::dump) fn dialect(head: &[u8]) -> Option<(Dialect, &'static str)> {
    if head.starts_with(super::SQLITE) {
        return Some((Dialect::RoadRecon, "its first bytes"));
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let start = skip_space(text, 0);
    match text.get(start) {
        Some(b'{') => of_object(text, start),
        Some(b'[') => {
            let first = skip_space(text, start + 1);
            (text.get(first) == Some(&b'{')).then(|| of_element(text, first)).flatten()
        }
        Some(byte) if byte.is_ascii_graphic() || *byte >= 0x80 => of_sheet(&Sheet::peek(head)?),
        _ => None,
    }
}

fn of_object(text: &[u8], start: usize) -> Option<(Dialect, &'static str)> {
    let keys = Keys::peek(text, start).ok()?;
    if keys.first_byte("mocks") == Some(b'[') {
        return Some((Dialect::DevProxy, "its key mocks"));
    }
    if keys.first_byte("responses") == Some(b'[') {
        return Some((Dialect::Batch, "its key responses"));
    }
    if keys.first_byte("log") == Some(b'{') && !keys.has("users") {
        return Some((Dialect::Har, "its key log"));
    }
    if keys.has("baseline_version") && keys.has("module_version") {
        return Some((Dialect::ScubaGear, "its keys baseline_version and module_version"));
    }
    // The list may be longer than what was looked at, and then what follows it is not seen.
    if keys.first_byte("data") == Some(b'[') && !keys.has("value") {
        let list = memchr::memchr(b'[', &text[start..])? + start;
        let first = skip_space(text, list + 1);
        let item = Keys::peek(text, first).ok();
        if item.is_some_and(|item| item.has("kind") && item.has("data")) || keys.has("meta") {
            return Some((Dialect::AzureHound, "its items with kind and data"));
        }
    }
    if keys.first_byte("value") == Some(b'[') && !keys.has("@odata.context") {
        let list = memchr::memchr(b'[', &text[start..])? + start;
        let first = skip_space(text, list + 1);
        return (text.get(first) == Some(&b'{')).then(|| of_element(text, first)).flatten();
    }
    of_element(text, start)
}

/// An object that stands alone or in a list.
fn of_element(text: &[u8], at: usize) -> Option<(Dialect, &'static str)> {
    let keys = Keys::peek(text, at).ok()?;
    let has = |name| keys.has(name);
    if has("puser") && has("ptenant") {
        return Some((Dialect::DataConnect, "its fields puser and ptenant"));
    }
    if has("primDomain") || has("LicJoined") || has("License") && has("CountUsed") {
        return Some((Dialect::Cipp, "its fields primDomain, LicJoined or CountUsed"));
    }
    if has("RecipientTypeDetails") || has("DomainName") && has("DomainType") {
        return Some((Dialect::Exchange, "RecipientTypeDetails or DomainType"));
    }
    if has("isLicensed")
        || has("BlockCredential")
        || has("AccountSkuId")
        || has("Authentication") && has("Capabilities")
    {
        return Some((Dialect::MsOnline, "properties of MSOnline's objects"));
    }
    if has("ObjectType") && has("ObjectId") || has("DirSyncEnabled") && has("ObjectId") {
        return Some((Dialect::AzureAd, "ObjectId with ObjectType or DirSyncEnabled"));
    }
    None
}

/// A table, by its columns.
fn of_sheet(sheet: &Sheet) -> Option<(Dialect, &'static str)> {
    let names = sheet.names();
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("inviteeemail") {
        return Some((Dialect::BulkInvite, "the column inviteeEmail"));
    }
    if has("passwordprofile") && has("userprincipalname") {
        return Some((Dialect::BulkCreate, "the columns passwordProfile and userPrincipalName"));
    }
    if has("username") && has("firstname") && has("lastname") && has("displayname") {
        return Some((Dialect::MultipleUsers, "the columns User Name, First Name, Last Name, Display Name"));
    }
    if has("recipienttypedetails") || has("recipienttype") || has("domainname") && has("domaintype") {
        return Some((Dialect::Exchange, "the column RecipientTypeDetails or DomainType"));
    }
    let typed = sheet
        .header
        .iter()
        .filter(|name| ["_s", "_g", "_b", "_t"].iter().any(|end| name.ends_with(end)) || name.ends_with("[UTC]"))
        .count();
    if typed * 2 > sheet.header.len() && has("userprincipalname") {
        return Some((Dialect::LogAnalytics, "columns that end in _s, _g, _b"));
    }
    if has("softdeletiontimestamp") && has("userprincipalname") {
        return Some((Dialect::AdminCenterUsers, "the column Soft deletion time stamp"));
    }
    if has("accountskuid")
        || has("isvalidated")
        || has("blockcredential") && has("islicensed")
        || has("authentication") && has("capabilities")
    {
        return Some((Dialect::MsOnline, "columns of MSOnline's objects"));
    }
    if has("dirsyncenabled") && has("objectid") && has("userprincipalname") {
        return Some((Dialect::AzureAd, "the columns ObjectId and DirSyncEnabled"));
    }
    let is = |name: &str| sheet.header.iter().any(|cell| cell.trim() == name);
    if is("userPrincipalName")
        && (is("id") || is("objectId"))
        && (is("legalAgeGroupClassification") || is("directorySynced"))
    {
        return Some((Dialect::EntraUsers, "the columns of Download users"));
    }
    if is("UserPrincipalName") && is("Id") {
        return Some((Dialect::PowerShellCsv, "the columns Id and UserPrincipalName"));
    }
    has("userprincipalname").then_some((Dialect::UserTable, "a column of sign-in names"))
}

/// The report of another tool, which is no dump, and what to bring instead.
pub(super) fn report(keys: &Keys<'_>) -> Option<&'static str> {
    if keys.first_byte("Tests") == Some(b'[') && keys.has("TenantId") {
        return Some(if keys.has("TestResultSummary") {
            "a Zero Trust Assessment report (bring the folder zt-export beside it)"
        } else {
            "a report of Maester, which holds findings and no objects (bring an export of the tenant)"
        });
    }
    if keys.has("finding_info") && keys.has("metadata") || keys.has("findingInfo") {
        return Some(
            "a report of Prowler or Monkey365, which holds findings and no objects (bring an export of the tenant)",
        );
    }
    if keys.has("Results") && keys.has("Summary") && keys.has("MetaData") {
        return Some("ScubaGear's results (bring ProviderSettingsExport.json from the same folder)");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_content() {
        let cases: &[(&str, Option<Dialect>)] = &[
            ("{\"mocks\":[]}", Some(Dialect::DevProxy)),
            ("{\"responses\":[{\"id\":\"1\"}]}", Some(Dialect::Batch)),
            ("{\"data\":[\n\t{\"kind\":\"AZUser\",\"data\":{}}", Some(Dialect::AzureHound)),
            ("[{\"UserPrincipalName\":\"a\",\"BlockCredential\":false}]", Some(Dialect::MsOnline)),
            ("{\"value\":[{\"ObjectId\":\"1\",\"ObjectType\":\"User\"}],\"Count\":1}", Some(Dialect::AzureAd)),
            ("[{\"id\":\"1\",\"userPrincipalName\":\"a\"}]", None),
            ("{\"users\":[]}", None),
            (
                "version:v1.0,,\r\nName [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required\r\n",
                Some(Dialect::BulkCreate),
            ),
            (
                "version:v1.0\nEmail address to invite [inviteeEmail] Required,Redirection url [inviteRedirectURL] Required\n",
                Some(Dialect::BulkInvite),
            ),
            (
                "\u{feff}Display name;DirSyncEnabled;User principal name;Object Id;Soft deletion time stamp\n",
                Some(Dialect::AdminCenterUsers),
            ),
            ("\"Name\",\"RecipientTypeDetails\"\n", Some(Dialect::Exchange)),
            ("UserPrincipalName_s,ObjectId_g,AccountEnabled_b\n", Some(Dialect::LogAnalytics)),
            (
                "#TYPE Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser\n\"Id\",\"UserPrincipalName\"\n",
                Some(Dialect::PowerShellCsv),
            ),
            ("name,user_principal_name\n", Some(Dialect::UserTable)),
            ("hello, world\n", None),
        ];
        for (text, expected) in cases {
            assert_eq!(dialect(text.as_bytes()).map(|(dialect, _)| dialect), *expected, "{text}");
        }
    }
}
