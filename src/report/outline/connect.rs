//! What one needs to run the commands of a report: said once, behind the findings.

use std::collections::BTreeSet;

use crate::report::model::{Finding, Fix};
use crate::report::text::{Label, Line};

use super::{Block, Context, Items};

/// The delegated permission that a command of Microsoft Graph PowerShell needs, by how its name begins.
///
/// Source: the permissions tables of the Microsoft Graph v1.0 operations behind the commands.
const SCOPES: &[(&str, &str)] = &[
    ("Update-MgUser", "User.ReadWrite.All"),
    ("New-MgInvitation", "User.Invite.All"),
    ("Set-MgUserLicense", "LicenseAssignment.ReadWrite.All"),
    ("Set-MgGroupLicense", "LicenseAssignment.ReadWrite.All"),
    ("Invoke-MgLicenseUser", "LicenseAssignment.ReadWrite.All"),
    ("Restore-MgDirectoryDeletedItem", "User.DeleteRestore.All"),
    ("Remove-MgGroupMember", "GroupMember.ReadWrite.All"),
    ("New-MgRoleManagementDirectory", "RoleManagement.ReadWrite.Directory"),
    ("Get-MgRoleManagementDirectory", "RoleManagement.Read.Directory"),
    ("New-MgDomain", "Domain.ReadWrite.All"),
    ("Confirm-MgDomain", "Domain.ReadWrite.All"),
    ("Get-MgDomain", "Domain.Read.All"),
    ("Get-MgSubscribedSku", "LicenseAssignment.Read.All"),
    ("Get-MgUser", "User.Read.All"),
    ("Get-MgGroup", "Group.Read.All"),
];

/// Adds what the commands of these findings need; nothing if they have none.
pub(super) fn add(context: &Context<'_>, folds: &[Vec<&Finding>], items: &mut Items) {
    let words = context.words;
    let fixes: Vec<&Fix> = folds.iter().flat_map(|fold| &fold[0].fixes).collect();
    let commands: Vec<&str> = fixes.iter().flat_map(|fix| &fix.commands).map(|command| command.run.as_str()).collect();
    let must_activate = fixes.iter().any(|fix| !fix.who_must_activate.is_empty());
    if commands.is_empty() && !must_activate {
        return;
    }
    items.add(0, Block::Section(Line::new(Label::Heading, words.run_commands)));
    if !commands.is_empty() {
        items.add(0, Block::Text(Line::plain(words.read_first)));
    }
    if commands.iter().any(|command| command.contains("-Mg")) {
        items.add(0, Block::Lead(Line::plain(words.connect_graph)));
        items.add(2, Block::Command(connect(&commands)));
    }
    let of = |place: &str| fixes.iter().any(|fix| fix.place == place && !fix.commands.is_empty());
    if of("exchange") {
        items.add(0, Block::Lead(Line::plain(words.connect_exchange)));
        items.add(2, Block::Command("Connect-ExchangeOnline".to_owned()));
    }
    if of("on-premises") {
        items.add(0, Block::Text(Line::plain(words.connect_on_premises)));
    }
    if must_activate {
        items.add(0, Block::Text(Line::plain(words.activate)));
    }
    let is_tried = |fix: &&Fix| fix.simulation.outcome != "notSimulated";
    if fixes.iter().any(is_tried) && !fixes.iter().all(is_tried) {
        items.add(0, Block::Text(Line::plain(words.only_tried)));
    }
}

/// The command that signs in with the permissions that the commands need, as far as they are known.
fn connect(commands: &[&str]) -> String {
    let needed = |(name, _): &&(&str, &str)| commands.iter().any(|command| command.contains(name));
    let mut scopes: BTreeSet<&str> = SCOPES.iter().filter(needed).map(|(_, scope)| *scope).collect();
    // Who may write may read as well.
    let writes: Vec<String> = scopes.iter().map(|scope| scope.replace(".ReadWrite.", ".Read.")).collect();
    scopes.retain(|scope| scope.contains(".ReadWrite.") || !writes.iter().any(|write| write == scope));
    match scopes.into_iter().collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "Connect-MgGraph".to_owned(),
        scopes => format!("Connect-MgGraph -Scopes {scopes}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_those_of_the_commands() {
        assert_eq!(
            connect(&["Update-MgUser -UserId 'x'", "Get-MgUser -UserId 'x'", "Set-MgUserLicense"]),
            "Connect-MgGraph -Scopes LicenseAssignment.ReadWrite.All, User.ReadWrite.All"
        );
        assert_eq!(connect(&["Get-MgContact"]), "Connect-MgGraph");
    }
}
