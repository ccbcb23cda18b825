"""PyTorch (`torch`) or NumPy (`numpy`, products only), as the argument says, on one thread, as a subject: the protocol is that of
src/measure/serve.mjs, the data that of src/data.mjs."""

import json
import os
import resource
import sys
import time


def send(**answer):
    print("@" + json.dumps(answer), flush=True)


try:
    import numpy as np

    if sys.argv[1] == "torch":
        import torch
        from torch.nn import functional as F

        torch.set_num_threads(1)
except ImportError:
    send(missing="not installed")
    sys.exit(0)


def describe(name):
    with open(os.path.join(os.environ["BENCH_DATA"], name + ".json")) as file:
        return json.load(file)


def load(name, array):
    numbers = np.fromfile(os.path.join(os.environ["BENCH_DATA"], name + "." + array), dtype=np.float32)
    return numbers.reshape(describe(name)["shapes"][array])


def draw(seed, length):
    state, numbers = seed, np.empty(length, dtype=np.float64)
    for i in range(length):
        state = state * 48271 % 2147483647
        numbers[i] = state / 2147483647
    return numbers.astype(np.float32)


def train(argument):
    network, unit = argument["network"], argument["unit"]
    given = describe(network)
    x, y = (torch.from_numpy(load(network, array)) for array in ("x", "y"))
    if given["loss"] == "classes":
        y = y.long()
    size = given["batch"]
    batches = list(zip(x.split(size), y.split(size)))
    if unit == "step":
        batches = batches[:1]
    initial = [load(network, f"w{i}") for i in range(len(given["layers"]) - 1)]
    state = {}

    def build():
        weights = []
        for w in map(torch.from_numpy, initial):
            weights += [w.requires_grad_(), torch.zeros(w.shape[1], requires_grad=True)]
        kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[argument["optimizer"]]
        state.update(weights=weights, optimizer=kind(weights, lr=given["learningRate"][argument["optimizer"]]))

    def run():
        if not state:
            build()
        weights, optimizer = state["weights"], state["optimizer"]
        for x, y in batches:
            value = x
            for i in range(0, len(weights), 2):
                value = torch.addmm(weights[i + 1], value, weights[i])
                if i < len(weights) - 2:
                    value = torch.relu(value)
            if given["loss"] == "classes":
                loss = F.cross_entropy(value, y)
            else:
                loss = F.binary_cross_entropy_with_logits(value, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            state["loss"] = loss.item()

    return run, lambda: state["loss"]


def products(network):
    """The products of an epoch alone, into arrays that are there."""
    given = describe(network)
    rows, size = given["shapes"]["x"][0], given["batch"]
    sizes = list(zip(given["layers"], given["layers"][1:]))
    calls = []
    for start in range(0, rows, size):
        count = min(size, rows - start)
        turned = []
        for i, (inputs, outputs) in enumerate(sizes):
            x, w, dz = (torch.full(shape, 0.5) for shape in ([count, inputs], [inputs, outputs], [count, outputs]))
            calls.append((x, w, torch.empty(count, outputs)))
            turned.append((x.t(), dz, torch.empty(inputs, outputs)))
            if i > 0:
                turned.append((dz, w.t(), torch.empty(count, inputs)))
        calls += turned[::-1]

    def run():
        for x, y, out in calls:
            torch.mm(x, y, out=out)

    return run, lambda: float(calls[-1][2][0, 0])


def chain(_):
    given = describe("chain")
    x, a, b = (torch.from_numpy(load("chain", array)) for array in ("x", "a", "b"))
    x.requires_grad_()
    state = {}

    def run():
        value = x
        for _ in range(given["repeats"]):
            value = torch.tanh(value * a + b)
        total = value.sum()
        torch.autograd.grad(total, x)
        state["sum"] = total.item()

    return run, lambda: state["sum"]


def activations(_):
    x = torch.from_numpy(load("activations", "x")).requires_grad_()
    state = {}

    def run():
        total = (torch.sigmoid(x) * x + torch.tanh(x)).sum()
        torch.autograd.grad(total, x)
        state["sum"] = total.item()

    return run, lambda: state["sum"]


def product(size):
    numbers = draw(5, 2 * size * size).reshape(2, size, size)
    if sys.argv[1] == "torch":
        x, y = torch.from_numpy(numbers[0]), torch.from_numpy(numbers[1])
        return lambda: torch.matmul(x, y), lambda: float(torch.matmul(x, y)[0].sum())
    x, y = numbers
    return lambda: np.matmul(x, y), lambda: float(np.matmul(x, y)[0].sum())


def timed(run, runs):
    start, busy = time.perf_counter(), processor()
    for _ in range(runs):
        run()
    taken = time.perf_counter() - start
    return {"ms": taken * 1e3 / runs, "cpu": (processor() - busy) / taken}


def processor():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def warm(run):
    last, start, runs = timed(run, 1)["ms"], time.perf_counter(), 1
    while True:
        taken = time.perf_counter() - start
        if taken > 2 or (taken > 0.5 and runs >= 3):
            return last
        last = timed(run, max(1, min(1000, int(20 / last))))["ms"]
        runs += 1


cases = {"train": train, "products": products, "chain": chain, "activations": activations, "product": product}
ready = {}
send(version=torch.__version__ if sys.argv[1] == "torch" else np.__version__)
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "prepare":
        run, result = cases[request["name"]](request.get("argument"))
        ready[request["key"]] = run
        first = timed(run, 1)
        for _ in range(request["settle"] - 1):
            run()
        answer = {"first": first["ms"], "result": result()}
        send(**answer, cpu=first["cpu"]) if request["cold"] else send(**answer, ms=warm(run))
    else:
        send(**timed(ready[request["key"]], request["runs"]))
