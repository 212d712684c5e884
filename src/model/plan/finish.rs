//! From planned steps to a plan: with as few steps and registers as its values allow.

use super::Plan;
use super::join::{self, Outside};
use super::planner::Planner;
use super::season::{self, Seasons};
use super::stage::stages;
use super::step::{Place, Register, Step};
use crate::model::node::NodeId;

impl Planner<'_> {
    /// The plan, with as few steps and registers as its values allow.
    pub(super) fn finish(mut self, columns: Vec<Register>, wanted: &[NodeId]) -> Plan {
        let mut outputs: Vec<Place> = wanted.iter().map(|id| self.place(*id)).collect();
        let mut kept: Vec<(Place, Register)> = std::mem::take(&mut self.kept)
            .into_iter()
            .map(|(id, to)| (self.place(id), to))
            .filter(|(from, to)| *from != Place::Lanes(*to))
            .collect();
        let Place::Uniform(zero) = self.constant(0.0) else { unreachable!("a constant is the same in every lane") };
        let flat = &self.model.flat;
        let mut each = Seasons::of(&std::mem::take(&mut self.each), &flat.schedules, flat.periods, zero);
        let after = self.read(&[&self.after], &outputs);
        let outside = self.outside(&[&self.after], &outputs, &kept);
        for steps in &mut each.steps {
            season::prune(steps, &outside, zero);
            join::fuse(steps, &outside);
            join::scale(steps, &outside);
        }
        let merged = merged(&each, &kept, &after);
        let name = |register| merged.iter().find(|(next, _)| *next == register).map_or(register, |(_, to)| *to);
        each.steps.iter_mut().flatten().chain(&mut self.after).for_each(|step| step.rename(name));
        outputs.iter_mut().chain(kept.iter_mut().map(|(from, _)| from)).for_each(|place| place.rename(name));
        let merged_into: Vec<Register> = merged.iter().map(|(_, to)| *to).collect();
        let mut all_kept = kept.clone();
        kept.retain(|(from, to)| *from != Place::Lanes(*to));
        all_kept.extend(merged_into.iter().map(|to| (Place::Lanes(*to), *to)));
        let outside = self.outside(&[&self.after], &outputs, &all_kept);
        for steps in &mut each.steps {
            join::tally(steps, &outside);
            join::reuse(steps, &outside);
        }
        let mut once = std::mem::take(&mut self.once);
        let later: Vec<&[Step]> = each.steps.iter().map(Vec::as_slice).chain([self.after.as_slice()]).collect();
        let outside = self.outside(&later, &outputs, &all_kept);
        join::fuse(&mut once, &outside);
        join::scale(&mut once, &outside);
        join::reuse(&mut once, &outside);
        let kept = self.in_order(&kept);
        let constants: Vec<(Register, f64)> =
            self.constants.iter().map(|(bits, register)| (*register, f64::from_bits(*bits))).collect();
        let number = |place: Place| match place {
            Place::Uniform(wanted) => constants.iter().find(|(known, _)| *known == wanted).map(|(_, value)| *value),
            _ => None,
        };
        for step in each.steps.iter_mut().flatten().chain(&mut once).chain(&mut self.after) {
            step.make_ready(number);
        }
        let values = |id| (0..flat.periods).map(|period| self.uniform.at(id, period)).collect();
        Plan {
            periods: flat.periods,
            schedules: flat.schedules.clone(),
            registers: self.registers,
            recorded: self.recorded,
            columns,
            series: self.series.iter().map(|(register, id)| (*register, values(*id))).collect(),
            constants,
            zero,
            once: stages(once),
            starts: self.starts,
            first: self.first,
            each: each.map(stages),
            kept,
            growing: self.growing,
            after: stages(self.after),
            outputs,
        }
    }

    /// Which registers are read by these steps, or answered.
    fn read(&self, steps: &[&[Step]], outputs: &[Place]) -> Outside {
        let mut is_read = vec![false; self.registers];
        let read = steps.iter().flat_map(|steps| steps.iter()).flat_map(Step::reads);
        for register in read.chain(outputs.iter().filter_map(|place| place.register())) {
            is_read[register] = true;
        }
        is_read
    }

    /// Which registers are read by these steps, answered, kept, or hold something from the start on.
    fn outside(&self, steps: &[&[Step]], outputs: &[Place], kept: &[(Place, Register)]) -> Outside {
        let mut outside = self.read(steps, outputs);
        let copied = kept.iter().chain(&self.first).flat_map(|(from, to)| from.register().into_iter().chain([*to]));
        let grown = self.growing.iter().flat_map(|growing| [growing.factor, growing.power, growing.rest]);
        for register in copied.chain(grown).chain(self.starts.iter().map(|(to, _)| *to)) {
            outside[register] = true;
        }
        outside
    }

    /// Copies at the end of a period, so that what is read is read before it is written.
    fn in_order(&mut self, kept: &[(Place, Register)]) -> Vec<(Place, Register)> {
        let is_written = |place: Place| kept.iter().any(|(_, to)| place.register() == Some(*to));
        let (between, direct): (Vec<(Place, Register)>, Vec<_>) = kept.iter().partition(|(from, _)| is_written(*from));
        let aside: Vec<Register> = between.iter().map(|_| self.new_register()).collect();
        let first = between.iter().zip(&aside).map(|((from, _), aside)| (*from, *aside));
        let last = between.iter().zip(&aside).map(|((_, to), aside)| (Place::Lanes(*aside), *to));
        first.chain(direct).chain(last).collect()
    }
}

/// Where what is kept may be computed in every period, as [`join::merged`] says for one.
fn merged(each: &Seasons<Vec<Step>>, kept: &[(Place, Register)], after: &Outside) -> Vec<(Register, Register)> {
    let mut all = each.steps.iter().map(|steps| join::merged(steps, kept, after));
    let mut merged = all.next().unwrap_or_default();
    for others in all {
        merged.retain(|found| others.contains(found));
    }
    merged
}
