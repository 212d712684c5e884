"""The two reference models in vectorized numpy: `python3 numpy_models.py m1|m2 SAMPLES`.

The usual way to write them in a notebook: random numbers by numpy's own generators, whole columns, np.percentile.
"""

import sys

import numpy as np

Z95 = 1.6448536269514722


def between(random, low, high, count):
    """The lognormal with 5 % below low and 5 % above high."""
    log_low, log_high = np.log(low), np.log(high)
    return random.lognormal((log_low + log_high) / 2, (log_high - log_low) / (2 * Z95), count)


def pert(random, low, mode, high, count):
    width = high - low
    return low + width * random.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, count)


def model_1(random, count):
    users = between(random, 800, 4000, count)
    fee = random.triangular(60, 100, 150, count)
    ads = random.normal(20_000, 5_000, count)
    data = pert(random, 0.8e6, 1.0e6, 1.5e6, count)
    training = between(random, 1.5e6, 3e6, count)
    operations = random.uniform(3e5, 8e5, count)
    revenue = users * fee * 12 + np.maximum(0, ads)
    cost = data + training + operations
    profit = revenue - cost
    return {"revenue": revenue, "cost": cost, "profit": profit, "return_rate": profit / cost}


def model_2(random, count):
    users = between(random, 300, 1500, count)
    signups = between(random, 50, 250, count)
    churn = random.beta(4, 76, count)
    fee = random.triangular(60, 100, 150, count)
    calls = between(random, 2, 20, count)
    call_cost = random.triangular(0.5, 1.5, 4.0, count)
    fixed = random.normal(40_000, 8_000, count)
    growth = random.normal(0.02, 0.01, count)
    invested = pert(random, 0.8e6, 1.0e6, 1.5e6, count) + between(random, 1.5e6, 3e6, count)
    cumulative, npv, cost, joining = -invested, -invested, invested.copy(), signups.copy()
    lowest = cumulative.copy()
    for month in range(36):
        month_cost = users * calls * call_cost + fixed
        flow = users * fee - month_cost
        cost += month_cost
        cumulative = cumulative + flow
        npv = npv + flow * 1.12 ** (-month / 12)
        if month == 0:
            lowest = cumulative.copy()
        lowest = np.minimum(lowest, cumulative)
        users = users * (1 - churn) + joining
        joining = joining * (1 + growth)
    return {"profit": cumulative, "npv": npv, "return_rate": cumulative / cost, "min(cumulative)": lowest}


def main():
    model = {"m1": model_1, "m2": model_2}[sys.argv[1]]
    outcomes = model(np.random.default_rng(1), int(sys.argv[2]))
    for name, values in outcomes.items():
        low, middle, high = np.percentile(values, [5, 50, 95])
        print(name, values.mean(), values.std(ddof=1), low, middle, high)


if __name__ == "__main__":
    main()
