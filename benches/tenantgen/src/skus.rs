//! The licenses of the tenant: real products with real plans, and how many seats each has.

use std::sync::LazyLock;

use crate::plans::{PLANS, Plan};

/// A product, in the order of [`SKUS`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sku {
    Microsoft365E3,
    Microsoft365E5,
    Microsoft365F3,
    Office365E3,
    BusinessPremium,
    BusinessBasic,
    ExchangePlan1,
    PowerBiPro,
    Visio,
    Project,
    PhoneSystem,
    Mobility,
    EntraP2,
    FlowFree,
    Office365E1NoTeams,
    Microsoft365E3NoTeams,
    TeamsEnterprise,
    CallingDomestic,
    CallingInternational,
    WindowsStore,
    AudioConferencing,
}

/// Every product.
pub(crate) const ALL: [Sku; 21] = [
    Sku::Microsoft365E3,
    Sku::Microsoft365E5,
    Sku::Microsoft365F3,
    Sku::Office365E3,
    Sku::BusinessPremium,
    Sku::BusinessBasic,
    Sku::ExchangePlan1,
    Sku::PowerBiPro,
    Sku::Visio,
    Sku::Project,
    Sku::PhoneSystem,
    Sku::Mobility,
    Sku::EntraP2,
    Sku::FlowFree,
    Sku::Office365E1NoTeams,
    Sku::Microsoft365E3NoTeams,
    Sku::TeamsEnterprise,
    Sku::CallingDomestic,
    Sku::CallingInternational,
    Sku::WindowsStore,
    Sku::AudioConferencing,
];

/// What Microsoft calls it.
pub(crate) struct Product {
    pub(crate) id: &'static str,
    pub(crate) part_number: &'static str,
    /// Names of plans, between blanks.
    plans: &'static str,
}

impl Sku {
    pub(crate) fn product(self) -> &'static Product {
        &SKUS[self as usize]
    }

    /// Its plans, as places in [`PLANS`].
    pub(crate) fn plans(self) -> &'static [usize] {
        &PLACES[self as usize]
    }
}

/// A set of places in [`PLANS`].
#[derive(Clone, Copy, Default)]
pub(crate) struct PlanSet([u64; 3]);

impl PlanSet {
    /// Whether the plan was not yet in the set.
    pub(crate) fn insert(&mut self, place: usize) -> bool {
        let before = self.0[place / 64];
        self.0[place / 64] |= 1 << (place % 64);
        before != self.0[place / 64]
    }

    pub(crate) fn contains(&self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }
}

static PLACES: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    let place = |name: &str| PLANS.iter().position(|plan: &Plan| plan.name == name);
    SKUS.iter().map(|product| product.plans.split_whitespace().filter_map(place).collect()).collect()
});

const fn sku(id: &'static str, part_number: &'static str, plans: &'static str) -> Product {
    Product { id, part_number, plans }
}

