//! What a page says, apart from where it is shown: on a terminal, or as Markdown.

use super::page::Page;
use crate::report::markdown::escape::{fence, inline, line_start, way};

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Heading(String),
    Faint(String),
    Text(String),
    /// A point of a list, and how deep it is; a label in front of it, if it has one.
    Point(usize, Option<String>, String),
    /// A web address.
    Address(String),
    /// Something to copy or to read as it is, below a point or not.
    Code(usize, String),
    Gap,
}

/// A page: a title and what follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    title: String,
    blocks: Vec<Block>,
}

impl Sheet {
    /// A page with nothing but its title.
    pub(crate) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), blocks: Vec::new() }
    }

    /// A heading.
    pub(crate) fn heading(&mut self, text: &str) -> &mut Self {
        self.push(Block::Heading(text.to_owned()))
    }

    /// A line that needs to be read seldom.
    pub(crate) fn faint(&mut self, text: String) -> &mut Self {
        self.push(Block::Faint(text))
    }

    /// Paragraphs.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.push(Block::Text(text.to_owned()))
    }

    /// A point of a list.
    pub(crate) fn point(&mut self, text: &str) -> &mut Self {
        self.push(Block::Point(0, None, text.to_owned()))
    }

    /// A heading with the points of a list below it; nothing where there are none.
    pub(crate) fn points(&mut self, heading: &str, points: &[String]) -> &mut Self {
        if !points.is_empty() {
            self.heading(heading);
        }
        for point in points {
            self.point(point);
        }
        self
    }

    /// A point with a label; `depth` is 1 below another point.
    pub(crate) fn labeled(&mut self, depth: usize, label: &str, text: &str) -> &mut Self {
        self.push(Block::Point(depth, Some(label.to_owned()), text.to_owned()))
    }

    /// A web address.
    pub(crate) fn address(&mut self, address: &str) -> &mut Self {
        self.push(Block::Address(address.to_owned()))
    }

    /// Something to copy; `depth` is 1 below a point.
    pub(crate) fn code(&mut self, depth: usize, text: &str) -> &mut Self {
        self.push(Block::Code(depth, text.to_owned()))
    }

    /// An empty line on the terminal.
    pub(crate) fn gap(&mut self) -> &mut Self {
        self.push(Block::Gap)
    }

    fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }

    /// The page for a terminal.
    pub(crate) fn terminal(&self, mut page: Page) -> String {
        page.heading(&self.title);
        for block in &self.blocks {
            match block {
                Block::Heading(text) => page.heading(text),
                Block::Faint(text) => {
                    for line in textwrap::wrap(text, page.width()) {
                        page.faint(0, &line);
                    }
                    &mut page
                }
                Block::Text(text) => page.text(0, text),
                Block::Point(depth, None, text) => page.labeled(2 + 2 * depth, "-", text),
                Block::Point(depth, Some(label), text) if text.is_empty() => page.plain(2 + 2 * depth, label),
                Block::Point(depth, Some(label), text) => {
                    let indent = 2 + 2 * depth;
                    let longest = text.split_whitespace().map(str::len).max().unwrap_or_default();
                    if indent + label.len() + 1 + longest > page.width() {
                        page.plain(indent, label).text(indent + 4, text)
                    } else {
                        page.labeled(indent, label, text)
                    }
                }
                Block::Address(address) => page.plain(2, address),
                Block::Code(depth, text) => page.code(2 + 4 * depth, text),
                Block::Gap => page.gap(),
            };
        }
        page.finish()
    }

    /// The page as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# {}\n", inline(&self.title));
        let mut in_list = false;
        for block in &self.blocks {
            let is_point = matches!(block, Block::Point(..) | Block::Address(_));
            if *block != Block::Gap && !(is_point && in_list) {
                text.push('\n');
            }
            in_list = is_point || *block == Block::Gap && in_list;
            match block {
                Block::Heading(heading) => text.push_str(&format!("## {}\n", inline(heading))),
                Block::Faint(line) => text.push_str(&format!("*{}*\n", inline(line))),
                Block::Text(paragraphs) => text.push_str(&self::paragraphs(paragraphs)),
                Block::Point(depth, label, point) => {
                    let folded: Vec<&str> = point.split_whitespace().collect();
                    let label = label.as_ref().map(|label| format!("**{}** ", inline(label))).unwrap_or_default();
                    let point = format!("{label}{}", line_start(&inline(&folded.join(" "))));
                    text.push_str(&format!("{}- {}\n", "  ".repeat(*depth), point.trim_end()));
                }
                Block::Address(address) => text.push_str(&format!("- {}\n", way(address))),
                Block::Code(depth, code) => {
                    let (fence, lines) = fence(code.trim_end());
                    let indent = "  ".repeat(*depth);
                    for line in format!("{fence}\n{lines}\n{fence}").lines() {
                        let line = if line.is_empty() { String::new() } else { format!("{indent}{line}") };
                        text.push_str(&format!("{line}\n"));
                    }
                }
                Block::Gap => {}
            }
        }
        text
    }
}

/// Paragraphs as Markdown; line breaks inside one are those of a file.
fn paragraphs(text: &str) -> String {
    let folded = |part: &str| line_start(&inline(&part.split_whitespace().collect::<Vec<_>>().join(" ")));
    let parts: Vec<String> = text.trim().replace('\r', "").split("\n\n").map(folded).collect();
    parts.join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new("User has <no> location");
        sheet.faint("usage-location-missing, in the pack x".to_owned()).text("One\nline.\n\nAnother.");
        sheet.heading("What to do").point("Set it for <name>").labeled(1, "Who:", "User Administrator");
        sheet.labeled(1, "Command:", "").code(1, "Update-MgUser\n  -UserId 1").gap().point("- or that");
        sheet.heading("More").address("https://learn.microsoft.com/x");
        sheet
    }

    #[test]
    fn a_page_reads_on_a_terminal() {
        insta::assert_snapshot!(sheet().terminal(Page::new(60, false)), @"
        User has <no> location
        usage-location-missing, in the pack x
        One line.

        Another.

        What to do
          - Set it for <name>
            Who: User Administrator
            Command:
              Update-MgUser
                -UserId 1

          - - or that

        More
          https://learn.microsoft.com/x
        ");
    }

    #[test]
    fn a_page_reads_as_markdown() {
        insta::assert_snapshot!(sheet().markdown(), @r"
        # User has &lt;no> location

        *usage-location-missing, in the pack x*

        One line.

        Another.

        ## What to do

        - Set it for &lt;name>
          - **Who:** User Administrator
          - **Command:**

          ```
          Update-MgUser
            -UserId 1
          ```

        - \- or that

        ## More

        - <https://learn.microsoft.com/x>
        ");
    }
}
