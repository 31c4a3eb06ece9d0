//! Text from data inside Markdown: shown as it is, and nothing else.
//!
//! Ticket systems read more than Markdown: `@name` calls somebody, `#12` links, a line that starts with `/close` closes.
//! A character in a code span is left alone by all of them.

use crate::report::text::visible;

/// Text among text.
pub(crate) fn inline(text: &str) -> String {
    let text = visible(text);
    let mut shown = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        match letter {
            '<' => shown.push_str("&lt;"),
            '&' => shown.push_str("&amp;"),
            '`' => shown.push_str("&#96;"),
            '@' if !is_word(before) && is_word(after) => shown.push_str("`@`"),
            '#' | '!' if after.is_ascii_digit() => {
                shown.push('`');
                shown.push(letter);
                shown.push('`');
            }
            ':' if after == '/' && is_word(before) => shown.push_str("`:`"),
            '.' if is_www(&shown) && is_word(after) => shown.push_str("`.`"),
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => shown.push('_'),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '{' | '}' | '#' | '!' => {
                shown.push('\\');
                shown.push(letter);
            }
            _ => shown.push(letter),
        }
        before = letter;
    }
    shown
}

/// What one copies: a code span, if it can be one.
pub(crate) fn literal(text: &str) -> String {
    let text = visible(text);
    let fits = !text.is_empty() && !text.contains(['`', '<', '>', '|', '\\', '&']) && text.trim() == text;
    if fits { format!("`{text}`") } else { inline(&text) }
}

/// The way to a page: a link, if it is a web address and nothing else.
pub(crate) fn way(text: &str) -> String {
    if is_address(text) { format!("<{text}>") } else { inline(text) }
}

/// Whether it is a web address of plain characters, which ends no link.
pub(crate) fn is_address(text: &str) -> bool {
    let plain = |letter: u8| letter.is_ascii_alphanumeric() || b"-._~:/?#@!$&'+,;=%".contains(&letter);
    text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(plain))
}

/// A line that does not start with what Markdown, or GitLab's commands, read at the start of a line.
pub(crate) fn line_start(shown: &str) -> String {
    let shown = shown.trim_start();
    let digits = shown.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && shown[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &shown[..digits], &shown[digits..]);
    }
    if shown.starts_with(['-', '+', '=', '/', ':', '>']) { format!("\\{shown}") } else { shown.to_owned() }
}

/// The fence for a command, and its lines: longer than any run of backticks in it.
pub(crate) fn fence(command: &str) -> (String, String) {
    let lines: Vec<String> = command.lines().map(|line| visible(line).into_owned()).collect();
    let lines = lines.join("\n");
    let (mut longest, mut run) = (0, 0);
    for letter in lines.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    ("`".repeat(longest.max(2) + 1), lines)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether a web address may begin here.
fn is_www(shown: &str) -> bool {
    let tail = shown.len().checked_sub(3).and_then(|start| shown.get(start..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_not_obeyed() {
        assert_eq!(inline("<b>&amp;</b>"), "&lt;b>&amp;amp;&lt;/b>");
        assert_eq!(inline("**x** _y_ ~z~ [a](b) ![i](j)"), "\\*\\*x\\*\\* \\_y\\_ \\~z\\~ \\[a\\](b) \\!\\[i\\](j)");
        assert_eq!(inline("a | b `c` \\"), "a \\| b &#96;c&#96; \\\\");
        assert_eq!(inline("snake_case stays"), "snake_case stays");
        assert_eq!(inline("a\nb\u{202e}"), "a\\\\u\\{a\\}b\\\\u\\{202e\\}");
    }

    #[test]
    fn nobody_is_called_and_nothing_is_linked() {
        assert_eq!(inline("@admin and jan@contoso.example"), "`@`admin and jan@contoso.example");
        assert_eq!(inline("x#EXT#@contoso.example"), "x\\#EXT\\#`@`contoso.example");
        assert_eq!(inline("#12 org/repo#12 !34"), "`#`12 org/repo`#`12 `!`34");
        assert_eq!(inline("https://evil.example www.evil.example"), "https`:`//evil.example www`.`evil.example");
        assert_eq!(way("https://contoso.example/a?b=c"), "<https://contoso.example/a?b=c>");
        assert_eq!(way("https://contoso.example/>x"), "https`:`//contoso.example/>x");
    }

    #[test]
    fn what_one_copies_is_code_if_it_can_be() {
        assert_eq!(literal("x#EXT#@contoso.example"), "`x#EXT#@contoso.example`");
        assert_eq!(literal("a`b"), "a&#96;b");
        assert_eq!(literal("a|b"), "a\\|b");
        assert_eq!(literal(" a"), " a");
        assert_eq!(literal(""), "");
    }

    #[test]
    fn lines_start_with_nothing_special() {
        assert_eq!(line_start("/close"), "\\/close");
        assert_eq!(line_start("> quoted"), "\\> quoted");
        assert_eq!(line_start("- item"), "\\- item");
        assert_eq!(line_start("12. item"), "12\\. item");
        assert_eq!(line_start("12 items"), "12 items");
        assert_eq!(line_start("    code"), "code");
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(fence("a\nb"), ("```".to_owned(), "a\nb".to_owned()));
        assert_eq!(fence("a ```` b").0, "`````");
        assert_eq!(fence("a\r\nb\u{1b}"), ("```".to_owned(), "a\nb\\u{1b}".to_owned()));
    }
}
