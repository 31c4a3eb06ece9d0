//! What one signs in with before the commands of a fix are run.

use std::collections::BTreeSet;

use crate::report::model::Remedy;

/// The delegated permission that a command of Microsoft Graph PowerShell needs, by how its name or its address begins.
///
/// Source: the permissions tables of the Microsoft Graph v1.0 operations behind the commands.
const SCOPES: &[(&str, &str)] = &[
    ("Update-MgUser", "User.ReadWrite.All"),
    ("New-MgInvitation", "User.Invite.All"),
    ("Set-MgUserLicense", "LicenseAssignment.ReadWrite.All"),
    ("Set-MgGroupLicense", "LicenseAssignment.ReadWrite.All"),
    ("Invoke-MgLicenseUser", "User.ReadWrite.All"),
    ("Restore-MgDirectoryDeletedItem", "User.DeleteRestore.All"),
    ("Remove-MgDirectoryDeletedItem", "User.DeleteRestore.All"),
    ("Update-MgPolicyAuthorizationPolicy", "Policy.ReadWrite.Authorization"),
    ("Update-MgPolicyAuthenticationFlowPolicy", "Policy.ReadWrite.AuthenticationFlows"),
    ("Get-MgPolicy", "Policy.Read.All"),
    ("Get-MgAuditLogDirectoryAudit", "AuditLog.Read.All"),
    ("Get-MgOrganization", "Organization.Read.All"),
    ("Get-MgApplication", "Application.Read.All"),
    ("Remove-MgGroupMember", "GroupMember.ReadWrite.All"),
    ("New-MgRoleManagementDirectory", "RoleManagement.ReadWrite.Directory"),
    ("Get-MgRoleManagementDirectory", "RoleManagement.Read.Directory"),
    ("New-MgDomain", "Domain.ReadWrite.All"),
    ("Confirm-MgDomain", "Domain.ReadWrite.All"),
    ("Get-MgDomain", "Domain.Read.All"),
    ("Get-MgSubscribedSku", "LicenseAssignment.Read.All"),
    ("Get-MgUser", "User.Read.All"),
    ("Get-MgGroup", "GroupMember.Read.All"),
    // What no command of its own reads is asked for by its address.
    ("graph.microsoft.com/beta/organization", "Organization.Read.All"),
];

/// The command that signs in with the permissions that the commands need, as far as they are known.
pub(crate) fn connect(commands: &[&str]) -> String {
    let needed = |(name, _): &&(&str, &str)| commands.iter().any(|command| command.contains(name));
    let mut scopes: BTreeSet<&str> = SCOPES.iter().filter(needed).map(|(_, scope)| *scope).collect();
    // One command restores users and applications: which, the commands that look at them tell.
    let has = |name: &str| commands.iter().any(|command| command.contains(name));
    if has("-MgDirectoryDeletedItem") && has("-MgApplication") {
        scopes.insert("Application.ReadWrite.All");
        if !has("-MgUser") {
            scopes.remove("User.DeleteRestore.All");
        }
    }
    // Who may write may read as well.
    let writes: Vec<&str> = scopes.iter().copied().filter(|scope| scope.contains(".ReadWrite.")).collect();
    let is_less = |scope: &str| writes.iter().any(|write| write.replace(".ReadWrite.", ".Read.") == scope);
    scopes.retain(|scope| !is_less(scope));
    with_scopes(scopes)
}

fn with_scopes(scopes: BTreeSet<&str>) -> String {
    match scopes.into_iter().collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "Connect-MgGraph".to_owned(),
        scopes => format!("Connect-MgGraph -Scopes {scopes}"),
    }
}

/// Everything that one signs in to for some commands; `in_exchange`: some are of Exchange Online PowerShell.
pub(crate) fn all(commands: &[&str], in_exchange: bool) -> Vec<String> {
    let has = |text: &str| commands.iter().any(|command| command.contains(text));
    let graph = has("-Mg").then(|| connect(commands));
    let exchange = in_exchange.then(|| "Connect-ExchangeOnline".to_owned());
    let azure = commands.iter().any(|command| command.starts_with("az ")).then(|| "az login".to_owned());
    [graph, exchange, azure].into_iter().flatten().collect()
}

/// Everything that one signs in to for the commands that export something.
pub(crate) fn to_collect(remedies: &[&Remedy]) -> Vec<String> {
    let has = |text: &str| remedies.iter().any(|remedy| remedy.command.contains(text));
    let of_graph = remedies.iter().filter(|remedy| remedy.command.contains("-Mg"));
    let scopes = of_graph.map(|remedy| remedy.scope.as_str()).filter(|scope| !scope.is_empty()).collect();
    let graph = has("-Mg").then(|| with_scopes(scopes));
    let exchange = has("Get-EXO").then(|| "Connect-ExchangeOnline".to_owned());
    let azure = remedies.iter().any(|remedy| remedy.command.starts_with("az ")).then(|| "az login".to_owned());
    [graph, exchange, azure].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::load::Packs;
    use crate::pack::model::{Template, TemplatePart};

    /// The texts of a command, without what is filled in.
    fn plain(template: &Template) -> String {
        let texts = template.parts.iter().filter_map(|part| match part {
            TemplatePart::Text(text) => Some(text.as_str()),
            TemplatePart::Placeholder { .. } => None,
        });
        texts.collect()
    }

    /// Whoever signs in without the permission is refused by the command.
    #[test]
    fn every_command_of_the_rules_has_its_permission() {
        let packs = Packs::builtin().unwrap();
        for rule in packs.rules() {
            let commands = rule.fixes.iter().flat_map(|fix| [&fix.powershell, &fix.verify, &fix.undo]).flatten();
            for command in commands.map(plain) {
                let starts = command.match_indices("-Mg").map(|(at, _)| {
                    let start = command[..at].rfind(|letter: char| !letter.is_ascii_alphabetic());
                    &command[start.map_or(0, |start| start + 1)..]
                });
                for one in starts {
                    assert_ne!(connect(&[one]), "Connect-MgGraph", "{}: {one}", rule.id);
                }
            }
        }
    }

    #[test]
    fn permissions_are_those_of_the_commands() {
        assert_eq!(
            connect(&["Update-MgUser -UserId 'x'", "Get-MgUser -UserId 'x'", "Set-MgUserLicense"]),
            "Connect-MgGraph -Scopes LicenseAssignment.ReadWrite.All, User.ReadWrite.All"
        );
        assert_eq!(connect(&["Get-MgContact"]), "Connect-MgGraph");
        assert_eq!(
            connect(&["Restore-MgDirectoryDeletedItem -DirectoryObjectId 'x'", "Get-MgApplication -ApplicationId 'x'"]),
            "Connect-MgGraph -Scopes Application.ReadWrite.All"
        );
        assert_eq!(
            connect(&["Restore-MgDirectoryDeletedItem -DirectoryObjectId 'x'", "Get-MgUser -UserId 'x'"]),
            "Connect-MgGraph -Scopes User.DeleteRestore.All, User.Read.All"
        );
        assert_eq!(
            connect(&["Restore-MgDirectoryDeletedItem", "Get-MgApplication", "Get-MgUser -UserId 'x'"]),
            "Connect-MgGraph -Scopes Application.ReadWrite.All, User.DeleteRestore.All, User.Read.All"
        );
        assert_eq!(
            connect(&["Update-MgPolicyAuthorizationPolicy", "Get-MgPolicyAuthorizationPolicy"]),
            "Connect-MgGraph -Scopes Policy.Read.All, Policy.ReadWrite.Authorization"
        );
    }
}
