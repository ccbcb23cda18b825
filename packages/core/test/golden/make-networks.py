"""Writes networks.json: what PyTorch computes for convolution, pooling, normalization and losses, in float64.

PyTorch has its channels first and its kernels as [out, in / groups, height, width]: every function here transposes them to ours,
last.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from golden_rows import Golden, inf, nan

golden = Golden(20261121, zeros=True)
draw, row = golden.draw, golden.row


def whole(values):
    """Labels or positions."""
    return np.array(values, dtype=np.int64)


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def same(length, size, stride, dilation):
    """TensorFlow's padding `same`: what is over goes to the end."""
    span = (size - 1) * dilation + 1
    total = max((math.ceil(length / stride) - 1) * stride + span - length, 0)
    return total // 2, total - total // 2


def pads(padding, lengths, sizes, strides, dilations):
    """The padding of each axis as pairs."""
    if padding == "valid":
        return [(0, 0)] * len(lengths)
    if padding == "same":
        return [same(*axis) for axis in zip(lengths, sizes, strides, dilations)]
    return [(padding, padding)] * len(lengths) if isinstance(padding, int) else padding


def first(x):
    """Channels first."""
    return x.movedim(-1, 1)


def last(x):
    return x.movedim(1, -1)


def padded(x, sides, value=0.0):
    return F.pad(x, [n for side in reversed(sides) for n in side], value=value)


def conv(x, kernel, stride=1, padding="valid", dilation=1, groups=1):
    """Of any number of axes, in our layout."""
    axes = x.dim() - 2
    strides, dilations = ([v] * axes if isinstance(v, int) else v for v in (stride, dilation))
    sides = pads(padding, x.shape[1:-1], kernel.shape[:-2], strides, dilations)
    f = F.conv2d if axes == 2 else F.conv1d
    weights = kernel.movedim((-1, -2), (0, 1)).contiguous()
    return last(f(padded(first(x), sides), weights, stride=tuple(strides), dilation=tuple(dilations), groups=groups))


def conv_transpose(x, kernel, stride=1, padding="valid", dilation=1, groups=1, outputSize=None):
    """The whole result of PyTorch, with zeros at its end, cut to what the padding leaves."""
    axes = x.dim() - 2
    strides, dilations = ([v] * axes if isinstance(v, int) else v for v in (stride, dilation))
    f = F.conv_transpose2d if axes == 2 else F.conv_transpose1d
    weights = kernel.movedim((-1, -2), (0, 1)).contiguous()
    whole = f(first(x), weights, stride=tuple(strides), dilation=tuple(dilations), groups=groups)
    sizes = [length * s for length, s in zip(x.shape[1:-1], strides)]
    spans = [(size - 1) * d + 1 for size, d in zip(kernel.shape[:-2], dilations)]
    if padding == "valid" and outputSize is None:
        outputSize = [n + max(span - s, 0) for n, span, s in zip(sizes, spans, strides)]
    elif padding == "same" and outputSize is None:
        outputSize = sizes
    elif outputSize is None:
        sides = pads(padding, sizes, sizes, strides, dilations)
        outputSize = [n - s + span - sum(side) for n, s, span, side in zip(sizes, strides, spans, sides)]
    outputSize = [outputSize] if isinstance(outputSize, int) else outputSize
    sides = pads(padding, outputSize, kernel.shape[:-2], strides, dilations)
    whole = padded(whole, [(0, 8)] * axes)
    for axis, ((before, _), size) in enumerate(zip(sides, outputSize)):
        whole = whole.narrow(axis + 2, before, size)
    return last(whole)


