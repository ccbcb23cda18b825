"""Writes accuracy.json: element-wise functions at 50 digits, rounded to float64, by mpmath.

Run it by hand with a Python that has numpy and mpmath, then format the result. The tests read only the JSON.

A row: the op, the arguments after its operand, and [x, value] pairs. "absolute" marks ranges in which the function has roots that
are no numbers of float64: there errors are counted in units of 1 where the value is below 1.
"""

import json
import pathlib

import mpmath as mp
import numpy as np

mp.mp.dps = 50
random = np.random.RandomState(20261121)
rows = []


def uniform(low, high, n=16):
    return [float(v) for v in random.uniform(low, high, n)]


def powers(low, high, n=12):
    """Numbers of every size between two powers of ten."""
    return [float(10**v) for v in random.uniform(low, high, n)]


def both(xs):
    return [*xs, *(-x for x in xs)]


def row(op, f, xs, args=None, absolute=False):
    pairs = [[x, float(mp.re(f(mp.mpf(x))))] for x in xs]
    rows.append({"op": op, **({"args": args} if args else {}), **({"absolute": True} if absolute else {}), "pairs": pairs})


one = mp.mpf(1)
small, tiny, huge = powers(-20, 0), powers(-300, -20), powers(20, 150)


def softplus(x):
    return mp.log1p(mp.exp(x)) if x < 0 else x + mp.log1p(mp.exp(-x))


def sigma(x):
    return one / (1 + mp.exp(-x))


row("square", lambda x: x * x, both(uniform(0, 10)))
row("reciprocal", lambda x: 1 / x, both(uniform(0, 10) + tiny + huge))
row("sqrt", mp.sqrt, uniform(0, 10) + tiny + huge)
row("rsqrt", lambda x: 1 / mp.sqrt(x), uniform(0, 10) + tiny + huge)
row("cbrt", lambda x: mp.sign(x) * mp.cbrt(abs(x)), both(uniform(0, 10) + tiny + huge))
row("exp", mp.exp, uniform(-700, 700) + both(small))
row("exp2", lambda x: mp.power(2, x), uniform(-1000, 1000) + both(small) + [-1074.0, -3.0, 0.5, 10.0, 1023.0])
row("expm1", mp.expm1, uniform(-40, 700) + both(small + tiny))
row("log", mp.log, uniform(0.5, 2) + tiny + huge)
row("log2", lambda x: mp.log(x) / mp.log(2), uniform(0.5, 2) + tiny + huge + [2.0**k for k in (-1074, -3, 1, 3, 29, 1000)])
row("log10", mp.log10, uniform(0.5, 2) + tiny + huge + [1000.0, 1e15, 1e22])
row("log1p", mp.log1p, uniform(-0.99, 2) + both(small + tiny) + huge)
row("sin", mp.sin, uniform(-10, 10) + both(small) + [1e5, 1e15, 1e22])
row("cos", mp.cos, uniform(-10, 10) + both(small) + [1e5, 1e15, 1e22])
row("tan", mp.tan, uniform(-10, 10) + both(small) + [1e5, 1e15, 1e22])
row("asin", mp.asin, uniform(-1, 1) + both(small) + [0.9999999999999999])
row("acos", mp.acos, uniform(-1, 1) + both(small) + [0.9999999999999999])
row("atan", mp.atan, uniform(-10, 10) + both(small + huge))
row("sinh", mp.sinh, uniform(-700, 700) + both(small + tiny) + [709.9, -710.4])
row("cosh", mp.cosh, uniform(-700, 700) + both(small) + [709.9, -710.4])
row("tanh", mp.tanh, uniform(-20, 20) + both(small + tiny + huge))
row("asinh", mp.asinh, uniform(-10, 10) + both(small + tiny + huge))
row("acosh", mp.acosh, uniform(1, 10) + [1 + x for x in powers(-14, -1)] + huge)
row("atanh", mp.atanh, uniform(-1, 1) + both(small + tiny) + [0.9999999999999999])
row("erf", mp.erf, uniform(-6, 6, 40) + both(small + tiny) + [0.46875, 0.46876, 4.0, 4.001, 6.0])
row("erfc", mp.erfc, uniform(-6, 26, 60) + small + [0.46875, 0.46876, 4.0, 25.0, 26.5])
positive = uniform(0, 13, 60) + uniform(0.99, 1.01) + uniform(1.99, 2.01) + small + tiny + huge
row("lgamma", mp.loggamma, [*positive, 0.5, 0.6796875, 1.5, 3.0, 4.0, 12.0, 171.0, 1e300])
row("lgamma", lambda x: mp.log(abs(mp.gamma(x))), uniform(-30, 0, 40) + [-1e-10, -100.5, -1.0000001], absolute=True)
row("digamma", mp.digamma, [*positive, *uniform(1.46, 1.463), 0.5, 1.4616321449683622, 1.4616321449683625, 3.0])
row("digamma", mp.digamma, uniform(-30, 0, 40) + [-1e-10, -100.25, -1.0000001], absolute=True)
for n in (1, 2, 3, 8):
    f = lambda x: mp.polygamma(n, x)
    row("polygamma", f, uniform(0, 30, 20) + powers(-12, 12), [n])
    row("polygamma", f, uniform(-8, 0, 20), [n], absolute=True)
row("sigmoid", sigma, uniform(-740, 40) + both(small))
row("logSigmoid", lambda x: -softplus(-x), uniform(-50, 50) + both(small) + [-1e4, 700.0])
row("softplus", softplus, uniform(-50, 50) + both(small) + [1e4, -700.0])
row("softsign", lambda x: x / (1 + abs(x)), uniform(-10, 10) + both(small + huge))
row("silu", lambda x: x * sigma(x), uniform(-50, 50) + both(small) + [-700.0, 1e4])
row("mish", lambda x: x * mp.tanh(softplus(x)), uniform(-50, 50) + both(small) + [-700.0, 1e4])
row("gelu", lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2, uniform(-37, 10, 60) + both(small) + [-0.67, -0.66, 1e4])
tanh_scale = mp.sqrt(2 / mp.pi)
row(
    "gelu",
    # (1 + tanh u) / 2 as a logistic function: 50 digits are not enough for 1 + tanh u
    lambda x: x * sigma(2 * tanh_scale * (x + mp.mpf(0.044715) * x**3)),
    uniform(-5, 10, 30) + both(small),
    [{"approximate": "tanh"}],
)
row("elu", lambda x: x if x > 0 else mp.expm1(x), both(uniform(0, 40) + small))
row("celu", lambda x: x if x > 0 else 2 * mp.expm1(x / 2), both(uniform(0, 40) + small), [{"alpha": 2}])
alpha, scale = mp.mpf(1.6732632423543772), mp.mpf(1.0507009873554805)
row("selu", lambda x: scale * (x if x > 0 else alpha * mp.expm1(x)), both(uniform(0, 40) + small))

body = ",\n".join("  " + json.dumps(r) for r in rows)
pathlib.Path(__file__).with_name("accuracy.json").write_text(f"[\n{body}\n]\n", encoding="utf-8")
print(sum(len(r["pairs"]) for r in rows), "pairs")
