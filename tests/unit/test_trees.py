"""Trees that share their parts: what a change copies, and what tells programs apart."""

import ast

import pytest

from grader.trees import Shapes, copied, like, nodes, plainly, rebuilt

SOURCE = "def f(xs):\n    for x in xs:\n        y = x * 2\n    return -y\n"


def test_nodes_are_all_that_have_fields():
    tree = ast.parse("async def f(a, *b, c=1, **d):\n    global e\n    return {**a, 'k': [b]}\n")
    expected = [node for node in ast.walk(tree) if node._fields]
    assert sorted(map(id, expected)) == sorted(map(id, nodes(tree)))


def test_a_like_node_shares_the_rest_and_keeps_its_place():
    loop = ast.parse(SOURCE).body[0].body[0]
    other = like(loop, body=[ast.Pass()])
    assert (loop.target, loop.iter, loop.lineno) == (other.target, other.iter, other.lineno)
    assert ("y = x * 2", "pass") == (ast.unparse(loop.body), ast.unparse(other.body))


def test_a_copy_shares_nothing_that_could_be_changed():
    tree = ast.parse(SOURCE)
    copy = copied(tree)
    assert ast.dump(tree, include_attributes=True) == ast.dump(copy, include_attributes=True)
    assert not {id(node) for node in nodes(tree)} & {id(node) for node in nodes(copy)}


def test_a_rebuilt_tree_shares_what_is_not_above_a_change():
    tree = ast.parse(SOURCE)
    function = tree.body[0]
    loop, last = function.body
    product = loop.body[0].value
    fields = {product: {"op": ast.Div()}, loop: {"orelse": [last]}}
    new = rebuilt(tree, fields, {tree, function, loop, loop.body[0], product})
    assert ast.unparse(ast.parse(SOURCE)) == ast.unparse(tree)
    assert "for x in xs:\n        y = x / 2\n    else:\n        return -y" in ast.unparse(new)
    assert new.body[0].body[1] is last is new.body[0].body[0].orelse[0]
    assert new.body[0].body[0].body[0].value.right is product.right
    plainly(new)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a + b", "(a+b)", True),
        ("a + b", "b + a", False),
        ("1", "True", False),
        ("1", "1.0", False),
        ("0.0", "-0.0", False),
        ("'1'", "1", False),
        ("u'a'", "'a'", True),
        ("(a + b) + c", "a + (b + c)", False),
        ("f(a)(b)", "f(a, b)", False),
        ("[a, b], [c]", "[a], [b, c]", False),
    ],
)
def test_shapes_are_the_same_where_the_texts_are(one, other, same):
    shapes = Shapes()
    assert same == (shapes.of(ast.parse(one)) == shapes.of(ast.parse(other)))
