// The two reference models in Squiggle: `node squiggle.mjs FOLDER m1|m2 SAMPLES`, where FOLDER is one in which
// `npm install @quri/squiggle-lang@0.10` was run.
//
// The usual way to write them: sets of samples, so that an input that is used twice is the same in both places.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const MODELS = {
  m1: `
    users = SampleSet.fromDist(800 to 4000)
    fee = SampleSet.fromDist(Sym.triangular(60, 100, 150))
    ads = SampleSet.fromDist(normal(20000, 5000))
    data = SampleSet.fromDist(0.8e6 + 0.7e6 * Sym.beta(1 + 8 / 7, 1 + 20 / 7))
    training = SampleSet.fromDist(1.5e6 to 3e6)
    operations = SampleSet.fromDist(Sym.uniform(3e5, 8e5))
    revenue = users * fee * 12 + SampleSet.map(ads, {|x| max(0, x)})
    cost = data + training + operations
    profit = revenue - cost
    outcomes = { revenue: revenue, cost: cost, profit: profit, return_rate: profit / cost }`,
  m2: `
    start = SampleSet.fromDist(300 to 1500)
    signups = SampleSet.fromDist(50 to 250)
    churn = SampleSet.fromDist(Sym.beta(4, 76))
    fee = SampleSet.fromDist(Sym.triangular(60, 100, 150))
    calls = SampleSet.fromDist(2 to 20)
    call_cost = SampleSet.fromDist(Sym.triangular(0.5, 1.5, 4))
    fixed = SampleSet.fromDist(normal(40000, 8000))
    growth = SampleSet.fromDist(normal(0.02, 0.01))
    data = SampleSet.fromDist(0.8e6 + 0.7e6 * Sym.beta(1 + 8 / 7, 1 + 20 / 7))
    training = SampleSet.fromDist(1.5e6 to 3e6)
    invested = data + training
    lower(a, b) = SampleSet.map2(a, b, {|x, y| min(x, y)})
    month(state, t) = {
      month_cost = state.users * calls * call_cost + fixed
      flow = state.users * fee - month_cost
      cumulative = state.cumulative + flow
      {
        users: state.users * (1 - churn) + state.joining,
        joining: state.joining * (1 + growth),
        cost: state.cost + month_cost,
        cumulative: cumulative,
        npv: state.npv + flow * 1.12 ^ (-t / 12),
        lowest: if t == 0 then cumulative else lower(state.lowest, cumulative)
      }
    }
    begin = { users: start, joining: signups, cost: invested, cumulative: -1 * invested, npv: -1 * invested, lowest: invested }
    end = List.reduce(List.upTo(0, 35), begin, month)
    outcomes = { profit: end.cumulative, npv: end.npv, return_rate: end.cumulative / end.cost, lowest: end.lowest }`,
};

const [folder, model, samples] = process.argv.slice(2);
const home = join(folder, "node_modules", "@quri", "squiggle-lang");
const { exports } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const { run } = await import(pathToFileURL(join(home, exports["."])));
const told = `
    Dict.map(outcomes, {|x| [mean(x), stdev(x), quantile(x, 0.05), quantile(x, 0.5), quantile(x, 0.95)]})`;
const environment = { sampleCount: Number(samples), xyPointLength: 1000, seed: "1" };
const { result } = await run(MODELS[model] + told, { environment });
if (!result.ok) {
  console.error(result.value.toString());
  process.exit(1);
}
console.log(result.value.result.toString());
