//! Text from data inside Markdown: shown as it is, and nothing else.
//!
//! Ticket systems read more than Markdown: `@name` calls somebody, `#12` links, a line that starts with `/close` closes.
//! A character in a code span is left alone by all of them.

use crate::report::text::visible;

/// Text among text.
pub(super) fn inline(text: &str) -> String {
    let text = visible(text);
    let mut shown = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        match letter {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
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
            '_' if is_word(before) && is_word(after) && before != '_' => shown.push('_'),
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
pub(super) fn literal(text: &str) -> String {
    let text = visible(text);
    let fits = !text.is_empty() && !text.contains(['`', '<', '>', '|', '\\', '&']) && text.trim() == text;
    if fits { format!("`{text}`") } else { inline(&text) }
}

/// A line that starts with nothing that Markdown, or GitLab's commands, read at the start of a line.
pub(super) fn line_start(shown: &str) -> String {
    let digits = shown.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &shown[digits..];
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{}\\{rest}", &shown[..digits]);
    }
    let is_special = shown.starts_with(['-', '+', '=', '/', ':', ' ']) && digits == 0;
    if is_special && !shown.starts_with(' ') { format!("\\{shown}") } else { shown.trim_start().to_owned() }
}

/// The fence for a command, and its lines: longer than any run of backticks in it.
pub(super) fn fence(command: &str) -> (String, String) {
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