for title, x, kernel, options in [
    ("a plain one", (2, 5, 4, 2), (3, 2, 2, 3), {}),
    ("1 × 1", (2, 3, 2, 3), (1, 1, 3, 2), {}),
    ("stride beyond the kernel", (1, 7, 6, 1), (2, 1, 1, 2), {"stride": [3, 4]}),
    ("same, odd kernel", (1, 4, 5, 2), (3, 3, 2, 1), {"padding": "same"}),
    ("same, even kernel", (1, 4, 5, 1), (2, 4, 1, 2), {"padding": "same"}),
    ("same, even kernel, strides", (1, 5, 6, 1), (4, 2, 1, 2), {"padding": "same", "stride": [2, 3]}),
    ("padding beyond the kernel", (1, 2, 2, 1), (2, 2, 1, 1), {"padding": 3, "stride": 2}),
    ("uneven padding", (1, 3, 3, 1), (2, 3, 1, 2), {"padding": [[0, 2], [1, 0]]}),
    ("dilation", (1, 6, 7, 2), (3, 2, 2, 1), {"dilation": [2, 3]}),
    ("dilation, stride and padding", (2, 5, 5, 1), (2, 3, 1, 2), {"dilation": 2, "stride": 2, "padding": 1}),
    ("groups", (2, 3, 4, 4), (2, 2, 2, 6), {"groups": 2}),
    ("depthwise, two kernels a channel", (1, 4, 4, 3), (3, 3, 1, 6), {"groups": 3, "padding": "same", "stride": 2}),
    ("everything at once", (2, 6, 5, 4), (2, 3, 2, 2), {"groups": 2, "stride": [2, 1], "padding": [[1, 2], [2, 0]], "dilation": [3, 2]}),
    ("no images", (0, 3, 3, 2), (2, 2, 2, 3), {}),
]:
    args = [options] if options else None
    row("conv2d", title, lambda x, k: conv(x, k, **options), draw(*x), draw(*kernel), args=args)
    with torch.no_grad():
        result = conv(torch.zeros(x), torch.zeros(kernel), **options).shape

    def kernel_gradient(x, g):
        zeros = torch.zeros(kernel, requires_grad=True)
        return torch.autograd.grad(conv(x, zeros, **options), zeros, g, create_graph=True)[0]

    size = {"kernelSize": list(kernel[:2])}
    row("conv2dKernelAdjoint", title, kernel_gradient, draw(*x), draw(*result), args=[{**options, **size}])

for title, x, kernel, options in [
    ("a plain one", (2, 5, 2), (3, 2, 3), {}),
    ("same, even kernel, stride", (1, 5, 2), (4, 2, 1), {"padding": "same", "stride": 2}),
    ("everything at once", (2, 6, 4), (2, 2, 2), {"groups": 2, "stride": 2, "padding": [1, 2], "dilation": 3}),
    ("no sequences", (0, 3, 1), (2, 1, 2), {}),
]:
    torched = {**options, "padding": [options["padding"]]} if isinstance(options.get("padding"), list) else options
    args = [options] if options else None
    row("conv1d", title, lambda x, k: conv(x, k, **torched), draw(*x), draw(*kernel), args=args)

for title, x, kernel, options in [
    ("a plain one", (2, 2, 3, 2), (3, 2, 3, 2), {}),
    ("1 × 1 with stride", (1, 2, 3, 1), (1, 1, 2, 1), {"stride": [2, 3]}),
    ("stride within the kernel", (1, 3, 2, 2), (3, 4, 1, 2), {"stride": 2}),
    ("same", (1, 3, 2, 2), (3, 3, 2, 2), {"padding": "same", "stride": 2}),
    ("same, even kernel", (1, 2, 3, 1), (2, 4, 1, 1), {"padding": "same", "stride": [1, 3]}),
    ("padding in numbers", (1, 3, 3, 1), (4, 3, 2, 1), {"padding": [[1, 2], [0, 1]], "stride": 2}),
    ("a given size", (1, 3, 3, 1), (3, 2, 1, 1), {"padding": 1, "stride": 3, "outputSize": [9, 7]}),
    ("groups and dilation", (2, 2, 2, 4), (2, 2, 3, 4), {"groups": 2, "dilation": [2, 1], "stride": 2}),
    ("no images", (0, 2, 2, 1), (2, 2, 2, 1), {}),
]:
    args = [options] if options else None
    row("convTranspose2d", title, lambda x, k: conv_transpose(x, k, **options), draw(*x), draw(*kernel), args=args)
for title, x, kernel, options in [
    ("a plain one", (2, 3, 2), (2, 3, 2), {}),
    ("same with stride", (1, 3, 2), (3, 1, 2), {"padding": "same", "stride": 2}),
    ("a given length", (1, 3, 2), (4, 1, 2), {"padding": [1, 2], "stride": 3, "outputSize": 9}),
]:
    torched = {**options, "padding": [options["padding"]]} if isinstance(options.get("padding"), list) else options
    args = [options] if options else None
    row("convTranspose1d", title, lambda x, k: conv_transpose(x, k, **torched), draw(*x), draw(*kernel), args=args)


