//! Applications, and what guests sign up with.

use std::io::Write;

use crate::ids::Kind;
use crate::json::Json;
use crate::time::{DAY, EXPORTED_AT, iso};
use crate::world::World;

const APPLICATIONS: [&str; 4] = [
    "aad-extensions-app. Do not modify. Used by AAD for storing user data.",
    "Berth planner",
    "Crew portal",
    "Payroll \"Zahltag\"",
];

pub(crate) fn write<W: Write>(world: &World, json: &mut Json<W>) {
    json.key("applications").list(|json| {
        for (number, name) in (0..).zip(APPLICATIONS) {
            json.object(|json| {
                json.key("id").text(&world.id(Kind::Application, number));
                json.fields(&[("appId", &world.id(Kind::AppId, number)), ("displayName", name)]);
                json.key("createdDateTime").text(&iso(EXPORTED_AT - (900 + 40 * number) * DAY));
            });
        }
    });
    json.key("deletedApplications").list(|json| {
        json.object(|json| {
            json.key("id").text(&world.id(Kind::Application, 50));
            json.fields(&[("appId", &world.id(Kind::AppId, 50)), ("displayName", "Berth planner (test)")]);
            json.key("deletedDateTime").text(&iso(EXPORTED_AT - 12 * DAY));
        });
    });
    json.key("servicePrincipals").list(|json| {
        for (number, name) in (0..).zip(APPLICATIONS) {
            json.object(|json| {
                json.key("id").text(&world.id(Kind::ServicePrincipal, number));
                json.fields(&[("appId", &world.id(Kind::AppId, number)), ("displayName", name)]);
                json.key("accountEnabled").flag(true);
            });
        }
    });
    json.key("identityProviders").list(|json| {
        json.object(provider);
    });
    json.key("b2xUserFlows").list(|json| {
        json.object(|json| {
            json.fields(&[("id", "B2X_1_CrewSignUp"), ("userFlowType", "signUpOrSignIn")]);
            for list in ["identityProviders", "userFlowIdentityProviders"] {
                json.key(list).list(|json| json.object(provider));
            }
            json.key("applications").list(|json| {
                json.object(|json| {
                    json.fields(&[("appId", &world.id(Kind::AppId, 2)), ("displayName", APPLICATIONS[2])]);
                });
            });
        });
    });
}

fn provider<W: Write>(json: &mut Json<W>) {
    json.fields(&[("id", "EmailOtpSignup-OAUTH"), ("displayName", "Email One Time Passcode")]);
    json.key("identityProviderType").text("EmailOTP");
    json.nulls(&["clientId"]);
}
