//! Users, with the properties that Graph v1.0 returns when all of them are selected; `id` stands first.

use std::io::{self, Write};

use crate::ids::Kind;
use crate::json::Json;
use crate::names::{DEPARTMENTS, JOB_TITLES};
use crate::plans::PLANS;
use crate::rng::{Dice, Stream};
use crate::skus::PlanSet;
use crate::time::{DAY, EXPORTED_AT, iso};
use crate::user::{User, local_part};
use crate::world::{INITIAL_DOMAIN, World};

pub(crate) fn write<W: Write>(world: &World, assigned_plans: bool, json: &mut Json<W>) -> io::Result<()> {
    json.key("users").try_list(|json| {
        for number in world.listed_users() {
            let user = world.user(number);
            let mut dice = Dice::new(world.seed, Stream::Details, number);
            json.ascii = dice.chance(12);
            json.object(|json| object(world, &user, assigned_plans, &mut dice, json));
            json.ascii = false;
            json.checkpoint()?;
        }
        Ok(())
    })
}

/// The users alone, one a line.
pub(crate) fn lines(world: &World, assigned_plans: bool, out: impl Write) -> io::Result<()> {
    let mut json = Json::new(out, false);
    for number in world.listed_users() {
        let user = world.user(number);
        let mut dice = Dice::new(world.seed, Stream::Details, number);
        json.ascii = dice.chance(12);
        json.line(|json| object(world, &user, assigned_plans, &mut dice, json));
        json.ascii = false;
        json.checkpoint()?;
    }
    json.finish()
}

/// The columns of the Microsoft 365 admin center that aaddoctor reads, in its order.
const COLUMNS: &str = "Display name,DirSyncEnabled,User principal name,Object Id,When created,Soft deletion time stamp,Usage location,Block credential,Licenses,Proxy addresses";

/// The users alone, as a table.
pub(crate) fn table(world: &World, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{COLUMNS}\r\n")?;
    for number in world.listed_users() {
        let user = world.user(number);
        let licenses: Vec<_> = user.holdings.iter().map(|holding| holding.sku.product().part_number).collect();
        let licenses = if licenses.is_empty() { "Unlicensed".to_owned() } else { licenses.join("+") };
        let created = iso(EXPORTED_AT - (60 + user.number % 3500) * DAY).replace('T', " ");
        let flag = |flag: bool| if flag { "True" } else { "False" };
        let cells = [
            &user.display_name,
            flag(user.synced),
            &user.sign_in,
            &user.id,
            &created,
            "",
            user.usage_location.unwrap_or_default(),
            flag(!user.enabled),
            &licenses,
            &user.proxies.join("+"),
        ];
        let quoted = cells.map(|cell| match cell.contains([',', '"', '\n']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.to_owned(),
        });
        write!(out, "{}\r\n", quoted.join(","))?;
    }
    out.flush()
}

