//! The languages that the program speaks.

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Dutch.
    Dutch,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Dutch];

    /// Its ISO 639 code, as rule files and reports have it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dutch => "nl",
        }
    }

    /// The language of a locale such as `nl_NL.UTF-8` or `nl-BE`; English for those that the program does not speak.
    pub fn of_locale(locale: &str) -> Self {
        let code = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code)).unwrap_or_default()
    }

    /// The language of the user: what the environment says, as POSIX ranks its variables, else what the system says.
    pub fn of_user(variable: impl Fn(&str) -> Option<String>, system: impl Fn() -> Option<String>) -> Self {
        let told =
            ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| variable(name).filter(|text| !text.is_empty()));
        told.or_else(system).map(|locale| Self::of_locale(&locale)).unwrap_or_default()
    }
}

#[cfg(test)]
mod texts;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_their_language() {
        for locale in ["nl", "nl_NL.UTF-8", "nl-BE", "NL_nl@euro"] {
            assert_eq!(Language::of_locale(locale), Language::Dutch, "{locale}");
        }
        for locale in ["en_US.UTF-8", "C", "POSIX", "", "nld", "de_DE"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }

    #[test]
    fn the_first_variable_that_says_something_decides() {
        let of = |variables: &[(&str, &str)], system: Option<&str>| {
            let find =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
            Language::of_user(find, || system.map(str::to_owned))
        };
        assert_eq!(of(&[("LANG", "nl_NL.UTF-8")], None), Language::Dutch);
        assert_eq!(of(&[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "C")], None), Language::English);
        assert_eq!(of(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "nl_NL"), ("LC_ALL", "")], None), Language::Dutch);
        assert_eq!(of(&[], Some("nl-NL")), Language::Dutch);
        assert_eq!(of(&[], None), Language::English);
    }
}
