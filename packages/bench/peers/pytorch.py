"""PyTorch (`torch`) or NumPy (`numpy`, products only), as the argument says, on one thread. The rules are those of src/workloads.mjs and
src/measure.mjs, from which the sizes come as JSON."""

import json
import os
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np

subject, sizes = sys.argv[1], json.loads(sys.argv[2])
rounds = sizes["rounds"]


def generator(seed):
    state = seed

    def draw(length, scale=1.0, shift=0.0):
        nonlocal state
        numbers = np.empty(length)
        for i in range(length):
            state = state * 48271 % 2147483647
            numbers[i] = state / 2147483647 * scale + shift
        return numbers.astype(np.float32)

    return draw


def milliseconds(run, runs):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(runs):
            run()
        times.append((time.perf_counter() - start) * 1e3 / runs)
    return sorted(times)[rounds // 2]


def warm_milliseconds(run):
    start, runs = time.perf_counter(), 0
    while runs == 0 or (runs < 3 and time.perf_counter() - start < 2) or time.perf_counter() - start < 0.5:
        run()
        runs += 1
    return milliseconds(run, max(1, round(runs * 0.1 / (time.perf_counter() - start))))


figures = {"products": {}}
draw = generator(3)

if subject == "numpy":
    figures["version"] = np.__version__
    matrix = lambda rows, columns: draw(rows * columns).reshape(rows, columns)
    multiply = np.matmul
else:
    import torch

    torch.set_num_threads(1)
    figures["version"] = torch.__version__
    matrix = lambda rows, columns: torch.from_numpy(draw(rows * columns).reshape(rows, columns))
    multiply = torch.matmul

    chain = sizes["chain"]
    chain_draw = generator(1)
    x, a, b = (torch.from_numpy(chain_draw(chain["size"], *span)) for span in ((2, -1), (1, 0.5), (0.2, -0.1)))
    x.requires_grad_()

    def run_chain():
        value = x
        for _ in range(chain["repeats"]):
            value = torch.tanh(value * a + b)
        return torch.autograd.grad(value.sum(), x)

    figures["chain"] = warm_milliseconds(run_chain) * 1e3 / chain["ops"]

    training = sizes["training"]
    draw_training = generator(2)
    weights = []
    for inputs, outputs in zip(training["layers"], training["layers"][1:]):
        limit = (6 / inputs) ** 0.5
        w = torch.from_numpy(draw_training(inputs * outputs, 2 * limit, -limit).reshape(inputs, outputs))
        weights += [w.requires_grad_(), torch.zeros(outputs, requires_grad=True)]
    images = torch.from_numpy(draw_training(training["batch"] * 784).reshape(-1, 784))
    labels = torch.from_numpy(draw_training(training["batch"], 10).astype(np.int64))
    optimizer = torch.optim.Adam(weights, lr=training["learningRate"])

    def step():
        value = images
        for i in range(0, len(weights), 2):
            value = value @ weights[i] + weights[i + 1]
            if i < len(weights) - 2:
                value = torch.relu(value)
        loss = torch.nn.functional.cross_entropy(value, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        figures["loss"] = loss.item()

    for _ in range(training["warmUp"]):
        step()
    figures["step"] = milliseconds(step, training["stepsPerRound"])

for m, k, n in sizes["products"]:
    x, y = matrix(m, k), matrix(k, n)
    figures["products"][f"{m} × {k} × {n}"] = 2 * m * k * n / warm_milliseconds(lambda: multiply(x, y)) / 1e6

print(json.dumps(figures))
