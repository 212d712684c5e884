//! The most that laws let a fine be. These are upper bounds, not what is to be expected.
//!
//! Turnover is the worldwide one of the preceding financial year, in the currency of the law.

use super::ai::{computed, of, or};
use super::{Allowed, Function, Parameter};

const TURNOVER: Parameter = of("turnover", "per year", Allowed::NotNegative);
const SME: Parameter = or("0", of("sme", "1 for a small or medium company, or a start-up", Allowed::Share));

/// The functions, in the order in which they are listed.
pub static FUNCTIONS: &[Function] = &[
    // 4 % of 1B is 40M, above 20M; the two meet at a turnover of 500M.
    Function {
        unit: "EUR",
        source: "Regulation (EU) 2016/679 (GDPR), Article 83(5); applies since 2018-05-25",
        ..computed(
            "gdpr_cap",
            &[TURNOVER],
            "max(20M, 4% * turnover)",
            "the most of a fine for breaking the principles of data protection or the rights of people",
            ("gdpr_cap(1B)", 40e6),
        )
    },
    // 2 % of 1B is 20M, above 10M.
    Function {
        unit: "EUR",
        source: "Regulation (EU) 2016/679 (GDPR), Article 83(4); applies since 2018-05-25",
        ..computed(
            "gdpr_lower_cap",
            &[TURNOVER],
            "max(10M, 2% * turnover)",
            "the most of a fine for failing the duties of controllers and processors, such as security",
            ("gdpr_lower_cap(1B)", 20e6),
        )
    },
    // Of a start-up with a turnover of 100M, min(35M, 7 % · 100M) = 7M; of others, 35M.
    Function {
        unit: "EUR",
        source: "Regulation (EU) 2024/1689 (AI Act), Article 99(3), and for small companies 99(6)",
        ..computed(
            "ai_act_prohibited_cap",
            &[TURNOVER, SME],
            "if(sme > 0, min(35M, 7% * turnover), max(35M, 7% * turnover))",
            "the most of a fine for prohibited practices of AI; of a small company the lower amount counts",
            ("ai_act_prohibited_cap(100M, 1)", 7e6),
        )
    },
    // 3 % of 1B is 30M, above 15M.
    Function {
        unit: "EUR",
        source: "Regulation (EU) 2024/1689 (AI Act), Article 99(4), and for small companies 99(6); \
                 of general-purpose models Article 101, which has no rule for small companies",
        ..computed(
            "ai_act_cap",
            &[TURNOVER, SME],
            "if(sme > 0, min(15M, 3% * turnover), max(15M, 3% * turnover))",
            "the most of a fine for failing the duties of operators, or of providers of general-purpose models",
            ("ai_act_cap(1B)", 30e6),
        )
    },
    // 1 % of 100M is 1M, below 7.5M.
    Function {
        unit: "EUR",
        source: "Regulation (EU) 2024/1689 (AI Act), Article 99(5), and for small companies 99(6)",
        ..computed(
            "ai_act_information_cap",
            &[TURNOVER, SME],
            "if(sme > 0, min(7.5M, 1% * turnover), max(7.5M, 1% * turnover))",
            "the most of a fine for misleading information to authorities",
            ("ai_act_information_cap(100M)", 7.5e6),
        )
    },
    // 100 · 2,663 + 10 · 7,988 = 266,300 + 79,880.
    Function {
        unit: "USD",
        source: "California Civil Code 1798.155 (CCPA), amounts adjusted to prices from 2025-01-01",
        ..computed(
            "ccpa_cap",
            &[
                of("violations", "violations", Allowed::NotNegative),
                or("0", of("intentional", "violations", Allowed::NotNegative)),
            ],
            "2_663 * violations + 7_988 * intentional",
            "the most of penalties for violations, and for others that are intentional or concern minors; \
             applies from a revenue of 26.625M",
            ("ccpa_cap(100, 10)", 346_180.0),
        )
    },
    // 1,000 · 799.
    Function {
        unit: "USD",
        source: "California Civil Code 1798.150 (CCPA), amounts adjusted to prices from 2025-01-01",
        ..computed(
            "ccpa_damages_cap",
            &[of("consumers", "consumers", Allowed::NotNegative)],
            "799 * consumers",
            "the most of statutory damages of one breach of data; the least is 107 per consumer",
            ("ccpa_damages_cap(1_000)", 799_000.0),
        )
    },
    // 5 % of 2B is 100M.
    Function {
        unit: "CNY",
        source: "Personal Information Protection Law of China, Article 66; in force since 2021-11-01",
        ..computed(
            "pipl_cap",
            &[TURNOVER],
            "max(50M, 5% * turnover)",
            "the most of a fine in serious cases: 50M or 5% of turnover, and the law does not say which; \
             here the larger. In other cases it is 1M",
            ("pipl_cap(2B)", 100e6),
        )
    },
];

#[cfg(test)]
mod tests {
    use crate::formula::functions::find;

    fn cap(name: &str, arguments: &[f64]) -> f64 {
        find(name).unwrap().value(arguments)
    }

    #[test]
    fn the_larger_amount_counts_from_where_the_two_meet() {
        // 4 % and 7 % pass the fixed amounts at a turnover of 500M; without turnover the fixed amount stands.
        assert_eq!([0.0, 500e6, 501e6].map(|turnover| cap("gdpr_cap", &[turnover])), [20e6, 20e6, 20.04e6]);
        assert_eq!([0.0, 500e6, 600e6].map(|turnover| cap("gdpr_lower_cap", &[turnover])), [10e6, 10e6, 12e6]);
        let prohibited = |turnover: f64| cap("ai_act_prohibited_cap", &[turnover]);
        assert_eq!(prohibited(500e6), 35e6);
        assert!((prohibited(600e6) - 42e6).abs() < 1e-6);
        assert_eq!([0.0, 1e9, 2e9].map(|turnover| cap("pipl_cap", &[turnover])), [50e6, 50e6, 100e6]);
    }

    #[test]
    fn of_a_small_company_the_lower_amount_counts() {
        assert!((cap("ai_act_prohibited_cap", &[100e6, 1.0]) - 7e6).abs() < 1e-6);
        assert_eq!(cap("ai_act_prohibited_cap", &[100e6]), 35e6);
        assert_eq!([0.0, 1e9].map(|turnover| cap("ai_act_cap", &[turnover, 1.0])), [0.0, 15e6]);
        assert_eq!([100e6, 1e9].map(|turnover| cap("ai_act_information_cap", &[turnover, 1.0])), [1e6, 7.5e6]);
    }
}
