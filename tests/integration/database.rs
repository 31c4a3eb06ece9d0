//! Databases as ROADrecon writes them, of the small tenant in `fixtures/dialects/graph.json`.

use std::path::Path;

use rusqlite::Connection;

const SKU: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";

fn make(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(&sql.replace("@SKU", SKU)).unwrap();
}

/// With Azure AD Graph's names.
pub(crate) fn old(path: &Path) {
    make(
        path,
        r#"
        CREATE TABLE TenantDetails (objectId TEXT, displayName TEXT, dirSyncEnabled BOOLEAN, verifiedDomains TEXT);
        INSERT INTO TenantDetails VALUES ('ca08493a-c9c8-4db0-a9e8-d3b4bafac269', 'Contoso', NULL,
            '[{"capabilities":"Email","default":true,"id":"x","initial":false,"name":"contoso.example","type":"Managed"},
              {"capabilities":"Email","default":false,"id":"y","initial":true,"name":"contoso.onmicrosoft.com","type":"Managed"}]');
        CREATE TABLE Users (objectId TEXT PRIMARY KEY, displayName TEXT, userPrincipalName TEXT, mail TEXT, accountEnabled BOOLEAN,
            dirSyncEnabled BOOLEAN, usageLocation TEXT, userType TEXT, proxyAddresses TEXT, assignedLicenses TEXT);
        INSERT INTO Users VALUES ('25e91f38-3651-425f-810a-56e0fb00287a', 'Jan Visser', 'jan@contoso.example', 'jan@contoso.example', 1,
            NULL, NULL, 'Member', '["SMTP:jan@contoso.example","smtp:info@contoso.example"]', '[{"disabledPlans":[],"skuId":"@SKU"}]');
        INSERT INTO Users VALUES ('35e91f38-3651-425f-810a-56e0fb00287a', 'Mia Bakker', 'mia@contoso.example', 'mia@contoso.example', 1,
            NULL, 'NL', 'Member', '["SMTP:mia@contoso.example","smtp:info@contoso.example"]', '[{"disabledPlans":[],"skuId":"@SKU"}]');
        INSERT INTO Users VALUES ('45e91f38-3651-425f-810a-56e0fb00287a', 'Eva Smit', 'eva@litware.example', 'eva@litware.example', 1,
            NULL, 'NL', 'Member', '["SMTP:eva@litware.example"]', '[]');
        CREATE TABLE Groups (objectId TEXT PRIMARY KEY, displayName TEXT, mail TEXT, securityEnabled BOOLEAN, mailEnabled BOOLEAN,
            proxyAddresses TEXT);
        INSERT INTO Groups VALUES ('71e91f38-3651-425f-810a-56e0fb00287a', 'Helpdesk', NULL, 1, 0, '[]');
        CREATE TABLE lnk_group_member_user ("Group" TEXT, "User" TEXT);
        INSERT INTO lnk_group_member_user VALUES ('71e91f38-3651-425f-810a-56e0fb00287a', '25e91f38-3651-425f-810a-56e0fb00287a');
        CREATE TABLE Policys (objectId TEXT PRIMARY KEY, displayName TEXT);
        "#,
    );
}

/// With Microsoft Graph's names, and a property that nobody asked for.
pub(crate) fn graph(path: &Path) {
    make(
        path,
        r#"
        CREATE TABLE TenantDetails (id TEXT, displayName TEXT, onPremisesSyncEnabled BOOLEAN, verifiedDomains TEXT);
        INSERT INTO TenantDetails VALUES ('ca08493a-c9c8-4db0-a9e8-d3b4bafac269', 'Contoso', 0,
            '[{"capabilities":"Email","isDefault":true,"isInitial":false,"name":"contoso.example","type":"Managed"},
              {"capabilities":"Email","isDefault":false,"isInitial":true,"name":"contoso.onmicrosoft.com","type":"Managed"}]');
        CREATE TABLE Users (id TEXT PRIMARY KEY, displayName TEXT, userPrincipalName TEXT, mail TEXT, accountEnabled BOOLEAN,
            usageLocation TEXT, userType TEXT, proxyAddresses TEXT, assignedLicenses TEXT, licenseAssignmentStates TEXT,
            createdDateTime TEXT);
        INSERT INTO Users VALUES ('25e91f38-3651-425f-810a-56e0fb00287a', 'Jan Visser', 'jan@contoso.example', 'jan@contoso.example', 1,
            NULL, 'Member', '["SMTP:jan@contoso.example","smtp:info@contoso.example"]', '[{"disabledPlans":[],"skuId":"@SKU"}]', NULL,
            '2024-05-01 10:11:12.000000');
        INSERT INTO Users VALUES ('35e91f38-3651-425f-810a-56e0fb00287a', 'Mia Bakker', 'mia@contoso.example', 'mia@contoso.example', 1,
            'NL', 'Member', '["SMTP:mia@contoso.example","smtp:info@contoso.example"]', '[{"disabledPlans":[],"skuId":"@SKU"}]', 'null', NULL);
        INSERT INTO Users VALUES ('45e91f38-3651-425f-810a-56e0fb00287a', 'Eva Smit', 'eva@litware.example', 'eva@litware.example', 1,
            'NL', 'Member', '["SMTP:eva@litware.example"]', '[]', NULL, NULL);
        "#,
    );
}