fn object<W: Write>(world: &World, user: &User, assigned_plans: bool, dice: &mut Dice, json: &mut Json<W>) {
    let created = EXPORTED_AT - (60 + dice.below(3500)) * DAY - dice.below(DAY);
    let mut since = |latest_days: u64| {
        let from = created + DAY;
        let to = EXPORTED_AT - latest_days * DAY;
        iso(from + dice.below(to - from))
    };
    let dates = [since(1), since(5), since(1), since(2)];
    let [password, license, session, invitation] = dates.each_ref().map(String::as_str);
    json.key("id").text(&user.id);
    json.key("accountEnabled").flag(user.enabled);
    json.nulls(&["ageGroup"]);
    licenses(world, user, assigned_plans, license, json);
    phones(user, dice, json);
    // Many administrators fill in no more than a name.
    let known = dice.chance(60);
    let member = known && user.guest.is_none();
    json.key("city").optional(known.then_some(user.place.city));
    json.key("companyName").optional(member.then_some("Kestrel Marine"));
    json.key("country").optional(known.then_some(user.place.country));
    json.key("createdDateTime").text(&iso(created));
    json.key("creationType").optional(user.guest.as_ref().map(|_| "Invitation"));
    json.key("department").optional(known.then_some(*dice.pick(DEPARTMENTS)));
    json.key("displayName").text(&user.display_name);
    json.key("employeeId").optional(member.then(|| format!("K{:07}", user.number)).as_deref());
    json.key("employeeType").optional(member.then_some("Employee"));
    let state = user.guest.as_ref().map(|guest| if guest.pending { "PendingAcceptance" } else { "Accepted" });
    json.key("externalUserState").optional(state);
    json.key("externalUserStateChangeDateTime").optional(state.map(|_| invitation));
    json.nulls(&["faxNumber"]);
    json.key("givenName").text(user.given_name);
    identities(user, json);
    json.key("imAddresses").list(|json| {
        if member && dice.chance(50) {
            json.text(&user.sign_in.to_ascii_lowercase());
        }
    });
    json.key("jobTitle").optional(known.then_some(*dice.pick(JOB_TITLES)));
    json.key("lastPasswordChangeDateTime").text(password);
    json.nulls(&["legalAgeGroupClassification"]);
    json.key("mail").text(&user.mail);
    json.key("mailNickname").text(&user.nickname);
    let mobile = dice.chance(40).then(|| format!("{} 9{:04}", user.place.dial, dice.below(10_000)));
    json.key("mobilePhone").optional(mobile.as_deref());
    let office = format!("{}\\{}.{:02}", user.place.code, dice.below(9), dice.below(40));
    json.key("officeLocation").optional(known.then_some(office.as_str()));
    on_premises(user, dice, json);
    json.key("otherMails").texts(&user.other_mails);
    json.key("passwordPolicies").optional(user.synced.then_some("DisablePasswordExpiration"));
    json.key("postalCode").optional(known.then_some(user.place.post));
    json.key("preferredLanguage").text(user.place.language);
    json.key("proxyAddresses").texts(&user.proxies);
    json.key("refreshTokensValidFromDateTime").text(session);
    let sid = [0; 4].map(|_: u8| dice.below(1 << 32).to_string()).join("-");
    json.key("securityIdentifier").text(&format!("S-1-12-1-{sid}"));
    json.empty_lists(&["serviceProvisioningErrors"]);
    json.nulls(&["showInAddressList"]);
    json.key("signInSessionsValidFromDateTime").text(session);
    json.key("state").optional(known.then_some(user.place.state));
    let house = dice.below(200) + 1;
    let street = match house {
        0..8 => format!("{} {house}\nGebäude \"C\"", user.place.street),
        8..12 => format!("{}\t{house}", user.place.street),
        _ => format!("{} {house}", user.place.street),
    };
    json.key("streetAddress").optional(known.then_some(street.as_str()));
    json.key("surname").text(user.surname);
    json.key("usageLocation").optional(user.usage_location);
    json.key("userPrincipalName").text(&user.sign_in);
    json.key("userType").text(if user.guest.is_some() { "Guest" } else { "Member" });
}

fn licenses<W: Write>(world: &World, user: &User, assigned_plans: bool, date: &str, json: &mut Json<W>) {
    json.key("assignedLicenses").list(|json| {
        for holding in &user.holdings {
            json.object(|json| {
                json.key("disabledPlans").texts(holding.off);
                json.key("skuId").text(holding.sku.product().id);
            });
        }
    });
    // Without the flag the keys are left out: an empty list would say that the licenses give nothing.
    if assigned_plans {
        plans(user, date, json);
        provisioned_plans(user, json);
    }
    json.key("licenseAssignmentStates").list(|json| {
        for (place, holding) in user.holdings.iter().enumerate() {
            let group = holding.group.map(|group| world.id(Kind::Group, group));
            // Both spellings of success occur.
            let error = (user.number + place as u64).is_multiple_of(2).then_some("None");
            let state = (holding.sku.product().id, holding.off, "Active", error);
            assignment_state(state, group.as_deref(), date, json);
        }
        if let Some(refusal) = &user.refusal {
            let group = world.id(Kind::Group, refusal.group);
            let state = (refusal.sku.product().id, refusal.off, "Error", Some(refusal.error));
            assignment_state(state, Some(&group), date, json);
        }
    });
}

fn assignment_state<W: Write>(
    (sku, off, state, error): (&str, &[&str], &str, Option<&str>),
    group: Option<&str>,
    date: &str,
    json: &mut Json<W>,
) {
    json.object(|json| {
        json.key("assignedByGroup").optional(group);
        json.key("disabledPlans").texts(off);
        json.key("error").optional(error);
        json.key("lastUpdatedDateTime").text(date);
        json.key("skuId").text(sku);
        json.key("state").text(state);
    });
}

