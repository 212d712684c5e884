//! Plans: how many users are in each, and how many in none.

use crate::error::Problem;
use crate::formula::Path;
use crate::scenario::plans::Members;

use super::lines::Defining;
use super::{Body, DefinitionId, Definitions, Unit};

/// The users who are in some plan.
const IN_PLANS: &str = "users.in_plans";

/// The users who are in none.
pub const FREE_USERS: &str = "users.free";

impl Definitions {
    /// How many users are in the plan of a line.
    pub(super) fn members(&mut self, line: &mut Defining<'_>, members: &Members) -> Option<DefinitionId> {
        let users = self.users(line)?;
        let quantity = members.quantity();
        self.quantity(quantity, Unit::Share);
        let path = line.path.child("users");
        let churn = Path::from("users.churn");
        let text = match members {
            Members::Share(_) => "users * share",
            // Who joins from one period to the next is lost as all users are, so that a plan never has more than all.
            Members::Conversion(_) if self.names.contains_key(&churn) => {
                "prev((members + free * share) * (1 - churn), 0)"
            }
            Members::Conversion(_) => "prev(members + free * share, 0)",
        };
        let names = [
            ("users", self.all[users].path.clone()),
            ("share", quantity.path.clone()),
            ("members", path.clone()),
            ("free", Path::from(FREE_USERS)),
            ("churn", churn),
        ];
        let id = self.template(line, (path, Unit::Count), text, &names)?;
        self.members.push(id);
        Some(id)
    }

    /// How many users are in no plan, where there are plans.
    pub(super) fn free_users(&mut self, problems: &mut Vec<Problem>) {
        if self.members.is_empty() {
            return;
        }
        let members = self.members.clone();
        self.named(Path::from(IN_PLANS), Body::Sum(members), Unit::Count, None);
        self.formula(FREE_USERS, &format!("users - {IN_PLANS}"), Unit::Count, problems);
    }
}
