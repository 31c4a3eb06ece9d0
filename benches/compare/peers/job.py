"""Counts the addresses that several objects hold, and the licensed users without usage location, with DuckDB."""

import json
import os
import sys

import duckdb

HOLDERS = "'STRUCT(id VARCHAR, proxyAddresses VARCHAR[])[]'"
USERS = """$type$STRUCT(
    id VARCHAR, proxyAddresses VARCHAR[], usageLocation VARCHAR, assignedLicenses STRUCT(skuId VARCHAR)[],
    licenseAssignmentStates STRUCT("error" VARCHAR)[])[]$type$"""

# Only what the job reads; telling the types spares DuckDB a first reading.
LOAD = f"""
CREATE TABLE tenant AS SELECT * FROM read_json($file, maximum_object_size = $size, columns = {{
    users: {USERS}, groups: {HOLDERS}, contacts: {HOLDERS}, deletedUsers: {HOLDERS}}})
"""

COUNT = """
WITH
people AS (SELECT unnest(users) AS person FROM tenant),
others AS (
    SELECT unnest(groups) AS holder FROM tenant
    UNION ALL SELECT unnest(contacts) FROM tenant
    UNION ALL SELECT unnest(deletedUsers) FROM tenant),
addresses AS (
    SELECT person.id AS id, lower(unnest(person.proxyAddresses)) AS address FROM people
    UNION ALL SELECT holder.id, lower(unnest(holder.proxyAddresses)) FROM others),
shared AS (
    SELECT address FROM addresses WHERE starts_with(address, 'smtp:')
    GROUP BY address HAVING count(DISTINCT id) > 1)
SELECT
    (SELECT count(*) FROM shared),
    (SELECT count(*) FROM people
     WHERE coalesce(person.usageLocation, '') = ''
     AND (len(person.assignedLicenses) > 0 OR list_contains(
        list_transform(person.licenseAssignmentStates, lambda state: state.error),
        'ProhibitedInUsageLocationViolation')))
"""

file = sys.argv[1]
database = duckdb.connect()
database.execute("SET enable_progress_bar = false")  # it is drawn on the standard output
database.execute(LOAD, {"file": file, "size": os.path.getsize(file) + 1024})
duplicates, missing = database.execute(COUNT).fetchall()[0]
print(json.dumps({"duplicateAddresses": duplicates, "missingLocations": missing}))