pub(crate) static SKUS: &[Product] = &[
    sku(
        "05e9a617-0261-4cee-bb44-138d3ef5d965",
        "SPE_E3",
        "AAD_PREMIUM ADALLOM_S_DISCOVERY BPOS_S_TODO_2 CDS_O365_P2 ContentExplorer_Standard \
         DYN365_CDS_O365_P2 Deskless EXCHANGE_S_ENTERPRISE FLOW_O365_P2 FORMS_PLAN_E3 INTUNE_A INTUNE_O365 \
         KAIZALA_O365_P3 M365_LIGHTHOUSE_CUSTOMER_PLAN1 M365_LIGHTHOUSE_PARTNER_PLAN1 MCOSTANDARD MDE_LITE \
         MFA_PREMIUM MICROSOFTBOOKINGS MICROSOFT_SEARCH MIP_S_CLP1 MYANALYTICS_P2 Nucleus OFFICESUBSCRIPTION \
         POWERAPPS_O365_P2 POWER_VIRTUAL_AGENTS_O365_P2 PROJECTWORKMANAGEMENT PROJECT_O365_P2 \
         RMS_S_ENTERPRISE RMS_S_PREMIUM SHAREPOINTENTERPRISE SHAREPOINTWAC STREAM_O365_E3 SWAY TEAMS1 \
         UNIVERSAL_PRINT_01 VIVAENGAGE_CORE VIVA_LEARNING_SEEDED WHITEBOARD_PLAN2 WIN10_PRO_ENT_SUB \
         WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE Windows_Autopatch YAMMER_ENTERPRISE",
    ),
    sku(
        "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
        "SPE_E5",
        "AAD_PREMIUM AAD_PREMIUM_P2 ADALLOM_S_O365 ADALLOM_S_STANDALONE ATA ATP_ENTERPRISE BI_AZURE_P2 \
         BPOS_S_TODO_3 CDS_O365_P3 COMMUNICATIONS_COMPLIANCE COMMUNICATIONS_DLP CUSTOMER_KEY \
         ContentExplorer_Standard Content_Explorer DATA_INVESTIGATIONS DYN365_CDS_O365_P3 Deskless \
         EQUIVIO_ANALYTICS EXCEL_PREMIUM EXCHANGE_ANALYTICS EXCHANGE_S_ENTERPRISE FLOW_O365_P3 FORMS_PLAN_E5 \
         GRAPH_CONNECTORS_SEARCH_INDEX INFORMATION_BARRIERS INFO_GOVERNANCE INSIDER_RISK \
         INSIDER_RISK_MANAGEMENT INTUNE_A INTUNE_O365 KAIZALA_STANDALONE LOCKBOX_ENTERPRISE \
         M365_ADVANCED_AUDITING M365_LIGHTHOUSE_CUSTOMER_PLAN1 MCOEV MCOMEETADV MCOSTANDARD MFA_PREMIUM \
         MICROSOFTBOOKINGS MICROSOFTENDPOINTDLP MICROSOFT_COMMUNICATION_COMPLIANCE MICROSOFT_SEARCH \
         MIP_S_CLP1 MIP_S_CLP2 MIP_S_Exchange ML_CLASSIFICATION MTP MYANALYTICS_P2 Nucleus OFFICESUBSCRIPTION \
         PAM_ENTERPRISE POWERAPPS_O365_P3 POWER_VIRTUAL_AGENTS_O365_P3 PREMIUM_ENCRYPTION \
         PROJECTWORKMANAGEMENT PROJECT_O365_P3 RECORDS_MANAGEMENT RMS_S_ENTERPRISE RMS_S_PREMIUM \
         RMS_S_PREMIUM2 SAFEDOCS SHAREPOINTENTERPRISE SHAREPOINTWAC STREAM_O365_E5 SWAY TEAMS1 \
         THREAT_INTELLIGENCE UNIVERSAL_PRINT_01 VIVAENGAGE_CORE VIVA_LEARNING_SEEDED WHITEBOARD_PLAN3 \
         WIN10_PRO_ENT_SUB WINDEFATP WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE Windows_Autopatch \
         YAMMER_ENTERPRISE",
    ),
    sku(
        "66b55226-6b4f-492c-910c-a3b7a3c9d993",
        "SPE_F1",
        "AAD_PREMIUM ADALLOM_S_DISCOVERY BPOS_S_TODO_FIRSTLINE CDS_O365_F1 DYN365_CDS_O365_F1 Deskless \
         EXCHANGE_S_DESKLESS FLOW_O365_S1 FORMS_PLAN_K INTUNE_A INTUNE_O365 KAIZALA_O365_P1 MCOIMP \
         MFA_PREMIUM MICROSOFTBOOKINGS MICROSOFT_SEARCH Nucleus OFFICEMOBILE_SUBSCRIPTION POWERAPPS_O365_S1 \
         POWER_VIRTUAL_AGENTS_O365_F1 PROJECTWORKMANAGEMENT PROJECT_O365_F3 RMS_S_ENTERPRISE RMS_S_PREMIUM \
         SHAREPOINTDESKLESS SHAREPOINTWAC STREAM_O365_K SWAY TEAMS1 UNIVERSAL_PRINT_01 VIVAENGAGE_CORE \
         VIVA_LEARNING_SEEDED WHITEBOARD_FIRSTLINE1 WIN10_ENT_LOC_F1 \
         WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE YAMMER_ENTERPRISE",
    ),
    sku(
        "6fd2c87f-b296-42f0-b197-1e91e994b900",
        "ENTERPRISEPACK",
        "BPOS_S_TODO_2 CDS_O365_P2 ContentExplorer_Standard DYN365_CDS_O365_P2 Deskless EXCHANGE_S_ENTERPRISE \
         FLOW_O365_P2 FORMS_PLAN_E3 INTUNE_O365 KAIZALA_O365_P3 MCOSTANDARD MICROSOFTBOOKINGS \
         MICROSOFT_SEARCH MIP_S_CLP1 MYANALYTICS_P2 OFFICESUBSCRIPTION POWERAPPS_O365_P2 \
         POWER_VIRTUAL_AGENTS_O365_P2 PROJECTWORKMANAGEMENT PROJECT_O365_P2 RMS_S_ENTERPRISE \
         SHAREPOINTENTERPRISE SHAREPOINTWAC STREAM_O365_E3 SWAY TEAMS1 VIVAENGAGE_CORE VIVA_LEARNING_SEEDED \
         WHITEBOARD_PLAN2 YAMMER_ENTERPRISE",
    ),
    sku(
        "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
        "SPB",
        "AAD_PREMIUM AAD_SMB ADALLOM_S_DISCOVERY ATP_ENTERPRISE BPOS_S_DlpAddOn BPOS_S_TODO_1 CDS_O365_P3 \
         DYN365_CDS_O365_P3 Deskless EXCHANGE_S_ARCHIVE_ADDON EXCHANGE_S_FOUNDATION EXCHANGE_S_STANDARD \
         FLOW_O365_P1 FORMS_PLAN_E1 INTUNE_A INTUNE_O365 INTUNE_SMBIZ KAIZALA_O365_P2 \
         M365_LIGHTHOUSE_CUSTOMER_PLAN1 M365_LIGHTHOUSE_PARTNER_PLAN1 MCOSTANDARD MDE_SMB MFA_PREMIUM \
         MICROSOFTBOOKINGS MICROSOFT_SEARCH MYANALYTICS_P2 Nucleus O365_SB_Relationship_Management \
         OFFICE_BUSINESS OFFICE_SHARED_COMPUTER_ACTIVATION POWERAPPS_O365_P1 POWER_VIRTUAL_AGENTS_O365_P3 \
         PROJECTWORKMANAGEMENT PROJECT_O365_P3 RMS_S_ENTERPRISE RMS_S_PREMIUM SHAREPOINTSTANDARD \
         SHAREPOINTWAC STREAM_O365_E1 SWAY TEAMS1 UNIVERSAL_PRINT_01 VIVAENGAGE_CORE VIVA_LEARNING_SEEDED \
         WHITEBOARD_PLAN1 WINBIZ WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE YAMMER_ENTERPRISE",
    ),
    sku(
        "3b555118-da6a-4418-894f-7df1e2096870",
        "O365_BUSINESS_ESSENTIALS",
        "BPOS_S_TODO_1 EXCHANGE_S_STANDARD FLOW_O365_P1 FORMS_PLAN_E1 MCOSTANDARD OFFICEMOBILE_SUBSCRIPTION \
         POWERAPPS_O365_P1 PROJECTWORKMANAGEMENT SHAREPOINTSTANDARD SHAREPOINTWAC SWAY TEAMS1 \
         YAMMER_ENTERPRISE",
    ),
    sku(
        "4b9405b0-7788-4568-add1-99614e613b69",
        "EXCHANGESTANDARD",
        "BPOS_S_TODO_1 EXCHANGE_S_STANDARD INTUNE_O365",
    ),
    sku(
        "f8a1db68-be16-40ed-86d5-cb42ce701560",
        "POWER_BI_PRO",
        "BI_AZURE_P2 EXCHANGE_S_FOUNDATION",
    ),
    sku(
        "c5928f49-12ba-48f7-ada3-0d743a3601d5",
        "VISIOCLIENT",
        "EXCHANGE_S_FOUNDATION ONEDRIVE_BASIC VISIOONLINE VISIO_CLIENT_SUBSCRIPTION",
    ),
    sku(
        "53818b1b-4a27-454b-8896-0dba576410e6",
        "PROJECTPROFESSIONAL",
        "DYN365_CDS_PROJECT EXCHANGE_S_FOUNDATION FLOW_FOR_PROJECT PROJECT_CLIENT_SUBSCRIPTION \
         PROJECT_PROFESSIONAL SHAREPOINTENTERPRISE SHAREPOINTWAC SHAREPOINT_PROJECT",
    ),
    sku(
        "e43b5b99-8dfb-405f-9987-dc307f34bcbd",
        "MCOEV",
        "MCOEV",
    ),
    sku(
        "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
        "EMS",
        "AAD_PREMIUM ADALLOM_S_DISCOVERY EXCHANGE_S_FOUNDATION INTUNE_A MFA_PREMIUM RMS_S_ENTERPRISE \
         RMS_S_PREMIUM",
    ),
    sku(
        "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
        "AAD_PREMIUM_P2",
        "AAD_PREMIUM AAD_PREMIUM_P2 ADALLOM_S_DISCOVERY EXCHANGE_S_FOUNDATION MFA_PREMIUM",
    ),
    sku(
        "f30db892-07e9-47e9-837c-80727f46fd3d",
        "FLOW_FREE",
        "DYN365_CDS_VIRAL EXCHANGE_S_FOUNDATION FLOW_P2_VIRAL",
    ),
    sku(
        "f8ced641-8e17-4dc5-b014-f5a2d53f6ac8",
        "Office_365_E1_(no_Teams)",
        "Bing_Chat_Enterprise BPOS_S_TODO_1 CDS_O365_P1 Deskless DYN365_CDS_O365_P1 EXCHANGE_S_STANDARD \
         FLOW_O365_P1 FORMS_PLAN_E1 GRAPH_CONNECTORS_SEARCH_INDEX INSIGHTS_BY_MYANALYTICS INTUNE_O365 \
         KAIZALA_O365_P2 M365_LIGHTHOUSE_CUSTOMER_PLAN1 MCOSTANDARD MDOLITE_ENTERPRISE \
         MESH_AVATARS_ADDITIONAL_FOR_TEAMS MESH_AVATARS_FOR_TEAMS MESH_IMMERSIVE_FOR_TEAMS \
         MICROSOFT_MYANALYTICS_FULL MICROSOFT_SEARCH MICROSOFTBOOKINGS MYANALYTICS_P2 Nucleus \
         OFFICEMOBILE_SUBSCRIPTION PEOPLE_SKILLS_FOUNDATION PLACES_CORE POWER_VIRTUAL_AGENTS_O365_P1 \
         POWERAPPS_O365_P1 PROJECT_O365_P1 PROJECTWORKMANAGEMENT RMS_S_BASIC SHAREPOINTSTANDARD SHAREPOINTWAC \
         STREAM_O365_E1 SWAY VIVA_LEARNING_SEEDED VIVAENGAGE_CORE WHITEBOARD_PLAN1 YAMMER_ENTERPRISE",
    ),
    sku(
        "dcf0408c-aaec-446c-afd4-43e3683943ea",
        "Microsoft_365_E3_(no_Teams)",
        "AAD_PREMIUM ADALLOM_S_DISCOVERY Bing_Chat_Enterprise BPOS_S_TODO_2 CDS_O365_P2 CLIPCHAMP \
         ContentExplorer_Standard Deskless DYN365_CDS_O365_P2 EXCHANGE_S_ENTERPRISE FLOW_O365_P2 \
         FORMS_PLAN_E3 GRAPH_CONNECTORS_SEARCH_INDEX INTUNE_A INTUNE_O365 KAIZALA_O365_P3 \
         M365_LIGHTHOUSE_CUSTOMER_PLAN1 M365_LIGHTHOUSE_PARTNER_PLAN1 MCOSTANDARD MDE_LITE \
         MESH_AVATARS_ADDITIONAL_FOR_TEAMS MESH_AVATARS_FOR_TEAMS MESH_IMMERSIVE_FOR_TEAMS MFA_PREMIUM \
         MICROSOFT_LOOP MICROSOFT_SEARCH MICROSOFTBOOKINGS MIP_S_CLP1 MYANALYTICS_P2 Nucleus \
         OFFICESUBSCRIPTION PLACES_CORE POWER_VIRTUAL_AGENTS_O365_P2 POWERAPPS_O365_P2 PROJECT_O365_P2 \
         PROJECTWORKMANAGEMENT RMS_S_ENTERPRISE RMS_S_PREMIUM SHAREPOINTENTERPRISE SHAREPOINTWAC \
         STREAM_O365_E3 SWAY UNIVERSAL_PRINT_01 VIVA_LEARNING_SEEDED VIVAENGAGE_CORE WHITEBOARD_PLAN2 \
         WIN10_PRO_ENT_SUB Windows_Autopatch WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE YAMMER_ENTERPRISE",
    ),
    sku(
        "7e31c0d9-9551-471d-836f-32ee72be4a01",
        "Microsoft_Teams_Enterprise_New",
        "EXCHANGE_S_DESKLESS FORMS_PLAN_E1 INTUNE_O365 MCOIMP MESH_AVATARS_ADDITIONAL_FOR_TEAMS \
         MESH_AVATARS_FOR_TEAMS MESH_IMMERSIVE_FOR_TEAMS MICROSOFT_SEARCH MICROSOFTBOOKINGS ONEDRIVE_BASIC_P2 \
         PLACES_CORE SHAREPOINTWAC TEAMS1",
    ),
    sku(
        "0dab259f-bf13-4952-b7f8-7db8f131b28d",
        "MCOPSTN1",
        "MCOPSTN1",
    ),
    sku(
        "d3b4fe1f-9992-4930-8acb-ca6ec609365e",
        "MCOPSTN2",
        "MCOPSTN2",
    ),
    sku(
        "6470687e-a428-4b7a-bef2-8a291ad947c9",
        "WINDOWS_STORE",
        "EXCHANGE_S_FOUNDATION WINDOWS_STORE",
    ),
    sku(
        "0c266dff-15dd-4b49-8397-2bb16070ed52",
        "MCOMEETADV",
        "MCOMEETADV",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_is_in_the_table() {
        assert!(PLANS.len() <= 192, "a plan set has 192 bits");
        for (product, places) in SKUS.iter().zip(PLACES.iter()) {
            assert_eq!(product.plans.split_whitespace().count(), places.len(), "{}", product.part_number);
        }
    }

    #[test]
    fn products_stand_in_the_order_of_the_names() {
        assert_eq!(Sku::Microsoft365E3.product().part_number, "SPE_E3");
        assert_eq!(Sku::EntraP2.product().part_number, "AAD_PREMIUM_P2");
        assert_eq!(Sku::AudioConferencing.product().part_number, "MCOMEETADV");
        assert_eq!(SKUS.len(), ALL.len());
        assert!(ALL.iter().enumerate().all(|(place, sku)| *sku as usize == place));
    }
}
