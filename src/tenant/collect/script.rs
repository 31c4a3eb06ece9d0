//! The read-only PowerShell that exports a tenant.
//!
//! It runs in Windows PowerShell 5.1 and in PowerShell 7, and is ASCII, since the former reads files without a mark in the
//! code page of the computer. Pages are written as Microsoft Graph sends them: what PowerShell makes of dates, of lists with one
//! element and of empty lists differs between its versions. `Invoke-MgGraphRequest -OutputType Json -SkipHttpErrorCheck` hands
//! over that text, also the one that says why a call was refused. Sources: Microsoft Graph PowerShell, reference page and source of
//! `Invoke-MgGraphRequest`, and its tests (`Should return JsonString`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Collect, Request, Wanted, elsewhere};
use crate::tenant::schema::Collection;

const FRAME: &str = include_str!("frame.ps1");
const LISTS: &str = include_str!("lists.ps1");
const END: &str = include_str!("end.ps1");

/// For so many days back the audit log is read.
const AUDIT_DAYS: u32 = 30;

/// The script. `purpose` says in a few words what it is for, in its first line.
pub fn script(wanted: &Wanted, purpose: &str) -> String {
    let exported: Vec<_> = wanted.exported().collect();
    let mut text = head(wanted, &exported, purpose);
    text.push_str(FRAME);
    if exported.iter().any(|(_, _, request)| !request.lists.is_empty()) {
        text.push_str(LISTS);
    }
    text.push_str(&body(&exported));
    text.push_str(END);
    // Checked out on Windows, the parts may have its line ends.
    text.replace('\r', "")
}

type Exported = (Collection, &'static Collect, Request);

fn head(wanted: &Wanted, exported: &[Exported], purpose: &str) -> String {
    let purpose: String = purpose.chars().map(|letter| if letter.is_ascii_graphic() { letter } else { ' ' }).collect();
    let mut text = format!(
        "# Exports what aaddoctor {} reads of a Microsoft 365 tenant to one file, tenant.json: {purpose}.\n\
         # It changes nothing: every call to Microsoft Graph is a GET. Nothing is sent anywhere else.\n\
         #\n\
         # To run it:  powershell -ExecutionPolicy Bypass -File collect.ps1\n\
         # It takes Windows PowerShell 5.1 or PowerShell 7, and once:\n\
         #             Install-Module Microsoft.Graph.Authentication -Scope CurrentUser\n\
         #\n",
        env!("CARGO_PKG_VERSION")
    );
    let _ = writeln!(
        text,
        "# What it reads, with which permission (an administrator may have to consent to it), and who may:"
    );
    let mut by_need: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (collection, collect, _) in exported {
        by_need.entry((collect.scope, collect.role)).or_default().push(collection.name());
    }
    for ((scope, role), collections) in &by_need {
        let line = format!("{scope} ({role}): {}", collections.join(", "));
        for line in
            textwrap::wrap(&line, textwrap::Options::new(116).initial_indent("#   ").subsequent_indent("#     "))
        {
            let _ = writeln!(text, "{line}");
        }
    }
    for (collection, _, request) in exported {
        if !request.only_where.is_empty() {
            let lists: Vec<_> = request.lists.iter().map(|(list, _)| *list).collect();
            let _ = writeln!(
                text,
                "# Of {}, {} only where {} is true or not empty.",
                collection.name(),
                lists.join(" and "),
                request.only_where.join(" or ")
            );
        }
    }
    if exported.iter().any(|(collection, ..)| *collection == Collection::DirectoryAudits) {
        let _ = writeln!(text, "# Of the audit log, the last {AUDIT_DAYS} days.");
    }
    let others: Vec<_> = wanted
        .elsewhere()
        .map(|collection| (collection, elsewhere(collection)))
        .filter(|(_, remedy)| !remedy.role.is_empty())
        .collect();
    if !others.is_empty() {
        text.push_str(
            "#\n# Not in Microsoft Graph, or not in its v1.0; name these files to aaddoctor too, if you make them:\n",
        );
        for (_, remedy) in &others {
            let _ = writeln!(text, "#   {}", remedy.command);
        }
    }
    text
}

fn body(exported: &[Exported]) -> String {
    let scopes: BTreeSet<&str> = exported.iter().map(|(_, collect, _)| collect.scope).collect();
    let scopes: Vec<String> = scopes.into_iter().map(quoted).collect();
    let mut text = format!(
        "\nConnect-MgGraph -NoWelcome -Scopes @(\n    {}\n)\n\n\
         $refused = New-Object System.Collections.Generic.List[object]\n\
         $noted = @{{}}\n\
         $culture = [Globalization.CultureInfo]::InvariantCulture\n\
         $now = [DateTime]::UtcNow\n",
        scopes.join(",\n    ")
    );
    if exported.iter().any(|(collection, ..)| *collection == Collection::DirectoryAudits) {
        let _ = writeln!(text, "$since = $now.AddDays(-{AUDIT_DAYS}).ToString('yyyy-MM-ddTHH:mm:ssZ', $culture)");
    }
    text.push_str(
        "$file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)\n\
         $writer = New-Object System.IO.StreamWriter($file, $false, (New-Object System.Text.UTF8Encoding($false)))\n\
         try {\n    $writer.Write('{\"exportedAt\":\"' + $now.ToString('yyyy-MM-ddTHH:mm:ssZ', $culture) + '\"')\n",
    );
    for one in exported {
        let _ = writeln!(text, "    {}", call(one));
    }
    text
}

/// The line that reads a collection.
fn call((collection, collect, request): &Exported) -> String {
    let mut address = quoted(&request.address);
    if *collection == Collection::DirectoryAudits {
        let separator = if request.address.contains('?') { '&' } else { '?' };
        address = format!(
            "({} + $since)",
            quoted(&format!("{}{separator}$filter=activityDateTime%20ge%20", request.address))
        );
    }
    let needs = format!("{} {}", quoted(collect.scope), quoted(collect.role));
    let name = quoted(collection.name());
    if request.lists.is_empty() {
        let single = if collection.schema().single && !is_listed(*collection) { " -Single" } else { "" };
        return format!("Export-Collection {name} {address} {needs}{single}");
    }
    let lists: Vec<_> = request.lists.iter().map(|(list, path)| format!("{list} = {}", quoted(path))).collect();
    let only_where: Vec<String> = request.only_where.iter().map(|name| quoted(name)).collect();
    format!(
        "Export-WithLists {name} {address} {needs} ([ordered]@{{ {} }}) {}",
        lists.join("; "),
        format_args!("@({})", only_where.join(", "))
    )
}

/// Whether Graph answers with a list even though a tenant has one of it.
fn is_listed(collection: Collection) -> bool {
    matches!(collection, Collection::Organization | Collection::OnPremisesSynchronization)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