# Pooling. PyTorch pads evenly: the padding is made here, of -Infinity, or of zeros that are not counted.
def max_pool(x, size, stride, sides):
    f = F.max_pool2d if x.dim() == 4 else F.max_pool1d
    return last(f(padded(first(x), sides, -inf), size, stride))


def average_pool(x, size, stride, sides):
    f = F.avg_pool2d if x.dim() == 4 else F.avg_pool1d
    total = f(padded(first(x), sides), size, stride)
    share = f(padded(torch.ones_like(first(x)), sides), size, stride)
    return last(total / share)


for title, shape, size, options in [
    ("side by side", (2, 4, 6, 2), 2, None),
    ("overlapping", (1, 4, 5, 2), [2, 3], {"stride": 1}),
    ("stride beyond the window", (1, 7, 5, 1), [2, 1], {"stride": [3, 2]}),
    ("same", (1, 5, 4, 2), 3, {"stride": 2, "padding": "same"}),
    ("same, even window", (1, 4, 5, 1), [2, 4], {"stride": 1, "padding": "same"}),
    ("uneven padding", (1, 3, 3, 1), 2, {"padding": [[0, 1], [1, 0]]}),
    ("windows of 1", (1, 2, 2, 2), 1, None),
    ("no images", (0, 2, 2, 1), 2, None),
]:
    given = options or {}
    sizes = pair(size)
    strides = pair(given.get("stride", size))
    sides = pads(given.get("padding", "valid"), shape[1:3], sizes, strides, (1, 1))
    args = [size] if options is None else [size, options]
    pooled = max_pool(torch.zeros(shape), sizes, strides, sides).shape
    row("maxPool2d", title, lambda x: max_pool(x, sizes, strides, sides), draw(*shape), args=args)
    row("averagePool2d", title, lambda x: average_pool(x, sizes, strides, sides), draw(*shape), args=args)

    def max_adjoint(g, x):
        inner = x.detach().requires_grad_()
        return torch.autograd.grad(max_pool(inner, sizes, strides, sides), inner, g, create_graph=True)[0]

    def max_tangent(u, x):
        _, at = F.max_pool2d(padded(first(x.detach()), sides, -inf), sizes, strides, return_indices=True)
        return last(padded(first(u), sides).flatten(2).gather(2, at.flatten(2)).reshape(at.shape))

    def average_adjoint(g):
        inner = torch.zeros(shape, requires_grad=True)
        return torch.autograd.grad(average_pool(inner, sizes, strides, sides), inner, g, create_graph=True)[0]

    row("averagePool2dAdjoint", title, average_adjoint, draw(*pooled), args=[size, {**given, "imageSize": list(shape[1:3])}])
    if title != "no images":
        x = draw(*shape)
        row("maxPool2dAdjoint", title, max_adjoint, draw(*pooled), x, args=args)
        row("maxPool2dTangent", title, max_tangent, draw(*shape), x, args=args)
for title, shape, size, options in [
    ("side by side", (2, 5, 2), 2, None),
    ("same", (1, 5, 2), 4, {"stride": 2, "padding": "same"}),
    ("uneven padding", (1, 3, 1), 2, {"padding": [0, 1]}),
]:
    given = options or {}
    strides = (given.get("stride", size),)
    padding = given.get("padding", "valid")
    sides = pads([tuple(padding)] if isinstance(padding, list) else padding, shape[1:2], (size,), strides, (1,))
    args = [size] if options is None else [size, options]
    row("maxPool1d", title, lambda x: max_pool(x, size, strides, sides), draw(*shape), args=args)
    row("averagePool1d", title, lambda x: average_pool(x, size, strides, sides), draw(*shape), args=args)
