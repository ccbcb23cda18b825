"""Writes elementwise.json: what PyTorch computes for element-wise ops, values and gradients, in float64."""

import torch
import torch.nn.functional as F
from golden_rows import Golden, inf, nan

golden = Golden(20261121)
draw, row = golden.draw, golden.row


def special(op, f, points, args=None):
    row(op, "at " + ", ".join(f"{v:g}" for v in points), f, points, args=args)


class Digamma(torch.autograd.Function):
    """digamma, whose derivative in PyTorch 1.13 is right to nine digits only."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.digamma(x)

    @staticmethod
    def backward(ctx, g):
        return g * torch.special.zeta(torch.tensor(2.0), *ctx.saved_tensors)


# Where PyTorch has NaN and there is a limit, the awkward points are in special-values/elementwise.test.ts.

# One operand: the range of ordinary values, and awkward points.
large = [0.0, 1e4, -1e4]
saturating = [*large, inf, -inf, nan]
unary = {
    "reciprocal": (torch.reciprocal, (0.3, 2), [0.0, inf, -inf, nan]),
    "rsqrt": (torch.rsqrt, (0.3, 2), [0.0, -1.0, inf, nan]),
    "cbrt": (lambda x: x.sign() * x.abs() ** (1 / 3), (0.3, 2), []),
    "exp2": (torch.exp2, (-2, 2), [0.0, 1024.0, -1e4, inf, -inf, nan]),
    "expm1": (torch.expm1, (-2, 2), [0.0, 710.0, -1e4, inf, -inf, nan]),
    "log2": (torch.log2, (0.3, 2), [0.0, -1.0, 8.0, inf, nan]),
    "log10": (torch.log10, (0.3, 2), [0.0, -1.0, 1000.0, inf, nan]),
    "log1p": (torch.log1p, (-0.7, 2), [0.0, -1.0, -2.0, inf, nan]),
    "sin": (torch.sin, (-4, 4), [0.0, 1e5, inf, nan]),
    "cos": (torch.cos, (-4, 4), [0.0, 1e5, inf, nan]),
    "tan": (torch.tan, (-1, 1), [0.0, 1e5, inf, nan]),
    "asin": (torch.asin, (-0.9, 0.9), [0.0, 1.0, -1.0, 2.0, nan]),
    "acos": (torch.acos, (-0.9, 0.9), [0.0, 1.0, -1.0, 2.0, nan]),
    "atan": (torch.atan, (-4, 4), [0.0, 1e4, inf, -inf, nan]),
    "sinh": (torch.sinh, (-4, 4), [0.0, 711.0, inf, -inf, nan]),
    "cosh": (torch.cosh, (-4, 4), [0.0, 711.0, inf, -inf, nan]),
    "asinh": (torch.asinh, (-4, 4), [0.0, 1e4, inf, -inf, nan]),
    "acosh": (torch.acosh, (1.2, 4), [1.0, 0.0, 1e4, inf, nan]),
    "atanh": (torch.atanh, (-0.9, 0.9), [0.0, 1.0, -1.0, 2.0, nan]),
    "erf": (torch.erf, (-2, 2), saturating),
    "erfc": (torch.erfc, (-2, 2), saturating),
    "lgamma": (torch.lgamma, (-3.8, 4), [1.0, 2.0, 0.0, -1.0, 171.0, inf]),
    "digamma": (Digamma.apply, (-3.8, 4), [1.0, 0.0, 171.0]),
    "logSigmoid": (F.logsigmoid, (-4, 4), saturating),
    "softsign": (F.softsign, (-4, 4), [0.0, 1e4, -1e4, nan]),
    "relu6": (F.relu6, (-4, 9), [0.0, 6.0, 1e4, -1e4, inf, -inf]),
    "selu": (F.selu, (-4, 4), [*large, inf, -inf]),
    "silu": (F.silu, (-4, 4), large),
    "mish": (F.mish, (-4, 4), large),
    "hardSigmoid": (lambda x: F.relu6(x + 3) / 6, (-5, 5), [0.0, 3.0, -3.0, 1e4, -1e4, inf, -inf]),
    "hardSwish": (F.hardswish, (-5, 5), [0.0, 1e4, -1e4, inf]),
    "floor": (torch.floor, (-4, 4), [0.5, -0.5, 2.0, inf, nan]),
    "ceil": (torch.ceil, (-4, 4), [0.5, -0.5, 2.0, inf, nan]),
    "trunc": (torch.trunc, (-4, 4), [0.5, -0.5, 2.0, inf, nan]),
    "round": (torch.round, (-4, 4), [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 4503599627370497.5, -inf, nan]),
    "isNaN": (torch.isnan, (-4, 4), [0.0, inf, -inf, nan]),
    "isFinite": (torch.isfinite, (-4, 4), [0.0, 1e308, inf, -inf, nan]),
    "logicalNot": (torch.logical_not, (-4, 4), [0.0, -0.0, 1.0, nan]),
}
for name, (f, (low, high), points) in unary.items():
    row(name, "of a matrix", f, draw(2, 3, low=low, high=high))
    row(name, "of a scalar", f, draw(low=low, high=high))
    row(name, "of nothing", f, draw(0, 2))
    if points:
        special(name, f, points)

# One operand, and arguments.
two = torch.tensor(2.0)
polygammas = {0: Digamma.apply, 1: lambda x: torch.special.zeta(two, x), 3: lambda x: torch.polygamma(3, x)}
for n, f in polygammas.items():
    row("polygamma", f"{n}", f, draw(2, 3, low=0.3, high=4), args=[n])
row("leakyRelu", "as it comes", F.leaky_relu, draw(2, 3))
row("leakyRelu", "steeper", lambda x: F.leaky_relu(x, 0.3), draw(3), args=[{"negativeSlope": 0.3}])
special("leakyRelu", F.leaky_relu, saturating)
for name, f in {"elu": F.elu, "celu": F.celu}.items():
    row(name, "as it comes", f, draw(2, 3))
    row(name, "with alpha", lambda x: f(x, alpha=0.5), draw(3), args=[{"alpha": 0.5}])
    special(name, f, [*large, inf, -inf])
row("elu", "with alpha at 0", lambda x: F.elu(x, alpha=0.7), [0.0], args=[{"alpha": 0.7}])
approximate = [{"approximate": "tanh"}]
for title, f, args in [("", F.gelu, None), (" approximated", lambda x: F.gelu(x, approximate="tanh"), approximate)]:
    row("gelu", f"of a matrix{title}", f, draw(2, 3, low=-4, high=4), args=args)
    row("gelu", f"of nothing{title}", f, draw(0, 2), args=args)
    row("gelu", f"at 0, 1e4, -1e4{title}", f, [0.0, 1e4, -1e4], args=args)
row("clip", "between bounds", lambda x: x.clamp(-1, 1), draw(2, 3), args=[-1, 1])
row("clip", "from below", lambda x: x.clamp(min=0.5), draw(5), args=[0.5])
row("clip", "from above", lambda x: x.clamp(max=0.5), draw(5), args=[None, 0.5])
row("clip", "at the bounds and beyond all", lambda x: x.clamp(-1, 1), [-1.0, 1.0, inf, -inf], args=[-1, 1])
row("clip", "of NaN", lambda x: x.clamp(-1, 1), [nan, 0.0], args=[-1, 1])

# Two operands.
shapes = [((), (3,)), ((2, 3), (3,)), ((2, 1, 2), (3, 1)), ((0, 3), (1, 3)), ((), ())]
binary = {
    "squaredDifference": lambda x, y: (x - y) ** 2,
    "mod": torch.remainder,
    "floorDiv": lambda x, y: torch.div(x, y, rounding_mode="floor"),
    "atan2": torch.atan2,
    "hypot": torch.hypot,
    "logAddExp": torch.logaddexp,
    "logicalAnd": torch.logical_and,
    "logicalOr": torch.logical_or,
    "logicalXor": torch.logical_xor,
}
for name, f in binary.items():
    for x, y in shapes:
        row(name, f"{list(x)} with {list(y)}", f, draw(*x), draw(*y, low=0.5 if name in ("mod", "floorDiv") else -2))
signs = [[7.0, -7.0, 7.0, -7.0, 6.0, -6.0, 1.0, 0.0], [3.0, 3.0, -3.0, -3.0, 3.0, 3.0, 0.1, -2.0]]
row("mod", "of all signs", binary["mod"], *signs)
row("floorDiv", "of all signs", binary["floorDiv"], *signs)
row("floorDiv", "by zero", binary["floorDiv"], [1.0, -1.0, 0.0], [0.0, 0.0, 0.0])
row("atan2", "on the axes", torch.atan2, [0.0, 0.0, 1.0, -1.0, -0.0], [1.0, -1.0, 0.0, 0.0, -1.0])
row("atan2", "at the origin", torch.atan2, [0.0], [0.0])
row("hypot", "on the axes", torch.hypot, [0.0, 3.0, -2.0], [1.0, 0.0, 0.0])
row("hypot", "at the origin", torch.hypot, [0.0], [0.0])
row("hypot", "of huge numbers", torch.hypot, [3e200, 1e-200], [4e200, 1e-200])
row("logAddExp", "far apart", torch.logaddexp, [1e4, -1e4, 0.0, -inf, inf], [-1e4, 1e4, 0.0, 0.0, 0.0])
row("logAddExp", "of equal infinities", torch.logaddexp, [inf, -inf], [inf, -inf])
for name in ("logicalAnd", "logicalOr", "logicalXor"):
    row(name, "of 0, numbers and NaN", binary[name], [0.0, 0.0, 2.0, 2.0, nan], [0.0, -1.0, -0.0, 3.0, 0.0])
    row(name, "of booleans", binary[name], [True, True, False, False], [True, False, True, False])

# Three operands.
row("lerp", "of matrices", torch.lerp, draw(2, 3), draw(2, 3), draw(2, 3))
row("lerp", "broadcast on all sides", torch.lerp, draw(2, 3), draw(3), draw(2, 1))
row("lerp", "at both ends", torch.lerp, [0.1, 0.1], [0.7, 0.7], [0.0, 1.0])
row("addcmul", "of matrices", torch.addcmul, draw(2, 3), draw(2, 3), draw(2, 3))
weighted = lambda x, y, z: torch.addcmul(x, y, z, value=-0.5)
row("addcmul", "broadcast on all sides, weighted", weighted, draw(3), draw(2, 1), draw(1), args=[{"value": -0.5}])

golden.write("elementwise.json")
