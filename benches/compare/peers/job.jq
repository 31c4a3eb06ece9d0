# Counts the addresses that several objects hold, and the licensed users without usage location.
def addresses: [.proxyAddresses[]? | ascii_downcase | select(startswith("smtp:"))] | unique[];
{
  duplicateAddresses: (
    [(.users, .groups, .contacts, .deletedUsers)[]? | addresses]
    | group_by(.) | map(select(length > 1)) | length
  ),
  missingLocations: (
    [
      .users[]?
      | select((.usageLocation // "") == "")
      | select(
          (.assignedLicenses | length) > 0
          or any(.licenseAssignmentStates[]?; .error == "ProhibitedInUsageLocationViolation")
        )
    ] | length
  )
}