image = np.array([[1.0, 3.0, 2.0], [3.0, 0.0, 2.0], [-inf, nan, 2.0]]).reshape(1, 3, 3, 1)
row("maxPool2d", "with NaN", lambda x: max_pool(x, 3, 1, [(0, 0)] * 2), image, args=[3])
row("maxPool2d", "with ties", lambda x: max_pool(x, 2, 1, [(0, 0)] * 2), image[:, :2], args=[2, {"stride": 1}])
row("averagePool2d", "with NaN and infinity", lambda x: average_pool(x, (2, 2), (1, 1), [(0, 0)] * 2), image, args=[2, {"stride": 1}])

# Normalization.
for title, x, args in [
    ("of a matrix", draw(3, 4), [None, None, {"epsilon": 1e-5}]),
    ("of equal elements", np.full((2, 3), 7.0), [None, None, {"epsilon": 1e-3}]),
    ("of one element", draw(3, 1), [None, None, {"epsilon": 1e-2}]),
    ("of nothing", draw(0, 3), [None, None, {"epsilon": 1e-5}]),
    ("with NaN and infinity", [[nan, 1.0], [inf, 1.0], [1.0, 2.0]], [None, None, {"epsilon": 1e-5}]),
]:
    row("layerNorm", title, lambda x: F.layer_norm(x, x.shape[1:], eps=args[2]["epsilon"]), x, args=args)
row("layerNorm", "by default", lambda x: F.layer_norm(x, (4,), eps=1e-3), draw(2, 4))
affine = lambda x, scale, offset: F.layer_norm(x, scale.shape, scale, offset, 1e-5)
row("layerNorm", "scaled and moved", affine, draw(2, 3, 4), draw(4), draw(4), args=[{"epsilon": 1e-5}])
row("layerNorm", "over two axes", affine, draw(2, 3, 4), draw(3, 4), draw(3, 4), args=[{"axes": [-2, -1], "epsilon": 1e-5}])


def rms(x, scale=1.0, epsilon=1e-3):
    return x / (x.square().mean(-1, keepdim=True) + epsilon).sqrt() * scale


row("rmsNorm", "by default", rms, draw(3, 4))
row("rmsNorm", "scaled", lambda x, scale: rms(x, scale, 1e-6), draw(3, 4), draw(4), args=[{"epsilon": 1e-6}])
row("rmsNorm", "of zeros", rms, np.zeros((2, 3)))


def batch(x, scale=None, offset=None, axis=-1, epsilon=1e-3):
    channels = x.movedim(axis, 1)
    others = [i for i in range(x.dim()) if i != 1]
    out = F.batch_norm(channels, None, None, scale, offset, True, 0.0, epsilon).movedim(1, axis)
    statistics = channels.mean(others), channels.var(others, unbiased=False)
    return torch.cat([out.reshape(-1), *statistics])


row("batchNorm", "by default", batch, draw(5, 3))
row("batchNorm", "of images, scaled and moved", batch, draw(2, 3, 2, 2), draw(2), draw(2))
row("batchNorm", "channels first", lambda x, s: batch(x, s, axis=1, epsilon=1e-5), draw(2, 3, 4), draw(3), args=[None, {"axis": 1, "epsilon": 1e-5}])
row("batchNorm", "of a constant channel", batch, [[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]])


def inference(x, mean, variance, scale=None, offset=None, axis=-1, epsilon=1e-3):
    place = [-1 if i == axis % x.dim() else 1 for i in range(x.dim())]
    out = (x - mean.reshape(place)) / (variance.reshape(place) + epsilon).sqrt()
    return out * (1.0 if scale is None else scale.reshape(place)) + (0.0 if offset is None else offset.reshape(place))


row("batchNormInference", "by default", inference, draw(4, 3), draw(3), draw(3, low=0.2))
row("batchNormInference", "scaled and moved", inference, draw(2, 2, 3), draw(3), draw(3, low=0.2), draw(3), draw(3))
first_axis = lambda x, m, v: inference(x, m, v, axis=1)
row("batchNormInference", "channels first", first_axis, draw(2, 3, 2), draw(3), draw(3, low=0.2), args=[None, None, {"axis": 1}])

