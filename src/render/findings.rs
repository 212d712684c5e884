//! Reports of checks, for the tests of the formats that tell what checks found.

use crate::report::{Answer, Finding, Heading, Level, Place, Report};

/// A report of three checks: one holds, one fails, one warns.
pub(in crate::render) fn report(name: &str, case: Option<&str>) -> Report {
    let place = |line| Some(Place { file: "a/copilot.toml".to_owned(), line, column: 3 });
    let check = |name: &str, condition: &str, level, ok, message: &str, place| Finding {
        name: name.to_owned(),
        condition: condition.to_owned(),
        level,
        ok,
        message: message.to_owned(),
        place,
    };
    let scenario = Heading { name: name.to_owned(), currency: None, case: case.map(str::to_owned) };
    Report {
        answer: Answer::No,
        findings: vec![
            check("safe", "revenue >= cost", Level::Fail, true, "expected at least 4, found 5", place(11)),
            check("profitable", "return_rate > 0", Level::Fail, false, "expected more than 0, found -5%", place(12)),
            check(
                "slow",
                "payback <= 12",
                Level::Warn,
                false,
                "expected at most 12, found none\nbecause it never pays",
                None,
            ),
        ],
        ..Report::new("check", scenario, serde_json::Map::new())
    }
}

/// A failed check whose every text is this.
pub(in crate::render) fn finding(text: &str) -> Finding {
    Finding {
        name: text.to_owned(),
        condition: text.to_owned(),
        level: Level::Fail,
        ok: false,
        message: text.to_owned(),
        place: Some(Place { file: text.to_owned(), line: 1, column: 1 }),
    }
}

/// Texts that someone could have made to do harm.
pub(in crate::render) const HOSTILE: [&str; 10] = [
    "",
    "a,b:c=d::e",
    "100%25 %0A %3A",
    "two\nlines\r\n::error::forged",
    "\"/><failure message='x'>&amp;<![CDATA[]]>",
    "]]>",
    "\u{0}\u{1b}[31m\u{7f}\u{9b}\u{fffe}\u{ffff}",
    "\u{202e}gnp.exe\u{2028}",
    "智能客服 👩‍💻 é",
    "../../C:\\temp dir\\a#b?c\tend ",
];
