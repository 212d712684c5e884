//! The keys of prices: tiers, packages, credits, milestones and plans.

use super::{Form, Key, key};
use crate::scenario::areas;
use crate::scenario::pricing::Tiering;

/// The keys of a tier of prices.
pub static TIER: &[Key] = &[
    key("up_to", Form::Quantity, "Where the tier ends: the last unit in it. The last tier has no end."),
    key("price", Form::Quantity, "What each unit costs."),
    key("fee", Form::Quantity, "What is due once where the tier is reached."),
];

/// The keys of a package.
pub static PACKAGE: &[Key] = &[
    key("size", Form::Quantity, "How many units a package holds."),
    key("price", Form::Quantity, "What a package costs."),
];

/// The keys of prepaid credits.
pub static CREDITS: &[Key] = &[
    key("sold", Form::Quantity, "How many are sold per period."),
    key("used", Form::Quantity, "How many are used per period, if there are as many; the oldest first."),
    key(
        "valid_for",
        Form::Whole,
        "For how many periods a credit may be used, counting the one it is sold in; forever where left out.",
    ),
];

/// The keys of a milestone.
pub static MILESTONE: &[Key] =
    &[key("at", Form::Periods, "The period in which it is due."), key("amount", Form::Quantity, "How much is due.")];

/// The keys of a plan.
pub static PLAN: &[Key] = &[
    key("share", Form::Quantity, "The share of all users who are in the plan."),
    key("conversion", Form::Quantity, "The share of the free users who join the plan per period."),
    key("price", Form::Quantity, "What each of its users pays per period; with `usage`, what each unit costs."),
    key("usage", Form::Quantity, "How many units one of its users uses per period, each at the price."),
    key("tiers", Form::Items(TIER), "Prices by tier, of one user's usage or else of the plan's users."),
    key("tiering", Form::Word(&Tiering::NAMES), "`graduated` or `volume`, as for lines."),
    key("package", Form::Table(PACKAGE), "Whole packages of one user's usage or else of the plan's users."),
    key("free", Form::Quantity, "How much of one user's usage costs nothing."),
    key("minimum", Form::Quantity, "The least that one user pays per period."),
    key("maximum", Form::Quantity, "The most that one user pays per period."),
    key("covers", Form::Words(&areas::NAMES), "What else the plan stands for, as `bizmodel review` asks."),
    key("unit", Form::Text, "What the usage is counted in."),
    key("note", Form::Text, "A remark for whoever reads the scenario."),
    key("source", Form::Text, "Where the figures come from."),
];

/// The keys of `[prices]`, besides the models.
pub static PRICES: &[Key] = &[
    key("file", Form::Text, "A price list in the format of LiteLLM; its path begins at the scenario's folder."),
    key("exchange", Form::Quantity, "How much of the scenario's currency a US dollar of the file is."),
];

/// The keys of an internal price.
pub static INTERNAL_PRICE: &[Key] = &[
    key("price", Form::Quantity, "What a unit costs."),
    key("per", Form::Text, "The unit that is priced, such as `t` of what is measured in `kg CO2e`."),
];
