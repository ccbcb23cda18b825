"""Writes pytorch.json: losses, optimizer steps and a short training as PyTorch computes them, in float64.

Only needed to make that file anew: python make-golden.py (with torch installed).
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)


def plain(t):
    return json.loads(json.dumps(t.tolist()), parse_float=lambda s: float(f"{float(s):.15g}"))


def loss_case(name, y, logits, f):
    z = torch.tensor(logits, requires_grad=True)
    loss = f(z, torch.tensor(y))
    loss.backward()
    return {"loss": name, "y": y, "logits": logits, "value": plain(loss.detach()), "gradient": plain(z.grad)}


logits3 = [[0.5, -1.2, 3.0], [2.0, 0.1, -0.4], [-2.5, 1.5, 1.4], [0.0, 0.0, 0.0]]
one_hot = [[1.0, 0.0, 0.0], [0.0, 0.2, 0.8], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
losses = [
    loss_case("binaryCrossentropy", [[1.0], [0.0], [0.25]], [[0.3], [-2.0], [4.0]], F.binary_cross_entropy_with_logits),
    loss_case("binaryCrossentropy", [r for r in one_hot], logits3, F.binary_cross_entropy_with_logits),
    loss_case("categoricalCrossentropy", one_hot, logits3, F.cross_entropy),
    loss_case("sparseCategoricalCrossentropy", [0, 2, 1, 1], logits3, F.cross_entropy),
    loss_case("meanSquaredError", one_hot, logits3, F.mse_loss),
]

start = [0.5, -1.0, 2.0]
gradients = [[0.1, -2.0, 30.0], [0.0, 1.5, -7.0], [1e-4, 0.3, 2.0], [-0.2, 0.0, 1.0], [0.05, -0.6, -3.0]]


def optimizer_case(name, options, make):
    w = torch.tensor(start, requires_grad=True)
    optimizer = make([w])
    values = []
    for gradient in gradients:
        w.grad = torch.tensor(gradient)
        optimizer.step()
        values.append(plain(w.detach()))
    return {"optimizer": name, "options": options, "values": values}


SGD, Adam = torch.optim.SGD, torch.optim.Adam
optimizers = [
    optimizer_case("sgd", {"learningRate": 0.1}, lambda p: SGD(p, lr=0.1)),
    optimizer_case("sgd", {"learningRate": 0.1, "momentum": 0.9}, lambda p: SGD(p, lr=0.1, momentum=0.9)),
    optimizer_case(
        "sgd",
        {"learningRate": 0.1, "momentum": 0.9, "nesterov": True},
        lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    ),
    optimizer_case("adam", {}, lambda p: Adam(p, lr=0.001, eps=1e-7)),
    optimizer_case(
        "adam",
        {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01},
        lambda p: Adam(p, lr=0.05, betas=(0.8, 0.95), eps=0.01),
    ),
]


def training_case(optimizer, options, make):
    x = torch.randn(8, 3)
    y = (x.sum(1, keepdim=True) > 0).double()
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
    )
    # PyTorch keeps kernels as [outputs, inputs].
    weights = lambda: [plain(p.detach().t()) for p in model.parameters()]
    before = weights()
    stepper = make(model.parameters())
    history = []
    for _ in range(20):
        stepper.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(x), y)
        loss.backward()
        stepper.step()
        history.append(plain(loss.detach()))
    return {
        "optimizer": optimizer,
        "options": options,
        "x": plain(x),
        "y": plain(y),
        "before": before,
        "losses": history,
        "after": weights(),
    }


trainings = [
    training_case("adam", {"learningRate": 0.05}, lambda p: Adam(p, lr=0.05, eps=1e-7)),
    training_case("sgd", {"learningRate": 0.2, "momentum": 0.5}, lambda p: SGD(p, lr=0.2, momentum=0.5)),
]

golden = {
    "torch": torch.__version__,
    "losses": losses,
    "start": start,
    "gradients": gradients,
    "optimizers": optimizers,
    "trainings": trainings,
}
path = pathlib.Path(__file__).with_name("pytorch.json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