# Losses.
binary = lambda z, y: F.binary_cross_entropy_with_logits(z, y.expand(z.shape).to(z.dtype), reduction="none")
row("sigmoidCrossEntropy", "of a matrix", binary, draw(2, 3), draw(2, 3, low=0.0, high=1.0))
row("sigmoidCrossEntropy", "of a scalar", binary, draw(), draw(low=0.0, high=1.0))
row("sigmoidCrossEntropy", "one label for all", binary, draw(3), draw(low=0.0, high=1.0))
row("sigmoidCrossEntropy", "labels true and false", binary, draw(4), [True, False, False, True])
row("sigmoidCrossEntropy", "of nothing", binary, draw(0, 2), draw(0, 2))
row("sigmoidCrossEntropy", "at 0, 1e4, -1e4 and NaN", binary, [0.0, 1e4, 1e4, -1e4, -1e4, nan], [1.0, 1.0, 0.0, 1.0, 0.0, 1.0])

extremes = [[1e4, 0.0, -1e4], [1e4, 1e4, 1e4], [-1e4, -1e4, -1e4], [0.0, 1e4, 1.0]]
distribution = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.5, 0.25]])
categorical = lambda z, y: F.cross_entropy(z, y.to(z.dtype), reduction="none")
along_first = lambda z, y: F.cross_entropy(z.movedim(0, 1), y.movedim(0, 1), reduction="none")
row("softmaxCrossEntropy", "of a matrix", categorical, draw(4, 3), distribution)
row("softmaxCrossEntropy", "labels that do not sum to 1", categorical, draw(2, 3), draw(2, 3))
row("softmaxCrossEntropy", "labels true and false", categorical, draw(2, 3), [[True, False, False], [False, True, True]])
row("softmaxCrossEntropy", "along the first axis", along_first, draw(3, 4), distribution.T, args=[{"axis": 0}])
row("softmaxCrossEntropy", "of nothing", categorical, draw(0, 3), draw(0, 3))
row("softmaxCrossEntropy", "at 1e4 and -1e4", categorical, extremes, distribution)

sparse = lambda z, y: F.cross_entropy(z, y, reduction="none")
row("sparseSoftmaxCrossEntropy", "of a matrix", sparse, draw(4, 3), whole([2, 0, 1, 1]))
row("sparseSoftmaxCrossEntropy", "of one row", sparse, draw(3), whole(1))
row("sparseSoftmaxCrossEntropy", "along the second axis", sparse, draw(2, 3, 2), whole([[0, 1], [2, 2]]), args=[{"axis": 1}])
row("sparseSoftmaxCrossEntropy", "at 1e4 and -1e4", sparse, extremes, whole([1, 0, 2, 1]))
row("sparseSoftmaxCrossEntropy", "with classes ruled out", sparse, [[0.0, -inf, 1.0], [-inf, 2.0, -inf]], whole([0, 1]))

errors = [[0.5, -3.0, 2.0, 0.0], [1e200, -1e200, inf, -inf]]
row("huber", "of a matrix", lambda x, y: F.huber_loss(x, y, reduction="none"), draw(2, 3), draw(2, 3))
row("huber", "of a scalar", lambda x, y: F.huber_loss(x, y, reduction="none"), draw(), draw())
row("huber", "with a delta", lambda x, y: F.huber_loss(x, y, reduction="none", delta=0.5), errors, np.zeros((2, 4)), args=[{"delta": 0.5}])
row("huber", "at an error of delta, and NaN", lambda x, y: F.huber_loss(x, y, reduction="none"), [1.0, -1.0, nan], np.zeros(3))
row("smoothLabels", "of a matrix", lambda y: 0.9 * y + 0.1 / 3, distribution, args=[0.1])
row("smoothLabels", "along the first axis", lambda y: 0.5 * y + 0.5 / 4, distribution, args=[0.5, {"axis": 0}])

# What is looked up, and what is dropped.
row("embedding", "of sentences", lambda t, i: F.embedding(i, t), draw(4, 3), whole([[0, 2, 2], [3, 0, 2]]))
row("embedding", "of one word", lambda t, i: F.embedding(i, t), draw(4, 3), whole(3))
row("dropout", "of nothing", lambda x: F.dropout(x, 0.0), draw(2, 3), args=[0.0, {"seed": 1}])
row("dropout", "of all", lambda x: F.dropout(x, 1.0), [[1.0, 2.0], [-1.0, -2.0]], args=[1.0, {"seed": 1}])

golden.write("networks.json")
