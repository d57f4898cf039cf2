#!/usr/bin/env python3
"""Trajectories of PyTorch's optimisers in Double, one row per loss evaluation: [loss, x0, x1, ...] at the point that
was evaluated. Needs torch; the output stands in Tests/OptimizersTests/Fixtures/trajectories.json:

    python3 Tools/reference/optimizers.py > Tests/OptimizersTests/Fixtures/trajectories.json
"""

import json
import torch

torch.set_num_threads(1)


def quadratic(x):
    """1/2 x'Ax - b'x with A tridiagonal: k + 1 on the diagonal, 0.5 beside it; b_k = (-1)^k."""
    n = len(x)
    gradient = []
    loss = 0.0
    for k in range(n):
        product = (k + 1) * x[k]
        if k > 0:
            product += 0.5 * x[k - 1]
        if k + 1 < n:
            product += 0.5 * x[k + 1]
        b = -1.0 if k % 2 else 1.0
        loss += 0.5 * x[k] * product - b * x[k]
        gradient.append(product - b)
    return loss, gradient


def rosenbrock(x):
    a, b = 1 - x[0], x[1] - x[0] * x[0]
    return a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b]


def trajectory(function, start, make, count):
    x = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    optimizer = make([x])
    rows = []

    def closure():
        point = x.detach().tolist()
        loss, gradient = function(point)
        rows.append([loss] + point)
        x.grad = torch.tensor(gradient, dtype=torch.float64)
        return torch.tensor(loss, dtype=torch.float64)

    while len(rows) < count:
        optimizer.step(closure)
    return rows[:count]


# Rosenbrock runs whose path does not amplify rounding: perturbing gradients by one unit in the last place moves them
# by less than 1e-11. (At rate 1 from [-1.2, 1] a step of 30 to the far wall makes any two implementations differ.)
functions = {
    "quadratic": (quadratic, [0.5, -1.0, 2.0, 0.0, -0.25, 1.5]),
    "rosenbrock": (rosenbrock, [-1.2, 1.0]),
    "rosenbrock near": (rosenbrock, [1.5, 1.0]),
}
lbfgs, adam, sgd = torch.optim.LBFGS, torch.optim.Adam, torch.optim.SGD
adamw = torch.optim.AdamW
cases = {
    "lbfgs": ("quadratic", lambda p: lbfgs(p), 50),
    "lbfgs short steps": ("quadratic", lambda p: lbfgs(p, lr=0.5, history_size=3, max_iter=6, max_eval=4), 40),
    "lbfgs one iteration": ("quadratic", lambda p: lbfgs(p, lr=0.8, history_size=5, max_iter=1), 30),
    "lbfgs valley": ("rosenbrock", lambda p: lbfgs(p, lr=0.5), 80),
    "lbfgs valley near": ("rosenbrock near", lambda p: lbfgs(p, history_size=4), 60),
    "adam": ("quadratic", lambda p: adam(p, lr=0.05), 60),
    "adam valley": ("rosenbrock", lambda p: adam(p, lr=0.02, betas=(0.3, 0.99), eps=1e-6, weight_decay=0.01), 60),
    "adamw": ("quadratic", lambda p: adamw(p, lr=0.05, weight_decay=0.3), 40),
    "sgd": ("quadratic", lambda p: sgd(p, lr=0.1), 30),
    "sgd momentum": ("quadratic", lambda p: sgd(p, lr=0.05, momentum=0.9, weight_decay=0.02), 40),
    "sgd nesterov": ("rosenbrock", lambda p: sgd(p, lr=1e-4, momentum=0.8, nesterov=True), 40),
}
result = {
    name: {"function": function, "rows": trajectory(*functions[function], make, count)}
    for name, (function, make, count) in cases.items()
}
print("{" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in result.items()) + "}")