/// Every plan of the user's licenses once: enabled if any license enables it.
fn plans<W: Write>(user: &User, date: &str, json: &mut Json<W>) {
    let mut enabled = PlanSet::default();
    for holding in &user.holdings {
        for &place in holding.sku.plans() {
            if !holding.off.contains(&PLANS[place].id) {
                enabled.insert(place);
            }
        }
    }
    let mut written = PlanSet::default();
    json.key("assignedPlans").list(|json| {
        for &place in user.holdings.iter().flat_map(|holding| holding.sku.plans()) {
            if !written.insert(place) {
                continue;
            }
            json.object(|json| {
                json.key("assignedDateTime").text(date);
                json.key("capabilityStatus").text(if enabled.contains(place) { "Enabled" } else { "Deleted" });
                json.key("service").text(PLANS[place].service);
                json.key("servicePlanId").text(PLANS[place].id);
            });
        }
    });
}

/// A few services of the first license.
fn provisioned_plans<W: Write>(user: &User, json: &mut Json<W>) {
    json.key("provisionedPlans").list(|json| {
        for service in user.holdings.iter().take(1).flat_map(|_| ["exchange", "SharePoint"]) {
            json.object(|json| {
                json.fields(&[
                    ("capabilityStatus", "Enabled"),
                    ("provisioningStatus", "Success"),
                    ("service", service),
                ]);
            });
        }
    });
}

fn phones<W: Write>(user: &User, dice: &mut Dice, json: &mut Json<W>) {
    json.key("businessPhones").list(|json| {
        if dice.chance(60) {
            json.text(&format!("{} {:04}", user.place.dial, dice.below(10_000)));
        }
    });
}

fn identities<W: Write>(user: &User, json: &mut Json<W>) {
    json.key("identities").list(|json| {
        if user.guest.as_ref().is_some_and(|guest| !guest.pending) {
            json.object(|json| {
                json.fields(&[("signInType", "federated"), ("issuer", "ExternalAzureAD")]);
                json.nulls(&["issuerAssignedId"]);
            });
        }
        json.object(|json| {
            json.fields(&[("signInType", "userPrincipalName"), ("issuer", INITIAL_DOMAIN)]);
            json.key("issuerAssignedId").text(&user.sign_in);
        });
    });
}

const EXTENSION_ATTRIBUTES: [&str; 15] = [
    "extensionAttribute1",
    "extensionAttribute2",
    "extensionAttribute3",
    "extensionAttribute4",
    "extensionAttribute5",
    "extensionAttribute6",
    "extensionAttribute7",
    "extensionAttribute8",
    "extensionAttribute9",
    "extensionAttribute10",
    "extensionAttribute11",
    "extensionAttribute12",
    "extensionAttribute13",
    "extensionAttribute14",
    "extensionAttribute15",
];

fn on_premises<W: Write>(user: &User, dice: &mut Dice, json: &mut Json<W>) {
    const DOMAIN: &str = "corp.kestrel.example";
    let synced = |text: String| user.synced.then_some(text);
    let path = format!("CN={}\\, {},OU=People,DC=corp,DC=kestrel,DC=example", user.surname, user.given_name);
    json.key("onPremisesDistinguishedName").optional(synced(path).as_deref());
    json.key("onPremisesDomainName").optional(user.synced.then_some(DOMAIN));
    if user.synced {
        json.key("onPremisesExtensionAttributes").object(|json| {
            json.key(EXTENSION_ATTRIBUTES[0]).text(&format!("CC-{:04}", user.number % 977));
            json.nulls(&EXTENSION_ATTRIBUTES[1..]);
        });
    } else {
        json.nulls(&["onPremisesExtensionAttributes"]);
    }
    json.key("onPremisesImmutableId").optional(user.immutable_id.as_deref());
    let seen = iso(EXPORTED_AT - 600 - dice.below(1500));
    json.key("onPremisesLastSyncDateTime").optional(synced(seen.clone()).as_deref());
    json.key("onPremisesProvisioningErrors").list(|json| {
        if let Some(address) = &user.sync_conflict {
            json.object(|json| {
                json.fields(&[("category", "PropertyConflict"), ("occurredDateTime", &seen)]);
                json.fields(&[("propertyCausingError", "ProxyAddresses"), ("value", address)]);
            });
        }
    });
    let account = synced(local_part(&user.sign_in).chars().take(20).collect());
    json.key("onPremisesSamAccountName").optional(account.as_deref());
    let sid = format!("S-1-5-21-1929384756-{}-748392011-{}", dice.below(1 << 31), 1100 + user.number);
    json.key("onPremisesSecurityIdentifier").optional(synced(sid).as_deref());
    if user.synced {
        json.key("onPremisesSyncEnabled").flag(true);
    } else {
        json.nulls(&["onPremisesSyncEnabled"]);
    }
    json.key("onPremisesUserPrincipalName").optional(synced(user.sign_in.clone()).as_deref());
}
