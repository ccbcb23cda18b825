"""Writes linear-algebra.json: what PyTorch computes for products, systems and determinants, values and gradients, in float64."""

import numpy as np
import torch
from golden_rows import Golden, side_by_side

golden = Golden(20261124)
draw, row = golden.draw, golden.row


def regular(*shape):
    """Matrices with an inverse."""
    return draw(*shape) + 4 * np.eye(shape[-1])


def definite(*shape):
    half = draw(*shape)
    return np.round(half @ np.swapaxes(half, -1, -2), 3) + np.eye(shape[-1])


# Products.
for x, y in [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((3,), (2, 3, 2)), ((2, 2, 3), (3,)), ((0,), (0,)), ((2, 0), (0,))]:
    row("matmul", f"{list(x)} × {list(y)}", torch.matmul, draw(*x), draw(*y))
row("dot", "of vectors", torch.dot, draw(3), draw(3))
row("dot", "of matrices", torch.matmul, draw(2, 3), draw(3, 2))
row("dot", "of a matrix with a batch", lambda x, y: torch.tensordot(x, y, ([1], [1])), draw(2, 3), draw(2, 3, 2))
row("dot", "of a scalar with a matrix", torch.mul, draw(), draw(2, 2))
row("outer", "of vectors", torch.outer, draw(3), draw(2))
row("kron", "of matrices", torch.kron, draw(2, 3), draw(2, 2))
row("kron", "of different ranks", torch.kron, draw(2), draw(2, 1, 3))
row("tensordot", "over two axes", torch.tensordot, draw(2, 3), draw(2, 3))
row("tensordot", "over one axis", lambda x, y: torch.tensordot(x, y, 1), draw(2, 3), draw(3, 2, 2), args=[1])
row("tensordot", "over none", lambda x, y: torch.tensordot(x, y, 0), draw(2), draw(3, 2), args=[0])
row("tensordot", "over named axes", lambda x, y: torch.tensordot(x, y, ([2, 0], [0, 1])), draw(2, 3, 4), draw(4, 2), args=[[[-1, 0], [0, 1]]])
for subscripts, *shapes in [
    ("ij,jk->ik", (2, 3), (3, 2)),
    ("ij,jk", (2, 3), (3, 2)),
    ("ba", (2, 3)),
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("iji->ji", (2, 3, 2)),
    ("ijij->", (2, 3, 2, 3)),
    ("i,j->ji", (2,), (3,)),
    ("i,i->", (3,), (3,)),
    ("ij,ij->i", (2, 3), (2, 3)),
    ("ij->", (2, 3)),
    ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (2, 3, 2)),
    ("...i,i", (2, 3), (3,)),
    ("i...->...i", (2, 3, 1)),
    ("ij...,j->i...", (2, 3, 2), (3,)),
    ("ij,jk,k->", (2, 3), (3, 2), (2,)),
    ("bhqd,bhkd->bhqk", (1, 2, 2, 3), (1, 2, 3, 3)),
    ("a,ab,abc,bc->cb", (2,), (2, 3), (2, 3, 2), (3, 2)),
    (",i", (), (2,)),
]:
    row("einsum", f"{subscripts} of {[list(s) for s in shapes]}", lambda *xs: torch.einsum(subscripts, *xs), *[draw(*s) for s in shapes], args=[subscripts])

# Systems.
linalg = torch.linalg
row("solve", "a matrix", linalg.solve, regular(3, 3), draw(3, 2))
row("solve", "a vector", linalg.solve, regular(3, 3), draw(3))
row("solve", "a batch", linalg.solve, regular(2, 3, 3), draw(2, 3, 1))
row("solve", "a batch with one matrix", linalg.solve, regular(2, 2), draw(3, 2, 1))
row("solve", "rows that must change places", linalg.solve, [[0.0, 2.0], [1.0, 1.0]], [1.0, 3.0])
triangular = linalg.solve_triangular
row("solveTriangular", "lower", lambda a, b: triangular(a.tril(), b, upper=False), regular(3, 3), draw(3, 2))
row("solveTriangular", "upper, a batch", lambda a, b: triangular(a.triu(), b, upper=True), regular(2, 2, 2), draw(2, 2, 1), args=[{"upper": True}])
row("solveTriangular", "transposed", lambda a, b: triangular(a.tril().t(), b, upper=True), regular(3, 3), draw(3, 1), args=[{"transposed": True}])
row("inv", "of a matrix", linalg.inv, regular(3, 3))
row("inv", "of a batch", linalg.inv, regular(2, 2, 2))
row("cholesky", "of a matrix", linalg.cholesky, definite(3, 3))
row("cholesky", "of a batch", linalg.cholesky, definite(2, 2, 2))
row("cholesky", "of one element", linalg.cholesky, [[4.0]])

# Determinants.
row("det", "of a matrix", linalg.det, draw(3, 3))
row("det", "of a batch", linalg.det, draw(2, 2, 2))
row("det", "of a matrix of rank 1 of 2", linalg.det, [[1.0, 2.0], [2.0, 4.0]])
row("cofactor", "of a matrix", lambda x: linalg.det(x) * linalg.inv(x).t(), regular(3, 3))


def along(x, y):
    """D cof(x)[y] by the formula that holds where x has an inverse."""
    c, inverse = linalg.det(x) * linalg.inv(x).t(), linalg.inv(x)
    return c * (inverse @ y).trace() - c @ y.t() @ inverse.t()


row("cofactorDerivative", "of a matrix", along, regular(3, 3), draw(3, 3))
row("detSign", "of a batch", lambda x: linalg.slogdet(x)[0].detach(), [[[1.0, 2.0], [3.0, 4.0]], [[2.0, 1.0], [1.0, 2.0]], [[1.0, 1.0], [1.0, 1.0]]])
row("logAbsDet", "of a batch", lambda x: linalg.slogdet(x)[1], [[[1.0, 2.0], [3.0, 4.0]], [[2.0, 1.0], [1.0, 2.0]]])
row("slogdet", "of a matrix", lambda x: side_by_side(*linalg.slogdet(x)), [[1.0, 2.0], [3.0, 4.0]])
row("logdet", "of a batch", torch.logdet, regular(2, 3, 3))

golden.write("linear-algebra.json")
